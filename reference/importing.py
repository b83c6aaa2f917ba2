"""A new edition of a reference table out of somebody's file: its columns found, its rows checked, and
what changes against the edition in force. Pure: grids of text in, rows out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reference.editions import COLUMNS
from reference.errors import ReferenceTableError
from reference.rows import READERS
from reference.text import fold

TextGrid = Sequence[Sequence[str]]
"""A table of a file: rows of cells' texts."""
TableRow = dict[str, str]
"""A row by the columns of `reference.editions.COLUMNS`."""

TITLES: dict[str, tuple[str, ...]] = {
    "code": ("职业编码", "编码", "职业代码", "代码"),
    "name": ("职业（工种）名称", "名称", "职业名称", "单位名称", "资格名称", "职业资格名称"),
    "occupation": ("职业名称", "职业"),
    "work_type": ("工种", "工种名称"),
    "levels": ("等级", "技能等级", "级别"),
    "item_no": ("序号", "编号"),
    "item": ("序号", "编号"),
    "digital": ("数字职业", "S"),
    "green": ("绿色职业", "L"),
    "announced": ("公布年份", "公布年度"),
    "code_as_listed": ("职业编码", "编码", "职业代码"),
    "name_as_listed": ("标准名称", "职业标准名称", "职业名称", "名称"),
    "issued": ("颁布日期", "发布日期", "颁布时间", "发布时间"),
    "document": ("文号", "发文字号", "颁布文号"),
    "codes": ("职业编码",),
    "occupations": ("职业名称",),
    "work_types": ("工种",),
    "note": ("备注",),
    "occupation_code": ("职业编码", "编码"),
    "source": ("来源", "出处"),
    "code_2022": ("2022年版编码", "现编码", "新编码"),
    "former_name": ("原名称", "旧称", "曾用名"),
    "scope": ("范围",),
    "reason": ("说明", "依据"),
    "label": ("产业", "产业名称"),
    "group": ("类别", "产业类别"),
    "aliases": ("别名", "简称"),
    "kind": ("类别", "单位类别"),
    "level": ("层级",),
    "character": ("字",),
    "alike": ("形近字",),
    "transcriptions": ("转录说明",),
}
"""Titles that a column may bear in an office's file, beside its own name."""

MAY_LACK = frozenset(
    {"digital", "green", "transcriptions", "source", "note", "aliases", "work_type", "work_types", "issued"}
)
"""Columns that a file need not have: their cells are then blank."""

KEYS: dict[str, tuple[str, ...]] = {
    "dictionary": ("code",),
    "occupation_groups": ("code",),
    "new_occupations": ("code",),
    "standards": ("code_as_listed", "name_as_listed"),
    "catalogue": ("code", "name"),
    "licences": ("item", "name"),
    "work_types": ("occupation_code", "name"),
    "legacy_codes": ("code", "occupation"),
    "former_names": ("former_name", "code"),
    "industries": ("label",),
    "units": ("name",),
    "shortage": ("code", "occupation", "work_type"),
    "lookalikes": ("character", "alike"),
}
"""What tells a row of a table from the others; a row of the same key with other cells has changed."""

HEADER_WITHIN = 15
"""Rows of a grid among which its header is looked for: titles and notes stand above it."""
NAMED = 5
"""Faulty rows that an error names."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a new edition changes against the one in force."""

    added: tuple[TableRow, ...]
    removed: tuple[TableRow, ...]
    changed: tuple[tuple[TableRow, TableRow], ...]
    """Before and after."""
    same: int


def read_edition(table: str, grids: Iterable[TextGrid]) -> tuple[TableRow, ...]:
    """The rows of a table that a file holds.

    The header may stand below titles, may come again on every page, and a table may go on in grids
    without a header of their own. A line that only continues the one above (its key cells blank) is
    joined to it.

    Raises:
        ReferenceTableError: no grid has the table's columns, or rows are not as the table wants them;
            the first few are named.
    """
    rows: list[TableRow] = []
    columns: dict[str, int] | None = None
    width = 0
    for grid in grids:
        start = 0
        if found := _header(table, grid):
            start, columns = found
            width = len(grid[start])
            start += 1
        elif columns is None or not grid or len(grid[0]) != width:
            continue
        for cells in grid[start:]:
            _take(table, cells, columns, rows)
    if columns is None:
        raise ReferenceTableError(
            f"No table with the columns {', '.join(_wanted(table))} in the file.",
            f"Head its columns so, or in Chinese: {_in_chinese(table)}.",
        )
    _check(table, rows)
    return tuple(rows)


def changes(table: str, before: Sequence[TableRow], after: Sequence[TableRow]) -> Changes:
    """What `after` changes against `before`, by the table's key, in the order of the editions."""
    old, new = _by_key(table, before), _by_key(table, after)
    both = [(old[key], row) for key, row in new.items() if key in old]
    return Changes(
        added=tuple(row for key, row in new.items() if key not in old),
        removed=tuple(row for key, row in old.items() if key not in new),
        changed=tuple((earlier, later) for earlier, later in both if _kept(earlier) != _kept(later)),
        same=sum(_kept(earlier) == _kept(later) for earlier, later in both),
    )


def _by_key(table: str, rows: Sequence[TableRow]) -> dict[tuple[str, ...], TableRow]:
    found: dict[tuple[str, ...], TableRow] = {}
    for row in rows:
        key = tuple(fold(row[column]) for column in KEYS[table])
        while key in found:  # a row that stands twice counts twice
            key = (*key, "again")
        found[key] = row
    return found


def _kept(row: TableRow) -> dict[str, str]:
    return {column: fold(text) for column, text in row.items()}


def _wanted(table: str) -> list[str]:
    return [column for column in COLUMNS[table] if column not in MAY_LACK]


def _in_chinese(table: str) -> str:
    return "、".join(TITLES[column][0] for column in _wanted(table))


def _header(table: str, grid: TextGrid) -> tuple[int, dict[str, int]] | None:
    """The header's row and the place of each column; the first row that names all that are needed."""
    for number, cells in enumerate(grid[:HEADER_WITHIN]):
        columns = _columns(table, cells)
        if all(column in columns for column in _wanted(table)):
            return number, columns
    return None


def _columns(table: str, cells: Sequence[str]) -> dict[str, int]:
    """Each column's place: by its own name, else by the first of its titles that no other has taken."""
    places = {fold(cell): place for place, cell in reversed(list(enumerate(cells))) if cell}
    taken: dict[str, int] = {}
    for column in COLUMNS[table]:
        for title in (column, *TITLES[column]):
            place = places.get(fold(title))
            if place is not None and place not in taken.values():
                taken[column] = place
                break
    return taken


def _take(table: str, cells: Sequence[str], columns: Mapping[str, int], rows: list[TableRow]) -> None:
    """Add a line to the rows: a header again is passed over, a continuation goes to the row above."""
    row = {
        column: cells[columns[column]].strip() if columns.get(column, len(cells)) < len(cells) else ""
        for column in COLUMNS[table]
    }
    if not any(row.values()) or _columns(table, cells).keys() >= set(_wanted(table)):
        return
    first = next(iter(COLUMNS[table]))
    if rows and not row[first] and "code" in row and not row["code"]:
        for column, text in row.items():
            rows[-1][column] += text
    else:
        rows.append(row)


def _check(table: str, rows: Sequence[TableRow]) -> None:
    faults: list[str] = []
    for number, row in enumerate(rows, 1):
        try:
            READERS[table](row, "")
        except ValueError as fault:
            faults.append(f"row {number}: {fault}")
    if faults or not rows:
        told = "; ".join(faults[:NAMED]) or "the table has no row"
        more = f" and {len(faults) - NAMED} more" if len(faults) > NAMED else ""
        raise ReferenceTableError(
            f"The file cannot become an edition of {table}: {told}{more}.",
            "Correct the file and import it again; nothing was written.",
        )
