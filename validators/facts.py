"""What the row rules see: a row as it stood, its normalised values and the occupation it leads to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from reference.findings import finding
from reference.model import Candidate, Field, Finding, FormRow
from reference.tables.load import ReferenceTables
from validators.matching.resolve import Resolution, resolve
from validators.matching.witnesses import Stated
from validators.text import normalise, numbers


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One row of Annex 1 with all that a rule may ask of it."""

    row: FormRow
    resolution: Resolution
    code: normalise.Code | None
    standard_version: str | None
    shortage_flag: bool | None
    industries: normalise.Industries | None
    demand: int | None
    received_on: dt.date

    def has(self, field: Field) -> bool:
        """Whether the form has this column at all (`column-missing` speaks where it has not)."""
        return field in self.row.cells

    def blank(self, field: Field) -> bool:
        """Whether the column stands but the cell holds nothing."""
        return self.has(field) and normalise.blank(self.row.text(field))

    def stated(self, field: Field) -> str | None:
        """The cell's text without outer white space; None where it is blank or absent."""
        return normalise.stated(self.row.text(field))

    @property
    def item_name(self) -> str:
        """What the row recommends, in words: 汽车维修工（汽车维修检验工）."""
        occupation, work_type = self.resolution.occupation, self.resolution.work_type
        name = occupation.name if occupation else self.stated(Field.OCCUPATION) or ""
        return f"{name}（{work_type}）" if work_type else name

    def finding(
        self,
        code: str,
        field: Field | None,
        /,
        *,
        seen: str | None = None,
        expected: str | None = None,
        candidates: tuple[Candidate, ...] = (),
        **words: str,
    ) -> Finding:
        """A finding on this row, with the cell's own text and place unless told otherwise."""
        cell = self.row.cells.get(field or Field.OCCUPATION)
        return finding(
            code,
            field=field,
            row_no=self.row.row_no,
            seen=seen if seen is not None else self.row.text(field) if field else None,
            expected=expected,
            candidates=candidates,
            evidence=cell.place if cell else None,
            **words,
        )


def witnesses(text: Callable[[Field], str | None]) -> Stated:
    """What a row states to the resolver, from its cells' texts as they stood."""

    def said(field: Field) -> str | None:
        return normalise.stated(text(field))

    code, version = said(Field.CODE), said(Field.STANDARD_VERSION)
    read = normalise.code(code) if code else None
    return Stated(
        code=read.value if read else None,
        name=said(Field.OCCUPATION),
        work_type=said(Field.WORK_TYPE),
        standard_name=said(Field.STANDARD_NAME),
        standard_version=normalise.version(version) if version else None,
    )


def row_facts(row: FormRow, tables: ReferenceTables, received_on: dt.date) -> RowFacts:
    """Normalise a row's cells and resolve its occupation."""

    def text(field: Field) -> str | None:
        return normalise.stated(row.text(field))

    code_text, version, flag = text(Field.CODE), text(Field.STANDARD_VERSION), text(Field.SHORTAGE_FLAG)
    industries, demand = text(Field.INDUSTRIES), text(Field.DEMAND)
    code = normalise.code(code_text) if code_text else None
    return RowFacts(
        row=row,
        resolution=resolve(witnesses(row.text), tables),
        code=code,
        standard_version=normalise.version(version) if version else None,
        shortage_flag=normalise.flag(flag) if flag else None,
        industries=normalise.industries(industries, tables.industries) if industries else None,
        demand=numbers.people(demand) if demand else None,
        received_on=received_on,
    )
