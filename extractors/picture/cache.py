"""Readings of scanned pages kept by the digest of the picture and the engine: nothing is read twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TypeAlias

from extractors.means import Shelf
from extractors.picture.raster import Picture, Pixels
from extractors.picture.straighten import Warp
from extractors.table.ruling import Rule
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


def earlier(kept: Shelf, picture: Picture) -> Drawn | None:
    """The reading of a picture that was read before; None where it was not, or the file is damaged."""
    try:
        told = json.loads(kept.take(_name(picture.pixels)) or "")
        return Drawn(
            _warp(**told["warp"]),
            [Rule(*rule) for rule in told["across"]],
            [Rule(*rule) for rule in told["down"]],
            [((box[0], box[1], box[2], box[3]), text, sure) for box, text, sure in told["texts"]],
        )
    except (ValueError, KeyError, TypeError):
        return None


def _warp(matrix: list[list[float]], sags: list[float], **others: int) -> Warp:
    return Warp(matrix=tuple(map(tuple, matrix)), sags=(sags[0], sags[1]), **others)


def keep(kept: Shelf, picture: Picture, drawn: Drawn) -> None:
    """Keep a reading."""
    kept.put(_name(picture.pixels), json.dumps(asdict(drawn), ensure_ascii=False))


def earlier_names(kept: Shelf, seal: Pixels) -> Names | None:
    """The names read on a seal's picture before; None where it was not, or the file is damaged."""
    try:
        told = json.loads(kept.take(_name(seal)) or "")
        return [(str(name), float(sure)) for name, sure in told]
    except (ValueError, TypeError):
        return None


def keep_names(kept: Shelf, seal: Pixels, names: Names) -> None:
    """Keep what was read on a seal."""
    kept.put(_name(seal), json.dumps(names, ensure_ascii=False))


def _name(pixels: Pixels) -> str:
    digest = hashlib.sha256(f"{READER}/{version('rapidocr')}/{pixels.shape}".encode())
    digest.update(pixels.tobytes())
    return f"{digest.hexdigest()}.json"
