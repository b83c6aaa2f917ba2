"""A document's pieces to the form: header, rows, what stands around them. Pure.

Tables split in two, over pages with or without a repeated header, and rows cut by a page edge are put
together again; rows of notes and blank rows are no rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extractors import surround
from extractors.grid import Grid, GridCell, Line, Piece, joined
from extractors.header import Header, find_header, is_header_row
from reference.model import Cell, Field, Form, FormRow, Place
from reference.text import fold

CODE_DIGITS = 7
"""Digits of an occupation code such as 4-10-01-05."""
HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Table:
    """A grid that belongs to the form, with the columns' positions in it and its first data row."""

    index: int
    grid: Grid
    columns: dict[Field, tuple[int, ...]]
    first_row: int


def find_form(pieces: Sequence[Piece], file_id: str, source: Literal["word", "pdf"]) -> Form | None:
    """The form in a document; None where no table has its header."""
    tables = _tables(pieces)
    if not tables:
        return None
    said = surround.nearest(_said(pieces, tables))
    rows = _rows(tables)
    columns = sorted(tables[0].columns, key=lambda field: tables[0].columns[field])
    return Form(
        file_id=file_id,
        source=source,
        columns=tuple(columns),
        rows=tuple(FormRow(row_no=i, cells=cells) for i, cells in enumerate(rows, 1)),
        unit=said.get("unit"),
        contact=said.get("contact"),
        phone=said.get("phone"),
        form_date=said.get("form_date"),
    )


def _tables(pieces: Sequence[Piece]) -> list[_Table]:
    """The grids of the form: the first with its header, then those that go on from it."""
    tables: list[_Table] = []
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Grid):
            continue
        header = find_header(piece)
        if header is not None and (not tables or _same_form(tables[0], header)):
            tables.append(_Table(index, piece, header.columns, header.end))
        elif tables and header is None and (columns := _continued(tables[-1], piece, pieces, index)):
            tables.append(_Table(index, piece, columns, 0))
    return tables


def _same_form(first: _Table, header: Header) -> bool:
    """Whether a second header is the first one's repeat, not that of another form."""
    return set(header.columns) == set(first.columns)


def _continued(
    last: _Table, grid: Grid, pieces: Sequence[Piece], index: int
) -> dict[Field, tuple[int, ...]] | None:
    """The columns of a table without header that goes on from the last one; None if it does not."""
    between = [piece for piece in pieces[last.index + 1 : index] if isinstance(piece, Line)]
    if any(surround.in_text(line.text, line.place, 0) for line in between):
        return None
    if grid.page is not None:
        return _by_position(last, grid) if grid.page == (last.grid.page or 0) + 1 else None
    width = len(grid.rows[0]) if grid.rows else 0
    return last.columns if width == len(last.grid.rows[0]) else None


_NEAR = 6.0
"""Points by which a column's edge may differ from page to page."""


def _by_position(last: _Table, grid: Grid) -> dict[Field, tuple[int, ...]] | None:
    """The columns of a page's table by where they stand across the page, as on the page before."""
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
    return columns if len(columns) >= len(last.columns) - 1 else None


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
    cells: dict[Field, Cell] = {}
    for field, positions in table.columns.items():
        found = list(dict.fromkeys(cell for p in positions if p < len(row) and (cell := row[p])))
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
    if is_header_row(row):
        return False
    positions = [p for columns in table.columns.values() for p in columns]
    widest = max(
        (sum(row[p] is cell for p in positions) for cell in dict.fromkeys(c for c in row if c)), default=0
    )
    return widest <= HALF * len(positions) and not surround.labelled(row)


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

    A row's number stands on one side of the edge only; its code too, unless the edge cut it in two.
    """
    if not any(cell.text for cell in cells.values()) or (_whole_code(before) and _whole_code(cells)):
        return False
    key = Field.PRIORITY if Field.PRIORITY in cells else Field.CODE
    return key in cells and bool(cells[key].text) != bool(before[key].text)


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


def _said(pieces: Sequence[Piece], tables: Sequence[_Table]) -> list[surround.Said]:
    """What the lines around the form and the rows of its tables that are no data say of its head."""
    said: list[surround.Said] = []
    first, last = tables[0].index, tables[-1].index
    by_index = {table.index: table for table in tables}
    for index, piece in enumerate(pieces):
        distance = first - index if index < first else max(0, index - last)
        if isinstance(piece, Line):
            said += surround.in_text(piece.text, piece.place, distance)
        else:
            table = by_index.get(index)
            said += [
                one
                for number, row in enumerate(piece.rows)
                if table is None or number < table.first_row or not _is_data(table, number)
                for one in surround.in_row(row, distance)
            ]
    return said
