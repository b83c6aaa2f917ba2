"""Round seals on scans without colour: their rims, what goes with them, and what is read beside them."""

from __future__ import annotations

import cv2
import numpy
import pytest

from extractors.picture.straighten import MM, Grey, Warp
from extractors.seal.circles import Ring
from extractors.seal.grey import dark_rings, doubted, without_dark

DPI = 200.0
SEAL = (900, 700)
RADIUS = round(19.4 * MM * DPI)


def page() -> Grey:
    """A table with words in all of its cells."""
    grey = numpy.full((1400, 2000), 255, numpy.uint8)
    for y in range(100, 1301, 100):
        cv2.line(grey, (100, y), (1900, y), 20, 3)
        if y < 1300:
            cv2.putText(grey, "words of a table row" * 4, (110, y + 60), cv2.FONT_HERSHEY_COMPLEX, 1.2, 20, 2)
    for x in range(100, 1901, 300):
        cv2.line(grey, (x, 100), (x, 1300), 20, 3)
    return grey


def stamped(ink: int) -> Grey:
    """The same under a seal of a grey ink: both darken the paper."""
    seal = numpy.full((1400, 2000), 255, numpy.uint8)
    cv2.circle(seal, SEAL, RADIUS, ink, 9)
    cv2.circle(seal, SEAL, 40, ink, -1)
    return numpy.minimum(page(), seal)


@pytest.mark.parametrize("ink", [20, 110])
def test_the_rim_is_found(ink: int) -> None:
    (rim,) = dark_rings(stamped(ink), DPI)
    assert numpy.abs(numpy.subtract((rim.x, rim.y, rim.radius), (*SEAL, RADIUS))).max() < 3


def test_print_and_borders_are_no_rim() -> None:
    grey = page()
    grey[:, :60] = 0  # what a scanner shows beside the paper
    grey[:60] = 0
    cv2.circle(grey, SEAL, 150, 20, -1)
    assert not dark_rings(grey, DPI)


def test_grey_ink_goes_and_print_stays() -> None:
    grey = stamped(110)
    clean = without_dark(grey, dark_rings(grey, DPI), DPI)
    seal_alone = (grey == 110) & (page() == 255)
    assert (clean[seal_alone] == 255).mean() > 0.8
    assert (clean[page() == 20] == 20).all()


def test_a_black_rim_goes_where_nothing_crosses_it() -> None:
    grey = stamped(20)
    clean = without_dark(grey, dark_rings(grey, DPI), DPI)
    seal_alone = (grey == 20) & (page() == 255)
    assert (clean[seal_alone] == 255).mean() > 0.3
    assert (clean[page() == 20] == 20).mean() > 0.97


def test_nothing_in_a_seal_is_sure() -> None:
    rim, warp = Ring(900, 700, 150, 1.0), Warp(2000, 1400)
    far, across, letter, cell = (
        (100.0, 100.0, 300.0, 130.0),
        (700.0, 690.0, 900.0, 720.0),
        (790.0, 690.0, 820.0, 720.0),
        (880.0, 690.0, 920.0, 720.0),
    )
    texts = [
        (far, "海", 0.6),
        (across, "2025", 0.95),
        (letter, "海", 0.6),
        (letter, "26", 0.6),
        (cell, "是", 0.6),
    ]
    told = doubted(texts, [rim], warp)
    assert [text for _, text, _ in told] == ["海", "2025", "", "26", "是", ""]
    assert told[-1] == ((750, 550, 1050, 850), "", 0.5)  # the whole seal, whatever lies under it
