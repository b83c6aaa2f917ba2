"""Pages of a PDF as pictures, by PDFium; the only module that imports it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy
import pypdfium2
from numpy.typing import NDArray

from extractors.overrun import OverLimitsError
from extractors.picture.coded_size import coded_pixels
from reference.model import Box
from reference.settings import Limits

Pixels: TypeAlias = NDArray[numpy.uint8]
"""Height by width by red, green and blue."""

MOST_PIXELS = 24_000_000
"""Pixels of a picture beyond which the page is rendered more coarsely: A3 at 340 dpi."""
MOST_NESTED = 8
"""Forms in forms in which pictures are looked for."""

INCHES = (5.8, 17.0)
"""How long the long side of a page may be and be its paper's: from A6 to A3."""
A4 = 11.69
"""Inches of the usual paper's long side; what was put into a PDF with a point a pixel is taken for such."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is shown, how many pixels make a point of it, and how many an inch of its paper."""

    page: int
    pixels: Pixels
    scale: float
    dpi: float


USUAL = Limits()


def pictures(data: bytes, pages: tuple[int, ...], dpi: float, limits: Limits = USUAL) -> Iterator[Picture]:
    """The pages (from 1) of a PDF as pictures; one that PDFium cannot open or draw is passed over.

    So is one with a stored picture beyond `limits.pixels`: A0 at 500 dpi, and 20,000 by 20,000.
    """
    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    try:
        for number in pages:
            if 1 <= number <= len(document) and (picture := _drawn(document, number, dpi, limits)):
                yield picture
    finally:
        document.close()


def _drawn(document: Any, number: int, dpi: float, limits: Limits) -> Picture | None:
    try:
        page = document[number - 1]
        width, height = page.get_size()
        if width <= 0 or height <= 0 or max(_stored(page), default=0) > limits.pixels:
            return None
        inch = _inch(max(width, height))
        scale = min(dpi / inch, math.sqrt(MOST_PIXELS / (width * height)))
    except (pypdfium2.PdfiumError, ValueError):
        return None
    return _picture(page, number, scale, scale * inch)


def _inch(longest: float) -> float:
    """Points of a page that an inch of its paper takes."""
    return 72.0 if INCHES[0] <= longest / 72 <= INCHES[1] else longest / A4


def _picture(page: Any, number: int, scale: float, dpi: float, off: Box = (0, 0, 0, 0)) -> Picture | None:
    """`off` is what is cut off at the left, bottom, right and top, in points."""
    try:
        bitmap = page.render(scale=scale, crop=off, rev_byteorder=True)
        pixels: Pixels = numpy.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    except (pypdfium2.PdfiumError, ValueError):
        return None
    return Picture(number, pixels, scale, dpi)


def part_of(data: bytes, page: int, box: Box, dpi: float) -> Picture | None:
    """A part of a page, its box in points from the top left of the page as it is shown."""
    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return None
    try:
        shown = document[page - 1]
        width, height = shown.get_size()
        left, top, right, bottom = box
        off = (max(0.0, left), max(0.0, height - bottom), max(0.0, width - right), max(0.0, top))
        return _picture(shown, page, dpi / 72, dpi, off)
    finally:
        document.close()


def check_pixels(data: bytes, pages: tuple[int, ...], limits: Limits) -> None:
    """Look at how large the pictures of the pages are before anything is unpacked.

    Raises:
        OverLimitsError: one of them, or all together, are beyond the limits.
    """
    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    together = 0
    try:
        for number in pages:
            if not 1 <= number <= len(document):
                continue
            for pixels in _stored(document[number - 1]):
                together += pixels
                if pixels > limits.pixels or together > limits.file_pixels:
                    raise OverLimitsError("pixels", f"page {number}")
    except pypdfium2.PdfiumError:
        return
    finally:
        document.close()


def _stored(page: Any) -> Iterator[int]:
    """The pixels of each picture on a page: as its dictionary states them or as it is coded, what is more."""
    for image in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=MOST_NESTED):
        wide, tall = image.get_px_size()
        yield max(wide * tall, coded_pixels(_raw(image)))


def _raw(image: Any) -> bytes:
    """The picture's code with what lies around it undone."""
    try:
        return bytes(image.get_data(decode_simple=len(image.get_filters()) > 1))
    except (pypdfium2.PdfiumError, ValueError):
        return b""
