"""Streaks that dust on a scanner's glass draws down a whole page, painted over. Pure.

A feeder pulls the paper past the glass: a grain of dust makes a hair line from edge to edge, straight along
the picture however askew the paper lies. No form's ruling lines reach both edges.
"""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from extractors.straighten import MM, Grey

PIECES = 64
"""Pieces into which a page is cut along a streak's way; each is averaged."""
DARKER = 10
"""Grey by which a streak is darker than the paper on both sides, on the average of a piece."""
THROUGH, ENDS = 0.6, 3
"""Share of the pieces that show it, beside print not all do, and how many at either end must: ruling lines
end at the margins."""
WIDEST = 0.6
"""Millimetres of a streak across at most."""


def without_streaks(grey: Grey, dpi: float) -> Grey:
    """The page without the hair lines that run through it from edge to edge, either way."""
    clean = _without_upright(grey, dpi)
    level = _without_upright(numpy.ascontiguousarray(clean.T), dpi)
    return numpy.ascontiguousarray(level.T)


def _without_upright(grey: Grey, dpi: float) -> Grey:
    streaks = _streaks(grey, max(2, round(WIDEST * MM * dpi)))
    if not streaks.any():
        return grey
    clean = grey.copy()
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], streaks.astype(numpy.int8), [0]))))
    for start, end in edges.reshape(-1, 2).tolist():
        left, right = max(0, start - 2), min(grey.shape[1] - 1, end + 1)
        # what is dark on both sides runs across the streak: a level stroke, a ruling line
        clean[:, left + 1 : right] = numpy.maximum(grey[:, left], grey[:, right])[:, None]
    return clean


def _streaks(grey: Grey, widest: int) -> NDArray[numpy.bool_]:
    """The columns of a picture that are darker than those beside them nearly all the way down."""
    rows = cv2.resize(grey, (grey.shape[1], PIECES), interpolation=cv2.INTER_AREA).astype(numpy.int16)
    wide = numpy.pad(rows, ((0, 0), (widest, widest)), mode="edge")
    paper = numpy.minimum(wide[:, : -2 * widest], wide[:, 2 * widest :])
    shown = (paper - rows) >= DARKER
    through = (shown.mean(axis=0) >= THROUGH) & shown[:ENDS].all(axis=0) & shown[-ENDS:].all(axis=0)
    return numpy.asarray(through, dtype=numpy.bool_)
