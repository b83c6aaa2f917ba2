"""Where a page's lines of text stand: boxes parted, cut at ruling lines, and found where none was. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.lone_marks import INK, PALE
from extractors.picture.small_marks import runs
from extractors.picture.straighten import MM, Grey
from extractors.table.boxes import common, within
from extractors.table.ruling import Rule, RuledTable
from reference.model import Box

TWICE = 0.5
"""Share of a box on another from which both are of one line."""
WALL = 0.35
"""Millimetres beside a ruling line's middle that may still be its ink."""
ROOM = 0.6
"""Heights of a line of text that are read beside it: a full stop at its end is easily left out."""
STACKED = 1.4
"""Heights of a line from which a box may hold two, one below the other."""
TALL = 1.3
"""Heights of a line from which a box may hold a part of the next."""
APART = 0.12
"""Heights of a line by which two are apart at least; the parts of 号 are not."""
SHORT = 0.5
"""Part of a cell's width that pale ink takes at most; what is left of a ruling line, or a fold, is longer."""
SLIVER = 0.6
"""Millimetres across what is left of a ruling line beside a cell."""
STROKE = 1.0
"""Millimetres of a stroke in a cell without text; specks are smaller."""


def usual_height(boxes: Sequence[Box]) -> float:
    """The height of most lines; 0 where there are none."""
    return median(box[3] - box[1] for box in boxes) if boxes else 0.0


def single_lines(box: Box, plain: Grey, usual: float) -> Iterator[Box]:
    """The lines of a box, one below the other, that was found as one: 序 above 号 in a narrow column."""
    left, top, right, bottom = box
    if bottom - top < STACKED * usual:
        yield box
        return
    lines: list[list[int]] = []
    for start, end in runs(numpy.asarray((part_of_page(plain, box) < INK).any(axis=1))):
        if lines and start - lines[-1][1] < APART * usual:
            lines[-1][1] = end  # a stroke of the same character
        else:
            lines.append([start, end])
    if len(lines) < 2:
        yield box
        return
    for start, end in lines:
        yield left, top + start - 4, right, top + end + 4


def parted(boxes: Sequence[Box], usual: float) -> list[Box]:
    """The boxes, tall ones cut where the line above or below has its foot or head: they held a part of it."""

    def cut(box: Box) -> Box:
        left, top, right, bottom = box
        if bottom - top < TALL * usual:
            return box
        middle = (top + bottom) / 2
        beside = [one for one in boxes if one != box and one[0] < right and one[2] > left]
        feet = [one[3] for one in beside if one[1] < top < one[3] < middle]
        heads = [one[1] for one in beside if middle < one[1] < bottom < one[3]]
        return left, max([top, *feet]), right, min([bottom, *heads])

    return [cut(box) for box in boxes]


def sides(tables: Iterable[RuledTable]) -> Iterator[Rule]:
    """The outer edges of tables, drawn or not."""
    for table in tables:
        left, top, right, bottom = table.box
        yield Rule(left, top, bottom)
        yield Rule(right, top, bottom)


def cut_at(box: Box, walls: Sequence[Rule], dpi: float) -> Iterator[Box]:
    """A line of text cut where upright lines pass through it, and given a little room up to the next ones."""
    left, top, right, bottom = box
    middle, edge, room = (top + bottom) / 2, 0.35 * (bottom - top), ROOM * (bottom - top)
    beside = WALL * MM * dpi
    passed = sorted(rule.at for rule in walls if rule.start <= middle <= rule.end)
    cuts = [at for at in passed if left < at < right]
    for start, end in zip([left, *cuts], [*cuts, right], strict=True):
        if end - start > edge:
            low = max((at + beside for at in passed if at <= start), default=0.0)
            high = min((at - beside for at in passed if at >= end), default=right + room)
            yield max(start - room / 2, low), top, min(end + room, high), bottom


def once(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without those that lie for the most part on a wider one: a line that was found twice."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda box: box[0] - box[2]):
        size = (box[2] - box[0]) * (box[3] - box[1])
        if all(common(box, one) < TWICE * size for one in kept):
            kept.append(box)
    return kept


def overlooked(plain: Grey, tables: Sequence[RuledTable], boxes: Sequence[Box], dpi: float) -> Iterator[Box]:
    """Ink in cells where no text was detected: a lone digit, 是 or 否, the hair line of a —."""
    inset = max(2, round(0.6 * MM * dpi))
    for table in tables:
        for cell in table.cells:
            left, top, right, bottom = (round(side) for side in cell.box)
            inside = plain[top + inset : bottom - inset, left + inset : right - inset]
            if not inside.size or any(within(box, cell.box) for box in boxes):
                continue
            ink = numpy.asarray(inside < PALE, dtype=numpy.uint8)
            pieces = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
            stats = numpy.asarray(pieces, dtype=numpy.int32)
            strokes = stats[_is_stroke(stats, inside, dpi)]
            if not len(strokes):
                continue
            x0, y0 = left + inset + int(strokes[:, 0].min()), top + inset + int(strokes[:, 1].min())
            x1 = left + inset + int((strokes[:, 0] + strokes[:, 2]).max())
            y1 = top + inset + int((strokes[:, 1] + strokes[:, 3]).max())
            pale = not (inside < INK).any()
            if y1 - y0 < 8 * MM * dpi and not (pale and x1 - x0 > SHORT * inside.shape[1]):
                yield float(x0 - 4), float(y0 - 4), float(x1 + 4), float(y1 + 4)


def _is_stroke(stats: NDArray[numpy.int32], inside: Grey, dpi: float) -> NDArray[numpy.bool_]:
    """Which pieces of a cell's ink are strokes: no specks, and no rests of the lines along its sides."""
    height, width = inside.shape
    left, top, wide, tall = stats[:, :4].T
    slim = SLIVER * MM * dpi
    beside = ((left == 0) | (left + wide == width)) & (wide <= slim)
    along = ((top == 0) | (top + tall == height)) & (tall <= slim)
    return numpy.asarray((numpy.maximum(wide, tall) >= STROKE * MM * dpi) & ~beside & ~along)


def part_of_page(grey: Grey, box: Box) -> Grey:
    """The pixels of a line of text."""
    height, width = grey.shape
    pad = 1
    x0, y0 = max(0, int(box[0]) - pad), max(0, int(box[1]) - pad)
    x1, y1 = min(width, int(box[2]) + pad + 1), min(height, int(box[3]) + pad + 1)
    return grey[y0:y1, x0:x1]
