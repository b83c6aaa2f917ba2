"""Round seals on scans without colour: found by their rim, their ink taken out as far as it is told. Pure.

A seal's red is a middle grey there, lighter than print; in black and white it is as black as print is, and
only what lies where print does not, the rim and the star, can be told from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import hypot

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.cache import Text
from extractors.picture.lone_marks import INK
from extractors.picture.straighten import MM, Grey, Warp
from extractors.seal.circles import Ring, rings
from extractors.seal.outline import Outline, inked
from reference.model import Box

ACROSS = (36.0, 52.0)
"""Millimetres across a round seal."""
RIM, FULL = (0.98, 1.02), 0.93
"""Where about its circle a rim's middle runs, in radii, and the share of it that is inked; text has 0.8."""
BESIDE, BARE = (1.06, 1.09), 0.5
"""Where outside a rim there is little ink, in radii, and the share of it that may be print or a line."""
SOLID = 2.0
"""Millimetres of ink each way that neither print nor a rim has: a border, a star."""
HALF_RIM = 0.9
"""Millimetres from a rim's middle beyond which there is none of it."""
WAYS = 720
"""Directions in which a rim is looked at for print across it."""
STAR = 0.42
"""Radii up to which the star reaches."""
LETTERS = 0.45
"""Radii from which on a seal's letters stand."""
LIGHTER = 30
"""Grey by which the ink of a seal is lighter than print, where both can be told apart."""
PALEST = 215
"""Grey up to which a pixel is of ink, soft edges included."""
EDGE, MOSTLY, CHARACTER = 5, 0.25, 8.0
"""Pixels across a soft edge; share of a character's pixels that are dark where it is print;
millimetres that it is long at most."""
SPECK = 0.35
"""Millimetres across the largest speck that a seal's ink leaves behind."""
STRAIGHT = 18.0
"""Millimetres from which ink that runs straight is a ruling line; a rim is straight for 14."""
POINTS = 3.0
"""Millimetres by which the points of a star reach out of its solid middle, on both sides together."""
LEGIBLE, UNSURE = 0.8, 0.5
"""Confidence below which what lies within a seal may be its letters; that of all that lies there."""
DARKEST = 25
"""Percentile of a page's ink that is print at its full strength."""


def dark_rings(grey: Grey, dpi: float) -> tuple[Ring, ...]:
    """The rims of round seals on a page without colour."""
    ink = numpy.asarray((grey < INK) * 255, dtype=numpy.uint8)
    lines = numpy.asarray(cv2.subtract(ink, _solid(ink, dpi)), dtype=numpy.uint8)
    found = [_fitted(ring, lines, dpi) for ring in rings(lines, dpi, ACROSS, FULL)]
    return tuple(ring for ring in found if _is_rim(lines, ring))


def _fitted(ring: Ring, ink: Grey, dpi: float) -> Ring:
    """The circle with the radius at which its rim's middle runs: it was found on a smaller picture."""
    radii = ring.radius + numpy.arange(-MM * dpi, MM * dpi + 1)
    unit = Outline(ring.x, ring.y, 1.0, 1.0)
    shares = numpy.array([inked(ink, unit, (radius, radius + 0.4)) for radius in radii])
    return replace(ring, radius=float(radii[shares >= FULL * shares.max()].mean()))


def _solid(ink: Grey, dpi: float) -> Grey:
    side = round(SOLID * MM * dpi)
    core = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((side, side), numpy.uint8))
    return numpy.asarray(cv2.dilate(core, numpy.ones((3, 3), numpy.uint8)), dtype=numpy.uint8)


def _is_rim(ink: Grey, ring: Ring) -> bool:
    circle = Outline(ring.x, ring.y, ring.radius, ring.radius)
    return inked(ink, circle, RIM) >= FULL and inked(ink, circle, BESIDE) <= BARE


def without_dark(grey: Grey, found: Sequence[Ring], dpi: float) -> Grey:
    """The page without the ink of its seals: all that is lighter than print, or else the rim and the star.

    Ruling lines under a seal stay.
    """
    if not found:
        return grey
    clean, ruled = grey.copy(), _ruled(grey, dpi)
    for ring in found:
        distance = _distance(grey, ring)
        inside = distance <= ring.radius + HALF_RIM * MM * dpi
        page_ink = grey[(grey < INK) & ~inside]
        black = float(numpy.percentile(page_ink, DARKEST)) if page_ink.size else 0.0
        level = _level(grey, ring)
        told = level >= black + LIGHTER
        gone = _lighter(grey, (black + level) / 2, dpi) if told else _alone(grey, ring, distance, dpi)
        clean[gone & inside & ~ruled] = 255
        clean[_specks(clean, dpi) & inside] = 255
    return clean


def _specks(grey: Grey, dpi: float) -> NDArray[numpy.bool_]:
    """Ink that is smaller than a full stop."""
    ink = numpy.asarray(grey < PALEST, dtype=numpy.uint8)
    _, which, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return numpy.asarray((stats[:, cv2.CC_STAT_AREA] <= (SPECK * MM * dpi) ** 2)[which])


def _ruled(grey: Grey, dpi: float) -> NDArray[numpy.bool_]:
    """Ink that runs on level or upright for longer than a rim does at its top."""
    ink = numpy.asarray(grey < PALEST, dtype=numpy.uint8)
    long = round(STRAIGHT * MM * dpi)
    level = cv2.morphologyEx(cv2.dilate(ink, numpy.ones((3, 1))), cv2.MORPH_OPEN, numpy.ones((1, long)))
    upright = cv2.morphologyEx(cv2.dilate(ink, numpy.ones((1, 3))), cv2.MORPH_OPEN, numpy.ones((long, 1)))
    return numpy.asarray(cv2.bitwise_or(level, upright) > 0)


def _distance(grey: Grey, ring: Ring) -> NDArray[numpy.float64]:
    down, over = numpy.ogrid[: grey.shape[0], : grey.shape[1]]
    return numpy.asarray(numpy.hypot(over - ring.x, down - ring.y), dtype=numpy.float64)


def _level(grey: Grey, ring: Ring) -> float:
    """How grey the ink of a rim is."""
    way = numpy.linspace(0, 2 * numpy.pi, 360, endpoint=False)
    radii = numpy.arange(*RIM, 1 / ring.radius)[:, None]
    x, y = Outline(ring.x, ring.y, ring.radius, ring.radius).at(way, radii)
    on = (x >= 0) & (x < grey.shape[1] - 1) & (y >= 0) & (y < grey.shape[0] - 1)
    met = numpy.where(on, grey[y.astype(int) * on, x.astype(int) * on], 255)
    return float(numpy.median(met.min(axis=0)))


def _lighter(grey: Grey, least: float, dpi: float) -> NDArray[numpy.bool_]:
    """What is no print: neither as dark, nor the soft edge of what is, nor of a character mostly so dark."""
    dark = numpy.asarray(grey < least, dtype=numpy.uint8)
    near = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (EDGE, EDGE))) > 0
    ink = numpy.asarray(grey < PALEST, dtype=numpy.uint8)
    count, which, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sizes = stats[:, cv2.CC_STAT_AREA]
    darkness = numpy.bincount(which.ravel(), weights=dark.ravel(), minlength=count) / sizes
    longest = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    printed = (darkness >= MOSTLY) & (longest <= CHARACTER * MM * dpi)
    printed[0] = False
    return numpy.asarray(~(near | printed[which]))


def _alone(grey: Grey, ring: Ring, distance: NDArray[numpy.float64], dpi: float) -> NDArray[numpy.bool_]:
    """The rim where print does not cross it, and the solid ink about the middle with its points."""
    rim = numpy.abs(distance - ring.radius) <= HALF_RIM * MM * dpi
    rows, columns = numpy.nonzero(rim)
    ways = numpy.arctan2(rows - ring.y, columns - ring.x) / (2 * numpy.pi) * WAYS
    rim[rows, columns] = ~_crossed(grey, ring, dpi)[ways.astype(int) % WAYS]
    core = _solid(numpy.asarray((grey < INK) * 255, dtype=numpy.uint8), dpi)
    core[distance > STAR * ring.radius] = 0
    points = round(POINTS * MM * dpi) | 1
    star = cv2.dilate(core, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (points, points))) > 0
    return numpy.asarray(rim | star)


def _crossed(grey: Grey, ring: Ring, dpi: float) -> NDArray[numpy.bool_]:
    """The directions in which ink adjoins a rim: a seal's own letters keep off it."""
    way = numpy.arange(WAYS) * 2 * numpy.pi / WAYS
    off = numpy.array([side * (HALF_RIM + step) for side in (-1, 1) for step in (0.05, 0.15, 0.25)])
    radii = 1 + off[:, None] * MM * dpi / ring.radius
    x, y = Outline(ring.x, ring.y, ring.radius, ring.radius).at(way, radii)
    across, down = x.astype(int).clip(0, grey.shape[1] - 1), y.astype(int).clip(0, grey.shape[0] - 1)
    met = (grey[down, across] < INK).any(axis=0).astype(numpy.uint8)[None]
    return numpy.asarray(cv2.dilate(met, numpy.ones((1, 5), numpy.uint8))[0] > 0)


def doubted(texts: Iterable[Text], rims: Sequence[Ring], warp: Warp) -> list[Text]:
    """The texts of a page that was made straight, and its seals' places: nothing there is sure.

    What may be letters of a seal says nothing; figures are none of them.
    """
    told = [
        (box, "" if _may_be_letters(warp.back(box), text, sure, rims) else text, sure)
        for box, text, sure in texts
    ]
    return told + [(warp.onto(rim.box), "", UNSURE) for rim in rims]


def _may_be_letters(box: Box, text: str, sure: float, rims: Sequence[Ring]) -> bool:
    figures = any(character.isdigit() for character in text)
    return sure < LEGIBLE and not figures and any(_holds(box, rim) for rim in rims)


def _holds(box: Box, ring: Ring) -> bool:
    """Whether a box lies in a seal's circle altogether, where its letters stand."""
    middle = hypot((box[0] + box[2]) / 2 - ring.x, (box[1] + box[3]) / 2 - ring.y)
    return middle >= LETTERS * ring.radius and all(
        hypot(x - ring.x, y - ring.y) <= ring.radius for x in (box[0], box[2]) for y in (box[1], box[3])
    )
