"""`zhengji reference import`: a file to a new edition beside the others, after a preview."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.editions.table_files import read_tables
from reference.errors import UsageError
from reference.settings import Settings
from reference.tables.check import Problem, check_tables
from reference.tables.editions import COLUMNS, EditionFile, edition_in_force, find_editions, read_rows
from reference.tables.import_layouts import TableRow
from reference.tables.importing import Changes, ReadEdition, changes, read_edition
from reference.tables.load import load_tables

_NAME = re.compile(r"[0-9A-Za-z][\w.-]*")


@dataclass(frozen=True, slots=True)
class Description:
    """What an edition says of itself; `edition` is its name, by which judgements record it."""

    edition: str
    effective: dt.date
    title: str
    source: str
    completeness: str
    compiled: dt.date


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would write and change. Nothing is written yet."""

    table: str
    read: ReadEdition
    against: EditionFile | None
    """The edition in force until then; None where the table has none yet."""
    changes: Changes
    problems: tuple[Problem, ...]
    """What `reference check` would find with it and does not find now."""


def preview_import(table: str, path: Path, edition: str, effective: dt.date, settings: Settings) -> Preview:
    """Read a file as an edition of a table and hold it against the one that it follows.

    The tables are loaded with it from a copy, so that an edition with which they do not load is refused
    before anything is asked or written.

    Raises:
        UsageError: an unknown table, a file of another kind, an edition or a day that is taken.
        ReferenceTableError: the file does not hold the table, or rows of it are wrong.
    """
    if table not in COLUMNS:
        raise UsageError(f"no table '{table}'.", f"Name one of {', '.join(COLUMNS)}.")
    _refuse_taken(table, edition, effective, settings.reference)
    read = read_edition(table, read_tables(path, settings.limits))
    against = edition_in_force(find_editions(settings.reference, table), effective)
    before = _rows_of(against) if against else ()
    return Preview(
        table=table,
        read=read,
        against=against,
        changes=changes(table, before, read.rows),
        problems=_new_problems(table, read.rows, edition, effective, settings.reference),
    )


def write_edition(preview: Preview, about: Description, settings: Settings) -> Path:
    """Write the edition beside the others, and return the file of its rows.

    The description comes first and the rows at once: until they are there the edition does not exist.

    Raises:
        UsageError: the edition or its day is taken, or the folder cannot be written.
    """
    _refuse_taken(preview.table, about.edition, about.effective, settings.reference)
    try:
        return _write(settings.reference, preview.table, preview.read.rows, about)
    except OSError as error:
        raise UsageError(
            f"{settings.reference} cannot be written ({error.strerror}).",
            "Set `reference` to a folder of your own: copy the shipped tables there first.",
        ) from None


def _refuse_taken(table: str, edition: str, effective: dt.date, folder: Path) -> None:
    if not _NAME.fullmatch(edition):
        raise UsageError(f"'{edition}' cannot name an edition.", "Use letters, digits, - and dots: 2025-06.")
    for one in find_editions(folder, table):
        if one.edition == edition or one.effective == effective:
            raise UsageError(
                f"{table} has the edition {one.edition}, in force from {one.effective}.",
                "Give another --edition and --effective: editions stand side by side.",
            )


def _rows_of(edition: EditionFile) -> tuple[TableRow, ...]:
    columns = COLUMNS[edition.table]
    return read_rows(edition, lambda cells: {column: cells[column] for column in columns})


def _new_problems(
    table: str, rows: Sequence[TableRow], edition: str, effective: dt.date, folder: Path
) -> tuple[Problem, ...]:
    about = Description(edition, effective, table, "", "", effective)
    known = Counter(check_tables(load_tables(folder, effective)))
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary)
        for one in (edition for name in COLUMNS for edition in find_editions(folder, name)):
            (copy / one.table).mkdir(exist_ok=True)
            for file in (one.path, one.path.with_suffix(".toml")):
                shutil.copy(file, copy / one.table)
        _write(copy, table, rows, about)
        found = Counter(check_tables(load_tables(copy, effective)))
    return tuple((found - known).elements())


def _write(folder: Path, table: str, rows: Sequence[TableRow], about: Description) -> Path:
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, COLUMNS[table], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / table / f"{about.edition}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    _at_once(path.with_suffix(".toml"), _toml(about))
    _at_once(path, lines.getvalue())
    return path


def _at_once(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _toml(about: Description) -> str:
    """The description as TOML; a JSON string is a TOML string, but for the one control it leaves bare."""
    words = {"title": about.title, "source": about.source, "completeness": about.completeness}
    dates = {"effective": about.effective, "compiled": about.compiled}
    lines = [f"{key} = {day.isoformat()}\n" for key, day in dates.items()]
    for key, text in words.items():
        said = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
        lines.append(f"{key} = {said}\n")
    return "".join(lines)
