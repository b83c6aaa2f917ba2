"""A document's pieces to the form: header, rows, what stands around them. Pure.

Tables split in two, over pages with or without a repeated header, and rows cut by a page edge are put
together again; rows of notes and blank rows are no rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors import surround
from extractors.grid import Grid, GridCell, Line, Piece, joined
from extractors.header import ENOUGH, Header, find_header, is_header_row
from reference.model import Cell, Field, Form, FormRow, Place
from reference.text import fold

CODE_DIGITS = 7
"""Digits of an occupation code such as 4-10-01-05."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Table:
    """A grid that belongs to the form, with its columns' positions and its first data row.

    `slots` are the positions of all columns from the left, `order` says which of them a field stands in.
    """

    index: int
    grid: Grid
    columns: dict[Field, tuple[int, ...]]
    first_row: int
    slots: tuple[tuple[int, ...], ...]
    order: dict[Field, int]


def find_form(pieces: Sequence[Piece], file_id: str, source: Literal["word", "pdf"]) -> Form | None:
    """The form in a document; None where no table has its header."""
    tables = _tables(pieces)
    if not tables:
        return None
    said = surround.nearest(_said(pieces, tables))
    rows = _rows(tables)
    columns = [field for table in tables for field in sorted(table.order, key=table.order.__getitem__)]
    return Form(
        file_id=file_id,
        source=source,
        columns=tuple(dict.fromkeys(columns)),
        rows=tuple(FormRow(row_no=i, cells=cells) for i, cells in enumerate(rows, 1)),
        unit=said.get("unit"),
        contact=said.get("contact"),
        phone=said.get("phone"),
        form_date=said.get("form_date"),
    )


def _tables(pieces: Sequence[Piece]) -> list[_Table]:
    """The grids of the form: those with its header, and those that go on from one without it."""
    tables: list[_Table] = []
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Grid):
            continue
        header = find_header(piece)
        if header is not None:
            tables.append(_headed(index, piece, header))
        elif tables and (further := _continued(tables[-1], piece, pieces, index)):
            tables.append(further)
    return tables


def _headed(index: int, grid: Grid, header: Header) -> _Table:
    order = {field: header.slots.index(positions) for field, positions in header.columns.items()}
    return _Table(index, grid, header.columns, header.end, header.slots, order)


def _continued(last: _Table, grid: Grid, pieces: Sequence[Piece], index: int) -> _Table | None:
    """A table without header as what goes on from the last one; None if it does not.

    It has the same columns. If text stands between the two, or the page begins with something else, its
    rows must look like the form's as well.
    """
    if grid.page is None:
        further = _by_count(last, grid, index)
    elif grid.page >= (last.grid.page or 0):
        further = _by_position(last, grid, index)
    else:
        further = None
    if further is None:
        return None
    between = any(isinstance(piece, Line) and piece.text.strip() for piece in pieces[last.index + 1 : index])
    next_to = (
        not between
        if grid.page is None
        else (grid.starts_page or not between) and grid.page - (last.grid.page or 0) == 1
    )
    return further if next_to or _holds_rows(further) else None


def _by_count(last: _Table, grid: Grid, index: int) -> _Table | None:
    """A Word table with as many positions, or with rows of as many cells, as the last one's header."""
    if grid.rows and len(grid.rows[0]) == len(last.grid.rows[0]):
        return replace(last, index=index, grid=grid, first_row=0)
    for row in grid.rows:
        cells = list(dict.fromkeys(cell for cell in row if cell))
        if len(cells) == len(last.slots):
            slots = tuple(tuple(p for p, cell in enumerate(row) if cell is one) for one in cells)
            columns = {field: slots[slot] for field, slot in last.order.items()}
            return _Table(index, grid, columns, 0, slots, last.order)
    return None


_OF_A_ROW = {
    Field.PRIORITY: re.compile(r"\d{1,3}[.、．]?"),
    Field.CODE: re.compile(r"\d.{5,}\d"),
    Field.STANDARD_VERSION: re.compile(r"(19|20)\d\d年?版?"),
    Field.SHORTAGE_FLAG: re.compile(r"[是否]"),
    Field.DEMAND: re.compile(r"\d+人?次?"),
}
"""What the cells of a filled row look like where they have a look of their own."""
_ENOUGH_ALIKE = 2


def _holds_rows(table: _Table) -> bool:
    """Whether some row of a table looks like a filled one."""
    return any(
        sum(
            bool(look.fullmatch(fold(cells[field].text)))
            for field, look in _OF_A_ROW.items()
            if field in cells
        )
        >= _ENOUGH_ALIKE
        for cells in (_cells(table, number) for number in range(len(table.grid.rows)))
    )


_NEAR = 6.0
"""Points by which a column's edge may differ from page to page."""


def _by_position(last: _Table, grid: Grid, index: int) -> _Table | None:
    """A PDF's table whose columns stand where those of the last one do."""
    spans = {
        field: _span(cell)
        for field, positions in last.columns.items()
        if (cell := _narrowest(last.grid, positions))
    }
    columns: dict[Field, tuple[int, ...]] = {}
    width = len(grid.rows[0]) if grid.rows else 0
    for position in range(width):
        cell = _narrowest(grid, (position,))
        span = _span(cell) if cell else None
        if span is None:
            continue
        middle = (span[0] + span[1]) / 2
        for field, known in spans.items():
            if (
                known
                and known[0] - _NEAR <= span[0]
                and span[1] <= known[1] + _NEAR
                and known[0] < middle < known[1]
            ):
                columns[field] = (*columns.get(field, ()), position)
    if len(columns) < len(last.columns) - 1:
        return None
    return _Table(index, grid, columns, 0, (), last.order)


def _narrowest(grid: Grid, positions: tuple[int, ...]) -> GridCell | None:
    """The cell that shows a column's own width."""
    cells = [cell for row in grid.rows for p in positions if p < len(row) and (cell := row[p])]
    return min(cells, key=lambda cell: (cell.colspan, cell.rowspan), default=None)


def _span(cell: GridCell) -> tuple[float, float] | None:
    return (cell.place.box[0], cell.place.box[2]) if cell.place.box else None


def _rows(tables: Sequence[_Table]) -> list[dict[Field, Cell]]:
    """The filled rows of all the form's tables, what a page edge cut put together."""
    rows: list[dict[Field, Cell]] = []
    cut: dict[Field, Cell] = {}
    for table in tables:
        first = True
        for number in range(table.first_row, len(table.grid.rows)):
            if not _is_data(table, number):
                continue
            cells = _cells(table, number)
            if first and rows and table.grid.page is not None and _is_rest(rows[-1], cells):
                rows[-1] = _put_together(rows[-1], cells)
            elif _filled(table, number, cells):
                rows.append(cells | _goes_on(table, number, cells, cut))
            first = False
        cut = _cut_below(table)
    return rows


def _cut_below(table: _Table) -> dict[Field, Cell]:
    """The merged cells at the foot of a page's table: on the next page they show nothing of their text."""
    last = len(table.grid.rows) - 1
    return {
        field: Cell(text=cell.text, place=cell.place)
        for field, positions in table.columns.items()
        if table.grid.page is not None
        and (cell := table.grid.rows[last][positions[0]])
        and cell.rowspan > 1
        and cell.text
    }


def _goes_on(
    table: _Table, number: int, cells: dict[Field, Cell], cut: dict[Field, Cell]
) -> dict[Field, Cell]:
    """What merged cells of the page before say of a row: where the cell that begins the page is blank."""
    return {
        field: text
        for field, text in cut.items()
        if field in cells
        and not cells[field].text
        and (cell := table.grid.rows[number][table.columns[field][0]])
        and cell is table.grid.rows[table.first_row][table.columns[field][0]]
    }


def _cells(table: _Table, number: int) -> dict[Field, Cell]:
    """A row's cells by column; a column that the row has no cell for reads empty."""
    row = table.grid.rows[number]
    every = list(dict.fromkeys(cell for cell in row if cell))
    # With as many cells as the header has, they are its columns, though their edges were dragged about.
    paired = len(every) == len(table.slots)
    cells: dict[Field, Cell] = {}
    for field, positions in table.columns.items():
        found = (
            [every[table.order[field]]]
            if paired
            else list(dict.fromkeys(cell for p in positions if p < len(row) and (cell := row[p])))
        )
        if found:
            text = joined("\n".join(cell.text for cell in found if cell.text))
            cells[field] = Cell(text=text, place=found[0].place)
        else:
            place = next((cell.place for cell in row if cell), None)
            cells[field] = Cell(text="", place=place or _first_place(table))
    return cells


def _first_place(table: _Table) -> Place:
    """The place of a table's first cell, for a row that holds none."""
    return next(cell.place for row in table.grid.rows for cell in row if cell)


def _is_data(table: _Table, number: int) -> bool:
    """Whether a row holds the form's columns: no repeated header, no note across the table."""
    row = table.grid.rows[number]
    if is_header_row(row) or _is_remark(row):
        return False
    positions = [p for columns in table.columns.values() for p in columns]
    widest = max(
        (sum(row[p] is cell for p in positions) for cell in dict.fromkeys(c for c in row if c)), default=0
    )
    if widest > HALF * len(positions):
        return False
    return _whole_code(_cells(table, number)) or not surround.labelled(row)


_REMARK = re.compile(r"(合计|总计|小计|共计|注[:：]|备注|说明|填表说明|\(?以下(空白|无正文)).*")


def _is_remark(row: Sequence[GridCell | None]) -> bool:
    """Whether a row is a total, a remark, or the numbers of the columns: 1 2 3 … below the header."""
    said = [text for cell in dict.fromkeys(cell for cell in row if cell) if (text := fold(cell.text))]
    numbers = [text.strip("()") for text in said]
    counted = len(said) >= ENOUGH and numbers == [str(i) for i in range(1, len(said) + 1)]
    return counted or bool(said and _REMARK.fullmatch(said[0]))


def _filled(table: _Table, number: int, cells: dict[Field, Cell]) -> bool:
    """Whether a row says anything beside its number; a cell merged from above does not fill it."""
    row = table.grid.rows[number]
    return any(
        fold(cells[field].text).strip("_/-—") != ""
        for field, positions in table.columns.items()
        if field is not Field.PRIORITY
        and any((cell := row[p]) and cell.row == number for p in positions if p < len(row))
    )


def _is_rest(before: dict[Field, Cell], cells: dict[Field, Cell]) -> bool:
    """Whether a page's first row is the rest of the row that the page before ended with.

    A row's number and its 是 or 否 stand on one side of the edge only; its code too, unless the edge cut it.
    """
    if not any(cell.text for cell in cells.values()) or (_whole_code(before) and _whole_code(cells)):
        return False
    here = [bool(cells[field].text) for field in _UNCUT if field in cells and field in before]
    there = [bool(before[field].text) for field in _UNCUT if field in cells and field in before]
    if any(one and other for one, other in zip(here, there, strict=True)):
        return False
    if Field.PRIORITY in cells and (cells[Field.PRIORITY].text or before[Field.PRIORITY].text):
        return True
    return any(there) != any(here)


_UNCUT = (Field.PRIORITY, Field.SHORTAGE_FLAG)
"""Columns whose text is too short for a page edge to cut it."""


def _whole_code(cells: dict[Field, Cell]) -> bool:
    return Field.CODE in cells and sum(char.isdigit() for char in cells[Field.CODE].text) >= CODE_DIGITS


def _put_together(before: dict[Field, Cell], rest: dict[Field, Cell]) -> dict[Field, Cell]:
    """The row's two halves as one; its place is that of the first."""
    return {
        field: cell.model_copy(update={"text": joined(f"{cell.text}\n{rest[field].text}")})
        if field in rest and rest[field].text
        else cell
        for field, cell in before.items()
    }


_TITLE = re.compile(r".{0,30}(推荐表|申报表|汇总表).{0,10}")
_FURTHER = re.compile(r"附件[:：]?[2-9二三四五六七八九](?!\d).{0,40}")
_ABOVE_TITLE = 3
"""Pieces above the form's title in which the unit may still be named."""


def _extent(pieces: Sequence[Piece], first: int, last: int) -> tuple[int, int]:
    """From the form's title to the next annex: a letter in the same file is not asked for the form's head."""
    lines = {i: fold(piece.text) for i, piece in enumerate(pieces) if isinstance(piece, Line)}
    start = max((i for i in lines if i < first and _TITLE.fullmatch(lines[i])), default=0)
    end = min((i for i in lines if i > last and _FURTHER.fullmatch(lines[i])), default=len(pieces))
    return start, end


def _said(pieces: Sequence[Piece], tables: Sequence[_Table]) -> list[surround.Said]:
    """What the lines around the form and the rows of its tables that are no data say of its head."""
    said: list[surround.Said] = []
    first, last = tables[0].index, tables[-1].index
    start, end = _extent(pieces, first, last)
    by_index = {table.index: table for table in tables}
    for index, piece in enumerate(pieces[:end]):
        distance = first - index if index < first else max(0, index - last)
        if isinstance(piece, Line):
            here = surround.in_text(piece.text, piece.place, distance)
        else:
            table = by_index.get(index)
            here = [
                one
                for number, row in enumerate(piece.rows)
                if table is None or number < table.first_row or not _is_data(table, number)
                for one in surround.in_row(row, distance)
            ]
        said += [
            one for one in here if index >= start or (one.name == "unit" and index + _ABOVE_TITLE >= start)
        ]
    return said
