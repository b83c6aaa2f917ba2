"""Round seals told apart: one on the other, on red print, cut by the page's edge, fallen to pieces."""

from __future__ import annotations

import cv2
import numpy
import pytest

from extractors.picture.raster import Picture, Pixels
from extractors.seal.circles import rings
from extractors.seal.find import find_seals

DPI = 72.0
MM = DPI / 25.4
RED = (205, 30, 35)
PAGE = (210, 297)
"""Height and width in millimetres."""


def page() -> Pixels:
    return numpy.full((round(PAGE[0] * MM), round(PAGE[1] * MM), 3), 245, numpy.uint8)


def stamp(pixels: Pixels, x: float, y: float, across: float = 40) -> Pixels:
    """A round seal around a place in millimetres: a rim, a star's middle, and strokes for letters."""
    centre = round(x * MM), round(y * MM)
    cv2.circle(pixels, centre, round((across / 2 - 0.5) * MM), RED, 3)
    cv2.circle(pixels, centre, round(5 * MM), RED, -1)
    for step in range(12):
        angle = numpy.radians(130 + step * 25)
        at = [round((m + 14 * f(angle)) * MM) for m, f in ((x, numpy.cos), (y, numpy.sin))]
        cv2.rectangle(pixels, (at[0] - 4, at[1] - 4), (at[0] + 4, at[1] + 4), RED, 1)
    return pixels


def middles(pixels: Pixels) -> list[tuple[int, int]]:
    """The seals found, in whole millimetres."""
    found = find_seals(Picture(1, pixels, 1.0, DPI))
    boxes = sorted(seal.box for seal in found)
    return [
        (round((left + right) / 2 / MM), round((top + foot) / 2 / MM)) for left, top, right, foot in boxes
    ]


@pytest.mark.parametrize(("aside", "down"), [(30, 0), (30, 8), (28, -9), (0, 30), (20, 20), (14, 25)])
def test_two_seals_one_on_the_other(aside: int, down: int) -> None:
    found = middles(stamp(stamp(page(), 200, 120), 200 + aside, 120 + down))
    expected = sorted([(200, 120), (200 + aside, 120 + down)])
    assert numpy.abs(numpy.subtract(found, expected)).max() <= 1


def test_a_seal_on_a_red_heading() -> None:
    pixels = stamp(page(), 200, 40)
    cv2.putText(pixels, "RED HEADING OF A LETTER", (60, 115), cv2.FONT_HERSHEY_SIMPLEX, 1.6, RED, 4)
    assert numpy.abs(numpy.subtract(middles(pixels), [(200, 40)])).max() <= 1


def test_a_seal_in_the_corner_of_the_page() -> None:
    pixels = stamp(page(), PAGE[1] - 12, PAGE[0] - 12)
    (seal,) = find_seals(Picture(1, pixels, 1.0, DPI))
    assert numpy.abs(numpy.subtract(seal.box, [265 * MM, 178 * MM, 297 * MM, 210 * MM])).max() <= 3


def test_a_seal_of_which_the_dry_ink_left_pieces() -> None:
    pixels = stamp(page(), 200, 120)
    for angle in range(0, 360, 45):  # ink is missing in eight places
        x, y = 200 + 18 * numpy.cos(numpy.radians(angle)), 120 + 18 * numpy.sin(numpy.radians(angle))
        cv2.circle(pixels, (round(x * MM), round(y * MM)), round(1.8 * MM), (245, 245, 245), -1)
    assert middles(pixels) == [(200, 120)]


def test_print_draws_no_circle() -> None:
    pixels = page()
    for line in range(20, 580, 16):
        cv2.putText(pixels, "words of a whole page in red" * 3, (10, line), 0, 0.5, RED, 1)
    assert not middles(pixels)


def test_a_circle_that_the_edge_cuts() -> None:
    ink = numpy.zeros((200, 200), numpy.uint8)
    cv2.circle(ink, (190, 100), 56, 255, 2)
    (found,) = rings(ink, DPI, (34, 54), 0.75)
    assert numpy.abs(numpy.subtract((found.x, found.y, found.radius), (190, 100, 56))).max() < 2
