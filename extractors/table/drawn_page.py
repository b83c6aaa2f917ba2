"""A drawn page to its tables and lines in reading order, and pages to the tables that run over them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.table.glyphs import Glyph, TextLine, lines_of, turned
from extractors.table.grid import Grid, GridCell, Line, Piece, grid_of, joined
from extractors.table.ruling import Rule, RuledTable, find_tables
from reference.model import Box, Place

DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(r"(?i)[\s\-—–－·.,/|第共页頁\d]*(page[\s\d/of]*)?|[ivxlc]{1,6}")
SAME_HEIGHT = 6.0
"""Running headers and footers stand within so many points of each other from page to page."""


@dataclass(slots=True)
class Sheet:
    """A page as it was drawn, in points from its top left corner as shown."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    slanted: list[Glyph] = field(default_factory=list)
    """Characters that run neither along nor across the page: a watermark, the text around a seal."""
    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)
    unread: bool = False
    """It shows something, but has no text layer that can be trusted."""


def pieces_of(sheet: Sheet, file_id: str) -> list[Piece]:
    """A page's tables and lines from the top, read the way most of its text runs.

    Raises:
        TooManyRulesError: the page holds more lines than any form.
    """
    turn = Counter(glyph.turn for glyph in sheet.glyphs).most_common(1)[0][0] if sheet.glyphs else 0
    view = _View(file_id, sheet.number, sheet.width, sheet.height, turn)
    glyphs = [view.glyph(glyph) for glyph in sheet.glyphs] if turn else sheet.glyphs
    across, down = view.rules(sheet.across, sheet.down)
    tables = find_tables(across, down)
    held, free = _sorted_into(tables, glyphs)
    placed: list[tuple[float, Piece]] = [
        (table.box[1], _grid(table, cells, view)) for table, cells in zip(tables, held, strict=True)
    ]
    for line in lines_of(free, tabs=True):
        placed.append((line.box[1], Line(line.text.strip(), view.place(line.box))))
    if sheet.slanted:
        # A watermark or the text around a seal: told apart, so that it never runs into a cell.
        box = _union(sheet.slanted)
        text = "".join(glyph.text for glyph in sheet.slanted).strip()
        placed.append(
            (sheet.height, Line(text, Place(file_id=file_id, page=sheet.number, box=_rounded(box))))
        )
    return [piece for _, piece in sorted(placed, key=lambda one: one[0])]


@dataclass(frozen=True, slots=True)
class _View:
    """A page turned so that its text is upright; places are given as the page is shown."""

    file_id: str
    page: int
    width: float
    height: float
    turn: int

    def glyph(self, glyph: Glyph) -> Glyph:
        """The character in the turned page."""
        box = turned((glyph.x0, glyph.top, glyph.x1, glyph.bottom), self.turn, self.width, self.height)
        return Glyph(glyph.text, *box, (glyph.turn - self.turn) % 4)

    def rules(self, across: list[Rule], down: list[Rule]) -> tuple[list[Rule], list[Rule]]:
        """The rules in the turned page."""
        if not self.turn:
            return across, down
        flat = [self._turned((r.start, r.at, r.end, r.at)) for r in across]
        flat += [self._turned((r.at, r.start, r.at, r.end)) for r in down]
        wide = [box for box in flat if box[2] - box[0] > box[3] - box[1]]
        tall = [box for box in flat if box[2] - box[0] <= box[3] - box[1]]
        return [Rule(b[1], b[0], b[2]) for b in wide], [Rule(b[0], b[1], b[3]) for b in tall]

    def _turned(self, box: Box) -> Box:
        return turned(box, self.turn, self.width, self.height)

    def place(self, box: Box) -> Place:
        """A box of the turned page as a place on the page as shown."""
        if self.turn:
            wide, high = (self.height, self.width) if self.turn % 2 else (self.width, self.height)
            box = turned(box, 4 - self.turn, wide, high)
        return Place(file_id=self.file_id, page=self.page, box=_rounded(box))


def _sorted_into(
    tables: Sequence[RuledTable], glyphs: Iterable[Glyph]
) -> tuple[list[dict[int, list[Glyph]]], list[Glyph]]:
    """Each table's characters by cell, and those outside all; by the centre, the innermost table first."""
    held: list[dict[int, list[Glyph]]] = [{} for _ in tables]
    free: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for table, cells in zip(tables, held, strict=True):
            index = table.cell_of(x, y)
            if index is not None:
                cells.setdefault(index, []).append(glyph)
                break
        else:
            free.append(glyph)
    return held, free


def _grid(table: RuledTable, held: dict[int, list[Glyph]], view: _View) -> Grid:
    cells = (
        GridCell(
            text=_cell_text(lines_of(held.get(index, ()))),
            place=view.place(cell.box),
            row=cell.row,
            column=cell.column,
            rowspan=cell.rowspan,
            colspan=cell.colspan,
        )
        for index, cell in enumerate(table.cells)
    )
    return grid_of(cells, page=view.page)


def _cell_text(lines: Sequence[TextLine]) -> str:
    return joined("\n".join(line.text for line in lines))


def _union(glyphs: Sequence[Glyph]) -> Box:
    xs = [x for glyph in glyphs for x in (glyph.x0, glyph.x1)]
    ys = [y for glyph in glyphs for y in (glyph.top, glyph.bottom)]
    return min(xs), min(ys), max(xs), max(ys)


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = box
    return round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2)


def continued(pages: Sequence[Sequence[Piece]]) -> Iterator[tuple[Piece, ...]]:
    """The pages' pieces, each table told whether only page numbers and running lines stand above it."""
    repeated = Counter(key for page in pages for key in {_key(p) for p in page if isinstance(p, Line)})
    for page in pages:
        content = [
            isinstance(piece, Grid) or not (PAGE_NUMBER.fullmatch(piece.text) or repeated[_key(piece)] > 1)
            for piece in page
        ]
        yield tuple(
            replace(piece, starts_page=not any(content[:i])) if isinstance(piece, Grid) else piece
            for i, piece in enumerate(page)
        )


def _key(line: Line) -> tuple[str, int]:
    """What a running header or footer keeps from page to page: its words and its height."""
    box = line.place.box or (0, 0, 0, 0)
    return DIGITS.sub("", line.text), round(box[1] / SAME_HEIGHT)
