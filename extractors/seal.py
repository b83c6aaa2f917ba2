"""Red official seals on pictures of pages: where they are, and whether a file bears one. Pure.

A seal of a public body is round, 38 to 50 mm across, with a star and the name around it; oval and square
ones are a little smaller (国发〔1999〕25号). Its ink is red, and it is neither filled nor a line of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy
from numpy.typing import NDArray

from extractors.raster import Picture, Pixels

Mask = NDArray[numpy.uint8]
Verdict = Literal["present", "missing", "unsure"]

MM = 1 / 25.4
SMALLEST, LARGEST = 26.0, 62.0
"""Millimetres across."""
SQUARENESS = 1.7
"""Longer side over the shorter one, at most: a red heading is longer."""
THINNEST, FULLEST = 0.04, 0.62
"""Share of its box that the ink covers."""
RED_ENOUGH = 0.0003
"""Share of a page's pixels from which red ink without a seal's shape is worth a look."""
DARK = 190
"""Red light, of 255, up to which a pixel under red ink is black print."""
COLOUR = 40
"""Difference between a pixel's channels from which it is coloured, not paper or scanner tint."""
COLOURED = 0.0002
"""Share of coloured pixels from which a page is no black-and-white or grey scan."""
TINT = 0.5
"""Mean difference between channels that only a colour scanner leaves on white paper."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal's box in pixels: left, top, right, bottom."""

    page: int
    box: tuple[int, int, int, int]


def red_ink(pixels: Pixels) -> Mask:
    """255 where the ink is red: from vermilion to crimson, strong or faint."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    low = cv2.inRange(hsv, (0, 45, 70), (12, 255, 255))
    high = cv2.inRange(hsv, (160, 45, 70), (180, 255, 255))
    return numpy.asarray(cv2.bitwise_or(low, high), dtype=numpy.uint8)


def without_red(pixels: Pixels) -> Pixels:
    """The page with red ink turned to paper; what is dark in red light too is print under it, and stays."""
    ink = red_ink(pixels)
    fringe = cv2.dilate(ink, numpy.ones((3, 3), numpy.uint8)) > 0
    red = pixels[:, :, 0]
    clean = pixels.copy()
    clean[fringe] = numpy.maximum(clean[fringe], red[fringe][:, None])
    clean[(ink > 0) & (red > DARK)] = numpy.percentile(pixels[::8, ::8].reshape(-1, 3), 60, axis=0)
    return clean


def find_seals(picture: Picture) -> tuple[Seal, ...]:
    """The seals of a page."""
    mask = red_ink(picture.pixels)
    if not mask.any():
        return ()
    reach = max(3, round(2.5 * MM * picture.dpi)) | 1  # letters and ring of one seal stand this close
    joined = cv2.morphologyEx(
        mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found = []
    for left, top, width, height, _ in stats[1:count]:
        ink = mask[top : top + height, left : left + width]
        if _seal_like(int(width), int(height), float((ink > 0).mean()), picture):
            found.append(Seal(picture.page, (int(left), int(top), int(left + width), int(top + height))))
    return tuple(found)


def _seal_like(width: int, height: int, filled: float, picture: Picture) -> bool:
    """Size, shape and ink of a seal; one that the page's edge cuts may be smaller one way."""
    millimetres = [side / picture.dpi * 25.4 for side in (width, height)]
    shorter, longer = min(millimetres), max(millimetres)
    return SMALLEST <= longer <= LARGEST and longer <= SQUARENESS * shorter and THINNEST <= filled <= FULLEST


def is_colour(pixels: Pixels) -> bool:
    """Whether the page was drawn or scanned in colour; a black-and-white or grey scan was not."""
    spread = pixels.max(axis=2).astype(numpy.int16) - pixels.min(axis=2)
    return bool((spread > COLOUR).mean() > COLOURED or spread.mean() > TINT)


def seal_verdict(pictures: Iterable[Picture], *, scanned: bool) -> Verdict:
    """`present` with a seal on any page; `unsure` with other red ink, or where a scan has no colour."""
    red = colour = False
    for picture in pictures:
        if find_seals(picture):
            return "present"
        red |= bool((red_ink(picture.pixels) > 0).mean() > RED_ENOUGH)
        colour |= is_colour(picture.pixels)
    return "unsure" if red or (scanned and not colour) else "missing"
