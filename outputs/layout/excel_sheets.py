"""How a sheet looks: title band, frozen header, filters, widths, colours; text that is never a formula.
The door to openpyxl."""

from __future__ import annotations

import datetime as dt
import gc
import io
import re
import sys
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from lxml.etree import LxmlError
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reference.errors import ROOM, MachineError, UsageError
from reference.whole_files import write_whole

Value = str | int | float | dt.date | dt.datetime | None

FONT = "微软雅黑"
_MEASURE = "Arial"
"""Column widths count this font's digits: one that every system has, or has the like of."""
INK, MUTED, BAND, LINE = "1F2933", "616E7C", "1F4E79", "D0D7DE"
TONES: dict[str, tuple[str, str]] = {
    "reject": ("FBE3E1", "9B1C1C"),
    "correct": ("FDF0D5", "8A4B00"),
    "review": ("E3EEF9", "1F4E79"),
    "note": ("F2F4F6", "616E7C"),
    "accepted": ("E3F4E6", "1B5E20"),
}
"""Fill and ink by outcome: apart in print without colour by the words that stand in them."""
LONGEST = 32_000
"""What a cell holds in every spreadsheet program, in UTF-16 units: a rare character counts two."""
MOST_WIDTH, LEAST_WIDTH = 56, 6
_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet may take for a formula by its first sign; some read the full-width ones so, too."""
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What an .xlsx cannot hold; one such character would cost the whole workbook."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its widest useful width in half-characters, whether it is centred."""

    title: str
    width: int = MOST_WIDTH
    centred: bool = False
    printed: bool = True
    """Whether it goes on paper; those that do not stand last."""


@dataclass(frozen=True, slots=True)
class Block:
    """A small table of a summary; `tones` colours the cells of `tone_column`, a tone a row."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    tones: Sequence[str] = ()
    tone_column: int = 1
    spread: bool = False
    """Whether the last column reaches across the rest of the sheet."""


class Book:
    """A workbook in the making."""

    def __init__(self, title: str) -> None:
        """Begin a workbook; `title` stands on each sheet's band."""
        self._book = Workbook()
        self._book.remove(self._book.active)  # type: ignore[arg-type]
        normal = self._book._named_styles["Normal"]  # type: ignore[attr-defined]
        normal.font = Font(name=_MEASURE, size=10)
        self._title = title
        self._styles: dict[str, StyleArray] = {}

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Value]],
        *,
        tones: Sequence[str | None] = (),
        tone_column: int = 1,
        note: str = "",
    ) -> None:
        """Add a table: one tone per row colours the cell of `tone_column` (from 1)."""
        sheet = self._book.create_sheet(name)
        listed = [list(row) for row in rows]
        _band(sheet, f"{self._title}　{name}", note, len(columns))
        for c, column in enumerate(columns, 1):
            self._head(sheet.cell(3, c), column.title)
        for r, row in enumerate(listed, 4):
            for c, value in enumerate(row, 1):
                self._body(sheet.cell(r, c), value, columns[c - 1].centred)
            tone = tones[r - 4] if r - 4 < len(tones) else None
            if tone:
                self._styled(sheet.cell(r, tone_column), f"tone {tone}")
        widths = _fit(sheet, columns, listed)
        _heighten(sheet, 3, [[column.title for column in columns], *listed], widths)
        sheet.freeze_panes = "A4"
        if listed:
            sheet.auto_filter.ref = f"A3:{get_column_letter(len(columns))}{3 + len(listed)}"
        _printed(sheet, "3:3")
        last = get_column_letter(sum(column.printed for column in columns))
        sheet.print_area = f"A1:{last}{3 + len(listed)}"

    def blocks(self, name: str, blocks: Sequence[Block], widths: Sequence[int]) -> None:
        """Add a sheet of small tables one below another, for a summary; columns as wide as told."""
        sheet = self._book.create_sheet(name)
        _band(sheet, f"{self._title}　{name}", "", len(widths))
        for c, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(c)].width = width
        at = 3
        for block in blocks:
            sheet.cell(at, 1, block.heading).font = Font(name=FONT, size=11, bold=True, color=BAND)
            self._block(sheet, block, at + 1, len(widths))
            last = len(block.columns)
            across = [*widths[: last - 1], sum(widths[last - 1 :]) if block.spread else widths[last - 1]]
            _heighten(sheet, at + 1, [[column.title for column in block.columns], *block.rows], across)
            at += len(block.rows) + 3
        sheet.freeze_panes = "A3"
        _printed(sheet, "1:1", landscape=False)

    def _block(self, sheet: Worksheet, block: Block, at: int, across: int) -> None:
        last = across if block.spread else len(block.columns)
        for c in range(1, last + 1):
            self._head(_at(sheet, at, c), block.columns[c - 1].title if c <= len(block.columns) else "")
        for r, row in enumerate(block.rows, at + 1):
            for c in range(1, last + 1):
                self._body(_at(sheet, r, c), row[c - 1] if c <= len(row) else None, False)
            if block.tones:
                self._styled(_at(sheet, r, block.tone_column), f"tone {block.tones[r - at - 1]}")
        if last > len(block.columns):
            for r in range(at, at + len(block.rows) + 1):
                sheet.merge_cells(start_row=r, end_row=r, start_column=len(block.columns), end_column=last)

    def _head(self, cell: Cell, title: str) -> None:
        cell.value = title
        self._styled(cell, "head")

    def _body(self, cell: Cell, value: Value, centred: bool) -> None:
        style = "text"
        if isinstance(value, dt.datetime):
            cell.value, style = value.replace(tzinfo=None), "moment"
        elif isinstance(value, str):
            cell.value = safe_text(value)
            cell.data_type = "s"  # whatever it begins with, it is text
            style = "quoted" if _FORMULA.match(value) else "text"
        else:
            cell.value = value
            style = "day" if isinstance(value, dt.date) else "text" if value is None else "number"
        self._styled(cell, f"{style} centred" if centred else style)

    def _styled(self, cell: Cell, name: str) -> None:
        """Give a cell one of the looks below, made once for the whole book: thousands of cells share it."""
        if name not in self._styles:
            _look(cell, name)
            self._styles[name] = copy(cell._style)  # type: ignore[attr-defined]
        else:
            cell._style = copy(self._styles[name])  # type: ignore[attr-defined]

    def save(self, path: Path) -> None:
        """Write the file at once or not at all."""
        write_whole(path, self._bytes())

    def _bytes(self) -> bytes:
        """The file's bytes; openpyxl writes its sheets into temporary files on the way."""
        made, hook = io.BytesIO(), sys.unraisablehook
        sys.unraisablehook = lambda _: None  # a sheet half written complains once more when it goes
        try:
            try:
                self._book.save(made)
            except LxmlError as error:
                failed = str(error)
            else:
                return made.getvalue()
            gc.collect()
        finally:
            sys.unraisablehook = hook
        raise MachineError(f"no workbook can be made in {tempfile.gettempdir()} ({failed}).", ROOM)


def plain_cell(value: Value) -> str:
    """A value as a cell of a CSV file: what a spreadsheet would take for a formula gets a ' before it."""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def read_sheets(data: bytes, name: str) -> list[tuple[str, list[list[str]]]]:
    """The visible sheets of a workbook by name, their cells as texts: whole numbers without a point, dates
    as 2025-03-20, a merged cell's text wherever it reaches.

    Raises:
        UsageError: the bytes are no workbook.
    """
    try:
        book = load_workbook(io.BytesIO(data), data_only=True)
        return [(one.title, _cells(one)) for one in book.worksheets if one.sheet_state == "visible"]
    except _DAMAGE as fault:
        raise UsageError(f"{name} is no workbook ({fault}).", "Save it as .xlsx again.") from None


_DAMAGE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, OSError, EOFError, KeyError, ValueError, IndexError,
    AttributeError, TypeError, NotImplementedError, RuntimeError,
    SyntaxError,  # the XML parser's errors are this, too
)  # fmt: skip
"""What the zip, the XML and openpyxl raise at a damaged file."""


def _cells(sheet: Worksheet) -> list[list[str]]:
    rows = [[_read(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    for merged in sheet.merged_cells.ranges:
        for r, c in merged.cells:
            if r <= len(rows) and c <= len(rows[r - 1]):
                rows[r - 1][c - 1] = rows[merged.min_row - 1][merged.min_col - 1]
    return rows


def _read(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def safe_text(text: str) -> str:
    """A text as a cell can hold it: control characters shown, the rest of an endless one said."""
    shown = _NO_XML.sub("\ufffd", text)
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return shown
    return f"{units[: 2 * LONGEST].decode('utf-16-le', 'ignore')}……（共{len(shown)}字，已截断）"


def _band(sheet: Worksheet, title: str, note: str, width: int) -> None:
    sheet.cell(1, 1, title).font = Font(name=FONT, size=14, bold=True, color="FFFFFF")
    for c in range(1, width + 1):
        sheet.cell(1, c).fill = PatternFill("solid", fgColor=BAND)
    sheet.row_dimensions[1].height = 26
    sheet.cell(1, 1).alignment = Alignment(vertical="center")
    sheet.cell(2, 1, note).font = Font(name=FONT, size=9, color=MUTED)


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell to write into; merging comes after writing, so it is never a merged one."""
    return cast(Cell, sheet.cell(row, column))


def _look(cell: Cell, name: str) -> None:
    """The looks: `head`, `tone …`, and bodies by what they hold, centred or not."""
    kind, _, more = name.partition(" ")
    font = Font(name=FONT, size=10, color=INK)
    align = Alignment(vertical="top", wrap_text=True, horizontal="left")
    if kind == "number":
        align = Alignment(vertical="top", horizontal="right", indent=1)
    if kind == "head":
        font = Font(name=FONT, size=10, bold=True, color=INK)
        align = Alignment(vertical="center", wrap_text=True, horizontal="center")
        cell.fill = PatternFill("solid", fgColor="E8EDF2")
    elif kind == "tone":
        fill, ink = TONES[more]
        font = Font(name=FONT, size=10, bold=True, color=ink)
        cell.fill = PatternFill("solid", fgColor=fill)
    if more == "centred" or kind == "tone":
        align = Alignment(vertical="top", wrap_text=True, horizontal="center")
    cell.font, cell.alignment, cell.border = font, align, _border()
    cell.number_format = {"moment": "yyyy-mm-dd hh:mm", "day": "yyyy-mm-dd"}.get(kind, "General")
    cell.quotePrefix = kind == "quoted"


def _border() -> Border:
    side = Side(style="thin", color=LINE)
    return Border(left=side, right=side, top=side, bottom=side)


def shown_width(text: str) -> int:
    """Half-characters a text takes: Chinese characters count two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _fit(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[float]:
    """Give each column the width its texts need, at most its own; the widths."""
    widths: list[float] = []
    for c, column in enumerate(columns):
        texts = [column.title, *(_written(row[c]) for row in rows if c < len(row))]
        widest = max(shown_width(line) for text in texts for line in (text[:400].split("\n") or [""]))
        widths.append(max(LEAST_WIDTH, min(column.width, widest + 4)))
        sheet.column_dimensions[get_column_letter(c + 1)].width = widths[-1]
    return widths


POINTS_A_LINE, MOST_POINTS = 14.5, 400.0
_MEASURED = 3000
"""Characters of a cell that are measured: more than the tallest row shows."""
WIDE, NARROW = 2.0, 1.1
"""Of a Chinese character and of a Latin letter, in the widths by which columns are measured."""
_PIECE = re.compile(r"[!-~]+[，。；：、！？”’）》】」]*|.[，。；：、！？”’）》】」]*", re.DOTALL)
"""What is not broken over lines: a run of Latin letters, a character with the closing marks after it."""


@lru_cache(maxsize=1 << 15)
def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column, broken as spreadsheet programs break it."""
    lines = 0
    for paragraph in text[:_MEASURED].split("\n"):
        lines, left = lines + 1, width
        if WIDE * len(paragraph) <= width:
            continue
        for piece in _PIECE.findall(paragraph):
            wide = 0 if piece.isascii() else shown_width(piece) - len(piece)
            needs = WIDE * wide + NARROW * (len(piece) - wide)
            if needs > left and left < width:
                lines, left = lines + 1, width
            while needs > width:  # longer than a whole line: broken anywhere
                lines, needs = lines + 1, needs - width
            left -= needs
    return lines


def _heighten(sheet: Worksheet, first: int, rows: Sequence[Sequence[Value]], widths: Sequence[float]) -> None:
    """Give each row the height its wrapped texts need: not every program works it out by itself."""
    for r, row in enumerate(rows, first):
        lines = max(lines_of(_written(value), width) for value, width in zip(row, widths, strict=True))
        sheet.row_dimensions[r].height = min(MOST_POINTS, POINTS_A_LINE * lines + 3)


def _written(value: Value) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _printed(sheet: Worksheet, rows: str, *, landscape: bool = True) -> None:
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = rows
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.2, footer=0.25)
    sheet.sheet_view.showGridLines = False
