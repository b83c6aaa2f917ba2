"""Characters with their places to lines of text. Pure; points, y growing downwards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from reference.model import Box

WORD_GAP = 0.3
"""A gap wider than this share of the type's size parts two Latin words or numbers."""
COLUMN_GAP = 1.0
"""A gap wider than this many characters is a tab stop, outside tables."""
FAR = "\t"
"""What a line's text has for a gap so wide that it parts what only happens to stand at one height."""
FAR_GAP = 8.0
"""Characters from which a gap is so wide."""
TWICE = 0.12
"""The same character again within this share of its size is bold type made by printing twice."""
OVERLAP = 0.5
GARBAGE = 0.2
"""Share of unreadable characters from which a page's text layer is not trusted."""

_RADICALS = str.maketrans(
    "⺁⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⺟",
    "厂民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟母",
)
_GLYPHS_AS_TEXT = re.compile("[\u2f00-\u2fd5\uf900-\ufad9\ufb00-\ufb06]")

_LATIN = re.compile(r"[0-9A-Za-z]")
_CID = re.compile(r"\(cid:\d+\)")


class Glyph(NamedTuple):
    """A character as it stands on the page; `turn` is its direction, see `turned`."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    turn: int = 0

    @property
    def middle(self) -> float:
        """The height of its centre."""
        return (self.top + self.bottom) / 2


class TextLine(NamedTuple):
    """A line's text and box."""

    text: str
    box: Box


def turned(box: Box, turn: int, width: float, height: float) -> Box:
    """A box after turning its page so that text of direction `turn` is upright.

    `turn` 0: left to right; 1: upwards; 2: upside down; 3: downwards. `width` and `height` are the page's
    before turning.
    """
    x0, top, x1, bottom = box
    if turn == 1:
        return height - bottom, x0, height - top, x1
    if turn == 2:
        return width - x1, height - bottom, width - x0, height - top
    if turn == 3:
        return top, width - x1, bottom, width - x0
    return box


def plain(text: str) -> str:
    """A character as it was typed, where the text layer names its shape instead.

    Browsers and macOS write 人 as the radical ⼈ and fi as one ligature; nobody typed either.
    """
    if text < "\u2e80":
        return text
    text = text.translate(_RADICALS)
    return _GLYPHS_AS_TEXT.sub(lambda shape: unicodedata.normalize("NFKC", shape[0]), text)


def lines_of(glyphs: Iterable[Glyph], *, tabs: bool = False) -> list[TextLine]:
    """The lines of text that characters form, from the top.

    Spaces are those of the text layer, and one between Latin words with a gap between them; with `tabs` also
    one for a gap as wide as a character, a tab for a far one. Type that is spread evenly gets none.
    """
    by_turn: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        by_turn.setdefault(glyph.turn, []).append(glyph)
    out: list[TextLine] = []
    for turn, group in by_turn.items():
        upright = group
        if turn:
            upright = [Glyph(g.text, *turned((g.x0, g.top, g.x1, g.bottom), turn, 0, 0)) for g in group]
        for row in _rows(upright):
            text = _text(row, tabs)
            if text.strip():
                box = _around(row)
                out.append(TextLine(text, turned(box, (4 - turn) % 4, 0, 0) if turn else box))
    return out


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters that stand beside each other; small raised ones belong to the type they overlap."""
    rows: list[list[Glyph]] = []
    top = bottom = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph[2] + glyph[4]):
        shared = min(bottom, glyph.bottom) - max(top, glyph.top)
        height = glyph.bottom - glyph.top
        if rows and shared >= OVERLAP * min(bottom - top, height):
            rows[-1].append(glyph)
            if height > bottom - top:
                top, bottom = glyph.top, glyph.bottom
        else:
            rows.append([glyph])
            top, bottom = glyph.top, glyph.bottom
    return rows


def _text(row: Sequence[Glyph], tabs: bool) -> str:
    glyphs: list[Glyph] = []
    for glyph in sorted(row, key=lambda glyph: glyph.x0):
        if glyphs and glyph.text == glyphs[-1].text:
            step = TWICE * (glyph.bottom - glyph.top)
            if glyph.x0 - glyphs[-1].x0 < step and abs(glyph.top - glyphs[-1].top) < step:
                continue
        glyphs.append(glyph)
    if not glyphs:
        return ""
    gaps = [after.x0 - before.x1 for before, after in pairwise(glyphs)]
    even = max(0.0, sorted(gaps)[len(gaps) // 2]) if gaps else 0.0
    # A layer that writes its spaces needs none guessed: a wide gap there is justified type.
    word_gap = COLUMN_GAP if any(glyph.text.isspace() for glyph in glyphs) else WORD_GAP
    out = [glyphs[0].text]
    for before, after, gap in zip(glyphs, glyphs[1:], gaps, strict=False):
        size = max(before.bottom - before.top, after.bottom - after.top)
        if not (before.text.isspace() or after.text.isspace()):
            words = _LATIN.match(before.text[-1:]) and _LATIN.match(after.text[:1])
            if tabs and gap > even + FAR_GAP * size:
                out.append(FAR)
            elif (words and gap > even + word_gap * size) or (tabs and gap > even + COLUMN_GAP * size):
                out.append(" ")
        out.append(after.text)
    return "".join(out)


def _around(glyphs: Sequence[Glyph]) -> Box:
    return (
        min(glyph.x0 for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
    )


def is_garbage(texts: Sequence[str]) -> bool:
    """Whether a page's characters (none of them white space) say nothing: a font that lost its encoding."""
    return sum(map(_unreadable, texts)) > GARBAGE * len(texts)


def _unreadable(text: str) -> bool:
    """A character without a meaning, or a Latin one of a Chinese encoding read byte by byte."""
    if _CID.match(text):
        return True
    code = ord(text[:1] or "\0")
    if code < 0x80:
        return code < 0x20
    return (
        code == 0xFFFD
        or (0xC0 <= code <= 0xFF and code not in (0xD7, 0xF7))
        or unicodedata.category(text[0]) in ("Co", "Cn", "Cc")
    )
