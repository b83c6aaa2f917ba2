"""Red official seals on pictures of pages: where they are, and whether a file bears one. Pure.

A seal of a public body is round, 38 to 50 mm across, with a star and the name around it; oval and square
ones are a little smaller (国发〔1999〕25号). Its ink is red, and it is neither filled nor a line of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy
from numpy.typing import NDArray

from extractors.light import paper_of
from extractors.raster import Picture, Pixels
from extractors.straighten import MM

Mask = NDArray[numpy.uint8]
Corners: TypeAlias = tuple[int, int, int, int]
Verdict = Literal["present", "missing", "unsure"]

SMALLEST, LARGEST = 26.0, 62.0
"""Millimetres across."""
SQUARENESS = 1.7
"""Longer side over the shorter one, at most: a red heading is longer."""
OVERLAP = 1.2
"""The same from which it may be two seals, one on the other."""
CUT = 2.6
"""The same of a seal that the page's edge cuts."""
RING, RIM = 0.6, (0.9, 1.03)
"""Share of a circle that a round seal's ring shows; where about the circle it may run, in radii."""
STRONG, PALE = 45, 20
"""Saturation, of 255, from which ink is red beyond doubt, and from which a dry or worn seal's still is."""
NEUTRAL = 12
"""Difference between the channels of white paper; tinted paper is told by more."""
THINNEST, FULLEST = 0.04, 0.62
"""Share of its box that the ink covers."""
RED_ENOUGH = 0.0003
"""Share of a page's pixels from which red ink without a seal's shape is worth a look."""
PRINT = 0.75
"""Red light, as a share of the ink's own, up to which a pixel under red ink is print."""
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
    box: Corners


def red_ink(pixels: Pixels, faintest: int = STRONG) -> Mask:
    """255 where the ink is red: from vermilion to crimson, as it would be on white paper."""
    hsv = cv2.cvtColor(_on_white(pixels), cv2.COLOR_RGB2HSV)
    low = cv2.inRange(hsv, (0, faintest, 70), (12, 255, 255))
    high = cv2.inRange(hsv, (160, faintest, 70), (180, 255, 255))
    return numpy.asarray(cv2.bitwise_or(low, high), dtype=numpy.uint8)


def _on_white(pixels: Pixels) -> Pixels:
    """The page with its paper's tint taken off."""
    paper = _paper(pixels)
    if numpy.ptp(paper) < NEUTRAL:
        return pixels
    return numpy.asarray(numpy.clip(pixels * (paper.max() / paper), 0, 255), dtype=numpy.uint8)


def _paper(pixels: Pixels) -> NDArray[numpy.float64]:
    return numpy.maximum(numpy.percentile(pixels[::8, ::8].reshape(-1, 3), 60, axis=0), 1.0)


def without_red(pixels: Pixels) -> Pixels:
    """The page with red ink turned to paper; what is dark in red light too is print under it, and stays."""
    ink = red_ink(pixels)
    fringe = cv2.dilate(ink, numpy.ones((3, 3), numpy.uint8)) > 0
    red = pixels[:, :, 0]
    clean = pixels.copy()
    clean[fringe] = numpy.maximum(clean[fringe], red[fringe][:, None])
    paper = paper_of(red)
    light = red / numpy.maximum(paper, 1)
    bare = (ink > 0) & (light > PRINT * numpy.median(light[ink > 0])) if ink.any() else ink > 0
    clean[bare] = paper[bare][:, None]
    return clean


def red_print(pixels: Pixels, seals: Iterable[Seal]) -> Pixels:
    """The red ink outside the page's seals, on white paper: a heading, or text that somebody typed in red."""
    ink = red_ink(pixels) > 0
    for seal in seals:
        left, top, right, bottom = seal.box
        ink[top:bottom, left:right] = False
    fringe = cv2.dilate(ink.astype(numpy.uint8), numpy.ones((3, 3), numpy.uint8)) > 0
    return numpy.where(fringe[:, :, None], pixels, numpy.uint8(255))


def find_seals(picture: Picture) -> tuple[Seal, ...]:
    """The seals of a page; pale ink is looked at where no other shows any, and only for a ring."""
    found = _shapes(red_ink(picture.pixels), picture)
    if found or not is_colour(picture.pixels):
        return found
    pale = red_ink(picture.pixels, PALE)
    return tuple(seal for seal in _shapes(pale, picture) if _shows_ring(pale, seal.box))


def _shapes(mask: Mask, picture: Picture) -> tuple[Seal, ...]:
    """What has a seal's size and shape, the largest first."""
    if not mask.any():
        return ()
    reach = max(3, round(2.5 * MM * picture.dpi)) | 1  # letters and ring of one seal stand this close
    joined = cv2.morphologyEx(
        mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[Seal] = []
    for left, top, width, height, _ in sorted(stats[1:count].tolist(), key=lambda one: -one[2] * one[3]):
        for box in _apart((left, top, left + width, top + height), mask):
            ink = mask[box[1] : box[3], box[0] : box[2]]
            if _seal_like(box, float((ink > 0).mean()), picture) and not any(
                _inside(box, one.box) for one in found
            ):
                found.append(Seal(picture.page, box))
    return tuple(found)


def _apart(box: Corners, mask: Mask) -> tuple[Corners, ...]:
    """The two round seals of which one lies on the other, or the box as it is."""
    left, top, right, bottom = box
    side = min(right - left, bottom - top)
    two = (left, top, left + side, top + side), (right - side, bottom - side, right, bottom)
    longer = max(right - left, bottom - top) > OVERLAP * side
    return two if longer and all(_shows_ring(mask, one) for one in two) else (box,)


def _shows_ring(mask: Mask, box: Corners) -> bool:
    """Whether ink runs around in a box as a round seal's ring does."""
    left, top, right, bottom = box
    radius = max(right - left, bottom - top) / 2
    way = numpy.linspace(0, 2 * numpy.pi, 120, endpoint=False)
    radii = numpy.arange(RIM[0], RIM[1], 1 / radius)[:, None] * radius
    x = numpy.rint((left + right) / 2 + radii * numpy.cos(way)).astype(int)
    y = numpy.rint((top + bottom) / 2 + radii * numpy.sin(way)).astype(int)
    on = (x >= 0) & (x < mask.shape[1]) & (y >= 0) & (y < mask.shape[0])
    inked = on & (mask[y.clip(0, mask.shape[0] - 1), x.clip(0, mask.shape[1] - 1)] > 0)
    return bool(inked.any(axis=0).mean() >= RING)


def _seal_like(box: Corners, filled: float, picture: Picture) -> bool:
    """Size, shape and ink of a seal; one that the page's edge cuts is narrower."""
    wide, tall = ((box[i + 2] - box[i]) / picture.dpi * 25.4 for i in (0, 1))
    shorter, longer = min(wide, tall), max(wide, tall)
    slim = CUT if wide != tall and cut_by_edge(box, picture, across=wide < tall) else SQUARENESS
    return SMALLEST <= longer <= LARGEST and longer <= slim * shorter and THINNEST <= filled <= FULLEST


def cut_by_edge(box: Corners, picture: Picture, *, across: bool | None = None) -> bool:
    """Whether a box touches the picture's edge: at the left or right (`across`), at top or foot, or any."""
    height, width = picture.pixels.shape[:2]
    sides = box[0] <= 1 or box[2] >= width - 1
    ends = box[1] <= 1 or box[3] >= height - 1
    return (sides or ends) if across is None else sides if across else ends


def _inside(box: Corners, other: Corners) -> bool:
    """Whether a box's middle lies in another: the name within a square seal, not a seal of its own."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def is_colour(pixels: Pixels) -> bool:
    """Whether the page was drawn or scanned in colour; a black-and-white or grey scan was not."""
    spread = pixels.max(axis=2).astype(numpy.int16) - pixels.min(axis=2)
    return bool((spread > COLOUR).mean() > COLOURED or spread.mean() > TINT)


@dataclass(frozen=True, slots=True)
class Look:
    """Whether a file bears a seal; the first picture that shows any, and those seals."""

    verdict: Verdict
    picture: Picture | None = None
    seals: tuple[Seal, ...] = ()


def look_for_seals(pictures: Iterable[Picture], *, scanned: bool) -> Look:
    """`present` with a seal on any page; `unsure` with other red ink, or where a scan has no colour."""
    red = colour = False
    for picture in pictures:
        if seals := find_seals(picture):
            return Look("present", picture, seals)
        red |= bool((red_ink(picture.pixels) > 0).mean() > RED_ENOUGH)
        colour |= is_colour(picture.pixels)
    return Look("unsure" if red or (scanned and not colour) else "missing")
