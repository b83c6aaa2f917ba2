"""Streaks that dust on a scanner's glass draws down a whole page, painted over. Pure.

A feeder pulls the paper past the glass: a grain of dust makes a hair line from edge to edge, straight along
the picture however askew the paper lies. No form's ruling lines reach both edges.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy

from extractors.picture.ruling_lines import rules_of
from extractors.picture.small_marks import runs
from extractors.picture.straighten import MM, Grey

PIECES = 64
"""Pieces into which a page is cut along a streak's way; each is averaged."""
DARKER = 10
"""Grey by which a streak is darker than the paper on both sides, on the average of a piece."""
THROUGH, ENDS = 0.6, 3
"""Share of the pieces that show it, beside print not all do, and how many at either end must: ruling lines
end at the margins."""
WIDEST = 0.6
"""Millimetres of a streak across at most."""
BORDER = 1.0
"""Millimetres at a picture's edge where a line is the paper's own edge."""
MOST = 6
"""Streaks of a page at most; a table cut out at its border has more lines from edge to edge."""
FEWEST = 3
"""Lines of a table one way."""
DEEPER = 40
"""Grey by which print under a streak is darker than it."""


def without_streaks(grey: Grey, dpi: float) -> Grey:
    """The page without the hair lines that run through it one way from edge to edge.

    Those of a table whose picture was cut at its border stay: they run both ways, are many, or are all the
    lines that a table has one way. What is darker than a streak lies under it, and stays too.
    """
    height, width = grey.shape
    upright = _streaks(_shrunk(grey, width, PIECES), dpi)
    level = _streaks(_shrunk(grey, PIECES, height).T, dpi)
    if not (upright or level) or (upright and level) or len(upright + level) > MOST:
        return grey
    page = grey if upright else numpy.ascontiguousarray(grey.T)
    clean = _painted_over(page, upright or level)
    before, after = (rules_of(one, dpi)[1] for one in (page, clean))
    if len(after) < FEWEST <= len(before):
        return grey
    return clean if upright else numpy.ascontiguousarray(clean.T)


def _painted_over(grey: Grey, streaks: Sequence[tuple[int, int]]) -> Grey:
    clean = grey.copy()
    for start, end in streaks:
        left, right = max(0, start - 2), min(grey.shape[1] - 1, end + 1)
        way = grey[:, left + 1 : right]
        # what is dark on both sides runs across the streak: a level stroke, a ruling line
        beside = numpy.maximum(grey[:, left], grey[:, right])[:, None]
        clean[:, left + 1 : right] = numpy.where(way < numpy.median(way, axis=0) - DEEPER, way, beside)
    return clean


def _shrunk(grey: Grey, width: int, height: int) -> Grey:
    return numpy.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), dtype=numpy.uint8)


def _streaks(pieces: Grey, dpi: float) -> list[tuple[int, int]]:
    """From where to where columns are darker than those beside them nearly all the way down the pieces."""
    widest = max(2, round(WIDEST * MM * dpi))
    rows = pieces.astype(numpy.int16)
    wide = numpy.pad(rows, ((0, 0), (widest, widest)), mode="edge")
    paper = numpy.minimum(wide[:, : -2 * widest], wide[:, 2 * widest :])
    shown = (paper - rows) >= DARKER
    through = (shown.mean(axis=0) >= THROUGH) & shown[:ENDS].all(axis=0) & shown[-ENDS:].all(axis=0)
    border = round(BORDER * MM * dpi)
    through[:border] = through[len(through) - border :] = False
    return runs(numpy.asarray(through, dtype=numpy.bool_))
