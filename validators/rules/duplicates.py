"""Rules that hold a row against the catalogue in force and against its neighbours (填表说明8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reference.model import Field, Finding
from reference.tables.load import CatalogueItem, ReferenceTables
from reference.text import fold
from validators.facts import RowFacts

Item = tuple[str, str]
"""What a row recommends: the occupation's code and the work type, "" for the whole occupation."""


def item_of(row: RowFacts) -> Item | None:
    """The item a row recommends, None where its occupation is not settled."""
    occupation = row.resolution.occupation
    return None if occupation is None else (occupation.code, row.resolution.work_type or "")


def catalogue(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`catalogue-duplicate`, `catalogue-overlap`: the item, or part of it or more, stands in Annex 2."""
    item = item_of(row)
    if item is None:
        return
    listed = tables.catalogue_of(item[0])
    same = [one for one in listed if fold(one.work_type or "") == fold(item[1])]
    whole = [one for one in listed if one.work_type is None]
    field = Field.WORK_TYPE if item[1] else Field.OCCUPATION
    if same:
        yield row.finding("catalogue-duplicate", field, seen=row.item_name, items=numbers_of(same))
    elif item[1] and whole:
        yield row.finding(
            "catalogue-overlap",
            field,
            seen=row.item_name,
            items=numbers_of(whole),
            why_zh="其职业已整体列入目录",
            why_en="its occupation is catalogued as a whole",
        )
    elif listed and not item[1]:
        yield row.finding(
            "catalogue-overlap",
            field,
            seen=row.item_name,
            items=numbers_of(listed),
            why_zh="该职业的部分工种已列入目录",
            why_en="some of its work types are catalogued",
        )


def numbers_of(items: Sequence[CatalogueItem]) -> str:
    """Item numbers as the notice cites them: 109、115."""
    return "、".join(str(item.item_no) for item in items)


def form_duplicates(rows: Sequence[RowFacts]) -> Iterator[Finding]:
    """`form-duplicate`: the same item twice in one form; the later row names the earlier one."""
    first: dict[Item | str, int] = {}
    for row in rows:
        item = item_of(row) or _written(row)
        if item is None:
            continue
        if item in first:
            yield row.finding("form-duplicate", None, seen=row.item_name, other=str(first[item]))
        else:
            first[item] = row.row.row_no


def _written(row: RowFacts) -> str | None:
    """The writing itself, where the occupation is not settled: equal writings are one item."""
    texts = [fold(row.stated(field) or "") for field in (Field.CODE, Field.OCCUPATION, Field.WORK_TYPE)]
    return "|".join(texts) if texts[1] else None
