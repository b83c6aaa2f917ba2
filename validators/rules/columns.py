"""Rules on a row's plain columns: shortage flag, industries, demand, reason."""

from __future__ import annotations

from collections.abc import Iterator

from reference.model import Field, Finding
from reference.tables.load import ReferenceTables
from validators.facts import RowFacts


def shortage_flag(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`shortage-flag-missing`, `-invalid`, `-wrong`, and `-not-checked` while no catalogue is loaded
    (填表说明4)."""
    if row.blank(Field.SHORTAGE_FLAG):
        yield row.finding("shortage-flag-missing", Field.SHORTAGE_FLAG, expected="是／否")
    elif row.stated(Field.SHORTAGE_FLAG) and row.shortage_flag is None:
        yield row.finding("shortage-flag-invalid", Field.SHORTAGE_FLAG, expected="是／否")
    elif row.shortage_flag is not None and tables.shortage is None:
        yield row.finding("shortage-flag-not-checked", Field.SHORTAGE_FLAG)
    elif row.shortage_flag is not None and tables.shortage and (occupation := row.resolution.occupation):
        listed = tables.shortage.lists(occupation.code, occupation.name, row.resolution.work_type)
        if listed != row.shortage_flag:
            yield row.finding(
                "shortage-flag-wrong",
                Field.SHORTAGE_FLAG,
                expected="是" if listed else "否",
                edition=tables.shortage.edition,
                listed_zh="列有" if listed else "未列",
                listed_en="lists" if listed else "does not list",
            )


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
