"""Rules that hold a row against the catalogue in force and against its neighbours (填表说明8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reference.model import Field, Finding
from reference.tables import CatalogueItem, ReferenceTables
from reference.text import fold
from validators.facts import RowFacts

Item = tuple[str, str]
"""What a row recommends: the occupation's code and the work type, "" for the whole occupation."""


def item_of(row: RowFacts) -> Item | None:
    """The item a row recommends, None where its occupation is not settled."""
    occupation = row.resolution.occupation
    return None if occupation is None else (occupation.code, row.resolution.work_type or "")


def catalogue_duplicate(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`catalogue-duplicate`: the occupation, or the same work type of it, stands in Annex 2."""
    item = item_of(row)
    if item is None:
        return
    same = [
        listed for listed in tables.catalogue_of(item[0]) if fold(listed.work_type or "") == fold(item[1])
    ]
    if same:
        field = Field.WORK_TYPE if item[1] else Field.OCCUPATION
        yield row.finding(
            "catalogue-duplicate",
            field,
            seen=item_name(row),
            expected=None,
            items=numbers_of(same),
        )


def numbers_of(items: Sequence[CatalogueItem]) -> str:
    """Item numbers as the notice cites them: 109、115."""
    return "、".join(str(item.item_no) for item in items)


def item_name(row: RowFacts) -> str:
    """The item in words: 汽车维修工（汽车维修检验工）."""
    occupation = row.resolution.occupation
    name = occupation.name if occupation else row.stated(Field.OCCUPATION) or ""
    return f"{name}（{row.resolution.work_type}）" if row.resolution.work_type else name


def form_duplicates(rows: Sequence[RowFacts]) -> Iterator[Finding]:
    """`form-duplicate`: the same item twice in one form; the later row names the earlier one."""
    first: dict[Item | str, int] = {}
    for row in rows:
        item = item_of(row) or _written(row)
        if item is None:
            continue
        if item in first:
            yield row.finding("form-duplicate", None, seen=item_name(row), other=str(first[item]))
        else:
            first[item] = row.row.row_no


def _written(row: RowFacts) -> str | None:
    """The writing itself, where the occupation is not settled: equal writings are one item."""
    texts = [fold(row.stated(field) or "") for field in (Field.CODE, Field.OCCUPATION, Field.WORK_TYPE)]
    return "|".join(texts) if texts[1] else None
