"""A page's picture made straight: seen head on, level, flat and the right way up. Pure.

A table's ruling lines tell how a page lies. In the scanner they slant together; before a camera they run
towards a point; on a sheet that is not flat they sag. All three are one line's slope: what it has at the
middle, what it gains from line to line, what it gains along its way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

import cv2
import numpy
from numpy.typing import NDArray

from reference.model import Box

Grey: TypeAlias = NDArray[numpy.uint8]
Floats: TypeAlias = NDArray[numpy.float64]
Matrix: TypeAlias = tuple[tuple[float, ...], ...]

MM = 1 / 25.4
SHRUNK = 0.5
"""Share of its size at which lines are looked for: a quarter of the work, and grey levels for steps."""
SHORTEST = 6.0
"""Millimetres from which a stroke may be a ruling line."""
STEEPEST = 0.3
"""Slope beyond which a line is neither level nor upright: 17 degrees."""
ASIDE, LIGHT, CLEAR = 1.1, 225, 0.7
"""Millimetres beside a ruling line where paper lies, how light, and on what share of its way."""
DARKER = 0.1
"""Part of full black by which a line is darker than the paper on both sides; the grain of a desk is not."""
FIRST = 24
"""The weightiest lines, of which two or three at a time make a guess."""
AGREES = (0.01, 0.006, 0.004)
"""Slope by which a line may differ from a guess and speak for it, closer each time."""
FEWEST, LEAST = 3, 60.0
"""Lines, and millimetres of them, that tell a slant; `SEVERAL` tell more than that."""
SEVERAL = 8
LEANT = 0.005
"""Gain of slope up to the picture's edge from which a camera looked from aslant; scans have up to 0.003."""
SAGGED = 0.6
"""Millimetres that a line sags up to the picture's edge on paper that is not flat."""
SURER = 1.2
"""How many times the lines that speak for a flat page must speak for a bent one."""
ASKEW = 8.0
"""Degrees that a sheet without solid lines may lie askew."""
DARK = 215
"""Grey up to which such a sheet's dots and dashes are looked at."""


@dataclass(frozen=True, slots=True)
class Warp:
    """What makes a picture of `width` by `height` pixels straight.

    First the matrix (homogeneous pixels, the picture's own size kept), then what level and upright lines
    sag (pixels for every pixel squared from the middle), then quarter turns to the left.
    """

    width: int
    height: int
    matrix: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    sags: tuple[float, float] = (0.0, 0.0)
    quarters: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the straight picture."""
        return (self.height, self.width) if self.quarters % 2 else (self.width, self.height)

    def turned(self, quarters: int) -> Warp:
        """The same, turned on by quarters to the left."""
        return replace(self, quarters=(self.quarters + quarters) % 4)

    def straight(self, grey: Grey) -> Grey:
        """The picture made straight, white where it has nothing to show."""
        if any(self.sags):
            width, height = self.size
            across, down = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
            x, y = self._from(across.astype(numpy.float64), down.astype(numpy.float64))
            at = x.astype(numpy.float32), y.astype(numpy.float32)
            return numpy.asarray(
                cv2.remap(grey, *at, cv2.INTER_CUBIC, None, cv2.BORDER_CONSTANT, 255), dtype=numpy.uint8
            )
        matrix = self._turn() @ numpy.array(self.matrix)
        drawn = cv2.warpPerspective(
            grey, matrix, self.size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255
        )
        return numpy.asarray(drawn, dtype=numpy.uint8)

    def onto(self, box: Box) -> Box:
        """A box of the picture on the straight one: its centre carried over, its own size around it."""
        x, y = _through(numpy.array(self.matrix), *_centre(box))
        x, y = _through(self._turn(), *self._bent(x, y, -1.0))
        return self._around(box, float(x), float(y))

    def back(self, box: Box) -> Box:
        """A box of the straight picture on the one as it was."""
        x, y = self._from(*_centre(box))
        return self._around(box, float(x), float(y))

    def _from(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        x, y = self._bent(*_through(_inverse(self._turn()), x, y), 1.0)
        return _through(_inverse(numpy.array(self.matrix)), x, y)

    def _bent(self, x: Floats, y: Floats, sign: float) -> tuple[Floats, Floats]:
        level, upright = self.sags
        return (
            x + sign * upright * (y - self.height / 2) ** 2,
            y + sign * level * (x - self.width / 2) ** 2,
        )

    def _turn(self) -> Floats:
        rows = _QUARTERS[self.quarters % 4](self.width, self.height)
        return numpy.array([*rows, [0, 0, 1]], dtype=numpy.float64)

    def _around(self, box: Box, x: float, y: float) -> Box:
        wide, tall = box[2] - box[0], box[3] - box[1]
        if self.quarters % 2:
            wide, tall = tall, wide
        return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2


_QUARTERS = (
    lambda width, height: [[1, 0, 0], [0, 1, 0]],
    lambda width, height: [[0, 1, 0], [-1, 0, width]],
    lambda width, height: [[-1, 0, width], [0, -1, height]],
    lambda width, height: [[0, -1, height], [1, 0, 0]],
)
"""None, one, two and three quarter turns to the left."""


@dataclass(frozen=True, slots=True)
class _Course:
    """How lines of one way run: slope at the middle, gained from line to line, gained along the way."""

    slope: float
    gain: float
    bend: float


def straightened(grey: Grey, dpi: float) -> Warp:
    """What makes the page's table level, flat and a rectangle; its way up is left as it is."""
    height, width = grey.shape
    small = shrunk(grey, SHRUNK)
    lines = _lines(grey, small, dpi)
    middle = _middle(lines, width, height)
    level = _course(lines, middle, dpi, (width / 2, height / 2))
    upright = _course(lines[:, [1, 0, 3, 2, 4]], middle[::-1], dpi, (height / 2, width / 2))
    if level is None:
        slope = -upright.slope if upright else _slant(small, dpi)
        level = _Course(slope, 0.0, 0.0)
    upright = upright or _Course(-level.slope, 0.0, 0.0)
    return Warp(width, height, _head_on(level, upright, middle), _sags(level, upright, width, height))


def shrunk(grey: Grey, scale: float) -> Grey:
    """The picture at a share of its size."""
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return numpy.asarray(small, dtype=numpy.uint8)


def _lines(grey: Grey, small: Grey, dpi: float) -> Floats:
    """What looks like ruling lines: both ends, and a weight by length and darkness."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(small)[0]
    if found is None:
        return numpy.zeros((0, 5))
    ends = numpy.asarray(found, dtype=numpy.float64).reshape(-1, 4) / SHRUNK
    ends = ends[_length(ends) >= SHORTEST * MM * dpi]
    aside = ASIDE * MM * dpi
    beside = [_beside(grey, ends, off) for off in (-aside, aside)]
    middle = numpy.min([_beside(grey, ends, off) for off in range(-3, 4)], axis=0)
    paper = numpy.minimum(*(lane.mean(axis=1) for lane in beside))
    darker = (paper - middle.mean(axis=1)) / 255 if len(ends) else numpy.zeros(0)
    clear = numpy.minimum(*((lane > LIGHT).mean(axis=1) for lane in beside))
    kept = (clear > CLEAR) & (darker > DARKER)
    return numpy.asarray(numpy.column_stack([ends, _length(ends) * darker**2])[kept], dtype=numpy.float64)


def _length(ends: Floats) -> Floats:
    return numpy.asarray(numpy.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]))


def _beside(grey: Grey, ends: Floats, off: float) -> Floats:
    """The grey along each line's course, so many pixels aside of it."""
    height, width = grey.shape
    steps = numpy.linspace(0.05, 0.95, 25)
    along = ends[:, 2:4] - ends[:, :2]
    aside = numpy.column_stack([-along[:, 1], along[:, 0]]) / _length(ends)[:, None] * off
    at = ends[:, None, :2] + along[:, None] * steps[None, :, None] + aside[:, None]
    x = numpy.clip(at[..., 0].round().astype(int), 0, width - 1)
    y = numpy.clip(at[..., 1].round().astype(int), 0, height - 1)
    return numpy.asarray(grey[y, x], dtype=numpy.float64)


def _middle(lines: Floats, width: int, height: int) -> tuple[float, float]:
    """The middle of the lines, about which nothing is moved."""
    if not len(lines):
        return width / 2, height / 2
    weights = lines[:, 4]
    x, y = (lines[:, 0] + lines[:, 2]) / 2, (lines[:, 1] + lines[:, 3]) / 2
    return float(numpy.average(x, weights=weights)), float(numpy.average(y, weights=weights))


def _course(
    lines: Floats, middle: tuple[float, float], dpi: float, reach: tuple[float, float]
) -> _Course | None:
    """What most of the lines of one way say; None where too few do. The way is the first coordinate's.

    A line with the slope s through (x, y) goes to the vanishing point of its way where
    s = slope + gain * (s * x - y); a sheet that is not flat adds bend * x.
    """
    along, aside = lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]
    own = numpy.abs(aside) < STEEPEST * numpy.abs(along)
    if own.sum() < 2:
        return None
    lines, slopes = lines[own], aside[own] / along[own]
    x = (lines[:, 0] + lines[:, 2]) / 2 - middle[0]
    y = (lines[:, 1] + lines[:, 3]) / 2 - middle[1]
    weights, said = lines[:, 4], numpy.column_stack([numpy.ones(len(x)), slopes * x - y, x])
    most = numpy.array([STEEPEST, STEEPEST / reach[1], STEEPEST / reach[0]])
    best = numpy.zeros(3)
    score = 0.0
    for count in (1, 2, 3):
        guess, got = _guess(said, slopes, weights, count, most)
        if got > score * SURER:
            best, score = guess, got
    for near in AGREES:
        agreed = numpy.abs(said @ best - slopes) < near
        terms = numpy.flatnonzero(best) if agreed.sum() >= SEVERAL else numpy.array([0])
        if agreed.sum() < FEWEST:
            break
        root = numpy.sqrt(weights[agreed])
        best = numpy.zeros(3)
        best[terms] = numpy.linalg.lstsq(
            said[agreed][:, terms] * root[:, None], slopes[agreed] * root, rcond=None
        )[0]
    agreed = numpy.abs(said @ best - slopes) < AGREES[1]
    if _length(lines[agreed]).sum() < LEAST * MM * dpi:
        return None
    leant, sagged = abs(best[1]) * reach[1] >= LEANT, abs(best[2]) * reach[0] ** 2 / 2 >= SAGGED * MM * dpi
    return _Course(float(best[0]), float(best[1]) if leant else 0.0, float(best[2]) if sagged else 0.0)


def _guess(said: Floats, slopes: Floats, weights: Floats, terms: int, most: Floats) -> tuple[Floats, float]:
    """The guess from so many lines for which the most of all lines speak, and how much does."""
    first = numpy.argsort(-weights)[:FIRST]
    chosen = numpy.array(list(combinations(first, terms)), dtype=int).reshape(-1, terms)
    systems, right = said[chosen][:, :, :terms], slopes[chosen]
    solvable = numpy.abs(numpy.linalg.det(systems)) > 1e-6 if terms > 1 else numpy.ones(len(chosen), bool)
    if not solvable.any():
        return numpy.zeros(3), 0.0
    guesses = numpy.zeros((int(solvable.sum()), 3))
    guesses[:, :terms] = numpy.linalg.solve(systems[solvable], right[solvable][..., None])[..., 0]
    guesses = guesses[(numpy.abs(guesses) <= most).all(axis=1)]
    if not len(guesses):
        return numpy.zeros(3), 0.0
    off = numpy.abs(guesses @ said.T - slopes)
    scores = (numpy.maximum(0.0, 1 - off / AGREES[0]) * weights).sum(axis=1)
    return guesses[int(scores.argmax())], float(scores.max())


def _head_on(level: _Course, upright: _Course, middle: tuple[float, float]) -> Matrix:
    """What sends the points that level and upright lines run to out of sight, right and downwards."""
    far = numpy.cross([1.0, level.slope, level.gain], [upright.slope, 1.0, upright.gain])
    flat = numpy.eye(3)
    flat[2] = far / far[2]
    lean = numpy.array([[1.0, upright.slope, 0.0], [level.slope, 1.0, 0.0], [0.0, 0.0, 1.0]])
    lean[:2, :2] /= numpy.sqrt(numpy.linalg.det(lean))
    to = numpy.array([[1.0, 0.0, middle[0]], [0.0, 1.0, middle[1]], [0.0, 0.0, 1.0]])
    matrix = to @ numpy.linalg.inv(lean) @ flat @ numpy.linalg.inv(to)
    return tuple(tuple(row) for row in (matrix / matrix[2, 2]).tolist())


def _sags(level: _Course, upright: _Course, width: int, height: int) -> tuple[float, float]:
    """The greater of both sags: a sheet bends one way."""
    by = (level.bend / 2, upright.bend / 2)
    if abs(by[0]) * width**2 >= abs(by[1]) * height**2:
        return by[0], 0.0
    return 0.0, by[1]


def _slant(small: Grey, dpi: float) -> float:
    """The slope of long rows of dots and dashes; 0 where there are none."""
    _, ink = cv2.threshold(small, DARK, 255, cv2.THRESH_BINARY_INV)
    lines = cv2.HoughLinesP(
        ink, 1, numpy.pi / 1440, 75, minLineLength=max(ink.shape) // 6, maxLineGap=round(MM * dpi)
    )
    if lines is None:
        return 0.0
    x0, y0, x1, y1 = numpy.asarray(lines, dtype=numpy.float64).reshape(-1, 4).T
    degrees = (numpy.degrees(numpy.arctan2(y1 - y0, x1 - x0)) + 45) % 90 - 45
    near = degrees[numpy.abs(degrees) <= ASKEW]
    return float(numpy.tan(numpy.radians(numpy.median(near)))) if len(near) else 0.0


def _inverse(matrix: Floats) -> Floats:
    return numpy.asarray(numpy.linalg.inv(matrix), dtype=numpy.float64)


def _through(matrix: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    a, b, w = (matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] for i in range(3))
    return a / w, b / w


def _centre(box: Box) -> tuple[Floats, Floats]:
    return numpy.float64((box[0] + box[2]) / 2), numpy.float64((box[1] + box[3]) / 2)  # type: ignore[return-value]
