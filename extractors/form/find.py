"""A document's pieces to the form: header, rows, what stands around them. Pure.

Tables split in two, over pages with or without a repeated header, and rows cut by a page edge are put
together again; rows of notes and blank rows are no rows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal

from extractors.form import head_and_foot as surround
from extractors.form import ocr_residue as residue
from extractors.form.header import ENOUGH, is_header_row
from extractors.form.tables import FormTable, cells_of, form_tables
from extractors.table.glyphs import FAR
from extractors.table.grid import GridCell, Line, Piece, joined
from reference.model import Cell, Field, Form, FormRow
from reference.text import fold

CODE_DIGITS = 7
"""Digits of an occupation code such as 4-10-01-05."""
HALF = 0.5


def find_form(
    pieces: Sequence[Piece], file_id: str, source: Literal["word", "pdf"], scanned: Collection[int] = ()
) -> Form | None:
    """The form in a document; None where no table has its header.

    `scanned` are the pages that OCR read: around their text stands what nobody wrote.
    """
    tables = form_tables(pieces, scanned)
    if not tables:
        return None
    said = surround.nearest(_said(pieces, tables, scanned))
    rows = _rows(tables)
    columns = [field for table in tables for field in sorted(table.order, key=table.order.__getitem__)]
    return Form(
        file_id=file_id,
        source=source,
        columns=tuple(dict.fromkeys(columns)),
        rows=tuple(FormRow(row_no=i, cells=cells) for i, cells in enumerate(rows, 1)),
        unit=said.get("unit"),
        contact=said.get("contact"),
        phone=said.get("phone"),
        form_date=said.get("form_date"),
    )


def _rows(tables: Sequence[FormTable]) -> list[dict[Field, Cell]]:
    """The filled rows of all the form's tables, what a page edge cut put together."""
    rows: list[dict[Field, Cell]] = []
    cut: dict[Field, Cell] = {}
    for table in tables:
        first = True
        whole: dict[Field, tuple[GridCell, Cell]] = {}
        for number in range(table.first_row, len(table.grid.rows)):
            if not _is_data(table, number):
                continue
            cells = cells_of(table, number)
            if first and rows and table.grid.page is not None and _is_rest(rows[-1], cells):
                _put_together(rows, cells)
                whole = _spanning(table, number, rows[-1])
            elif _filled(table, number, cells):
                rows.append(cells | _goes_on(table, number, cells, cut) | _under(table, number, whole))
            first = False
        cut = _cut_below(table)
    return rows


def _cut_below(table: FormTable) -> dict[Field, Cell]:
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
    table: FormTable, number: int, cells: dict[Field, Cell], cut: dict[Field, Cell]
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


def _spanning(table: FormTable, number: int, row: dict[Field, Cell]) -> dict[Field, tuple[GridCell, Cell]]:
    """The cells of a cut row that cover rows below it, too, with what the whole row says in them."""
    here = table.grid.rows[number]
    return {
        field: (cell, row[field])
        for field, positions in table.columns.items()
        if field in row and (cell := here[positions[0]]) and cell.row + cell.rowspan > number + 1
    }


def _under(table: FormTable, number: int, whole: dict[Field, tuple[GridCell, Cell]]) -> dict[Field, Cell]:
    """What a row has of the cells that began in the cut row above it."""
    here = table.grid.rows[number]
    return {field: text for field, (cell, text) in whole.items() if here[table.columns[field][0]] is cell}


def _is_data(table: FormTable, number: int) -> bool:
    """Whether a row holds the form's columns: no repeated header, no note across the table."""
    row = table.grid.rows[number]
    if is_header_row(row) or _is_remark(row):
        return False
    positions = [p for columns in table.columns.values() for p in columns]
    widest = max(
        (sum(row[p] is cell for p in positions) for cell in dict.fromkeys(c for c in row if c)), default=0
    )
    if widest > HALF * len(positions):
        return False
    return not surround.labelled(row) or _whole_code(cells_of(table, number))


_REMARK = re.compile(r"(合计|总计|小计|共计|注[:：]|备注|说明|填表说明|\(?以下(空白|无正文)).*")


def _is_remark(row: Sequence[GridCell | None]) -> bool:
    """Whether a row is a total, a remark, or the numbers of the columns: 1 2 3 … below the header."""
    said = [text for cell in dict.fromkeys(cell for cell in row if cell) if (text := fold(cell.text))]
    numbers = [text.strip("()") for text in said]
    counted = len(said) >= ENOUGH and numbers == [str(i) for i in range(1, len(said) + 1)]
    return counted or bool(said and _REMARK.fullmatch(said[0]))


def _filled(table: FormTable, number: int, cells: dict[Field, Cell]) -> bool:
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

    A row's number and its 是 or 否 stand on one side of the edge only; its code too, unless the edge cut it.
    """
    if not any(cell.text for cell in cells.values()) or (_whole_code(before) and _whole_code(cells)):
        return False
    here = [bool(cells[field].text) for field in _UNCUT if field in cells and field in before]
    there = [bool(before[field].text) for field in _UNCUT if field in cells and field in before]
    if any(one and other for one, other in zip(here, there, strict=True)):
        return False
    numbered = [one[Field.PRIORITY].text for one in (before, cells) if Field.PRIORITY in one]
    if len(numbered) == 2 and any(numbered):
        return True
    return any(there) != any(here)


_UNCUT = (Field.PRIORITY, Field.SHORTAGE_FLAG)
"""Columns whose text is too short for a page edge to cut it."""


def _whole_code(cells: dict[Field, Cell]) -> bool:
    return Field.CODE in cells and sum(char.isdigit() for char in cells[Field.CODE].text) >= CODE_DIGITS


def _put_together(rows: list[dict[Field, Cell]], rest: dict[Field, Cell]) -> None:
    """Adds the rest to the last row, and to those above it that share a merged cell with it.

    The place of a cell in two halves is that of the first.
    """
    for field, half in rest.items():
        before = rows[-1].get(field)
        if before is None or not half.text:
            continue
        whole = before.model_copy(update={"text": joined(f"{before.text}\n{half.text}")})
        for row in reversed(rows):
            if row.get(field) != before:
                break
            row[field] = whole


_TITLE = re.compile(r".{0,30}(推荐表|申报表|汇总表).{0,10}")
_FURTHER = re.compile(r"附件[:：]?[2-9二三四五六七八九](?!\d).{0,40}")
_ABOVE_TITLE = 3
"""Pieces above the form's title in which the unit may still be named."""


def _extent(pieces: Sequence[Piece], first: int, last: int) -> tuple[int, int]:
    """From the form's title to the next annex: a letter in the same file is not asked for the form's head."""
    lines = {i: fold(piece.text) for i, piece in enumerate(pieces) if isinstance(piece, Line)}
    start = max((i for i in lines if i < first and _TITLE.fullmatch(lines[i])), default=0)
    end = min((i for i in lines if i > last and _FURTHER.fullmatch(lines[i])), default=len(pieces))
    return start, end


def _spaced(said: surround.Said) -> surround.Said:
    """A value of a PDF with a space for the mark of a far gap: nobody typed that."""
    text = said.cell.text.replace(FAR, " ")
    return replace(said, cell=said.cell.model_copy(update={"text": text}))


def _said(
    pieces: Sequence[Piece], tables: Sequence[FormTable], scanned: Collection[int]
) -> list[surround.Said]:
    """What the lines around the form and the rows of its tables that are no data say of its head."""
    said: list[surround.Said] = []
    first, last = tables[0].index, tables[-1].index
    start, end = _extent(pieces, first, last)
    by_index = {table.index: table for table in tables}
    for index, piece in enumerate(pieces[:end]):
        distance = first - index if index < first else max(0, index - last)
        if isinstance(piece, Line):
            read = residue.in_scan if piece.place.page in scanned else surround.in_text
            here = read(piece.text, piece.place, distance)
            if piece.place.page is not None:
                here = [_spaced(one) for one in here]
        else:
            table = by_index.get(index)
            here = [
                one
                for number, row in enumerate(piece.rows)
                if table is None or number < table.first_row or not _is_data(table, number)
                for one in surround.in_row(row, distance)
            ]
        said += [
            one for one in here if index >= start or (one.name == "unit" and index + _ABOVE_TITLE >= start)
        ]
    return said
