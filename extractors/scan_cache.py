"""Readings of scanned pages kept by the digest of the picture and the engine: nothing is read twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from extractors.files import write_whole
from extractors.raster import Picture, Pixels
from extractors.ruling import Rule
from extractors.straighten import Warp
from reference.model import Box

READER = 12
"""Counts up whenever reading itself changes, so that earlier readings are left behind."""


Text: TypeAlias = tuple[Box, str, float]
"""A line of text: its box, what it says, and the confidence of its reading."""
Names: TypeAlias = list[tuple[str, float]]
"""Names that may stand on a seal, with the confidence of each, the surest first."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was seen on a page's picture, in pixels of the straightened picture."""

    warp: Warp
    across: list[Rule]
    down: list[Rule]
    texts: list[Text]


def earlier(folder: Path, picture: Picture) -> Drawn | None:
    """The reading of a picture that was read before; None where it was not, or the file is damaged."""
    try:
        told = json.loads(_path(folder, picture.pixels).read_text(encoding="utf-8"))
        return Drawn(
            _warp(**told["warp"]),
            [Rule(*rule) for rule in told["across"]],
            [Rule(*rule) for rule in told["down"]],
            [((box[0], box[1], box[2], box[3]), text, sure) for box, text, sure in told["texts"]],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _warp(matrix: list[list[float]], sags: list[float], **others: int) -> Warp:
    return Warp(matrix=tuple(map(tuple, matrix)), sags=(sags[0], sags[1]), **others)


def keep(folder: Path, picture: Picture, drawn: Drawn) -> None:
    """Keep a reading; whole or not at all."""
    write_whole(_path(folder, picture.pixels), json.dumps(asdict(drawn), ensure_ascii=False))


def earlier_names(folder: Path, seal: Pixels) -> Names | None:
    """The names read on a seal's picture before; None where it was not, or the file is damaged."""
    try:
        told = json.loads(_path(folder, seal).read_text(encoding="utf-8"))
        return [(str(name), float(sure)) for name, sure in told]
    except (OSError, ValueError, TypeError):
        return None


def keep_names(folder: Path, seal: Pixels, names: Names) -> None:
    """Keep what was read on a seal."""
    write_whole(_path(folder, seal), json.dumps(names, ensure_ascii=False))


def _path(folder: Path, pixels: Pixels) -> Path:
    digest = hashlib.sha256(f"{READER}/{version('rapidocr')}/{pixels.shape}".encode())
    digest.update(pixels.tobytes())
    return folder / f"{digest.hexdigest()}.json"
