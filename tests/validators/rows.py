"""Rows and forms as literals: ten texts in, findings as (row, field, code) out."""

from __future__ import annotations

import datetime as dt

from reference.model import Cell, Field, Finding, Form, FormRow, Place
from reference.tables.load import ReferenceTables
from validators.facts import row_facts
from validators.rulebook import FORM_RULES, ROW_RULES
from validators.rules.duplicates import form_duplicates

DAY = dt.date(2025, 6, 25)
GOOD = {
    "priority": "1",
    "code": "6-11-03-01",
    "occupation": "合成氨生产工",
    "work_type": "",
    "standard_name": "合成氨生产工国家职业标准",
    "standard_version": "2019年版",
    "shortage_flag": "是",
    "industries": "先进材料",
    "demand": "1550",
    "reason": "行业规划",
}
"""A row to which no rule objects."""

Told = tuple[int | None, str | None, str]


def row(row_no: int = 1, **texts: str | None) -> FormRow:
    """The good row with some cells written otherwise; None takes the column away."""
    cells = {**GOOD, "priority": str(row_no), **texts}
    return FormRow(
        row_no=row_no,
        cells={
            Field(name): Cell(text=text, place=Place(file_id="f", table=1, row=row_no + 1, column=i))
            for i, (name, text) in enumerate(cells.items(), 1)
            if text is not None
        },
    )


def form(*rows: FormRow, **head: str | None) -> Form:
    """A form with the rows; `unit`, `contact`, `phone`, `form_date` as given, None taking the label away."""
    place = Place(file_id="f", row=1)
    known = {
        "unit": "上海市农业农村委员会",
        "contact": "曹芳琪",
        "phone": "021-55552232",
        "form_date": "2025年6月23日",
        **head,
    }
    cells = {name: None if text is None else Cell(text=text, place=place) for name, text in known.items()}
    columns = tuple(rows[0].cells) if rows else tuple(Field)
    return Form(file_id="f", source="word", columns=columns, rows=rows, **cells)


def findings_of(tables: ReferenceTables, *rows: FormRow) -> list[Finding]:
    """What the row rules say of the rows, `shortage-flag-not-checked` aside."""
    facts = [row_facts(one, tables, DAY) for one in rows]
    found = [f for one in facts for rule, _ in ROW_RULES for f in rule(one, tables)]
    found += form_duplicates(facts)
    return [f for f in found if f.code != "shortage-flag-not-checked"]


def told(findings: list[Finding]) -> list[Told]:
    """Findings as (row, field, code)."""
    return [(f.row_no, None if f.field is None else str(f.field), f.code) for f in findings]


def form_told(tables: ReferenceTables, one: Form) -> list[Told]:
    """What the form rules say, as (row, field, code)."""
    return told([f for rule, _ in FORM_RULES for f in rule(one, tables, DAY)])
