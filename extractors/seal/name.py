"""The name on a seal: the text around its ring unrolled, or the lines of a square one, read by OCR."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import cv2
import numpy

from extractors.means import Shelf
from extractors.picture.cache import Names, earlier_names, keep_names
from extractors.picture.ocr import read_strips
from extractors.picture.raster import Picture, Pixels
from extractors.picture.small_marks import runs
from extractors.picture.straighten import Grey
from extractors.seal.circles import Mask
from extractors.seal.find import PALE, THINNEST, Seal, find_seals, red_ink
from extractors.seal.outline import Outline, outline_of

ACROSS = 400
"""Pixels across to which a seal is brought: 42 mm at 240 dpi."""
WIDE = (0.54, 0.93)
"""From where to where a ring's characters stand at the most, in radii: inside the rim, around the star."""
MIDWAY = 0.8
"""Where the middle of the text runs, in radii: there the line is as long as the ring is."""
RING, SURELY = (0.42, 0.97), (0.70, 0.80)
"""Between which radii text may stand on a ring, and between which it does."""
ENDS = 0.15
"""Share of the ink of the text's fullest row below which a row is none of it."""
GAP = 0.07
"""Share of the ring without ink from which the text has ended."""
ROOM = 0.015
"""Share of the ring that is read before and behind the text: a stroke's end may be too thin to tell."""
LEAST_INK = 0.02
"""Share of a band's height that a column with ink holds."""
PAPER = 80
"""Percentile of a picture's green light that is bare paper."""
FULL = 70
"""Percentile of the ink's colour, and of its depth, that is full."""
TELLS = 2.5
"""How many times its colour tells what is ink beyond doubt."""
FILLS = 0.9
"""Share of its rectangle that a square seal's outline fills; a round one's fills 0.79."""
MOST_ROWS = 5
EDGE = 0.06
"""Share of a square seal's side that its frame takes."""
SURE = 0.98
"""Confidence from which a name needs no second reading."""
BESIDE = re.compile(r"^[^\u3400-\u9fff]+|[^\u3400-\u9fff）)]+$")
"""A seal's number before or after the name."""
NAME = re.compile(r"[\u3400-\u9fff]{4,}")


def names_on(picture: Picture, kept: Shelf | None = None) -> Names:
    """The names that may stand on the seal that a picture shows, the surest first; none where no text is.

    A square seal is read in four directions, a round one as its ink stands and in a wider band.
    `kept` are the earlier readings.
    """
    seals = find_seals(picture)
    if not seals:
        return []
    names = earlier_names(kept, picture.pixels) if kept else None
    if names is None:
        names = _read(picture, _middlemost(seals, picture))
        if kept:
            keep_names(kept, picture.pixels, names)
    return names


def _middlemost(seals: Sequence[Seal], picture: Picture) -> Seal:
    """The seal that the picture shows; another one may reach into it."""
    height, width = picture.pixels.shape[:2]
    return min(
        seals,
        key=lambda seal: abs(seal.box[0] + seal.box[2] - width) + abs(seal.box[1] + seal.box[3] - height),
    )


def _read(picture: Picture, seal: Seal) -> Names:
    ink = _ink(picture.pixels)
    plain = _alone(picture.pixels, ink)
    left, top, right, bottom = seal.box
    square = _square(plain[top:bottom, left:right])
    names: Names = []
    for strips in _ways_of_square(square) if square is not None else _ways_around(plain, ink, picture.dpi):
        readings = [reading for reading in read_strips(strips) if reading.text]
        text = BESIDE.sub("", "".join(reading.text for reading in readings))
        if NAME.search(text):
            names.append((text, min(reading.confidence for reading in readings)))
        if square is None and names and names[-1][1] >= SURE:
            break
    return sorted(names, key=lambda name: -name[1])


def _ink(pixels: Pixels) -> Mask:
    """Where the seal's ink is; pale ink where no other is to be seen."""
    ink = red_ink(pixels)
    return ink if (ink > 0).mean() >= THINNEST else red_ink(pixels, PALE)


def _alone(pixels: Pixels, ink: Mask) -> Grey:
    """The red ink as black on white, as dark as it is in green light, where JPEG keeps strokes sharp.

    The colour itself, which it blurs, only tells the ink from print and paper.
    """
    if not ink.any():
        return numpy.full(ink.shape, 255, numpy.uint8)
    red = pixels[:, :, 0].astype(numpy.int16) - pixels[:, :, 1:].astype(numpy.int16).mean(axis=2)
    red -= numpy.int16(numpy.median(red))  # the paper's own tint
    colour = red / max(float(numpy.percentile(red[ink > 0], FULL)), 1.0)
    dark = numpy.maximum(float(numpy.percentile(pixels[:, :, 1], PAPER)), 1.0) - pixels[:, :, 1]
    depth = dark / max(float(numpy.percentile(dark[ink > 0], FULL)), 1.0)
    strength = depth * numpy.clip(colour * TELLS, 0, 1)
    return numpy.asarray(255 - numpy.clip(strength * 255, 0, 255), dtype=numpy.uint8)


def _ways_around(plain: Grey, ink: Mask, dpi: float) -> Iterator[list[Pixels]]:
    """The ways in which text may run around the ring of a round or oval seal."""
    rim = outline_of(ink, dpi)
    if rim is None:
        return
    ring = _unrolled(plain, rim)
    band = _band(ring)
    begins, length = _text(ring[_rows_of(band)])
    for text in (band, WIDE):
        line = numpy.roll(ring[_rows_of(text)], -begins, axis=1)[:, :length]
        yield [_strip(line)]


def _rows_of(band: tuple[float, float]) -> slice:
    """The rows of an unrolled ring that lie in a band."""
    return slice(*(round((RING[1] - radius) * ACROSS / 2) for radius in band[::-1]))


def _band(ring: Grey) -> tuple[float, float]:
    """From where to where text stands: outwards and inwards from where it surely does, to the ink's end."""
    inked = (ring < 128).mean(axis=1)
    sure = _rows_of(SURELY)
    least = ENDS * inked[sure].max()
    outer = next((at for at in range(sure.start, 0, -1) if inked[at] < least), 0)
    inner = next((at for at in range(sure.stop, len(inked)) if inked[at] < least), len(inked))
    return (
        max(RING[1] - inner * 2 / ACROSS, RING[0]),
        min(RING[1] - outer * 2 / ACROSS, RING[1]),
    )


def _ways_of_square(square: Grey) -> Iterator[list[Pixels]]:
    """The ways in which the lines of a square seal may run; columns are read as surely as lines."""
    for quarters in range(4):
        rows = list(_rows(numpy.ascontiguousarray(numpy.rot90(square, quarters))))
        if 1 <= len(rows) <= MOST_ROWS:
            yield rows


def _square(plain: Grey) -> Grey | None:
    """A square seal set upright; None for a round one, whose hull leaves the corners of its box empty."""
    points = cv2.findNonZero((plain < 128).astype(numpy.uint8))
    if points is None:
        return None
    centre, (wide, tall), angle = cv2.minAreaRect(points)
    hull = cv2.contourArea(cv2.convexHull(points))
    if hull < FILLS * wide * tall or min(wide, tall) < 1:
        return None
    matrix = cv2.getRotationMatrix2D(centre, angle, 1.0)
    matrix[0, 2] += wide / 2 - centre[0]
    matrix[1, 2] += tall / 2 - centre[1]
    upright = cv2.warpAffine(plain, matrix, (round(wide), round(tall)), borderValue=255)
    return numpy.asarray(
        cv2.resize(upright, (ACROSS, ACROSS), interpolation=cv2.INTER_AREA), dtype=numpy.uint8
    )


def _unrolled(plain: Grey, rim: Outline) -> Grey:
    """The ring as a line of text that begins anywhere: columns run around, rows from the rim inwards."""
    unit = min(rim.wide, rim.tall)
    steps = round(rim.length((1 - MIDWAY) * unit) / unit * ACROSS / 2)
    depths = (1 - numpy.arange(RING[1], RING[0], -2 / ACROSS)) * unit
    x, y = (side.astype(numpy.float32) for side in rim.around(steps, depths))
    strip = cv2.remap(plain, x, y, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 255)
    return numpy.asarray(strip, dtype=numpy.uint8)


def _text(line: Grey) -> tuple[int, int]:
    """Where on the ring the text begins and how far it runs: from its widest gap, at the seal's foot.

    Where a number or more text stands in the gap, it is cut where the least ink is.
    """
    around = line.shape[1]
    inked = ((line < 128).mean(axis=0) > LEAST_INK).astype(numpy.uint8)
    start, length = _widest_gap(inked)
    if length >= GAP * around:
        room = round(ROOM * around)
        return start + length - room, around - length + 2 * room
    width = round(GAP * around)
    ink = numpy.concatenate(([0], numpy.cumsum(numpy.tile(255.0 - line.mean(axis=0), 2))))
    return int((ink[width : width + around] - ink[:around]).argmin()) + width // 2, around


def _widest_gap(inked: Grey) -> tuple[int, int]:
    """Where the longest run without ink begins on a ring, and how long it is."""
    twice = numpy.concatenate((inked, inked))
    best, run = (0, 0), 0
    for at, ink in enumerate(twice):
        run = 0 if ink else run + 1
        if best[1] < run <= len(inked):
            best = (at - run + 1, run)
    return best[0] % len(inked), best[1]


def _rows(plain: Grey) -> Iterator[Pixels]:
    """The lines of a square seal's text."""
    edge = round(EDGE * ACROSS)
    inside = plain[edge:-edge, edge:-edge]
    inked = (inside < 128).mean(axis=1) > LEAST_INK
    for top, bottom in runs(numpy.asarray(inked)):
        if bottom - top > 0.08 * ACROSS:
            yield _strip(inside[top:bottom])


def _strip(line: Grey) -> Pixels:
    """A line of text with paper around it, as OCR takes it."""
    framed = cv2.copyMakeBorder(line, 6, 6, 8, 8, cv2.BORDER_CONSTANT, value=255)
    return numpy.repeat(numpy.asarray(framed, dtype=numpy.uint8)[:, :, None], 3, axis=2)
