"""What the back of thin paper shows through, taken off: pale, in mirror writing, amid strong print. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy

from extractors.straighten import Grey
from reference.model import Box

INK = 200
"""Grey up to which a pixel is looked at."""
PALER = 100
"""Grey by which the darkest of a line of the back is paler than the usual line's."""
FEWEST = 3
"""Lines of the back that tell it from a stain."""
NEAR = 9
"""Pixels across of what belongs to a dark pixel: the soft edge of its stroke."""


def back_lines(grey: Grey, boxes: Sequence[Box]) -> list[Box]:
    """The lines of text that are much paler than the usual one."""
    depths = [_depth(grey, box) for box in boxes]
    if not depths:
        return []
    usual = float(numpy.median(depths))
    return [box for box, depth in zip(boxes, depths, strict=True) if depth >= usual + PALER]


def without_back(
    grey: Grey, boxes: Sequence[Box], legible: Callable[[Sequence[Box]], bool]
) -> tuple[Grey, list[Box]]:
    """The page without what shows through, and the lines that were taken off; as it is where there are none.

    `legible` tells whether lines read as text does: print in grey does, mirror writing does not.
    """
    back = back_lines(grey, boxes)
    if len(back) < FEWEST or legible(back):
        return grey, []
    front = float(numpy.median([_depth(grey, box) for box in boxes if box not in back]))
    palest = (front + min(_depth(grey, box) for box in back)) / 2
    print_ = cv2.dilate((grey <= palest).astype(numpy.uint8), numpy.ones((NEAR, NEAR), numpy.uint8))
    return numpy.where(print_ > 0, grey, numpy.uint8(255)), back


def _depth(grey: Grey, box: Box) -> float:
    """How dark the darkest tenth of a line's ink is."""
    left, top, right, bottom = (max(0, round(side)) for side in box)
    part = grey[top:bottom, left:right]
    ink = part[part < INK]
    return float(numpy.percentile(ink, 10)) if ink.size else float(INK)
