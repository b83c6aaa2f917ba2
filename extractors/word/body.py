"""A Word document's body to its pieces: paragraphs and tables in reading order, spans resolved. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractors.table.grid import Grid, GridCell, Line, Piece, grid_of, joined
from extractors.word.numbering import Numbering
from extractors.word.styles import Styles, child, child_value, w, whole
from extractors.word.text import Element, ParagraphText, opened, paragraph_text
from reference.model import Place

MOST_COLUMNS = 256
"""Columns of a table that are read; Word itself allows 63."""

_P, _TBL, _TR, _TC, _TRPR, _TCPR = map(w, ("p", "tbl", "tr", "tc", "trPr", "tcPr"))
_BLOCKS, _ROWS, _CELLS = frozenset((_P, _TBL)), frozenset((_TR,)), frozenset((_TC,))
_PPR, _RPR, _DEL, _MOVED, _CELL_GONE = map(w, ("pPr", "rPr", "del", "moveFrom", "cellDel"))


@dataclass(slots=True)
class Body:
    """Walks one document once; afterwards `pieces` is complete and `cut` says what was too large."""

    file_id: str
    styles: Styles
    numbering: Numbering
    most_rows: int
    pieces: list[Piece] = field(default_factory=list)
    cut: dict[str, str] = field(default_factory=dict)
    """Reasons, Chinese to English, why something was left out."""
    _paragraphs: int = 0
    _tables: int = 0

    def read(self, body: Element) -> None:
        """Read the blocks of a `w:body`."""
        for block in self._blocks(body):
            if isinstance(block, ParagraphText):
                self._paragraphs += 1
                place = Place(file_id=self.file_id, row=self._paragraphs)
                self.pieces += self._lines(block, place)
            else:
                self.pieces += self._table(block)

    def _lines(self, paragraph: ParagraphText, place: Place) -> Iterator[Piece]:
        """A paragraph, then what its text boxes hold: their place is that of the paragraph."""
        yield Line(paragraph.text, place)
        for box in paragraph.boxes:
            yield from self._box(box, place)

    def _box(self, box: Element, place: Place) -> Iterator[Piece]:
        for block in self._blocks(box):
            if isinstance(block, ParagraphText):
                yield from self._lines(block, place)
            else:
                yield from self._table(block)

    def _blocks(self, parent: Element) -> Iterator[ParagraphText | Element]:
        """The paragraphs, read and numbered, and the tables of a body, cell or text box.

        A paragraph whose mark was deleted (as a tracked change) runs on into the next one.
        """
        waiting = ParagraphText()
        for block in opened(parent, _BLOCKS):
            if block.tag == _TBL:
                if waiting.text or waiting.boxes:
                    yield waiting
                    waiting = ParagraphText()
                yield block
                continue
            properties = child(block, _PPR)
            read = paragraph_text(block, properties, self.styles)
            read = ParagraphText(waiting.text + read.text, waiting.boxes + read.boxes)
            if _mark_is_gone(properties):
                waiting = read
                continue
            waiting = ParagraphText()
            read.text = self.numbering.label(properties) + read.text
            yield read
        if waiting.text or waiting.boxes:
            yield waiting

    def _table(self, table: Element) -> list[Piece]:
        """The table, then what its cells hold besides their text: tables in them, text boxes."""
        self._tables += 1
        number = self._tables
        cells: list[GridCell] = []
        inside: list[Piece] = []
        above: dict[int, int] = {}
        height = 0
        for row in opened(table, _ROWS):
            if child(child(row, _TRPR), _DEL) is not None:
                continue
            if height >= self.most_rows:
                self.cut[f"表格超过{self.most_rows}行，其后未读"] = f"a table has over {self.most_rows} rows"
                break
            above = self._row(
                row, Place(file_id=self.file_id, table=number, row=height + 1), cells, above, inside
            )
            height += 1
        return [grid_of(cells), *inside]

    def _row(
        self, row: Element, place: Place, cells: list[GridCell], above: dict[int, int], inside: list[Piece]
    ) -> dict[int, int]:
        """Add a row's cells; `above` and the answer tell by column which cell a merge below would extend."""
        number = (place.row or 1) - 1
        properties = child(row, _TRPR)
        column = 0 if properties is None else _count(child_value(properties, "gridBefore"), 0)
        open_cells: dict[int, int] = {}
        last: int | None = None
        for cell in opened(row, _CELLS):
            tc = child(cell, _TCPR)
            if child(tc, _CELL_GONE) is not None:
                continue
            width = max(1, 1 if tc is None else _count(child_value(tc, "gridSpan"), 1))
            if column + width > MOST_COLUMNS:
                self.cut[f"表格超过{MOST_COLUMNS}列，其后未读"] = f"a table has over {MOST_COLUMNS} columns"
                break
            down, right = _merge(tc, "vMerge"), _merge(tc, "hMerge")
            if down == "continue" and column in above:
                extended = above[column]
                cells[extended] = replace(cells[extended], rowspan=number + 1 - cells[extended].row)
                open_cells[column] = last = extended
            elif right == "continue" and last is not None:
                end = column + width - cells[last].column
                cells[last] = replace(cells[last], colspan=max(end, cells[last].colspan))
            else:
                here = place.model_copy(update={"column": column + 1})
                last = len(cells)
                cells.append(GridCell(self._cell(cell, here, inside), here, number, column, 1, width))
                if down is not None:
                    open_cells[column] = last
            column += width
        return open_cells

    def _cell(self, cell: Element, place: Place, inside: list[Piece]) -> str:
        """A cell's text: its paragraphs and the tables in it; these and its text boxes are pieces too."""
        texts: list[str] = []
        for block in self._blocks(cell):
            if isinstance(block, ParagraphText):
                texts.append(block.text)
                for box in block.boxes:
                    inside.extend(self._box(box, place))
            else:
                pieces = self._table(block)
                texts += [one.text for one in _cells_of(pieces[0])]
                inside += pieces
        return joined("\n".join(texts))


def _cells_of(grid: Piece) -> list[GridCell]:
    if not isinstance(grid, Grid):
        return []
    return list(dict.fromkeys(cell for row in grid.rows for cell in row if cell))


def _mark_is_gone(properties: Element | None) -> bool:
    mark = child(properties, _RPR)
    return child(mark, _DEL) is not None or child(mark, _MOVED) is not None


def _merge(properties: Element | None, name: str) -> str | None:
    """`restart` or `continue`; None for a cell that is not merged this way."""
    merge = child(properties, w(name))
    if merge is None:
        return None
    return "restart" if merge.get(w("val")) == "restart" else "continue"


def _count(text: str | None, otherwise: int) -> int:
    return whole(text, otherwise, MOST_COLUMNS)
