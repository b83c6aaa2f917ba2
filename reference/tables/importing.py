"""A new edition of a reference table out of somebody's file: its columns found, its rows checked, and
what changes against the edition in force. Pure: tables of text in, rows out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reference.errors import ReferenceTableError
from reference.tables.editions import COLUMNS
from reference.tables.entry_readers import READERS
from reference.tables.import_layouts import LAYOUTS, NUMBER, Layout, TableRow, as_stored
from reference.text import fold

FAULTS_NAMED = 5
"""Faulty rows that an error names."""
PROVENANCE = frozenset({"transcriptions", "source"})
"""Columns that say where a row was found; the row is the same when it is found elsewhere."""
NUMBERS = ("item_no", "item", NUMBER)
"""Columns that number the rows."""
LEAST_ACROSS = 3
"""Columns that a text must fill to be a caption across the table rather than cells alike."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table as it stands in a file."""

    place: str
    """Where: `annex2.pdf p.3`."""
    rows: Sequence[Sequence[str]]
    """Empty where something stands that could not be read: a page that is a picture."""


@dataclass(frozen=True, slots=True)
class ReadEdition:
    """A table's rows out of a file, and what of the file did not become a row of its own."""

    rows: tuple[TableRow, ...]
    joined: tuple[str, ...] = ()
    """Places of lines that went on with the row above."""
    passed_over: tuple[str, ...] = ()
    """Captions inside the table, tables without its columns and pages unread, each with its place."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a new edition changes against the one before."""

    added: tuple[TableRow, ...]
    removed: tuple[TableRow, ...]
    changed: tuple[tuple[TableRow, TableRow], ...]
    """Before and after."""
    same: int


def read_edition(table: str, sources: Iterable[SourceTable]) -> ReadEdition:
    """The rows of a table that a file holds.

    The header may stand below titles and come again on every page; a table goes on in tables of the same
    width without a header. A row that the end of a page cut in two is joined.

    Raises:
        ReferenceTableError: no header has the table's columns, or rows are not as the table wants them;
            the first few are named with their places.
    """
    reading = _Reading(table)
    near: list[tuple[int, str]] = []
    for source in sources:
        if not reading.take(source):
            near.extend(_nearest(table, source))
    if not reading.begun:
        seen = f" The nearest header is {max(near)[1]}." if near else ""
        raise ReferenceTableError(
            f"No table with the columns of {table} in the file.{seen}",
            f"It needs {_named(table, LAYOUTS[table].needed)}.",
        )
    return reading.checked()


def changes(table: str, before: Sequence[TableRow], after: Sequence[TableRow]) -> Changes:
    """What `after` changes against `before`, by the table's key, in the order of the editions."""
    old, new = _by_key(table, before), _by_key(table, after)
    both = [(old[key], row) for key, row in new.items() if key in old]
    return Changes(
        added=tuple(row for key, row in new.items() if key not in old),
        removed=tuple(row for key, row in old.items() if key not in new),
        changed=tuple((earlier, later) for earlier, later in both if _folded(earlier) != _folded(later)),
        same=sum(_folded(earlier) == _folded(later) for earlier, later in both),
    )


def _by_key(table: str, rows: Sequence[TableRow]) -> dict[tuple[str, ...], TableRow]:
    found: dict[tuple[str, ...], TableRow] = {}
    for row in rows:
        key = tuple(fold(row[column]) for column in LAYOUTS[table].key)
        while key in found:  # a row that stands twice counts twice
            key = (*key, "again")
        found[key] = row
    return found


def _folded(row: TableRow) -> dict[str, str]:
    return {column: fold(text) for column, text in row.items() if column not in PROVENANCE}


class _Reading:
    """The reading of a file, table after table."""

    def __init__(self, table: str) -> None:
        self._table, self._layout = table, LAYOUTS[table]
        self._columns: Mapping[str, int] = {}
        self._width = 0
        self._raw: list[tuple[str, TableRow]] = []
        self._joined: list[str] = []
        self._passed: list[str] = []

    @property
    def begun(self) -> bool:
        """Whether a header was found."""
        return bool(self._columns)

    def take(self, source: SourceTable) -> bool:
        """Read a table; False if it is none of this one."""
        width = max(map(len, source.rows), default=0)
        headers = [_columns_of(self._table, cells) for cells in source.rows]
        headed = any(not _lacking(self._table, columns) for columns in headers)
        if not headed and (not self.begun or width != self._width):
            if not source.rows or any(map(_filled, source.rows)):
                self._passed.append(f"{source.place} ({len(source.rows)} rows)")
            return False
        first = self.begun
        for number, (cells, columns) in enumerate(zip(source.rows, headers, strict=True), 1):
            place = f"{source.place}:{number}"
            if not _lacking(self._table, columns):
                self._columns, self._width = columns, width
            elif self.begun and (filled := _filled(cells)):
                if self._is_caption(cells, filled):
                    self._passed.append(f"{place} {filled[0]}")
                    continue
                self._row(place, cells, first=first)
                first = False
        return True

    def _is_caption(self, cells: Sequence[str], filled: Sequence[str]) -> bool:
        """A text alone on its line: merged across the columns, or where only a number can stand."""
        if len(filled) == 1:
            numbers = [at for column, at in self._columns.items() if column in NUMBERS and at < len(cells)]
            return any(cells[at].strip() for at in numbers) and not filled[0][0].isdigit()
        return len(filled) == len(cells) >= LEAST_ACROSS and len(set(filled)) == 1

    def _row(self, place: str, cells: Sequence[str], *, first: bool) -> None:
        """Add a line, to the row above where it only goes on with it: the row above has a number and this
        line none; without numbers, the `first` line of a further table lacks what every row has.
        """
        row = {column: cells[at].strip() if at < len(cells) else "" for column, at in self._columns.items()}
        above = self._raw[-1][1] if self._raw else {}
        number = next((column for column in NUMBERS if above.get(column)), None)
        anchor = (number,) if number else self._layout.anchor if first else ()
        if above and anchor and not any(row.get(column) for column in anchor):
            for column, text in row.items():
                above[column] = above.get(column, "") + text
            self._joined.append(place)
        else:
            self._raw.append((place, row))

    def checked(self) -> ReadEdition:
        """The rows as the table's file holds them, each read by the table's reader."""
        rows, faults = [], []
        for place, raw in self._raw:
            written = {column: as_stored(column, text) for column, text in raw.items()}
            derived = self._layout.derive(written)
            row = {column: derived.get(column, "") for column in COLUMNS[self._table]}
            rows.append(row)
            try:
                READERS[self._table](row, "")
            except ValueError as fault:
                faults.append(f"{place}: {fault}")
        if faults or not rows:
            told = "; ".join(faults[:FAULTS_NAMED]) or "it has a header and no row"
            more = f"; {len(faults) - FAULTS_NAMED} more" if len(faults) > FAULTS_NAMED else ""
            raise ReferenceTableError(
                f"The file cannot become an edition of {self._table}: {told}{more}.",
                "Correct the file and import it again; nothing was written.",
            )
        return ReadEdition(tuple(rows), tuple(self._joined), tuple(self._passed))


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in cells if cell.strip()]


def _titles_of(layout: Layout) -> dict[str, tuple[str, ...]]:
    """The folded titles of each column, its own name first."""
    titles = {column: (column, *named) for column, named in layout.titles.items()}
    if not set(NUMBERS) & titles.keys():
        titles[NUMBER] = ("序号",)
    return {column: tuple(map(fold, named)) for column, named in titles.items()}


_TITLES = {table: _titles_of(layout) for table, layout in LAYOUTS.items()}


def _columns_of(table: str, cells: Sequence[str]) -> dict[str, int]:
    """The place of each column that a line heads: under its own name, else its first title that no other
    column has taken."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(fold(cell).rstrip(":*"), place)
    taken: dict[str, int] = {}
    for column, titles in _TITLES[table].items():
        found = (places[title] for title in titles if title in places)
        free = next((place for place in found if place not in taken.values()), None)
        if free is not None:
            taken[column] = free
    return taken


def _lacking(table: str, columns: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Of the columns that a header needs, the groups of which it has none."""
    return [group for group in LAYOUTS[table].needed if not set(group) & columns.keys()]


def _nearest(table: str, source: SourceTable) -> Iterator[tuple[int, str]]:
    """The lines that head at least two of the columns, with what they lack."""
    for number, cells in enumerate(source.rows, 1):
        columns = _columns_of(table, cells)
        if len(columns) > 1:
            yield (
                len(columns),
                f"{source.place}:{number}, which lacks {_named(table, _lacking(table, columns))}",
            )


def _named(table: str, groups: Iterable[tuple[str, ...]]) -> str:
    """Groups of columns, each with its first Chinese title."""
    titles = LAYOUTS[table].titles
    return ", ".join(" or ".join(f"{column} ({titles[column][0]})" for column in group) for group in groups)
