"""Pictures of a table as a scanner, a camera and a sheet that is not flat show it, made straight again."""

from __future__ import annotations

import cv2
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.picture.ruling_lines import rules_of
from extractors.picture.straighten import Grey, Warp, straightened

WIDTH, HEIGHT, DPI = 1654, 1170, 200
ACROSS, DOWN = 6, 8


def ruled(*, dashed: bool = False) -> Grey:
    """A table of five rows and seven columns, with a stroke in every cell."""
    page = numpy.full((HEIGHT, WIDTH), 255, numpy.uint8)
    for row in range(ACROSS):
        cv2.line(page, (220, 300 + 100 * row), (1410, 300 + 100 * row), 0, 2)
    for column in range(DOWN):
        cv2.line(page, (220 + 170 * column, 300), (220 + 170 * column, 800), 0, 2)
    if dashed:
        for at in range(0, WIDTH, 16):
            page[:, at : at + 5] = 255
    for row in range(ACROSS - 1):
        for column in range(DOWN - 1):
            cv2.putText(page, "8", (290 + 170 * column, 365 + 100 * row), cv2.FONT_HERSHEY_PLAIN, 2, 0, 2)
    return page


def slanted(page: Grey, degrees: float) -> Grey:
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), degrees, 1)
    return numpy.asarray(cv2.warpAffine(page, turn, (WIDTH, HEIGHT), borderValue=255), dtype=numpy.uint8)


def seen_from(page: Grey, corners: list[tuple[int, int]]) -> Grey:
    """The page before a camera that sees its corners there."""
    own = numpy.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=numpy.float32)
    to = cv2.getPerspectiveTransform(own, numpy.array(corners, dtype=numpy.float32))
    return numpy.asarray(cv2.warpPerspective(page, to, (WIDTH, HEIGHT), borderValue=255), dtype=numpy.uint8)


def sagging(page: Grey, pixels: float) -> Grey:
    """The page on a sheet whose middle lies lower by so many pixels."""
    x, y = numpy.meshgrid(numpy.arange(WIDTH), numpy.arange(HEIGHT))
    y = y - pixels * (1 - ((x - WIDTH / 2) / (WIDTH / 2)) ** 2)
    bent = cv2.remap(page, x.astype(numpy.float32), y.astype(numpy.float32), cv2.INTER_LINEAR, None, 0, 255)
    return numpy.asarray(bent, dtype=numpy.uint8)


@pytest.mark.parametrize(
    ("how", "page"),
    [
        ("straight", ruled()),
        ("slanted", slanted(ruled(), 6)),
        ("from below", seen_from(ruled(), [(150, 60), (1500, 60), (1654, 1170), (0, 1170)])),
        ("from a corner", seen_from(ruled(), [(120, 140), (1560, 20), (1600, 1100), (60, 1010)])),
        ("sagging", sagging(ruled(), 30)),
        ("sagging and slanted", slanted(sagging(ruled(), 24), 2)),
    ],
)
def test_a_table_stands_straight_again(how: str, page: Grey) -> None:
    straight = straightened(page, DPI).straight(page)
    across, down = rules_of(straight, DPI)
    assert (len(across), len(down)) == (ACROSS, DOWN), how
    for rule in across:
        course = straight[
            round(rule.at) - 3 : round(rule.at) + 4, round(rule.start) + 9 : round(rule.end) - 9
        ]
        assert (course.min(axis=0) < 200).mean() > 0.97, how


def test_wide_and_double_lines_are_one_each() -> None:
    page = ruled()
    for row in range(ACROSS):
        cv2.line(page, (220, 304 + 100 * row), (1410, 304 + 100 * row), 0, 2)
    for column in range(DOWN):
        cv2.line(page, (220 + 170 * column, 300), (220 + 170 * column, 804), 0, 5)
    across, down = rules_of(page, DPI)
    assert (len(across), len(down)) == (ACROSS, DOWN)


def test_dashes_tell_a_slant_too() -> None:
    page = slanted(ruled(dashed=True), 3)
    (_, slope, _), *_ = straightened(page, DPI).matrix
    assert slope == pytest.approx(-numpy.sin(numpy.radians(3)), abs=0.004)


def test_a_straight_page_and_a_page_of_text_are_left_as_they_are() -> None:
    text = numpy.full((HEIGHT, WIDTH), 255, numpy.uint8)
    cv2.putText(text, "no table", (300, 500), cv2.FONT_HERSHEY_PLAIN, 4, 0, 3)
    for page in (ruled(), text, numpy.full((HEIGHT, WIDTH), 255, numpy.uint8)):
        warp = straightened(page, DPI)
        assert numpy.array(warp.matrix) == pytest.approx(numpy.eye(3), abs=0.5)
        assert warp.sags == (0.0, 0.0)


@settings(max_examples=60, deadline=None)
@given(
    quarters=st.integers(0, 3),
    sag=st.floats(-3e-5, 3e-5),
    lean=st.floats(-1e-4, 1e-4),
    x=st.floats(0, 1500),
    y=st.floats(0, 1100),
)
def test_a_box_goes_to_the_straight_page_and_back(
    quarters: int, sag: float, lean: float, x: float, y: float
) -> None:
    matrix = ((1.02, 0.03, -8.0), (-0.02, 0.99, 5.0), (lean, lean / 2, 1.0))
    warp = Warp(WIDTH, HEIGHT, matrix, (sag, 0.0), quarters)
    box = (x, y, x + 80, y + 30)
    assert warp.back(warp.onto(box)) == pytest.approx(box, abs=1e-6)
