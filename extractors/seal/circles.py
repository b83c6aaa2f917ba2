"""Circles of ink: rims of round seals, also where they cross print, one another or the page's edge. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy
from numpy.typing import NDArray

from extractors.picture.straighten import MM
from reference.model import Box

Mask: TypeAlias = NDArray[numpy.uint8]
Shares: TypeAlias = NDArray[numpy.float32]

COARSE = 50.0
"""Resolution at which circles are looked for: a pixel is half a millimetre, as thick as a worn rim."""
INKED = 0.25
"""Share of such a pixel that ink covers."""
VISIBLE = 0.4
"""Share of a circle that must lie on the page."""
ALIKE = 0.5
"""Distance of two centres, in radii, up to which both circles are one seen twice."""
MOST, CROWDED = 12, 0.6
"""Circles that are looked for at most; share of a page's coarse pixels that hold ink where no circle can be
told from it."""
TIE = 0.02
"""Difference of shares up to which two circles are as full as one another."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle in pixels, and the share of its visible way that ink covers."""

    x: float
    y: float
    radius: float
    share: float

    @property
    def box(self) -> Box:
        """The square around it."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


def rings(
    ink: Mask, dpi: float, across: tuple[float, float], least: float, coarse: float = COARSE
) -> tuple[Ring, ...]:
    """The circles that ink draws, the fullest first: `across` from and to, in millimetres.

    The ink (not 0) of a circle runs on at least the share `least` of its way.
    """
    scale = min(1.0, coarse / dpi)
    small = _shrunk(ink, scale)
    smallest, largest = (side / 2 * MM * dpi * scale for side in across)
    radii = numpy.arange(round(smallest), round(largest) + 1)  # whole pixels, as circles are drawn
    if not 0 < small.mean() <= CROWDED:
        return ()
    shares = _shares(small, radii)
    return tuple(
        Ring((x + 0.5) / scale, (y + 0.5) / scale, radius / scale, share)
        for radius, y, x, share in _peaks(shares, radii, least)
    )


def _shrunk(ink: Mask, scale: float) -> Mask:
    """The ink on a smaller picture, a little thicker than it is, as circles are not quite round."""
    full = numpy.asarray(ink > 0, dtype=numpy.float32)
    small = cv2.resize(full, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else full
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return numpy.asarray(cv2.dilate((small > INKED).astype(numpy.uint8), cross), dtype=numpy.uint8)


def _shares(small: Mask, radii: NDArray[numpy.int_]) -> Shares:
    """For each radius and centre on the page the share of the circle's visible way that is inked."""
    height, width = small.shape
    reach = int(radii[-1]) + 2
    tall, wide = (cv2.getOptimalDFTSize(max(side, reach + 1) + reach) for side in small.shape)
    page = numpy.zeros((2, tall, wide), numpy.float32)
    page[0, :height, :width], page[1, :height, :width] = small, 1
    inked, seen = cv2.dft(page[0]), cv2.dft(page[1])
    shares = numpy.empty((len(radii), height, width), numpy.float32)
    for at, radius in enumerate(radii.tolist()):
        circle = _circle(radius, tall, wide)
        way = cv2.dft(circle)
        on_ink, on_page = (
            cv2.idft(cv2.mulSpectrums(one, way, 0, conjB=True), flags=cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
            for one in (inked, seen)
        )
        enough = on_page >= VISIBLE * circle.sum()
        shares[at] = numpy.where(enough, on_ink / numpy.maximum(on_page, 1), 0)[:height, :width]
    return shares


def _circle(radius: int, tall: int, wide: int) -> Shares:
    """A circle around the first pixel; what lies left of or above it comes in at the other end."""
    side = radius + 2
    kernel = numpy.zeros((2 * side + 1, 2 * side + 1), numpy.float32)
    cv2.circle(kernel, (side, side), radius, (1.0,), 1)
    circle = numpy.zeros((tall, wide), numpy.float32)
    circle[: 2 * side + 1, : 2 * side + 1] = kernel
    return numpy.roll(circle, (-side, -side), axis=(0, 1))


def _peaks(
    shares: Shares, radii: NDArray[numpy.int_], least: float
) -> Iterator[tuple[float, float, float, float]]:
    """The fullest circle, then the fullest of those whose centre lies elsewhere, and so on.

    Radius, down and across; a thick rim is met by many circles, and their middle is its own.
    """
    down, over = numpy.ogrid[: shares.shape[1], : shares.shape[2]]
    for _ in range(MOST):
        at, y, x = (int(one) for one in numpy.unravel_index(int(shares.argmax()), shares.shape))
        share = float(shares[at, y, x])
        if share < least:
            return
        near = (down - y) ** 2 + (over - x) ** 2 <= (ALIKE * radii[at]) ** 2
        as_full = numpy.argwhere((shares >= share - TIE) & near)
        which, middle_y, middle_x = as_full.mean(axis=0).tolist()
        yield float(numpy.interp(which, numpy.arange(len(radii)), radii)), middle_y, middle_x, share
        shares[:, near] = 0
