"""A stroke alone in a cell: / and — are told from what is no such stroke."""

from __future__ import annotations

import cv2
import numpy
import pytest
from numpy.typing import NDArray

from extractors.lone_marks import ink_of, lone_mark
from extractors.ocr import Reading
from extractors.scan import _marked

Point = tuple[int, int]


def drawn(*strokes: tuple[Point, Point], wide: int = 2, grey: int = 0) -> NDArray[numpy.uint8]:
    """A strip of white paper with strokes on it."""
    paper = numpy.full((40, 60), 255, numpy.uint8)
    for start, end in strokes:
        cv2.line(paper, start, end, grey, wide)
    return paper


LEVEL, SLASH, UPRIGHT = ((10, 20), (46, 20)), ((24, 34), (36, 6)), ((30, 6), (30, 34))


@pytest.mark.parametrize(
    ("strokes", "mark"),
    [
        ([LEVEL], "—"),
        ([SLASH], "/"),
        ([UPRIGHT], None),
        ([LEVEL, UPRIGHT], None),
        ([((10, 12), (46, 12)), ((8, 30), (48, 30))], None),
        ([], None),
    ],
    ids=["dash", "slash", "one", "cross", "two strokes", "nothing"],
)
def test_a_lone_stroke(strokes: list[tuple[Point, Point]], mark: str | None) -> None:
    assert lone_mark(drawn(*strokes)) == mark


SHORT = ((10, 20), (30, 20))


@pytest.mark.parametrize(
    ("strokes", "grey", "mark", "inked"),
    [
        ([SHORT], 185, "—", True),
        ([SLASH], 185, "/", True),
        ([LEVEL], 185, "—", False),  # as long as what is left of a ruling line
        ([UPRIGHT], 185, None, False),
        ([SHORT, UPRIGHT], 185, None, False),
        ([SHORT], 210, None, False),  # shines through from the other side
        ([SHORT, UPRIGHT], 0, None, True),
    ],
)
def test_a_hairline_is_ink_where_it_is_a_mark(
    strokes: list[tuple[Point, Point]], grey: int, mark: str | None, inked: bool
) -> None:
    strip = drawn(*strokes, wide=1, grey=grey)
    assert lone_mark(strip) == mark
    assert bool(ink_of(strip).any()) is inked


def test_dust_is_no_hairline() -> None:
    dust = numpy.random.default_rng(1).random((60, 150)) < 0.005
    cell = numpy.where(dust, 190, 255).astype(numpy.uint8)
    assert not ink_of(cell).any()


@pytest.mark.parametrize(
    ("stroke", "read", "counts", "text"),
    [
        (LEVEL, "一", False, "—"),
        (LEVEL, "一", True, "一"),
        (SLASH, "1", False, "/"),
        (SLASH, "1", True, "1"),
        (UPRIGHT, "1", False, "1"),
    ],
)
def test_only_where_rows_are_counted_is_a_stroke_their_number(
    stroke: tuple[Point, Point], read: str, counts: bool, text: str
) -> None:
    assert _marked(drawn(stroke), Reading(read, 0.9), counts=counts).text == text
