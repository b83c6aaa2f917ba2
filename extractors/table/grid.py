"""One span model for the tables of both libraries, and the pieces a document is made of.

pdfplumber gives None where a merged cell goes on, python-docx repeats its text; here every position of a
table's grid holds the cell that covers it, so that a merged cell reads the same on each row it spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reference.model import Place


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell with the first row and column that it covers (from 0) and how many of each."""

    text: str
    place: Place
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `rows[r][c]` is the cell that covers the position; None where the table has no cell."""

    rows: tuple[tuple[GridCell | None, ...], ...]
    page: int | None = None
    """The page of a PDF it stands on; None in a Word file."""
    starts_page: bool = False
    """Nothing but a header line stands above it on its page: it may go on from the page before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of a Word file or a line of a PDF, outside every table."""

    text: str
    place: Place


Piece: TypeAlias = Line | Grid


def grid_of(cells: Iterable[GridCell], page: int | None = None) -> Grid:
    """A grid from its cells: each position gets the cell that covers it; the first comer keeps it."""
    listed = list(cells)
    height = max((cell.row + cell.rowspan for cell in listed), default=0)
    width = max((cell.column + cell.colspan for cell in listed), default=0)
    rows: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
    for cell in listed:
        for r in range(cell.row, cell.row + cell.rowspan):
            for c in range(cell.column, cell.column + cell.colspan):
                rows[r][c] = rows[r][c] or cell
    return Grid(tuple(map(tuple, rows)), page)


_BREAK = re.compile(r"[\r\n\v\f\u2028\u2029]+")
_WORD = re.compile(r"[A-Za-z]{2}")


def joined(text: str) -> str:
    """A cell's text with its line breaks joined, outer white space gone.

    A break inside Chinese text joins without a space, and so does one beside digits or a dash: a narrow
    column cuts codes and numbers (4-10-01- / 05, 88888 / 888). Two Latin words keep one space.
    """
    out: list[str] = []
    end = ""
    for line in _BREAK.split(text.strip()):
        if part := line.strip(" \t"):
            between = " " if _WORD.fullmatch(end) and _WORD.match(part) else ""
            out.append(between + part)
            end = (end + between + part)[-2:]
    return "".join(out)


def texts(row: Sequence[GridCell | None]) -> list[str]:
    """The texts of a row's positions, "" where there is no cell."""
    return [cell.text if cell else "" for cell in row]
