"""What the back of thin paper shows through, taken off: pale, in mirror writing, amid strong print. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy

from extractors.picture.straighten import Grey
from reference.model import Box

INK = 200
"""Grey up to which a pixel is looked at."""
PALER = 100
"""Grey by which the darkest of a line of the back is paler than the usual line's."""
FEWEST = 3
"""Lines of the back that tell it from a stain."""
NEAR = 9
"""Pixels across of what belongs to a dark pixel: the soft edge of its stroke."""


def without_back(
    grey: Grey, boxes: Sequence[Box], legible: Callable[[Sequence[Box]], bool]
) -> tuple[Grey, list[Box]]:
    """The page without what shows through, and the lines that were taken off; as it is where there are none.

    `legible` tells whether lines read as text does: print in grey does, mirror writing does not.
    """
    depths = numpy.array([_depth(grey, box) for box in boxes])
    pale = depths >= numpy.median(depths) + PALER if len(boxes) else depths > 0
    back = [box for box, is_pale in zip(boxes, pale, strict=True) if is_pale]
    if len(back) < FEWEST or legible(back):
        return grey, []
    palest = (numpy.median(depths[~pale]) + depths[pale].min()) / 2
    print_ = cv2.dilate((grey <= palest).astype(numpy.uint8), numpy.ones((NEAR, NEAR), numpy.uint8))
    return numpy.where(print_ > 0, grey, numpy.uint8(255)), back


def _depth(grey: Grey, box: Box) -> float:
    """How dark the darkest tenth of a line's ink is."""
    left, top, right, bottom = (max(0, round(side)) for side in box)
    part = grey[top:bottom, left:right]
    ink = part[part < INK]
    return float(numpy.percentile(ink, 10)) if ink.size else float(INK)
