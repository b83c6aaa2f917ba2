"""Rules on a row's remaining columns: standard, shortage flag, industries, demand, reason."""

from __future__ import annotations

from collections.abc import Iterator

from reference.model import Field, Finding
from reference.tables import ReferenceTables
from validators.facts import RowFacts


def standard_stated(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`standard-name-missing`, `standard-version-missing` (填表说明3); the standard in force is offered."""
    occupation = row.resolution.occupation
    issued = tables.standards_of(occupation.code, occupation.name) if occupation else ()
    whole = next((standard for standard in issued if standard.work_type is None), None)
    for field, code, value in (
        (Field.STANDARD_NAME, "standard-name-missing", whole and f"{whole.occupation}国家职业标准"),
        (Field.STANDARD_VERSION, "standard-version-missing", whole and whole.version),
    ):
        if row.blank(field):
            yield row.finding(
                code,
                field,
                expected=value or None,
                hint_zh=f"，现行为“{value}”" if value else "",
                hint_en=f"; in force is {value}" if value else "",
            )


def shortage_flag(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`shortage-flag-missing`, `-invalid`, and `-not-checked` while no catalogue is loaded (填表说明4)."""
    if row.blank(Field.SHORTAGE_FLAG):
        yield row.finding("shortage-flag-missing", Field.SHORTAGE_FLAG, expected="是／否")
    elif row.stated(Field.SHORTAGE_FLAG) and row.shortage_flag is None:
        yield row.finding("shortage-flag-invalid", Field.SHORTAGE_FLAG, expected="是／否")
    elif row.shortage_flag is not None and tables.shortage is None:
        yield row.finding("shortage-flag-not-checked", Field.SHORTAGE_FLAG)


def industries(row: RowFacts) -> Iterator[Finding]:
    """`industry-missing`, `industry-normalised`, `industry-other` (填表说明5)."""
    if row.blank(Field.INDUSTRIES):
        yield row.finding("industry-missing", Field.INDUSTRIES)
    elif row.industries:
        if row.industries.changed:
            yield row.finding(
                "industry-normalised", Field.INDUSTRIES, expected="、".join(row.industries.values)
            )
        if row.industries.others:
            yield row.finding("industry-other", Field.INDUSTRIES, seen="、".join(row.industries.others))


def demand(row: RowFacts) -> Iterator[Finding]:
    """`demand-missing`, `demand-invalid`: a positive whole number of people (填表说明6)."""
    if row.blank(Field.DEMAND):
        yield row.finding("demand-missing", Field.DEMAND)
    elif row.stated(Field.DEMAND) and row.demand is None:
        yield row.finding("demand-invalid", Field.DEMAND)


def reason(row: RowFacts) -> Iterator[Finding]:
    """`reason-missing` (填表说明7)."""
    if row.blank(Field.REASON):
        yield row.finding("reason-missing", Field.REASON)
