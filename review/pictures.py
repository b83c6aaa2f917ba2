"""Pages of the senders' PDFs as pictures. The door to Pillow."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image

from extractors.raster import pictures
from outputs.originals import Originals

DPI = 130.0


@lru_cache(maxsize=48)
def page_picture(originals: Path, digest: str, page: int) -> bytes | None:
    """A page (from 1) of a kept PDF as PNG; None where it cannot be drawn."""
    data = Originals(originals).read(digest)
    for picture in pictures(data, (page,), DPI):
        buffer = io.BytesIO()
        Image.fromarray(picture.pixels).save(buffer, "PNG", compress_level=3)
        return buffer.getvalue()
    return None
