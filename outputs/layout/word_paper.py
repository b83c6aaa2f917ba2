"""Word papers in the office's layout: title, paragraphs, tables, signature. A door to python-docx."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt

from reference.whole_files import write_whole

_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
SHORT = 4
"""Characters of the cells of a column that stands in the middle, besides numbers: 是 and 否."""
_BODY, _HEADS = "FangSong", "SimHei"


class WordPaper:
    """A paper under way: A4, upright or across."""

    def __init__(self, *, across: bool = False) -> None:
        """Begin an empty paper."""
        self._document = docx.Document()
        section = self._document.sections[0]
        long, short = Cm(29.7), Cm(21.0)
        section.page_width, section.page_height = (long, short) if across else (short, long)
        if across:
            section.orientation = WD_ORIENT.LANDSCAPE
        side = Cm(1.8) if across else Cm(2.6)
        section.left_margin = section.right_margin = side
        section.top_margin = section.bottom_margin = Cm(2.0) if across else Cm(2.8)
        self._wide = section.page_width - 2 * side
        _set_font(self._document.styles["Normal"], _BODY, 12)

    def title(self, text: str) -> None:
        """The paper's title, in the middle."""
        line = self._document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(14)
        _run(line, text, _HEADS, 20)

    def heading(self, text: str) -> None:
        """A heading such as 一、…"""
        line = self._document.add_paragraph()
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(8), Pt(4)
        line.paragraph_format.keep_with_next = True
        _run(line, text, _HEADS, 13)

    def paragraph(self, text: str, *, indent: bool = True, right: bool = False) -> None:
        """A paragraph, its first line set in by two characters."""
        line = self._document.add_paragraph()
        line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(3), 1.4
        if indent:
            line.paragraph_format.first_line_indent = Pt(24)
        if right:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(line, text, _BODY, 12)

    def table(
        self,
        titles: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        size: float = 10.5,
    ) -> None:
        """A ruled table, its titles repeated on each page; widths in shares of the line, size in points."""
        table = self._document.add_table(rows=1, cols=len(titles), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for cell, title in zip(table.rows[0].cells, titles, strict=True):
            _fill(cell, title, _HEADS, size)
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        _repeat(table.rows[0])
        middle = [
            all(len(text) <= SHORT or text.isdigit() for text in column) for column in zip(*rows, strict=True)
        ]
        for row in rows:
            line = table.add_row()
            _keep_together(line)
            for cell, text, centred in zip(line.cells, row, middle, strict=True):
                _fill(cell, text, _BODY, size)
                if centred:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        # Word goes by the cells' widths, LibreOffice by the grid's.
        sizes = [Emu(int(self._wide * share)) for share in widths]
        for column, wide in zip(table.columns, sizes, strict=True):
            column.width = wide
        for line in table._tbl.tr_lst:
            for cell, wide in zip(line.tc_lst, sizes, strict=True):
                cell.width = wide
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)

    def save(self, path: Path) -> None:
        """Write the paper."""
        path.parent.mkdir(parents=True, exist_ok=True)
        made = io.BytesIO()  # as in `outputs.layout.excel_sheets`
        self._document.save(made)
        write_whole(path, made.getvalue())


def _fill(cell: Any, text: str, font: str, size: float) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
    _run(line, text, font, size)


def _run(line: Any, text: str, font: str, size: float) -> None:
    run = line.add_run(_HIDDEN.sub("\ufffd", text))
    _set_font(run, font, size)


def _set_font(owner: Any, font: str, size: float) -> None:
    owner.font.name, owner.font.size = font, Pt(size)
    fonts = owner.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
