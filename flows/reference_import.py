"""`zhengji reference import`: a file to a new edition beside the others, after a preview."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.grid import Grid, Piece, joined, texts
from outputs.sheets import read_sheets
from reference.editions import COLUMNS, EditionFile, edition_in_force, find_editions, read_rows
from reference.errors import ReferenceTableError, UsageError
from reference.importing import Changes, TableRow, TextGrid, changes, read_edition
from reference.model import Finding
from reference.settings import Settings
from reference.tables import load_tables


@dataclass(frozen=True, slots=True)
class Description:
    """What an edition says of itself."""

    edition: str
    effective: dt.date
    title: str
    source: str
    completeness: str
    compiled: dt.date


@dataclass(frozen=True, slots=True)
class Preview:
    """The rows that an import would write, and what they change."""

    table: str
    rows: tuple[TableRow, ...]
    against: EditionFile | None
    """The edition in force until then; None where the table has none yet."""
    changes: Changes


def preview_import(table: str, path: Path, effective: dt.date, settings: Settings) -> Preview:
    """Read a file as a table, and hold it against the edition that it would follow. Nothing is written.

    Raises:
        UsageError: an unknown table, or a file that cannot be read as xlsx, csv, docx or pdf.
        ReferenceTableError: the file does not hold the table, or rows of it are wrong.
    """
    if table not in COLUMNS:
        raise UsageError(f"no table '{table}'.", f"Name one of {', '.join(COLUMNS)}.")
    rows = read_edition(table, _grids(path, settings))
    against = edition_in_force(find_editions(settings.reference, table), effective)
    before = read_rows(against, lambda cells: cells) if against else ()
    columns = COLUMNS[table]
    kept = [{column: row[column] for column in columns} for row in before]
    return Preview(table, rows, against, changes(table, kept, rows))


def write_edition(preview: Preview, about: Description, settings: Settings) -> Path:
    """Write the edition beside the others, and take it away again where the tables then do not load.

    Raises:
        UsageError: the edition exists, or another one takes effect on the same day.
        ReferenceTableError: with the new edition the tables do not load.
    """
    folder = settings.reference / preview.table
    rows, words = folder / f"{about.edition}.csv", folder / f"{about.edition}.toml"
    for one in find_editions(settings.reference, preview.table):
        if one.edition == about.edition or one.effective == about.effective:
            raise UsageError(
                f"{preview.table} has the edition {one.edition}, in force from {one.effective}.",
                "Give another --edition and --effective: editions stand side by side.",
            )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        words.write_text(_toml(about), encoding="utf-8")
        with rows.open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, COLUMNS[preview.table], lineterminator="\n")
            lines.writeheader()
            lines.writerows(preview.rows)
        load_tables(settings.reference)
    except BaseException:
        rows.unlink(missing_ok=True)
        words.unlink(missing_ok=True)
        raise
    return rows


def _toml(about: Description) -> str:
    """The description as TOML; a JSON string is a TOML string."""
    words = {"title": about.title, "source": about.source, "completeness": about.completeness}
    dates = {"effective": about.effective, "compiled": about.compiled}
    return "".join(
        [
            *(f"{key} = {day.isoformat()}\n" for key, day in dates.items()),
            *(f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in words.items()),
        ]
    )


def _grids(path: Path, settings: Settings) -> list[TextGrid]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"{path.name} is no table that can be imported.", f"Give {', '.join(READERS)}.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).", "Name the table's file.") from None
    return reader(data, path, settings)


def _xlsx(data: bytes, path: Path, _settings: Settings) -> list[TextGrid]:
    return list(read_sheets(data, path.name))


def _csv(data: bytes, path: Path, _settings: Settings) -> list[TextGrid]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(csv.reader(io.StringIO(data.decode(encoding), newline="")))]
        except UnicodeDecodeError:
            continue
    raise ReferenceTableError(f"{path} is neither UTF-8 nor GB 18030.", "Save it as CSV UTF-8.")


def _docx(data: bytes, path: Path, settings: Settings) -> list[TextGrid]:
    from extractors.word import word_pieces  # python-docx only where a Word file is read

    read = word_pieces(data, "", path.name, settings.limits)
    return _tables(read.pieces, read.findings, path)


def _pdf(data: bytes, path: Path, settings: Settings) -> list[TextGrid]:
    from extractors.pdf import pdf_pieces  # pdfplumber only where a PDF is read

    read = pdf_pieces(data, "", path.name, settings.limits)
    return _tables(read.pieces, read.findings, path)


READERS: dict[str, Callable[[bytes, Path, Settings], list[TextGrid]]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".docx": _docx,
    ".pdf": _pdf,
}
"""Readers by a file's ending."""


def _tables(pieces: Sequence[Piece], findings: Sequence[Finding], path: Path) -> list[TextGrid]:
    grids = [piece for piece in pieces if isinstance(piece, Grid)]
    if not grids:
        why = findings[0].message_en if findings else "it holds no table"
        raise ReferenceTableError(f"No table can be read from {path}: {why}", "Give the table's own file.")
    return [[[joined(text) for text in texts(row)] for row in grid.rows] for grid in grids]
