"""The grids that make up the form: those with its header and those that go on from one without. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from extractors.form.header import Header, find_header
from extractors.table.grid import Grid, GridCell, Line, Piece, joined
from reference.model import Cell, Field, Place
from reference.text import fold


@dataclass(frozen=True, slots=True)
class FormTable:
    """A grid that belongs to the form, with its columns' positions and its first data row.

    `slots` are the positions of all columns from the left, `order` says which of them a field stands in.
    """

    index: int
    grid: Grid
    columns: dict[Field, tuple[int, ...]]
    first_row: int
    slots: tuple[tuple[int, ...], ...]
    order: dict[Field, int]


def form_tables(pieces: Sequence[Piece], scanned: Collection[int] = ()) -> list[FormTable]:
    """The grids of the form: those with its header, and those that go on from one without it.

    `scanned` are the pages that OCR read.
    """
    tables: list[FormTable] = []
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Grid):
            continue
        header = find_header(piece, scanned=piece.page in scanned)
        if header is not None:
            tables.append(_headed(index, piece, header))
        elif tables and (further := _continued(tables[-1], piece, pieces, index)):
            tables.append(further)
    return tables


def _headed(index: int, grid: Grid, header: Header) -> FormTable:
    order = {field: header.slots.index(positions) for field, positions in header.columns.items()}
    return FormTable(index, grid, header.columns, header.end, header.slots, order)


def _continued(last: FormTable, grid: Grid, pieces: Sequence[Piece], index: int) -> FormTable | None:
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


def _by_count(last: FormTable, grid: Grid, index: int) -> FormTable | None:
    """A Word table with as many positions, or with rows of as many cells, as the last one's header."""
    if grid.rows and len(grid.rows[0]) == len(last.grid.rows[0]):
        return replace(last, index=index, grid=grid, first_row=0)
    for row in grid.rows:
        cells = list(dict.fromkeys(cell for cell in row if cell))
        if len(cells) == len(last.slots):
            slots = tuple(tuple(p for p, cell in enumerate(row) if cell is one) for one in cells)
            columns = {field: slots[slot] for field, slot in last.order.items()}
            return FormTable(index, grid, columns, 0, slots, last.order)
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


def _holds_rows(table: FormTable) -> bool:
    """Whether some row of a table looks like a filled one."""
    return any(
        sum(
            bool(look.fullmatch(fold(cells[field].text)))
            for field, look in _OF_A_ROW.items()
            if field in cells
        )
        >= _ENOUGH_ALIKE
        for cells in (cells_of(table, number) for number in range(len(table.grid.rows)))
    )


_NEAR = 6.0
"""Points by which a column's edge may differ from page to page."""
_AS_WIDE = 0.12
"""Share of its width by which a table may differ from the last one that it is laid over."""


def _by_position(last: FormTable, grid: Grid, index: int) -> FormTable | None:
    """A PDF's table whose columns stand where those of the last one do."""
    spans = {
        field: _span(cell)
        for field, positions in last.columns.items()
        if (cell := _narrowest(last.grid, positions))
    }
    columns: dict[Field, tuple[int, ...]] = {}
    width = len(grid.rows[0]) if grid.rows else 0
    shift, scale = _laid_over(grid, last.grid)
    for position in range(width):
        cell = _narrowest(grid, (position,))
        span = _span(cell) if cell else None
        if span is None:
            continue
        span = (shift + span[0] * scale, shift + span[1] * scale)
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
    return FormTable(index, grid, columns, 0, (), last.order)


def _laid_over(grid: Grid, last: Grid) -> tuple[float, float]:
    """Shift and scale that lay a table over the last one where they are about as wide: no two sheets lie
    in a scanner, or before a camera, alike."""
    one, other = _extent(grid), _extent(last)
    if one and other and abs((one[1] - one[0]) / (other[1] - other[0]) - 1) <= _AS_WIDE:
        scale = (other[1] - other[0]) / (one[1] - one[0])
        return other[0] - one[0] * scale, scale
    return 0.0, 1.0


def _extent(grid: Grid) -> tuple[float, float] | None:
    spans = [span for row in grid.rows for cell in row if cell and (span := _span(cell))]
    low, high = min((s[0] for s in spans), default=0.0), max((s[1] for s in spans), default=0.0)
    return (low, high) if high > low else None


def _narrowest(grid: Grid, positions: tuple[int, ...]) -> GridCell | None:
    """The cell that shows a column's own width."""
    cells = [cell for row in grid.rows for p in positions if p < len(row) and (cell := row[p])]
    return min(cells, key=lambda cell: (cell.colspan, cell.rowspan), default=None)


def _span(cell: GridCell) -> tuple[float, float] | None:
    return (cell.place.box[0], cell.place.box[2]) if cell.place.box else None


def cells_of(table: FormTable, number: int) -> dict[Field, Cell]:
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


def _first_place(table: FormTable) -> Place:
    """The place of a table's first cell, for a row that holds none."""
    return next(cell.place for row in table.grid.rows for cell in row if cell)
