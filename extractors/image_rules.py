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
Homography = NDArray[numpy.float64]
"""Three rows of three: a straightened picture's pixels from the page's, as homogeneous coordinates."""
WHOLE: Homography = numpy.eye(3)
"""The mapping that changes nothing."""

MM = 1 / 25.4
STEEPEST = 8.0
"""Degrees that a sheet may lie askew in the scanner."""
SHORTEST_ACROSS, SHORTEST_DOWN = 10.0, 6.0
"""Millimetres from which a stroke is a ruling line and no part of a character."""
LONG_ACROSS, LONG_DOWN = 60.0, 30.0
"""Millimetres from which a line needs no others that it goes between."""
BESIDE_LINE = (0.38, 0.75)
"""From how many millimetres off a line's middle to how many what hangs on it is inked throughout."""
HANGS, HANGING, SHORT_SHARE = 170, 0.05, 0.25
"""Grey of such ink; share of a line's length on which it may hang; part of that for a short upright one,
which type comes near only at its ends."""
NEAR = 1.5
"""Millimetres by which lines may miss each other and still meet."""
LEANING, LONG_ENOUGH = 24, 25.0
"""Lines each way that tell how the page leans, and millimetres that each must have."""
MOST_LINES = 40
"""Lines that an all but empty page can hold."""
FAINT, TRACED = 232, 0.85
"""Grey on white paper up to which there is a trace of ink; share of a faint line's course that shows it."""
FAINT_LINE = 215
"""Grey on white paper up to which a pixel may be of a ruling line; a hair line at 100 dpi is no darker."""
DOTTED = 1.2
"""Millimetres over which a line's ink is evened out, as a fax makes dots of it."""
BESIDE = 2.4
"""Millimetres across a line within which it must be the darkest."""
THICKEST = 1.2
"""Millimetres of a ruling line across; lines of text and blots are thicker."""
SOLID = 2.0
"""The same in a picture that is not level yet, where a line steps aside."""
BENT = 3.0
"""Millimetres aside that a line may run on paper that is not flat."""
MOST_FIGURES = 6
"""Figures of lines that are looked at: a photograph shows the sheet's edges as well."""
LEAST_TABLE = 0.1
"""Share of the page that a table covers whose corners tell how the page lay before a camera."""
BROKEN = 4.0
"""Millimetres of a gap that a faint or broken line may have."""


def even_light(pixels: Pixels) -> Grey:
    """The page in grey on white paper, shadows and uneven light divided out."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    # closing, not dilating: paper must not grow into the shading of a row
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, numpy.ones((7, 7), numpy.uint8)), 9)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return numpy.asarray(cv2.divide(grey, paper, scale=255), dtype=numpy.uint8)


def shrunk(grey: Grey, scale: float) -> Grey:
    """The picture at a share of its size."""
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return numpy.asarray(small, dtype=numpy.uint8)


def askew(grey: Grey, dpi: float) -> float:
    """Degrees by which the page's long lines fall to the right; 0 where it has none."""
    small = shrunk(grey, 0.5)  # a quarter of the work
    coarse = _slant(_ink(small, FAINT_LINE), dpi)
    level = turn_by(small, 0, levelled(small.shape, coarse))[0] if coarse else small
    return coarse + _lean(level, dpi / 2)


def _slant(ink: Grey, dpi: float) -> float:
    """The lines' slant to an eighth of a degree: a line that steps by single pixels passes for level."""
    lines = cv2.HoughLinesP(
        ink, 1, numpy.pi / 1440, 75, minLineLength=max(ink.shape) // 6, maxLineGap=round(MM * dpi)
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


def _lean(grey: Grey, dpi: float) -> float:
    """What slant is left in an all but level picture: the median of straight lines laid through its lines."""
    leans: list[float] = []
    for level in (True, False):
        lines = _long(_contrast(grey, dpi, level=level), dpi, level=level, solid=SOLID)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        along = stats[:, 2 if level else 3]
        for number in sorted(range(1, count), key=lambda number: -int(along[number]))[:LEANING]:
            if along[number] < LONG_ENOUGH * MM * dpi:
                break
            left, top, width, height = (int(value) for value in stats[number][:4])
            rows, columns = numpy.nonzero(labels[top : top + height, left : left + width] == number)
            course, off = (columns, rows) if level else (rows, columns)
            slope = float(numpy.polyfit(course, off, 1)[0])
            leans.append(float(numpy.degrees(numpy.arctan(slope if level else -slope))))
    return median(leans) if leans else 0.0


def levelled(shape: tuple[int, ...], degrees: float) -> Homography:
    """What makes a slanting picture of this shape level, about its middle."""
    height, width = shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return numpy.asarray(numpy.vstack([turn, [0, 0, 1]]), dtype=numpy.float64)


def turn_by(grey: Grey, quarters: int, before: Homography = WHOLE) -> tuple[Grey, Homography]:
    """The picture after a mapping and turned by quarters to the left; and what takes its pixels there."""
    height, width = grey.shape
    to = numpy.array([*_QUARTERS[quarters % 4](width, height), [0, 0, 1]], dtype=numpy.float64)
    wide, tall = (height, width) if quarters % 2 else (width, height)
    matrix: Homography = to @ before
    turned = cv2.warpPerspective(
        grey, matrix, (wide, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255
    )
    return numpy.asarray(turned, dtype=numpy.uint8), matrix


def squared(grey: Grey, dpi: float) -> Homography:
    """What makes the page's table a rectangle again that a camera saw from aslant; `WHOLE` without one.

    The corners are those of the largest figure of ruling lines; each of its sides must be drawn.
    """
    both = (_long(_contrast(grey, dpi, level=level), dpi, level=level) for level in (True, False))
    lines = cv2.bitwise_or(*both)
    joined = numpy.asarray(cv2.dilate(lines, numpy.ones((5, 5), numpy.uint8)), dtype=numpy.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    near = numpy.asarray(cv2.dilate(joined, numpy.ones((15, 15), numpy.uint8)), dtype=numpy.uint8)
    areas = stats[:, 2].astype(numpy.int64) * stats[:, 3]
    for number in sorted(range(1, count), key=lambda number: -int(areas[number]))[:MOST_FIGURES]:
        if areas[number] < LEAST_TABLE * grey.size:
            break
        corners = _corners(numpy.asarray(labels == number), numpy.asarray(stats[number], dtype=numpy.int32))
        if all(_drawn(near, corners[i], corners[(i + 1) % 4]) for i in range(4)):
            (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners.tolist()
            west, east, north, south = (x0 + x3) / 2, (x1 + x2) / 2, (y0 + y1) / 2, (y2 + y3) / 2
            square = numpy.array(
                [[west, north], [east, north], [east, south], [west, south]], dtype=numpy.float32
            )
            return numpy.asarray(cv2.getPerspectiveTransform(corners, square), dtype=numpy.float64)
    return WHOLE


def _corners(figure: NDArray[numpy.bool_], stats: NDArray[numpy.int32]) -> NDArray[numpy.float32]:
    """A figure's corners, clockwise from the upper left."""
    left, top, width, height = (int(value) for value in stats[:4])
    rows, columns = numpy.nonzero(figure[top : top + height, left : left + width])
    rows, columns = rows + top, columns + left
    both, apart = columns + rows, columns - rows
    at = [int(both.argmin()), int(apart.argmax()), int(both.argmax()), int(apart.argmin())]
    return numpy.array([[columns[i], rows[i]] for i in at], dtype=numpy.float32)


def _drawn(lines: Grey, start: NDArray[numpy.float32], end: NDArray[numpy.float32]) -> bool:
    """Whether a line is drawn from one corner to the next."""
    steps = numpy.linspace(start, end, 200).round().astype(numpy.int64)
    return bool((lines[steps[:, 1], steps[:, 0]] > 0).mean() > TRACED)


_QUARTERS = (
    lambda width, height: [[1, 0, 0], [0, 1, 0]],
    lambda width, height: [[0, 1, 0], [-1, 0, width]],
    lambda width, height: [[-1, 0, width], [0, -1, height]],
    lambda width, height: [[0, -1, height], [1, 0, 0]],
)
"""None, one, two and three quarter turns to the left."""


def carried(box: Box, matrix: Homography) -> Box:
    """A box's centre after a mapping, with its own size around it; its sides change places by quarters."""
    x0, y0, x1, y1 = box
    x, y, w = (matrix @ numpy.array([(x0 + x1) / 2, (y0 + y1) / 2, 1.0])).tolist()
    x, y = x / w, y / w
    lying = abs(matrix[0, 1]) > abs(matrix[0, 0])
    wide, tall = (y1 - y0, x1 - x0) if lying else (x1 - x0, y1 - y0)
    return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


def back(matrix: Homography) -> Homography:
    """The mapping the other way."""
    return numpy.asarray(numpy.linalg.inv(matrix), dtype=numpy.float64)


def rules_of(grey: Grey, dpi: float) -> tuple[list[Rule], list[Rule]]:
    """The level and the upright ruling lines of a straight picture, in pixels."""
    flat, tall = _contrast(grey, dpi, level=True), _contrast(grey, dpi, level=False)
    across, down = _strokes(flat, dpi, level=True), _strokes(tall, dpi, level=False)
    near = NEAR * MM * dpi
    down = [stroke for stroke in down if any(_meets(stroke, rule, near) for rule in across)]
    across = [_reaching(rule, [one.at for one in down], _lane(flat, rule, level=True)) for rule in across]
    down = [_reaching(rule, [one.at for one in across], _lane(tall, rule, level=False)) for rule in down]

    def standing(rules: list[Rule], crossing: list[Rule], long: float, *, level: bool) -> list[Rule]:
        held = (rule for rule in rules if _is_held(rule, crossing, long * MM * dpi, near))
        return [rule for rule in held if _is_clear(grey, rule, crossing, dpi, level=level)]

    across = standing(across, down, LONG_ACROSS, level=True)
    return across, standing(down, across, LONG_DOWN, level=False)


def _is_clear(grey: Grey, rule: Rule, crossing: Sequence[Rule], dpi: float, *, level: bool) -> bool:
    """Whether nothing but other lines leads away from a line: other strokes hang on those of characters."""
    lines = grey if level else grey.T
    near, far = (round(reach * MM * dpi) for reach in BESIDE_LINE)
    at, start, end = round(rule.at), round(rule.start), round(rule.end)
    if not far <= at < lines.shape[0] - far:
        return True  # the picture's edge
    hanging = 0.0
    for side in (lines[at - far : at - near + 1], lines[at + near : at + far + 1]):
        hangs = side.max(axis=0) < HANGS
        for line in crossing:
            hangs[max(0, round(line.at) - far) : round(line.at) + far + 1] = False
        hanging += float(hangs[start:end].mean()) if end > start else 0.0
    return hanging <= HANGING * (1.0 if level or end - start >= 2 * LONG_DOWN * MM * dpi else SHORT_SHARE)


def _is_held(rule: Rule, crossing: Sequence[Rule], long: float, near: float) -> bool:
    """Whether a line is long, or goes from one line that crosses it to another.

    What is neither are strokes of characters in a row: the feet of 农艺工, 划 above 企.
    """
    if rule.end - rule.start >= long:
        return True
    met = [one.at for one in crossing if one.start - near <= rule.at <= one.end + near]
    return all(any(abs(at - end) <= near for at in met) for end in (rule.start, rule.end))


def ruled(grey: Grey, dpi: float) -> float:
    """Pixels of straight level and upright lines: the more, the straighter the picture lies."""
    strokes = [
        stroke
        for level in (True, False)
        for stroke in _strokes(_contrast(grey, dpi, level=level), dpi, level=level)
    ]
    return sum(rule.end - rule.start for rule in strokes)


def _lane(contrast: Grey, rule: Rule, *, level: bool) -> NDArray[numpy.bool_]:
    """Where along a line's whole course there is at least a trace of it."""
    at = max(0, round(rule.at) - 3)
    lane = contrast[at : at + 7, :].max(axis=0) if level else contrast[:, at : at + 7].max(axis=1)
    return numpy.asarray(lane > 255 - FAINT, dtype=numpy.bool_)


def _reaching(rule: Rule, crossings: Sequence[float], inked: NDArray[numpy.bool_]) -> Rule:
    """A line drawn on to the next lines that cross its course, as far as traces of it lead there."""
    start, end = rule.start, rule.end
    for at in sorted(at for at in crossings if at > end + 1):
        if not _traced(inked[int(end) : int(at)]):
            break
        end = at
    for at in sorted((at for at in crossings if at < start - 1), reverse=True):
        if not _traced(inked[int(at) : int(start)]):
            break
        start = at
    return Rule(rule.at, start, end)


def _traced(course: NDArray[numpy.bool_]) -> bool:
    return not course.size or bool(course.mean() >= TRACED)


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


def _ink(grey: Grey, up_to: int = 190) -> Grey:
    _, ink = cv2.threshold(grey, up_to, 255, cv2.THRESH_BINARY_INV)
    return numpy.asarray(ink, dtype=numpy.uint8)


def _contrast(grey: Grey, dpi: float, *, level: bool) -> Grey:
    """How much darker than what lies beside it each pixel is, looked at across a line's way.

    A line is thin, so shading, shadows and blots have none, and a line at the edge of a shaded row has it.
    One that is dotted is evened out along its way first.
    """
    dots, beside = max(3, round(DOTTED * MM * dpi)), max(5, round(BESIDE * MM * dpi))
    even = cv2.blur(grey, _shape(dots, level)[::-1])
    kernel = numpy.ones(_shape(beside, not level), numpy.uint8)
    return numpy.asarray(cv2.morphologyEx(even, cv2.MORPH_BLACKHAT, kernel), dtype=numpy.uint8)


def _long(contrast: Grey, dpi: float, *, level: bool, solid: float = THICKEST) -> Grey:
    """Strokes one way that are long and thin; one that steps from row to row is one stroke."""
    _, ink = cv2.threshold(contrast, 255 - FAINT_LINE, 255, cv2.THRESH_BINARY)
    length = max(8, round((SHORTEST_ACROSS if level else SHORTEST_DOWN) * MM * dpi))
    thick = round(solid * MM * dpi)
    stepping = cv2.dilate(ink, numpy.ones(_shape(3, not level), numpy.uint8))
    blots = cv2.morphologyEx(stepping, cv2.MORPH_OPEN, numpy.ones((thick, thick), numpy.uint8))
    thin = cv2.subtract(stepping, blots)
    return numpy.asarray(
        cv2.morphologyEx(thin, cv2.MORPH_OPEN, numpy.ones(_shape(length, level), numpy.uint8))
    )


def _shape(length: int, level: bool) -> tuple[int, int]:
    return (1, length) if level else (length, 1)


def _strokes(contrast: Grey, dpi: float, *, level: bool) -> list[Rule]:
    """Ruling lines one way: gaps bridged, what is short or thick left out."""
    gap = max(3, round(BROKEN * MM * dpi))
    joined = cv2.morphologyEx(
        _long(contrast, dpi, level=level), cv2.MORPH_CLOSE, numpy.ones(_shape(gap, level), numpy.uint8)
    )
    count, _, stats, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for number in range(1, count):
        left, top, width, height, ink = (int(value) for value in stats[number])
        x, y = (float(value) for value in centres[number])
        along, aside = (width, height) if level else (height, width)
        if ink / along <= THICKEST * MM * dpi and aside <= BENT * MM * dpi:
            start = left if level else top
            found.append(Rule(y if level else x, float(start), float(start + along)))
    return found
