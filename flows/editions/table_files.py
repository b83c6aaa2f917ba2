"""The tables of an office's file, each with its place in it: workbooks, CSV, Word files, PDFs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from extractors.table.grid import Grid, Piece, joined, texts
from flows.intake.foreign import pdf_read, word_read
from outputs.layout.excel_sheets import read_sheets
from reference.errors import ReferenceTableError, UsageError
from reference.model import Finding
from reference.settings import Limits
from reference.tables.importing import SourceTable

ENCODINGS = ("utf-8-sig", "gb18030")
"""Of CSV files, the stricter first; Excel in Chinese Windows writes the second."""


def read_tables(path: Path, limits: Limits) -> list[SourceTable]:
    """The tables of a file in reading order, line breaks inside cells joined.

    Raises:
        UsageError: the file is not there, or of another kind.
        ReferenceTableError: it cannot be read, or not all of it: half a table would pass for a whole one.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"{path.name} is no table that can be imported.", f"Give {', '.join(READERS)}.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).", "Name the table's file.") from None
    return [
        SourceTable(place, [[joined(cell) for cell in row] for row in rows])
        for place, rows in reader(data, path.name, limits)
    ]


Placed = Iterable[tuple[str, Sequence[Sequence[str]]]]


def _xlsx(data: bytes, name: str, _limits: Limits) -> Placed:
    return ((f"{name} {sheet}", rows) for sheet, rows in read_sheets(data, name) if rows)


def _csv(data: bytes, name: str, _limits: Limits) -> Placed:
    for encoding in ENCODINGS:
        try:
            return [(name, list(csv.reader(io.StringIO(data.decode(encoding), newline=""))))]
        except UnicodeDecodeError:
            continue
        except csv.Error as fault:
            raise ReferenceTableError(f"{name} is no CSV ({fault}).", "Save it as CSV UTF-8.") from None
    raise ReferenceTableError(f"{name} is neither UTF-8 nor GB 18030.", "Save it as CSV UTF-8.")


def _docx(data: bytes, name: str, limits: Limits) -> Placed:
    read = word_read("", name, data, limits)
    return _grids(read.pieces, read.findings, name)


def _pdf(data: bytes, name: str, limits: Limits) -> Placed:
    read = pdf_read("", name, data, limits)
    unread: Placed = [(f"{name} p.{page}", []) for page in read.unread_pages]
    return [*_grids(read.pieces, read.findings, name), *unread]


READERS: dict[str, Callable[[bytes, str, Limits], Placed]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".docx": _docx,
    ".pdf": _pdf,
}
"""Readers by a file's ending."""


def _grids(pieces: Sequence[Piece], findings: Sequence[Finding], name: str) -> Placed:
    grids = [piece for piece in pieces if isinstance(piece, Grid)]
    if findings:
        raise ReferenceTableError(
            f"{name} cannot be read whole: {findings[0].message_en}", "Give the complete file, unlocked."
        )
    if not grids:
        raise ReferenceTableError(
            f"{name} holds no table that can be read.", "Give a file with the table as text: a scan has none."
        )
    return [
        (f"{name} {f'p.{grid.page}' if grid.page else f'table {number}'}", list(map(texts, grid.rows)))
        for number, grid in enumerate(grids, 1)
    ]
