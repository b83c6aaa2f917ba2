"""A stroke that stands alone in a cell: the / or — of who means 'none'. Pure.

Recognition knows characters in their lines; of one lone stroke it makes 八, ノ or nothing at all.
"""

from __future__ import annotations

import numpy
from numpy.typing import NDArray

INK = 170
"""Grey, of 255, up to which a pixel is ink."""
PALE = 200
"""The same for a hairline, thinner than a pixel, which the paper beside it makes pale."""
LEAST = 8
"""Pixels of ink that a stroke has."""
SLIM = 7.0
"""How many times a stroke's spread along its way is that across it."""
LEVEL, STEEP, UPRIGHT = 12.0, 40.0, 82.0
"""Degrees up to which a stroke is a dash; between which it is a slash."""


def lone_mark(grey: NDArray[numpy.uint8]) -> str | None:
    """`/` or `—` where all the ink is one such stroke; None where it is anything else."""
    for least_dark in (INK, PALE):
        rows, columns = numpy.nonzero(grey < least_dark)
        if len(rows) >= LEAST:
            return _stroke(rows, columns)
    return None


def _stroke(rows: NDArray[numpy.intp], columns: NDArray[numpy.intp]) -> str | None:
    spread, ways = numpy.linalg.eigh(numpy.cov(numpy.vstack([columns, -rows]).astype(float)))
    across, along = numpy.sqrt(numpy.maximum(spread, 1 / 12)).tolist()  # of a line one pixel wide
    if along < SLIM * across:
        return None
    x, y = ways[:, 1].tolist()
    rising = float(numpy.degrees(numpy.arctan2(y, x))) % 180
    if STEEP <= rising <= UPRIGHT:
        return "/"
    return "—" if rising <= LEVEL or rising >= 180 - LEVEL else None
