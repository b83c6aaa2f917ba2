"""The ruling lines on a straight picture of a page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.lone_marks import INK
from extractors.picture.straighten import MM, Grey
from extractors.table.ruling import Rule
from reference.model import Box

SHORTEST_ACROSS, SHORTEST_DOWN = 10.0, 6.0
"""Millimetres from which a stroke is a ruling line and no part of a character."""
LONG_ACROSS, LONG_DOWN = 60.0, 30.0
"""Millimetres from which a line needs no others that it goes between."""
BESIDE_LINE = (0.38, 0.75)
"""From how many millimetres off a line's middle to how many what hangs on it is inked throughout."""
HANGS = 170
"""Grey of such ink."""
HANGING, HANGING_LONG, HANGING_SHORT = 0.05, 0.1, 0.0125
"""Share of a line's length on which it may hang; that of a long line, between tight rows of type; that of a
short upright one, which type comes near only at its ends."""
NEAR = 1.5
"""Millimetres by which lines may miss each other and still meet."""
DOUBLE, LOWEST = 1.2, 2.6
"""Millimetres up to which two lines are a double one; from which a row of small type stands between them."""
OPEN_ROWS, ENDS = 4, 3.0
"""Level lines of a table without upright ones, and millimetres by which their ends may differ."""
LANE = 1.0
"""Millimetres of an empty lane between two columns."""
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
BENT = 3.0
"""Millimetres aside that a line may run on paper that is not flat."""
BROKEN = 4.0
"""Millimetres of a gap that a faint or broken line may have."""


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

    across = _rows_apart(standing(across, down, LONG_ACROSS, level=True), dpi)
    down = standing(down, across, LONG_DOWN, level=False)
    return _to_the_sides(across, down, near), down


def _to_the_sides(across: list[Rule], down: Sequence[Rule], near: float) -> list[Rule]:
    """Level lines that all stop short, the first and the last too, drawn on to a table's sides.

    Where a sheet is folded its lines run aslant for a way and are lost from there on, the upright ones not.
    """
    if not down:
        return across
    top, bottom = median(rule.start for rule in down), median(rule.end for rule in down)
    sides = [rule.at for rule in down if abs(rule.start - top) <= near and abs(rule.end - bottom) <= near]
    rows = [rule for rule in across if top - near <= rule.at <= bottom + near]
    if len(sides) < OPEN_ROWS or len(rows) < OPEN_ROWS:
        return across
    left, right = median(rule.start for rule in rows), median(rule.end for rule in rows)
    edges = rows[0].at <= top + near and rows[-1].at >= bottom - near
    alike = all(abs(rule.start - left) <= near and abs(rule.end - right) <= near for rule in rows)
    if not (edges and alike):
        return across
    start, end = min(left, *sides), max(right, *sides)
    return [Rule(rule.at, start, end) if rule in rows else rule for rule in across]


def _rows_apart(rules: Sequence[Rule], dpi: float) -> list[Rule]:
    """Level lines without those that stand lower beside a longer one than any row of type is high."""
    double, lowest = DOUBLE * MM * dpi, LOWEST * MM * dpi

    def is_type(rule: Rule) -> bool:
        """A row of characters' heads or feet, as straight as a line."""
        return any(
            double < abs(rule.at - one.at) < lowest
            and one.start <= rule.start
            and rule.end <= one.end
            and one.end - one.start > rule.end - rule.start
            for one in rules
        )

    return [rule for rule in rules if not is_type(rule)]


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
    if end - start >= LONG_ACROSS * MM * dpi:
        return hanging <= HANGING_LONG
    return hanging <= (HANGING if level else HANGING_SHORT)


def _is_held(rule: Rule, crossing: Sequence[Rule], long: float, near: float) -> bool:
    """Whether a line is long, or goes from one line that crosses it to another.

    What is neither are strokes of characters in a row: the feet of 农艺工, 划 above 企.
    """
    if rule.end - rule.start >= long:
        return True
    met = [one.at for one in crossing if one.start - near <= rule.at <= one.end + near]
    return all(any(abs(at - end) <= near for at in met) for end in (rule.start, rule.end))


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


def open_columns(grey: Grey, across: Sequence[Rule], dpi: float) -> list[Rule]:
    """The upright lines that a table ruled only across does without: the middle of each empty lane in it."""
    ends = ENDS * MM * dpi
    own = [
        rule
        for rule in across
        if sum(abs(rule.start - one.start) + abs(rule.end - one.end) < ends for one in across) >= OPEN_ROWS
    ]
    if not own:
        return []
    top, bottom = min(rule.at for rule in own), max(rule.at for rule in own)
    left, right = median(rule.start for rule in own), median(rule.end for rule in own)
    inside = without_rules(grey, own, (), dpi)[round(top) : round(bottom), round(left) : round(right)]
    inked = numpy.flatnonzero((inside < INK).any(axis=0))
    lanes = numpy.flatnonzero(numpy.diff(inked) >= LANE * MM * dpi)
    middles = [left + (float(inked[at]) + float(inked[at + 1])) / 2 for at in lanes]
    return [Rule(at, top, bottom) for at in (left, *middles, right)]


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


def _long(contrast: Grey, dpi: float, *, level: bool) -> Grey:
    """Strokes one way that are long and thin; one that steps from row to row is one stroke."""
    ink = numpy.asarray(contrast > 255 - FAINT_LINE, dtype=numpy.uint8) * numpy.uint8(255)
    stepping = numpy.asarray(
        cv2.dilate(ink, numpy.ones(_shape(3, not level), numpy.uint8)), dtype=numpy.uint8
    )
    thin = _runs(
        _without_blots(stepping, stepping, dpi), SHORTEST_ACROSS if level else SHORTEST_DOWN, dpi, level=level
    )
    # the gap of a double line closes when ink steps aside; a row of type has none so long
    double = _runs(_without_blots(stepping, ink, dpi), LONG_ACROSS if level else LONG_DOWN, dpi, level=level)
    return numpy.asarray(cv2.bitwise_or(thin, double), dtype=numpy.uint8)


def _without_blots(stepping: Grey, ink: Grey, dpi: float) -> Grey:
    """Strokes without what of the ink is thick both ways."""
    thick = round(THICKEST * MM * dpi)
    blots = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((thick, thick), numpy.uint8))
    return numpy.asarray(cv2.subtract(stepping, blots), dtype=numpy.uint8)


def _runs(ink: Grey, millimetres: float, dpi: float, *, level: bool) -> Grey:
    """Ink that runs on for so long one way."""
    length = max(8, round(millimetres * MM * dpi))
    return numpy.asarray(
        cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones(_shape(length, level), numpy.uint8)),
        dtype=numpy.uint8,
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
        if ink / along <= THICKEST * MM * dpi + 2 and aside <= BENT * MM * dpi:
            start = left if level else top
            found.append(Rule(y if level else x, float(start), float(start + along)))
    return found
