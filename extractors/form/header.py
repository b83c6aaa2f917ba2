"""Finding the form's header: the ten columns of Annex 1 by their titles, however written. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from extractors.table.grid import Grid, GridCell
from reference.model import FIELD_TITLES, Field
from reference.text import fold

_WHOSE = "(国家|推荐|申报)?"
_TITLES: tuple[tuple[Field, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.SHORTAGE_FLAG, r"急需|紧缺|是否.{0,60}目录"),
        (Field.STANDARD_VERSION, r"版本|(标准|颁布|发布)(年份|年号|版次)|^版次$"),
        (Field.STANDARD_NAME, r"标准名称|国家职业(技能)?标准$|^(职业)?标准$"),
        (Field.DEMAND, r"人次|评价(人数|数量|规模|需求)|预计.{0,60}(人数|评价量)"),
        (Field.REASON, r"理由|推荐(原因|依据)"),
        (Field.INDUSTRIES, r"产业|^(所属|重点)?行业(类别|领域)?$"),
        (Field.CODE, rf"^{_WHOSE}(职业|工种|职业工种)?((分类)?大典)?(编码|代码)$|^(职业|工种)编号$"),
        (Field.WORK_TYPE, rf"^{_WHOSE}(职业)?工种(名称)?$"),
        (Field.OCCUPATION, rf"^{_WHOSE}职业(名称)?$"),
        (Field.PRIORITY, r"^(推荐|优先)?(序号|顺序|次序|排序|级)$|^(优先级)?(序号?|编号|项次|排序)$|^No$"),
    )
)
"""Titles by what they say, the telling words first: 职业 alone stands in most of the ten."""

TELLING = frozenset(
    {
        Field.STANDARD_NAME,
        Field.STANDARD_VERSION,
        Field.SHORTAGE_FLAG,
        Field.INDUSTRIES,
        Field.DEMAND,
        Field.REASON,
    }
)
"""Columns that no other table of the office has; Annex 2 shares 序号, 职业编码 and 职业名称."""

ENOUGH, ENOUGH_TELLING = 5, 3
DEEPEST_HEADER = 3
NEAR, HALF = 0.7, 0.5
"""Likeness from which a title that names no column is the missing one's, misread: 推荐理山 has 0.75; the
same of titles of two characters."""
HIDDEN = 2
"""Titles of a header that a seal may hide."""
LONGEST_TITLE = 60
"""Characters of a title with every annotation that people add; longer texts are reasons and notes."""

_ANNOTATION = re.compile(r"\([^()]*\)")
_VALUE = re.compile(r"[是否]|\d+|\d-\d\d-\d\d-\d\d")
_MARKS = re.compile(r"[☐☑□■○●◎△:：,，;；.。、*＊·\-—_\"“”]+")


def title_of(text: str) -> Field | None:
    """The column that a header cell names; None for one that the form does not have."""
    if len(text) > LONGEST_TITLE:
        return None
    plain = fold(text)
    bare = _MARKS.sub("", _ANNOTATION.sub("", plain)) or _MARKS.sub(
        "", plain.replace("(", "").replace(")", "")
    )
    if field := next((field for field, title in _TITLES if title.search(bare)), None):
        return field
    inside = _MARKS.sub("", plain.replace("(", "").replace(")", ""))
    return next((field for field, title in _TITLES if field in TELLING and title.search(inside)), None)


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's header stands and which positions each column covers.

    `slots` are the positions of all its columns from the left, those that the form does not have included.
    """

    row: int
    depth: int
    columns: dict[Field, tuple[int, ...]]
    slots: tuple[tuple[int, ...], ...]

    @property
    def end(self) -> int:
        """The first row behind the header."""
        return self.row + self.depth


def find_header(grid: Grid, *, scanned: bool = False) -> Header | None:
    """The header of Annex 1 in a table, on whatever row and however many rows deep; None if it has none.

    Of a scanned one a title may have been misread; what was typed says what it says.
    """
    found = [
        header
        for row in range(len(grid.rows))
        if _titled(grid.rows[row]) >= ENOUGH_TELLING
        for depth in range(1, DEEPEST_HEADER + 1)
        if row + depth <= len(grid.rows) and (header := _header_at(grid, row, depth, scanned))
    ]
    return max(found, key=lambda header: (len(header.columns), -header.depth, -header.row), default=None)


def _titled(row: Sequence[GridCell | None]) -> int:
    """How many of a row's cells alone name a column: a row of a long table's data hardly any."""
    return sum(title_of(cell.text) is not None for cell in dict.fromkeys(cell for cell in row if cell))


def is_header_row(row: Sequence[GridCell | None]) -> bool:
    """Whether a single row repeats the header, as on the pages that follow."""
    fields = {title_of(cell.text) for cell in row if cell and cell.text}
    return _suffices(fields)


def _header_at(grid: Grid, row: int, depth: int, scanned: bool) -> Header | None:
    if any(_holds_values(grid.rows[r]) for r in range(row + 1, row + depth)):
        return None
    slots: list[tuple[int, ...]] = []
    texts: list[str] = []
    above: tuple[GridCell, ...] = ()
    for position in range(len(grid.rows[row])):
        stack = tuple(
            dict.fromkeys(c for c in (grid.rows[r][position] for r in range(row, row + depth)) if c)
        )
        if not stack or any(cell.row < row for cell in stack):
            above = ()
        elif stack == above:
            slots[-1] = (*slots[-1], position)
        else:
            above = stack
            slots.append((position,))
            texts.append("".join(cell.text for cell in stack))
    named = [title_of(text) for text in texts]
    fields = _misread(texts, named) if scanned else named
    columns: dict[Field, tuple[int, ...]] = {}
    for field, positions in zip(fields, slots, strict=True):
        if field is not None:
            columns.setdefault(field, positions)
    return Header(row, depth, columns, tuple(slots)) if _suffices(columns) else None


def _misread(texts: Sequence[str], fields: Sequence[Field | None]) -> Iterator[Field | None]:
    """The columns, with those whose title was misread: like the notice's own, and at its place among them.

    Where all others stand at their places one or two between them are told by that alone: a black seal may
    hide their titles.
    """
    if not _suffices(fields):
        yield from fields
        return
    order, last = list(Field), -1
    in_place = len(fields) == len(order) and sum(map(operator.ne, fields, order)) <= HIDDEN
    for at, (text, named) in enumerate(zip(texts, fields, strict=True)):
        column = named
        if named is None and text:
            later = next((order.index(one) for one in fields[at + 1 :] if one), None)
            between = (one for one in order[last + 1 : later] if one not in fields)
            hidden = in_place and 0 < at < len(order) - 1
            column = next((one for one in between if hidden or _like(text, FIELD_TITLES[one][0])), None)
        last = order.index(column) if column else last
        yield column


def _like(text: str, title: str) -> bool:
    return SequenceMatcher(None, fold(text), title).ratio() >= (NEAR if len(title) > 2 else HALF)


def _holds_values(row: Sequence[GridCell | None]) -> bool:
    """Whether a row holds what only a filled row holds: it is not the header's second line."""
    return any(_VALUE.fullmatch(fold(cell.text)) for cell in row if cell)


def _suffices(fields: Iterable[Field | None]) -> bool:
    known = {field for field in fields if field}
    return len(known) >= ENOUGH and len(known & TELLING) >= ENOUGH_TELLING
