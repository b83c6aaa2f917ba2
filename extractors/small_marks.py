"""Marks that recognition is blind to in a line of print, told by ink and neighbours. Pure."""

from __future__ import annotations

import re

import numpy
from numpy.typing import NDArray

from extractors.lone_marks import INK

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
PAUSE = "、"
MARKS = frozenset("、，,。．.；;：:·！!？?“”‘’")
MENDED = (
    (re.compile(r"(?<=\d)[一ー](?=\d)"), "—"),
    (re.compile(r"[\[【](?=[12]\d{3}(?!\d))"), "〔"),
    (re.compile(r"(?<=〔[12]\d{3})[\]】]|^[\]】](?=\d+号)"), "〕"),
)
"""A dash between figures is no 一; a document's year stands in 〔 〕."""


def mended(text: str) -> str:
    """A line of print with what its figures betray: 2025一2027, [2025〕76号."""
    for pattern, right in MENDED:
        text = pattern.sub(right, text)
    return text


def with_pauses(grey: NDArray[numpy.uint8], text: str) -> str:
    """The text of a line of Chinese characters with each 、 that is to be seen but was not read.

    All characters of print are equally wide, so a mark's place tells before which of them it stands.
    """
    if len(text) < 3 or any(character.isascii() for character in text):
        return text
    ink = _line(grey < INK)
    groups = runs(numpy.asarray(ink.any(axis=0)))
    if len(groups) < 3:
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
