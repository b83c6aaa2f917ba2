"""What a run says while it works: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: messages judged and stored out of those that are new."""

    done: int
    total: int
    source: str
    """The last message's path in the export."""


Report: TypeAlias = Callable[[Progress], None]
