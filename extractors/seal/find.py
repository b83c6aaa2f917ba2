"""Red official seals on pictures of pages: where they are, and whether a file bears one. Pure.

A seal of a public body is round, 38 to 50 mm across, with a star and the name around it; oval and square
ones are a little smaller (国发〔1999〕25号). Its ink is red, and it is neither filled nor a line of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.light import paper_of
from extractors.picture.raster import Picture, Pixels
from extractors.picture.straighten import MM
from extractors.seal.circles import Mask, Ring, rings
from extractors.seal.outline import ACROSS, HALF_RIM, inked, touching
from extractors.table.boxes import common, within

Corners: TypeAlias = tuple[int, int, int, int]
Verdict = Literal["present", "missing", "unsure"]

SMALLEST, LARGEST = 26.0, 62.0
"""Millimetres across."""
SQUARENESS = 1.7
"""Longer side over the shorter one, at most: a red heading is longer."""
CUT = 2.6
"""The same of a seal that the page's edge cuts."""
RING, RIM = 0.6, (0.9, 1.03)
"""Share of a circle that a worn seal's ring shows; where about the circle it may run, in radii."""
OUTLINED, OUTLINE = 0.85, (0.93, 1.02)
"""The same of ink that is one round or oval seal, alone in its box."""
SQUARE = 0.93
"""Share of its rectangle that a square seal's outline fills; two round ones fill 0.89."""
FULL_RING = 0.75
"""Share of a round seal's circle that is inked amid other red ink."""
FLATTEST = 14.0
"""Millimetres that red ink is tall and wide at least for a round seal to be looked for in it."""
WITHIN = 1.12
"""How many times as wide as the ink it is found in a circle is that the ink does not merely touch."""
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
    return tuple(seal for seal in _shapes(pale, picture) if inked(pale, touching(seal.box), RIM) >= RING)


def _shapes(mask: Mask, picture: Picture) -> tuple[Seal, ...]:
    """What has a seal's size and shape, the largest first."""
    if not mask.any():
        return ()
    reach = max(3, round(2.5 * MM * picture.dpi)) | 1  # letters and ring of one seal stand this close
    joined = cv2.morphologyEx(
        mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    )
    count, which, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[Seal] = []
    for part in sorted(range(1, count), key=lambda one: -int(stats[one, 2]) * int(stats[one, 3])):
        left, top, width, height = stats[part, :4].tolist()
        if max(width, height) < SMALLEST * MM * picture.dpi:
            break
        whole = (left, top, left + width, top + height)
        square = _is_square(which[top : top + height, left : left + width] == part)
        earlier = tuple(found)
        for box in (whole,) if square else _told(whole, mask, picture):
            ink = mask[box[1] : box[3], box[0] : box[2]]
            if _seal_like(box, float((ink > 0).mean()), picture) and not any(
                within(box, one.box) for one in earlier
            ):
                found.append(Seal(picture.page, box))
    return tuple(found)


def _is_square(ink: NDArray[numpy.bool_]) -> bool:
    """Whether ink fills a rectangle to its corners, which no circle does, nor two."""
    points = cv2.findNonZero(ink.astype(numpy.uint8))
    _, (wide, tall), _ = cv2.minAreaRect(points)
    return bool(cv2.contourArea(cv2.convexHull(points)) >= SQUARE * wide * tall)


def _told(box: Corners, mask: Mask, picture: Picture) -> tuple[Corners, ...]:
    """The round seals in a box of red ink that is not one seal alone: one on the other, on red print, cut
    by the page's edge or so worn that it fell to pieces; or the box as it is."""
    left, top, right, bottom = box
    mm = MM * picture.dpi
    if min(right - left, bottom - top) < FLATTEST * mm or inked(mask, touching(box), OUTLINE) >= OUTLINED:
        return (box,)
    room = round(ACROSS[1] * mm)
    from_x, from_y = max(0, left - room), max(0, top - room)
    around = mask[from_y : bottom + room, from_x : right + room]
    longest = max(right - left, bottom - top)
    told = []
    for ring in rings(around, picture.dpi, ACROSS, FULL_RING):
        one = _box_of(replace(ring, x=ring.x + from_x, y=ring.y + from_y), picture)
        touched = common(one, box) > 0
        alone = longest <= 2 * ring.radius * WITHIN and 2 * ring.radius <= longest * WITHIN
        if touched and not (alone and not cut_by_edge(box, picture)):
            told.append(one)
    return tuple(told) or (box,)


def _box_of(ring: Ring, picture: Picture) -> Corners:
    """The box of a circle as far as it lies on the page; its rim is as thick as a circle's is found."""
    height, width = picture.pixels.shape[:2]
    left, top, right, bottom = replace(ring, radius=ring.radius + HALF_RIM * MM * picture.dpi).box
    return max(0, round(left)), max(0, round(top)), min(width, round(right)), min(height, round(bottom))


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


def is_colour(pixels: Pixels) -> bool:
    """Whether the page was drawn or scanned in colour; a black-and-white or grey scan was not."""
    red, green, blue = numpy.moveaxis(pixels, 2, 0)  # ten times as fast as max and min along the last axis
    spread = numpy.maximum(numpy.maximum(red, green), blue) - numpy.minimum(numpy.minimum(red, green), blue)
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
