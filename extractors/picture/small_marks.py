"""Marks that recognition is blind to in a line of print, told by ink and neighbours. Pure."""

from __future__ import annotations

import re

import numpy
from numpy.typing import NDArray

from extractors.picture.lone_marks import INK

SMALL = 0.5
"""Part of a line's height that a pause mark is high and wide at most."""
LEAST = 0.12
"""Part of it that a pause mark is high at least; dirt is smaller."""
FREE, APART = 0.5, 0.04
"""Part of it free of ink beside a mark, both sides together and each; a character's dots stand closer."""
FALLING = 0.5
"""How strictly the ink of 、 falls to the right: the correlation of its pixels. A comma's does not."""
OFF = 0.3
"""Part of a character's width by which a mark may miss its place in the row of characters."""
WHOLE = 0.5
"""Part of a line's columns that show ink at least; of pale print only the darkest specks do."""
BROAD = 0.65
"""Heights of its line that 工 is wide at least; I is half as wide as it is high, a border's rest less."""
BROADEST = 1.6
"""Heights that it is wide at most where nothing taller stands in its line; two characters are wider."""
WORK = "工"
_ENDS_LIKE_WORK = re.compile(r"(?:^|(?<=[\u4e00-\u9fff]))[Il|丨｜Ｉ]$")
"""The last character of most occupations, and what it is read as where a line holds or ends with it."""
PAUSE = "、"
MARKS = frozenset("、，,。．.；;：:·！!？?“”‘’")
MENDED = (
    (re.compile(r"(?<=\d)[一ー](?=\d)"), "—"),
    (re.compile(r"(?<=\d)(?:[—一ー]-|-[—一ー])(?=\d)"), "—"),
    (re.compile(r"[\[【](?=[12]\d{3}(?!\d)|(?:19|20)\d{3,6}号)"), "〔"),
    (re.compile(r"(?<=〔[12]\d{3})[\]】]|^[\]】](?=\d+号)|(?<=〔(?:19|20)\d{2})(?=\d{1,4}号)"), "〕"),
)
"""A dash between figures is no 一, nor two of two lengths; a document's year has four figures, in 〔 〕."""


def mended(text: str) -> str:
    """A line of print with what its figures betray: 2025一2027, [2025〕76号."""
    for pattern, right in MENDED:
        text = pattern.sub(right, text)
    return text


def with_pauses(grey: NDArray[numpy.uint8], text: str) -> str:
    """The text of a line of Chinese characters with each 、 that is to be seen but was not read.

    All characters of print are equally wide, so a mark's place tells before which of them it stands. 工 at
    a line's end is told from I by its width, too.
    """
    if _ENDS_LIKE_WORK.search(text) and _ends_broad(grey, alone=len(text) == 1):
        text = text[:-1] + WORK
    if len(text) < 3 or any(character.isascii() for character in text):
        return text
    ink = _line(grey < INK)
    groups = runs(numpy.asarray(ink.any(axis=0)))
    if len(groups) < 3 or sum(end - start for start, end in groups) < WHOLE * (groups[-1][1] - groups[0][0]):
        return text
    tall = float(ink.shape[0])
    seen = [
        (start, end)
        for (_, before), (start, end), (after, _) in zip(
            groups, groups[1:], [*groups[2:], _beyond(groups, tall)], strict=False
        )
        if start - before + after - end >= FREE * tall
        and min(start - before, after - end) >= APART * tall
        and _is_pause(ink[:, start:end], tall)
    ]
    missed = len(seen) - sum(character in MARKS for character in text)
    if missed < 1 or groups[-1] in seen:
        return text
    first, last = groups[0][0], groups[-1][1]
    wide = (last - first) / (len(text) + missed)
    places = [(start - first) / wide for start, _ in seen]
    out = list(text)
    for place in places:
        at = int(place + OFF)
        if not 0 < at < len(out) + 1:
            return text
        if at >= len(out) or out[at] not in MARKS:
            out.insert(at, PAUSE)
    return "".join(out) if len(out) == len(text) + missed else text


def _ends_broad(grey: NDArray[numpy.uint8], *, alone: bool) -> bool:
    """Whether the last ink of a line, or all of it, is one character as broad as a Chinese one."""
    ink = _line(grey < INK)
    groups = runs(numpy.asarray(ink.any(axis=0)))
    if not groups or (len(groups) > 1) is alone:
        return False
    start, end = groups[-1]
    return bool(BROAD * ink.shape[0] <= end - start <= BROADEST * ink.shape[0])


def _beyond(groups: list[tuple[int, int]], tall: float) -> tuple[int, int]:
    end = groups[-1][1] + round(tall)
    return end, end


def _line(ink: NDArray[numpy.bool_]) -> NDArray[numpy.bool_]:
    """The rows of the line itself: the tallest run; of the next line a strip shows no more than an edge."""
    bands = runs(numpy.asarray(ink.any(axis=1)))
    if not bands:
        return ink
    top, bottom = max(bands, key=lambda run: run[1] - run[0])
    return ink[top:bottom]


def runs(inked: NDArray[numpy.bool_]) -> list[tuple[int, int]]:
    """The runs of columns, or rows, with ink."""
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], inked.astype(numpy.int8), [0]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _is_pause(ink: NDArray[numpy.bool_], tall: float) -> bool:
    rows, columns = numpy.nonzero(ink)
    high, wide = float(numpy.ptp(rows)) + 1, float(numpy.ptp(columns)) + 1
    if not LEAST * tall <= high <= SMALL * tall or wide > SMALL * tall or wide < 3:
        return False
    return float(numpy.corrcoef(columns, rows)[0, 1]) >= FALLING if high > 1 else False
