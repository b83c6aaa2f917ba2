"""Light print on dark shading, as forms head their tables, turned to dark print on paper. Pure."""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.raster import Pixels
from extractors.picture.straighten import MM

SHADE = 150
"""Grey up to which shading is dark: print on it is lighter."""
SOLID = 2.5
"""Millimetres square that shading fills somewhere; strokes, ruling lines and the star of a seal do not."""
LEAST = (10.0, 4.0)
"""Millimetres of shaded ground at least, the longer and the shorter way: one cell of a header; a title's
character and the star of a seal are smaller."""
TELLS = 40
"""Grey by which print is lighter than its ground, and a ruling line darker."""


def without_reversed(pixels: Pixels, dpi: float) -> Pixels:
    """The page with light print on dark ground made dark on white; lines darker than the ground stay.

    What reaches the picture's edge is no shading: the scanner's lid, the desk under a photographed sheet.
    """
    grey = numpy.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=numpy.uint8)
    plain: Pixels | None = None
    for left, top, right, bottom, ground in _grounds(grey, dpi):
        part = grey[top:bottom, left:right].astype(numpy.float64)
        shade = float(numpy.median(part[ground]))
        most = float(numpy.percentile(part[ground], 99))
        if most < shade + 2 * TELLS:
            continue  # nothing is printed on it: a shadow
        plain = pixels.copy() if plain is None else plain
        lighter = 255 * (most - part) / (most - shade)
        darker = 255 * (part - shade + TELLS) / TELLS if shade > TELLS else 255.0
        turned = numpy.clip(numpy.minimum(lighter, darker), 0, 255).astype(numpy.uint8)
        plain[top:bottom, left:right][ground] = turned[ground][:, None]
    return pixels if plain is None else plain


def _grounds(grey: Pixels, dpi: float) -> list[tuple[int, int, int, int, NDArray[numpy.bool_]]]:
    """Shaded grounds by left, top, right and bottom, with what is theirs between: the print on them too."""
    scale = 0.25
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = numpy.asarray(small < SHADE, dtype=numpy.uint8)
    mm = MM * dpi * scale
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(SOLID * mm))
    if not solid.any():
        return []
    solid = cv2.bitwise_and(cv2.dilate(solid, _square(SOLID * mm)), dark)
    whole = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, _square(3 * SOLID * mm))
    count, which, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    found = []
    height, width = dark.shape
    for number, (left, top, wide, tall, _) in enumerate(stats[1:count].tolist(), start=1):
        at_edge = left <= 1 or top <= 1 or left + wide >= width - 1 or top + tall >= height - 1
        if at_edge or max(wide, tall) < LEAST[0] * mm or min(wide, tall) < LEAST[1] * mm:
            continue
        own = which == number
        around = (cv2.dilate(own.astype(numpy.uint8), _square(SOLID * mm)) > 0) & ~own
        if numpy.median(small[around]) < numpy.median(small[own]) + TELLS:
            continue  # a shadow, not shading
        ground = numpy.asarray(own[top : top + tall, left : left + wide], dtype=numpy.uint8)
        full = cv2.resize(ground, (4 * wide, 4 * tall), interpolation=cv2.INTER_NEAREST) > 0
        found.append((4 * left, 4 * top, 4 * (left + wide), 4 * (top + tall), full))
    return found


def _square(side: float) -> NDArray[numpy.uint8]:
    return numpy.ones((max(2, round(side)),) * 2, numpy.uint8)
