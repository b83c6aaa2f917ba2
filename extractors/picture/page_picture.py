"""A page of a PDF as a PNG for the staff's page. The door to Pillow."""

from __future__ import annotations

import io

from PIL import Image

from extractors.picture.raster import pictures
from reference.settings import Limits


def page_picture(data: bytes, page: int, dpi: float, limits: Limits) -> bytes | None:
    """A page (from 1); None where it cannot be drawn."""
    for picture in pictures(data, (page,), dpi, limits):
        buffer = io.BytesIO()
        Image.fromarray(picture.pixels).save(buffer, "PNG", compress_level=3)
        return buffer.getvalue()
    return None
