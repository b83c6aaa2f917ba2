"""Editions of the reference tables: where they lie, what they say of themselves, which is in force.

A table is a folder of `<edition>.csv` (the rows) and `<edition>.toml` (title, effective date, source,
completeness). Editions stand side by side, so that an old window can be judged again as it was.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reference.errors import ReferenceTableError

T = TypeVar("T")

COLUMNS: dict[str, tuple[str, ...]] = {
    "dictionary": ("code", "name", "digital", "green", "transcriptions"),
    "occupation_groups": ("code", "level", "name"),
    "new_occupations": ("code", "name", "digital", "green", "announced"),
    "standards": ("code_as_listed", "name_as_listed", "issued", "document"),
    "catalogue": ("item_no", "code", "name", "occupation", "levels"),
    "licences": ("item", "name", "codes", "occupations", "work_types", "note"),
    "work_types": ("occupation_code", "name", "source"),
    "legacy_codes": ("code", "occupation", "code_2022", "issued"),
    "former_names": ("former_name", "code", "name", "scope", "reason"),
    "industries": ("label", "group", "aliases"),
    "units": ("name", "kind", "aliases"),
    "shortage": ("code", "occupation", "work_type"),
    "lookalikes": ("character", "alike", "source"),
}
"""Every table the product knows, with the columns of its rows."""

OPTIONAL = frozenset({"shortage"})
"""Tables that may have no edition yet; what needs them then reports 'not checked'."""

_METADATA = ("title", "effective", "source", "completeness", "compiled")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one table, as its metadata describe it."""

    table: str
    edition: str
    title: str
    effective: dt.date
    """The first day on which it is the edition to judge by."""
    source: str
    completeness: str
    """What it holds and what it is known to lack."""
    rows: int
    compiled: dt.date
    """The day its rows were taken from the source."""


@dataclass(frozen=True, slots=True)
class EditionFile:
    """An edition's metadata and the file of its rows, not yet read."""

    table: str
    edition: str
    title: str
    effective: dt.date
    source: str
    completeness: str
    compiled: dt.date
    path: Path

    def with_rows(self, rows: int) -> Edition:
        """The edition as reports name it."""
        return Edition(
            table=self.table,
            edition=self.edition,
            title=self.title,
            effective=self.effective,
            source=self.source,
            completeness=self.completeness,
            rows=rows,
            compiled=self.compiled,
        )


def find_editions(folder: Path, table: str) -> tuple[EditionFile, ...]:
    """The editions of a table in a folder, by effective date, oldest first.

    Raises:
        ReferenceTableError: an edition's metadata are absent or wrong, or two editions of the table
            take effect on the same day.
    """
    found = sorted(
        (_described(table, path) for path in (folder / table).glob("*.csv")),
        key=lambda edition: (edition.effective, edition.edition),
    )
    for earlier, later in itertools.pairwise(found):
        if earlier.effective == later.effective:
            raise ReferenceTableError(
                f"Two editions of the table {table} take effect on {later.effective}: "
                f"{earlier.path} and {later.path}.",
                "Remove one of them, or correct its effective date.",
            )
    return tuple(found)


def edition_in_force(
    editions: tuple[EditionFile, ...], on: dt.date | None, pinned: str | None = None
) -> EditionFile | None:
    """The newest edition that took effect by that day (None: the newest of all), or the pinned one.

    Where every edition took effect later, the earliest: a table that begins late is better than none,
    and the judgement records which edition it used.

    Raises:
        ReferenceTableError: the pinned edition is not there.
    """
    if pinned is not None:
        for edition in editions:
            if edition.edition == pinned:
                return edition
        raise ReferenceTableError(
            f"The edition {pinned} is not among those of its table: "
            f"{', '.join(edition.edition for edition in editions) or 'none is loaded'}.",
            "Import it again; the runs table names the editions of each judgement.",
        )
    if not editions:
        return None
    if on is None:
        return editions[-1]
    in_force = [edition for edition in editions if edition.effective <= on]
    return in_force[-1] if in_force else editions[0]


def list_editions(folder: Path) -> tuple[Edition, ...]:
    """Every edition of every table in a folder, their rows counted, oldest first in each table.

    Raises:
        ReferenceTableError: an edition cannot be read.
    """
    return tuple(
        edition.with_rows(len(read_rows(edition, lambda cells: cells)))
        for table in COLUMNS
        for edition in find_editions(folder, table)
    )


def read_rows(edition: EditionFile, read: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    """The rows of an edition, each turned by `read`, which raises ValueError for what it cannot take.

    Raises:
        ReferenceTableError: the file cannot be read, lacks a column, or holds a row that `read` refuses;
            file and line are named.
    """
    return tuple(_reading(edition, read))


def _reading(edition: EditionFile, read: Callable[[dict[str, str]], T]) -> Iterator[T]:
    path, columns = edition.path, COLUMNS[edition.table]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            header = next(lines, [])
            if missing := [column for column in columns if column not in header]:
                raise ReferenceTableError(
                    f"{path}: the column {', '.join(missing)} is absent.",
                    f"The table {edition.table} has the columns {', '.join(columns)}.",
                )
            for cells in lines:
                try:
                    yield read(dict(zip(header, cells, strict=True)))
                except ValueError as fault:
                    raise ReferenceTableError(
                        f"{path}, line {lines.line_num}: {fault}.",
                        "Correct the line, or import the table again.",
                    ) from fault
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ReferenceTableError(
            f"{path} cannot be read: {fault}.", "Restore the file, as UTF-8 CSV."
        ) from fault


def _described(table: str, path: Path) -> EditionFile:
    about = path.with_suffix(".toml")
    try:
        said = tomllib.loads(about.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ReferenceTableError(
            f"{about} cannot be read: {fault}.",
            f"Each edition needs it, with {', '.join(_METADATA)}.",
        ) from fault
    dates = [said.get(key) for key in ("effective", "compiled")]
    if any(key not in said for key in _METADATA) or not all(type(day) is dt.date for day in dates):
        raise ReferenceTableError(
            f"{about} is incomplete.",
            f"It needs {', '.join(_METADATA)}; effective and compiled are dates such as 2025-03-20.",
        )
    return EditionFile(
        table=table,
        edition=path.stem,
        title=str(said["title"]),
        effective=said["effective"],
        source=str(said["source"]),
        completeness=str(said["completeness"]),
        compiled=said["compiled"],
        path=path,
    )
