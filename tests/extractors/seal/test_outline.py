"""The outline of a seal from its ink: round, oval, askew, cut by the page's edge."""

from __future__ import annotations

import cv2
import numpy
import pytest

from extractors.seal.outline import Outline, inked, outline_of

DPI = 240.0
MM = DPI / 25.4


def drawn(size: tuple[int, int], rim: Outline) -> numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.uint8]]:
    ink = numpy.zeros(size, numpy.uint8)
    half = round(rim.wide) - 5, round(rim.tall) - 5
    middle = round(rim.x), round(rim.y)
    cv2.ellipse(ink, middle, half, float(numpy.degrees(rim.turn)), 0, 360, 255, 10)
    cv2.circle(ink, middle, 50, 255, -1)  # the star
    return ink


@pytest.mark.parametrize(
    "rim",
    [
        Outline(200, 200, 190, 190),
        Outline(205, 150, 195, 137),
        Outline(215, 160, 195, 137, 0.25),
        Outline(150, 205, 137, 195),
    ],
)
def test_the_rim_is_followed(rim: Outline) -> None:
    found = outline_of(drawn((420, 430), rim), DPI)
    assert found is not None
    got = found.x, found.y, found.wide, found.tall
    assert numpy.abs(numpy.subtract(got, (rim.x, rim.y, rim.wide, rim.tall))).max() < 4
    if rim.wide != rim.tall:
        assert abs(found.turn - rim.turn) < 0.05


def test_a_cut_seal_stays_round() -> None:
    found = outline_of(drawn((400, 280), Outline(200, 200, 190, 190)), DPI)
    assert found is not None
    assert (
        numpy.abs(numpy.subtract((found.x, found.y, found.wide, found.tall), (200, 200, 190, 190))).max() < 6
    )


def test_no_ink_has_no_outline() -> None:
    assert outline_of(numpy.zeros((100, 100), numpy.uint8), DPI) is None


def test_how_much_of_a_rim_is_inked() -> None:
    rim = Outline(200, 200, 190, 190)
    ink = drawn((400, 400), rim)
    ink[:, :200] = 0
    assert 0.45 < inked(ink, rim) < 0.55


def test_points_around_lie_at_even_steps() -> None:
    rim = Outline(200, 150, 190, 130, 0.2)
    x, y = rim.around(400, numpy.array([0.0, 30.0]))
    steps = numpy.hypot(numpy.diff(x[0]), numpy.diff(y[0]))
    assert steps.max() < 1.02 * steps.min()
    assert numpy.allclose(numpy.hypot(x[1] - x[0], y[1] - y[0]), 30)
    assert abs(400 * steps.mean() - rim.length(0)) < 3
