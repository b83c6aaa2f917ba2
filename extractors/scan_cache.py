"""Readings of scanned pages kept by the digest of the picture and the engine: nothing is read twice."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from extractors.raster import Picture
from extractors.ruling import Rule
from reference.model import Box

READER = 2
"""Counts up whenever reading itself changes, so that earlier readings are left behind."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was seen on a page's picture, in pixels of the straightened picture."""

    width: int
    height: int
    matrix: list[list[float]]
    """Three rows of three: pixels of the straightened picture from those of the page."""
    across: list[Rule]
    down: list[Rule]
    texts: list[tuple[Box, str, float]]
    """Each line of text with its box and the confidence of its reading."""


def earlier(folder: Path, picture: Picture) -> Drawn | None:
    """The reading of a picture that was read before; None where it was not, or the file is damaged."""
    try:
        told = json.loads(_path(folder, picture).read_text(encoding="utf-8"))
        return Drawn(
            told["width"],
            told["height"],
            told["matrix"],
            [Rule(*rule) for rule in told["across"]],
            [Rule(*rule) for rule in told["down"]],
            [((box[0], box[1], box[2], box[3]), text, sure) for box, text, sure in told["texts"]],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(folder: Path, picture: Picture, drawn: Drawn) -> None:
    """Keep a reading; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(drawn), file, ensure_ascii=False)
    Path(name).replace(_path(folder, picture))


def _path(folder: Path, picture: Picture) -> Path:
    digest = hashlib.sha256(f"{READER}/{version('rapidocr')}/{picture.pixels.shape}".encode())
    digest.update(picture.pixels.tobytes())
    return folder / f"{digest.hexdigest()}.json"
