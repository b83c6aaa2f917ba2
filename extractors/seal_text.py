"""The name on a seal: the text around its ring unrolled, or the lines of a square one, read by OCR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy

from extractors.ocr import read_strips
from extractors.raster import Picture, Pixels
from extractors.scan_cache import Names, earlier_names, keep_names
from extractors.seal import PALE, THINNEST, find_seals, red_ink
from extractors.straighten import Grey

ACROSS = 400
"""Pixels across to which a seal is brought: 42 mm at 240 dpi."""
BANDS = ((0.60, 0.95), (0.52, 0.88))
"""From where to where the ring's characters stand, in radii: right inside the ring, or with room to it."""
GAP = 0.07
"""Share of the ring without ink from which the text has ended."""
LEAST_INK = 0.02
"""Share of a band's height that a column with ink holds."""
FILLS = 0.9
"""Share of its rectangle that a square seal's outline fills; a round one's fills 0.79."""
MOST_ROWS = 5
EDGE = 0.06
"""Share of a square seal's side that its frame takes."""
SURE = 0.98
"""Confidence from which a name needs no second reading."""
NAME = re.compile(r"[\u3400-\u9fff]{4,}")


def names_on(picture: Picture, kept: Path | None = None) -> Names:
    """The names that may stand on the seal that a picture shows, the surest first; none where no text is.

    A square seal is read in four directions, a round one in two bands: the wrong ones give other words.
    `kept` is the folder of earlier readings.
    """
    seals = find_seals(picture)
    if not seals:
        return []
    left, top, right, bottom = seals[0].box
    seal = picture.pixels[top:bottom, left:right]
    names = earlier_names(kept, seal) if kept else None
    if names is None:
        names = _read(seal)
        if kept:
            keep_names(kept, seal, names)
    return names


def _read(seal: Pixels) -> Names:
    names: Names = []
    for strips in _ways(_redness(seal)):
        readings = [reading for reading in read_strips(strips) if reading.text]
        text = "".join(reading.text for reading in readings)
        if NAME.search(text):
            names.append((text, min(reading.confidence for reading in readings)))
        if names and names[-1][1] >= SURE:
            break
    return sorted(names, key=lambda name: -name[1])


def _redness(pixels: Pixels) -> Grey:
    """The red ink as black on white; strokes keep their soft edges."""
    ink = red_ink(pixels) > 0
    if ink.mean() < THINNEST:
        ink = red_ink(pixels, PALE) > 0
    red = pixels[:, :, 0].astype(numpy.int16) - pixels[:, :, 1:].astype(numpy.int16).mean(axis=2)
    full = max(float(numpy.percentile(red[ink], 70)), 1.0)
    return numpy.asarray(255 - numpy.clip(red * 255 / full, 0, 255), dtype=numpy.uint8)


def _ways(plain: Grey) -> Iterator[list[Pixels]]:
    """The ways in which a seal's text may run: around a ring, or in the lines of a square one."""
    square = _square(plain)
    if square is None:
        ring = _brought(plain)  # an oval becomes a circle
        for inner, outer in BANDS:
            strip = _unrolled(ring, inner, outer)
            if strip is not None:
                yield [strip]
    else:
        for quarters in range(4):
            rows = list(_rows(numpy.ascontiguousarray(numpy.rot90(square, quarters))))
            if 2 <= len(rows) <= MOST_ROWS:
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


def _unrolled(plain: Grey, inner: float, outer: float) -> Pixels | None:
    """The ring as a line of text, cut where its widest gap is: at the seal's foot."""
    centre, radius = (ACROSS / 2, ACROSS / 2), ACROSS / 2
    around = round(2 * numpy.pi * radius * 0.8)
    polar = cv2.warpPolar(255 - plain, (round(radius), around), centre, radius, cv2.INTER_LINEAR)
    band = polar[:, round(inner * radius) : round(outer * radius)]
    strip = 255 - numpy.asarray(cv2.rotate(band, cv2.ROTATE_90_COUNTERCLOCKWISE), dtype=numpy.uint8)
    strip = numpy.ascontiguousarray(strip)
    inked = ((strip < 128).mean(axis=0) > LEAST_INK).astype(numpy.uint8)
    if not inked.any():
        return None
    start, length = _widest_gap(inked)
    if length < GAP * around:
        return None
    strip = numpy.roll(strip, -(start + length), axis=1)[:, : around - length]
    return numpy.repeat(
        cv2.copyMakeBorder(strip, 6, 6, 8, 8, cv2.BORDER_CONSTANT, value=255)[:, :, None], 3, axis=2
    )


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
    changes = numpy.flatnonzero(numpy.diff(numpy.concatenate(([0], inked.astype(numpy.int8), [0]))))
    for top, bottom in changes.reshape(-1, 2):
        if bottom - top > 0.08 * ACROSS:
            yield _strip(inside[top:bottom])


def _brought(plain: Grey) -> Grey:
    size = (ACROSS, ACROSS)
    return numpy.asarray(cv2.resize(plain, size, interpolation=cv2.INTER_AREA), dtype=numpy.uint8)


def _strip(line: Grey) -> Pixels:
    """A line of text with paper around it, as OCR takes it."""
    framed = cv2.copyMakeBorder(line, 6, 6, 8, 8, cv2.BORDER_CONSTANT, value=255)
    return numpy.repeat(numpy.asarray(framed, dtype=numpy.uint8)[:, :, None], 3, axis=2)
