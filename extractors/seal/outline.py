"""The outline of a round or oval seal: the ellipse that its rim draws, whole or cut, level or askew. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.straighten import MM
from extractors.seal.circles import Mask, rings

Floats: TypeAlias = NDArray[numpy.float64]

STEPS = 180
"""Directions in which a rim is looked at."""
RIM = (0.93, 1.01)
"""Where about its outline a rim runs, in radii."""
OFF, ROUNDS = 0.03, 3
"""Distance from the outline, in radii, beyond which a point is none of it; how often it is drawn anew."""
FEWEST = 12
"""Points that an outline needs at least."""
SLIMMEST = 0.5
"""Height of an oval, in widths."""
ACROSS, FULL = (34.0, 54.0), 0.6
"""Millimetres across a round seal; share of its circle that is inked where the circle alone tells it."""
FINE = 100.0
"""Resolution at which that circle is looked for."""
HALF_RIM = 0.5
"""Millimetres from the middle of a rim, where its circle is found, to its outer side."""
RATHER = 0.05
"""Share by which the circle must be fuller than the ellipse, which fits better."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An ellipse in pixels: its middle, both half axes, and by how many radians the first is turned."""

    x: float
    y: float
    wide: float
    tall: float
    turn: float = 0.0

    def at(self, way: Floats, radii: Floats) -> tuple[Floats, Floats]:
        """The points in these directions from the middle, at these shares of the way to the outline."""
        along, aside = self.wide * radii * numpy.cos(way), self.tall * radii * numpy.sin(way)
        cos, sin = numpy.cos(self.turn), numpy.sin(self.turn)
        return self.x + along * cos - aside * sin, self.y + along * sin + aside * cos

    def length(self, depth: float) -> float:
        """How long the way around is, so many pixels inside the outline."""
        way = numpy.linspace(0, 2 * numpy.pi, 4 * STEPS + 1)
        x, y = self.at(way, numpy.ones(1))
        return float(numpy.hypot(numpy.diff(x), numpy.diff(y)).sum() - 2 * numpy.pi * depth)

    def around(self, steps: int, depths: Floats) -> tuple[Floats, Floats]:
        """Points at equal steps around the outline, one row for each depth inside it."""
        way = numpy.linspace(0, 2 * numpy.pi, 4 * STEPS + 1)
        x, y = self.at(way, numpy.ones(1))
        passed = numpy.concatenate(([0.0], numpy.cumsum(numpy.hypot(numpy.diff(x), numpy.diff(y)))))
        way = numpy.interp(numpy.arange(steps) * passed[-1] / steps, passed, way)
        x, y = self.at(way, numpy.ones(1))
        inwards = -self.tall * numpy.cos(way), -self.wide * numpy.sin(way)
        size, cos, sin = numpy.hypot(*inwards), numpy.cos(self.turn), numpy.sin(self.turn)
        right, down = inwards[0] / size, inwards[1] / size
        depths = depths[:, None]
        return x + depths * (right * cos - down * sin), y + depths * (right * sin + down * cos)

    def radii(self, points: Floats) -> Floats:
        """How far out points lie: 1 on the outline."""
        x, y = points[:, 0] - self.x, points[:, 1] - self.y
        cos, sin = numpy.cos(self.turn), numpy.sin(self.turn)
        along, aside = (x * cos + y * sin) / self.wide, (y * cos - x * sin) / self.tall
        return numpy.asarray(numpy.hypot(along, aside), dtype=numpy.float64)


def touching(box: tuple[int, int, int, int]) -> Outline:
    """The ellipse that touches a box's sides."""
    left, top, right, bottom = box
    return Outline((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2)


def inked(ink: Mask, outline: Outline, band: tuple[float, float] = RIM) -> float:
    """The share of an outline along which ink lies somewhere in the band, of what lies on the page."""
    way = numpy.linspace(0, 2 * numpy.pi, STEPS, endpoint=False)
    radii = numpy.arange(band[0], band[1], 0.5 / max(outline.wide, outline.tall))[:, None]
    x, y = (numpy.rint(side).astype(int) for side in outline.at(way, radii))
    on = (x >= 0) & (x < ink.shape[1]) & (y >= 0) & (y < ink.shape[0])
    lies = on & (ink[y.clip(0, ink.shape[0] - 1), x.clip(0, ink.shape[1] - 1)] > 0)
    seen = on.any(axis=0)
    return float(lies.any(axis=0).sum() / max(seen.sum(), STEPS / 4))


def outline_of(ink: Mask, dpi: float) -> Outline | None:
    """The outline of the seal that a picture shows; none where no rim is seen."""
    ellipse = _ellipse(ink)
    fits = inked(ink, ellipse) if ellipse else 0.0
    circles = rings(ink, dpi, ACROSS, max(FULL, fits + RATHER), FINE) if fits < 1 - RATHER else ()
    if not circles:
        return ellipse
    best = circles[0]
    radius = best.radius + HALF_RIM * MM * dpi
    return Outline(best.x, best.y, radius, radius)


def _ellipse(ink: Mask) -> Outline | None:
    """The ellipse through the outermost ink in all directions; what lies off it is left out."""
    rows, columns = numpy.nonzero(ink)
    if not len(rows):
        return None
    middle = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    points = _outermost(columns - middle[0], rows - middle[1])
    found: Outline | None = None
    for _ in range(ROUNDS):
        if len(points) < FEWEST:
            return found
        (x, y), (wide, tall), degrees = cv2.fitEllipse(points.astype(numpy.float32))
        if not SLIMMEST * max(wide, tall) <= min(wide, tall):
            return found
        turn = float(numpy.radians((degrees + 45) % 90 - 45))  # the first axis is the level one
        if 45 <= degrees < 135:
            wide, tall = tall, wide
        found = Outline(x + middle[0], y + middle[1], wide / 2, tall / 2, turn)
        points = points[numpy.abs(found.radii(points + middle) - 1) < OFF]
    return found


def _outermost(x: Floats, y: Floats) -> Floats:
    """Of points around a middle the outermost one in each direction."""
    far = numpy.argsort(numpy.hypot(x, y))
    which = (numpy.arctan2(y, x)[far] / (2 * numpy.pi) * STEPS).astype(int) % STEPS
    last = {int(one): int(at) for one, at in zip(which, far, strict=True)}
    chosen = list(last.values())
    return numpy.column_stack([x[chosen], y[chosen]]).astype(numpy.float64)
