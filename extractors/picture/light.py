"""A page in grey: light evened out, pale print made strong, specks and streaks taken off. Pure."""

from __future__ import annotations

import cv2
import numpy

from extractors.picture.lone_marks import INK
from extractors.picture.raster import Pixels
from extractors.picture.straighten import MM, Grey
from extractors.picture.streaks import without_streaks

PRINT, DARKEST = 200, 5
"""Grey up to which a pixel is of print, and per cent of the print's pixels that are to be black."""
PALE = 120
"""Grey of the darkest print from which it is pale: toner running out, a copy of a copy."""
SPECK = 3
"""Pixels of a speck at most; the point of an i has more at every resolution that is read."""
STREWN = 3.0
"""Specks on a square centimetre from which they are noise, of a fax or a dithered picture."""


def even_light(pixels: Pixels, dpi: float) -> Grey:
    """The page in grey, black on white."""
    grey = numpy.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=numpy.uint8)
    return _without_specks(_full_strength(without_streaks(_on_white(grey), dpi)), dpi)


def _on_white(grey: Grey) -> Grey:
    """The page in grey on white paper, shadows and uneven light divided out."""
    return numpy.asarray(cv2.divide(grey, paper_of(grey), scale=255), dtype=numpy.uint8)


def paper_of(grey: Grey) -> Grey:
    """How light the bare paper is, or would be, at each point of a page or of one of its channels."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    # closing, not dilating: paper must not grow into the shading of a row
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, numpy.ones((7, 7), numpy.uint8)), 9)
    wide_tall = (grey.shape[1], grey.shape[0])
    return numpy.asarray(cv2.resize(paper, wide_tall, interpolation=cv2.INTER_LINEAR), dtype=numpy.uint8)


def _full_strength(grey: Grey) -> Grey:
    """The page with its darkest print black, where all of it is pale."""
    ink = grey[grey < PRINT]
    darkest = float(numpy.percentile(ink, DARKEST)) if ink.size else 0.0
    if darkest < PALE:
        return grey
    strength = 255 / (255 - darkest)
    return numpy.asarray(cv2.convertScaleAbs(grey, alpha=strength, beta=255 - 255 * strength), numpy.uint8)


def _without_specks(grey: Grey, dpi: float) -> Grey:
    """The page without its specks, where it is strewn with them."""
    ink = numpy.asarray(grey < INK, dtype=numpy.uint8)
    _, which, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    specks = stats[:, cv2.CC_STAT_AREA] <= SPECK
    if specks.sum() < STREWN * grey.size / (10 * MM * dpi) ** 2:
        return grey
    clean = grey.copy()
    clean[specks[which]] = 255
    return clean
