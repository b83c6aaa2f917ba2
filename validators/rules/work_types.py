"""Rules on the work type (工种): one of the occupation, of another, unknown, or not needed (填表说明2)."""

from __future__ import annotations

from collections.abc import Iterator

from reference.model import Field, Finding
from reference.tables.load import ReferenceTables
from reference.text import fold
from validators.facts import RowFacts
from validators.text import normalise

WHOLE = frozenset({"全部", "全部工种", "所有工种", "各工种", "全工种", "不限", "不限工种", "整个职业"})
"""Ways to say that the row is for the whole occupation."""


def known(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`work-type-unknown`, `work-type-elsewhere`, `work-type-not-needed`."""
    written = row.stated(Field.WORK_TYPE)
    occupation = row.resolution.occupation
    if written is None or occupation is None or normalise.says_none(written):
        return
    own = {fold(one.name) for one in tables.work_types_of(occupation.code)}
    if row.resolution.work_type is None or fold(written) in WHOLE or _all_of_them(written, own):
        yield row.finding("work-type-not-needed", Field.WORK_TYPE, name=occupation.name)
        return
    work_type = fold(row.resolution.work_type)
    if work_type in own:
        return
    owners = [tables.occupation(owner.occupation_code) for owner in tables.work_type_owners(work_type)]
    elsewhere = [
        o for o in (*owners, *tables.occupations_named(work_type)) if o and o.code != occupation.code
    ]
    if elsewhere:
        yield row.finding(
            "work-type-elsewhere",
            Field.WORK_TYPE,
            expected="、".join(dict.fromkeys(f"{one.name}（{one.code}）" for one in elsewhere)),
            name=occupation.name,
        )
    else:
        yield row.finding("work-type-unknown", Field.WORK_TYPE, name=occupation.name)


def _all_of_them(written: str, own: set[str]) -> bool:
    """Whether the cell lists every known work type of the occupation, at least two."""
    listed = {fold(part) for part in written.replace("，", "、").replace(",", "、").split("、")}
    return len(own) > 1 and listed == own
