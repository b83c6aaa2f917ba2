"""A stroke alone in a cell: / and — are told from what is no such stroke."""

from __future__ import annotations

import cv2
import numpy
import pytest
from numpy.typing import NDArray

from extractors.picture.line_boxes import overlooked
from extractors.picture.lone_marks import lone_mark
from extractors.picture.ocr import Reading
from extractors.picture.straighten import Grey
from extractors.scan.page import _marked
from extractors.table.ruling import Rule, find_tables
from reference.model import Box

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
    ("strokes", "grey", "mark", "seen"),
    [
        ([SHORT], 185, "—", True),
        ([SLASH], 185, "/", True),
        ([LEVEL], 185, "—", False),  # as long as what is left of a ruling line
        ([SHORT], 210, None, False),  # shines through from the other side
        ([SHORT, UPRIGHT], 0, None, True),
        ([], 0, None, False),
    ],
)
def test_a_hairline_in_a_cell_is_seen_where_it_is_no_rest_of_a_line(
    strokes: list[tuple[Point, Point]], grey: int, mark: str | None, seen: bool
) -> None:
    strip = drawn(*strokes, wide=1, grey=grey)
    assert lone_mark(strip) == mark
    assert bool(found_in_a_cell(strip)) is seen


def test_dust_is_not_seen() -> None:
    dust = numpy.random.default_rng(1).random((60, 150)) < 0.005
    assert not found_in_a_cell(numpy.where(dust, 190, 255).astype(numpy.uint8))


def found_in_a_cell(inside: Grey) -> list[Box]:
    """What is seen in a cell of a table at 100 dpi that holds the strip and no text that was detected."""
    page = numpy.pad(inside, 13, constant_values=255)
    height, width = page.shape
    sides = (
        [Rule(10, 10, width - 10), Rule(height - 10, 10, width - 10)],
        [
            Rule(10, 10, height - 10),
            Rule(width - 10, 10, height - 10),
        ],
    )
    return list(overlooked(page, find_tables(*sides), [], 100))


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
