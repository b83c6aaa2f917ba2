"""Rules on the form as a whole: its head, its foot, its columns, its order (附件1)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from reference.findings import finding
from reference.model import FIELD_TITLES, Candidate, Cell, Field, Finding, Form
from reference.tables.load import ReferenceTables
from reference.text import fold
from reference.units import unit_key
from validators.text import normalise, numbers, phone
from validators.text.distance import closeness

NEAR = 0.7
"""Closeness from which a listed unit is offered for a name that is none."""
MOST = 3
"""Units that are offered."""


def unit_name(cell: Cell | None) -> str | None:
    """The recommending unit as typed, without white space and a trailing （盖章）; None where blank."""
    if cell is None or normalise.blank(cell.text):
        return None
    plain = re.sub(r"[\s_＿]+", "", cell.text)
    return re.sub(r"[（(](加盖)?(公章|盖章|印章|章)[)）]$", "", plain) or None


def person_name(cell: Cell | None) -> str | None:
    """The contact as typed; the spaces that stretch a Chinese name go, those between Latin words stay."""
    if cell is None or normalise.blank(cell.text):
        return None
    return re.sub(r"(?<=[\u3400-\u9fff])[\s　]+(?=[\u3400-\u9fff])", "", cell.text.strip(" _＿\t　"))


def columns_rule(form: Form) -> Iterator[Finding]:
    """`column-missing`, one for each of the ten that lacks."""
    for field in Field:
        if field not in form.columns:
            title = FIELD_TITLES[field][0]
            yield finding("column-missing", field=field, expected=title)


def unit_rule(form: Form, tables: ReferenceTables) -> Iterator[Finding]:
    """`unit-missing`, `unit-unknown` (一(二)1)."""
    unit = unit_name(form.unit)
    place = form.unit.place if form.unit else None
    if unit is None:
        yield finding(
            "unit-missing", field="unit", seen=form.unit.text if form.unit else None, evidence=place
        )
    elif tables.unit(unit) is None:
        near = _near_units(unit, tables)
        yield finding("unit-unknown", field="unit", seen=unit, candidates=near, evidence=place)


def _near_units(unit: str, tables: ReferenceTables) -> tuple[Candidate, ...]:
    """The listed units whose name, or one of whose other names, is near to one that is not listed."""
    scored = sorted(
        (-max(_near(unit, name) for name in (one.name, *one.aliases)), one.name) for one in tables.units
    )
    return tuple(Candidate(name=name, score=-less) for less, name in scored[:MOST] if -less >= NEAR)


def _near(one: str, other: str) -> float:
    """How near two names are, in full or in short."""
    return max(closeness(fold(one), fold(other)), closeness(unit_key(one), unit_key(other)))


def contact_rules(form: Form) -> Iterator[Finding]:
    """`contact-missing`, `phone-missing`, `phone-invalid`."""
    labelled = (
        ("contact-missing", "contact", form.contact),
        ("phone-missing", "phone", form.phone),
    )
    for missing, field, cell in labelled:
        place = cell.place if cell else None
        if cell is None or normalise.blank(cell.text):
            yield finding(missing, field=field, seen=cell.text if cell else None, evidence=place)
        elif field == "phone" and not phone.valid(cell.text):
            yield finding("phone-invalid", field=field, seen=cell.text, evidence=place)


def date_rules(form: Form, received_on: dt.date) -> Iterator[Finding]:
    """`form-date-missing`, `form-date-after-receipt`."""
    cell = form.form_date
    stated = numbers.date(cell.text) if cell else None
    place = cell.place if cell else None
    if stated is None:
        yield finding(
            "form-date-missing", field="form_date", seen=cell.text if cell else None, evidence=place
        )
    elif stated > received_on:
        yield finding(
            "form-date-after-receipt",
            field="form_date",
            seen=stated.isoformat(),
            expected=received_on.isoformat(),
            evidence=place,
        )


def rows_rules(form: Form) -> Iterator[Finding]:
    """`form-empty`, `priority-order` (填表说明1)."""
    if not form.rows:
        yield finding("form-empty")
        return
    if Field.PRIORITY not in form.columns:
        return
    texts = [row.text(Field.PRIORITY) or "" for row in form.rows]
    wanted = list(range(1, len(texts) + 1))
    stated = [numbers.whole(text) for text in texts]
    if stated != wanted:
        wrong = next(i for i, (one, other) in enumerate(zip(stated, wanted, strict=True)) if one != other)
        yield finding(
            "priority-order",
            field=Field.PRIORITY,
            seen="、".join(text.strip() or "（空）" for text in texts),
            expected="、".join(map(str, wanted)),
            evidence=form.rows[wrong].cells[Field.PRIORITY].place,
        )
