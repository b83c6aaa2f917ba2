"""Pages of a PDF as pictures, by PDFium; the only module that imports it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy
import pypdfium2
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[numpy.uint8]
"""Height by width by red, green and blue."""

MOST_PIXELS = 24_000_000
"""Pixels of a picture beyond which the page is rendered more coarsely: A3 at 340 dpi."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is shown, and how many pixels make a point."""

    page: int
    pixels: Pixels
    scale: float

    @property
    def dpi(self) -> float:
        """Pixels an inch."""
        return self.scale * 72


def pictures(data: bytes, pages: tuple[int, ...], dpi: float) -> Iterator[Picture]:
    """The pages (from 1) of a PDF as pictures; one that PDFium cannot open or draw is passed over."""
    try:
        document: Any = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return
    try:
        for number in pages:
            if 1 <= number <= len(document) and (picture := _drawn(document, number, dpi)):
                yield picture
    finally:
        document.close()


def _drawn(document: Any, number: int, dpi: float) -> Picture | None:
    try:
        page = document[number - 1]
        width, height = page.get_size()
        if width <= 0 or height <= 0:
            return None
        scale = min(dpi / 72, math.sqrt(MOST_PIXELS / (width * height)))
        bitmap = page.render(scale=scale, rev_byteorder=True)
        pixels: Pixels = numpy.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None
    return Picture(number, pixels, scale)
