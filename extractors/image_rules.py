"""A picture of a page made straight, and the ruling lines on it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy
from numpy.typing import NDArray

from extractors.raster import Pixels
from extractors.ruling import Rule
from reference.model import Box

Grey = NDArray[numpy.uint8]
Affine = NDArray[numpy.float64]
"""Two rows of three: a straightened picture's pixels from the page's."""

MM = 1 / 25.4
STEEPEST = 8.0
"""Degrees that a sheet may lie askew in the scanner."""
SHORTEST_ACROSS, SHORTEST_DOWN = 10.0, 5.0
"""Millimetres from which a stroke is a ruling line and no part of a character."""
MOST_LINES = 40
"""Lines that an all but empty page can hold."""
BROKEN = 4.0
"""Millimetres of a gap that a faint or broken line may have."""


def even_light(pixels: Pixels) -> Grey:
    """The page in grey on white paper, shadows and uneven light divided out."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, numpy.ones((7, 7), numpy.uint8)), 21)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return numpy.asarray(cv2.divide(grey, paper, scale=255), dtype=numpy.uint8)


def askew(grey: Grey, dpi: float) -> float:
    """Degrees by which the page's long lines fall to the right; 0 where it has none."""
    ink = _ink(grey)
    longest = max(grey.shape)
    lines = cv2.HoughLinesP(
        ink, 1, numpy.pi / 1440, 150, minLineLength=longest // 6, maxLineGap=round(2 * MM * dpi)
    )
    if lines is None:
        return 0.0
    angles = []
    for x0, y0, x1, y1 in numpy.asarray(lines).reshape(-1, 4).tolist():
        angle = float(numpy.degrees(numpy.arctan2(y1 - y0, x1 - x0)))
        angle = (angle + 45) % 90 - 45  # upright lines lean as the level ones do
        if abs(angle) <= STEEPEST:
            angles.append(angle)
    return median(angles) if angles else 0.0


def turn_by(grey: Grey, degrees: float, quarters: int) -> tuple[Grey, Affine]:
    """The picture turned by quarters to the left, then made level; and what takes its pixels there."""
    height, width = grey.shape
    to = numpy.array(_QUARTERS[quarters % 4](width, height), dtype=numpy.float64)
    wide, tall = (height, width) if quarters % 2 else (width, height)
    level = numpy.vstack([cv2.getRotationMatrix2D((wide / 2, tall / 2), degrees, 1.0), [0, 0, 1]])
    matrix: Affine = (level @ numpy.vstack([to, [0, 0, 1]]))[:2]
    turned = cv2.warpAffine(
        grey, matrix, (wide, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255
    )
    return numpy.asarray(turned, dtype=numpy.uint8), matrix


_QUARTERS = (
    lambda width, height: [[1, 0, 0], [0, 1, 0]],
    lambda width, height: [[0, 1, 0], [-1, 0, width]],
    lambda width, height: [[-1, 0, width], [0, -1, height]],
    lambda width, height: [[0, -1, height], [1, 0, 0]],
)
"""None, one, two and three quarter turns to the left."""


def moved(box: Box, matrix: Affine) -> Box:
    """The box around a box's corners after a mapping."""
    x0, y0, x1, y1 = box
    corners = numpy.array([[x, y, 1] for x in (x0, x1) for y in (y0, y1)]) @ matrix.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def back(matrix: Affine) -> Affine:
    """The mapping the other way."""
    return numpy.asarray(cv2.invertAffineTransform(matrix), dtype=numpy.float64)


def rules_of(grey: Grey, dpi: float) -> tuple[list[Rule], list[Rule]]:
    """The level and the upright ruling lines of a straight picture, in pixels."""
    ink = _ink(grey)
    across = _strokes(ink, SHORTEST_ACROSS, dpi, level=True)
    near = 1.5 * MM * dpi
    down = [
        stroke
        for stroke in _strokes(ink, SHORTEST_DOWN, dpi, level=False)
        if any(_meets(stroke, rule, near) for rule in across)
    ]
    return across, down


def _meets(down: Rule, across: Rule, near: float) -> bool:
    """Whether an upright stroke stands at a level line; those of large type do not."""
    return (
        down.start - near <= across.at <= down.end + near
        and across.start - near <= down.at <= across.end + near
    )


def ink_lines(grey: Grey, dpi: float) -> list[Box]:
    """Boxes of what looks like lines of type, by the ink alone: for a page that is all but empty."""
    reach = round(4 * MM * dpi)
    joined = cv2.morphologyEx(_ink(grey), cv2.MORPH_CLOSE, numpy.ones((3, reach), numpy.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    low, high = 1.5 * MM * dpi, 8 * MM * dpi
    return [
        (float(left - 4), float(top - 4), float(left + width + 4), float(top + height + 4))
        for left, top, width, height, _ in stats[1:count].tolist()
        if low <= height <= high and width >= height
    ][:MOST_LINES]


def without_rules(grey: Grey, across: Sequence[Rule], down: Sequence[Rule], dpi: float) -> Grey:
    """The picture with its ruling lines painted over, so that no character holds on to one."""
    clean = grey.copy()
    thick = max(3, round(0.45 * MM * dpi))
    for rule in across:
        cv2.line(clean, (round(rule.start), round(rule.at)), (round(rule.end), round(rule.at)), 255, thick)
    for rule in down:
        cv2.line(clean, (round(rule.at), round(rule.start)), (round(rule.at), round(rule.end)), 255, thick)
    return clean


def _ink(grey: Grey) -> Grey:
    _, ink = cv2.threshold(grey, 190, 255, cv2.THRESH_BINARY_INV)
    return numpy.asarray(ink, dtype=numpy.uint8)


def _strokes(ink: Grey, shortest: float, dpi: float, *, level: bool) -> list[Rule]:
    """Long thin strokes one way: gaps bridged, what is short or thick left out."""
    long, gap = max(8, round(shortest * MM * dpi)), max(3, round(BROKEN * MM * dpi))
    shape = (lambda n: (n, 1)) if level else (lambda n: (1, n))
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones(shape(long)[::-1], numpy.uint8))
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, numpy.ones(shape(gap)[::-1], numpy.uint8))
    count, _, stats, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    thickest = 2.0 * MM * dpi
    found = []
    for number in range(1, count):
        left, top, width, height, _ = (int(value) for value in stats[number])
        x, y = (float(value) for value in centres[number])
        along, thick = (width, height) if level else (height, width)
        if along >= long and thick <= thickest:
            start = left if level else top
            found.append(Rule(y if level else x, float(start), float(start + along)))
    return found
