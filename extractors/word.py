"""A Word file's bytes to its pieces: paragraphs and tables as they would be read. The door to python-docx.

The XML is walked rather than `cell.text` asked, which misses content controls and tracked insertions and
keeps tracked deletions. Changes count as accepted, hidden text does not count.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from docx.oxml.ns import qn

from extractors.form import find_form
from extractors.grid import GridCell, Line, Piece, grid_of, joined
from reference.findings import finding
from reference.model import FileReading, Finding, Place
from reference.settings import Limits

_TRANSPARENT = frozenset(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple")
)
_BREAKS = frozenset(qn(f"w:{name}") for name in ("br", "cr"))


@dataclass(slots=True)
class _Walk:
    file_id: str
    paragraphs: int = 0
    tables: int = 0
    pieces: list[Piece] = field(default_factory=list)


def read_word(data: bytes, file_id: str, name: str | None, limits: Limits) -> FileReading:
    """Read the form out of a Word file; damage is a finding."""
    try:
        document = docx.Document(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001
        wrong = finding("file-unreadable", seen=name or "（未命名）", reason_zh="文件损坏或不完整", reason_en="damaged")
        return FileReading(file_id=file_id, findings=(wrong,))
    walk = _Walk(file_id)
    _blocks(document.element.body, walk)
    return FileReading(file_id=file_id, form=find_form(walk.pieces, file_id, source="word"))


def _blocks(parent: Any, walk: _Walk) -> None:
    for child in parent:
        if child.tag == qn("w:p"):
            walk.paragraphs += 1
            walk.pieces.append(Line(_paragraph(child), Place(file_id=walk.file_id, row=walk.paragraphs)))
        elif child.tag == qn("w:tbl"):
            walk.tables += 1
            walk.pieces.append(_table(child, walk))
        elif child.tag in _TRANSPARENT:
            _blocks(child, walk)


def _paragraph(p: Any) -> str:
    return "".join(_runs(p))


def _runs(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag == qn("w:r"):
            if child.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None:
                continue
            for item in child:
                if item.tag == qn("w:t"):
                    yield item.text or ""
                elif item.tag in _BREAKS:
                    yield "\n"
                elif item.tag == qn("w:tab"):
                    yield "\t"
                elif item.tag == qn("w:noBreakHyphen"):
                    yield "-"
        elif child.tag in _TRANSPARENT:
            yield from _runs(child)


def _children(parent: Any, tag: str) -> Iterator[Any]:
    for child in parent:
        if child.tag == qn(tag):
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _children(child, tag)


def _table(tbl: Any, walk: _Walk) -> Piece:
    cells: list[GridCell] = []
    open_spans: dict[int, int] = {}
    number = 0
    for tr in _children(tbl, "w:tr"):
        if tr.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
            continue
        column = 0
        before = tr.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
        column += int(before.get(qn("w:val"))) if before is not None else 0
        for tc in _children(tr, "w:tc"):
            span = tc.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            width = int(span.get(qn("w:val"))) if span is not None else 1
            merge = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_spans:
                old = cells[open_spans[column]]
                cells[open_spans[column]] = GridCell(
                    old.text, old.place, old.row, old.column, old.rowspan + 1, old.colspan
                )
            else:
                text = joined("\n".join(_paragraph(p) for p in _children(tc, "w:p")))
                place = Place(file_id=walk.file_id, table=walk.tables, row=number + 1, column=column + 1)
                open_spans[column] = len(cells)
                cells.append(GridCell(text, place, number, column, 1, width))
            column += width
        number += 1
    return grid_of(cells)
