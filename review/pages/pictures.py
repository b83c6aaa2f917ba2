"""Pages of the senders' PDFs as pictures, drawn by a reader and kept for whoever turns back to them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flows.intake import foreign
from outputs.store.originals import Originals
from reference.settings import Limits

DPI = 130.0


@lru_cache(maxsize=48)
def page_picture(originals: Path, digest: str, page: int, limits: Limits) -> bytes | None:
    """A page (from 1) of a kept PDF as PNG; None where it cannot be drawn."""
    return foreign.page_picture(Originals(originals).path(digest), page, DPI, limits)
