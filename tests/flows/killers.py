"""What worker processes are given to do: importable, so that they find it. One fails on one message."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from extractors.mail.mailbox import MessageSource
from flows.intake.reading import judge_sources
from reference.records import MessageOutcome
from reference.settings import Settings

VICTIM = "M0018.eml"


def imported(name: str) -> bool:
    """Whether this process has imported a module."""
    return name in sys.modules


def dies_over_one(
    sources: Sequence[MessageSource], settings: Settings, usual: Mapping[str, float]
) -> tuple[MessageOutcome, ...]:
    """End the process where the batch holds the victim, as a crash in a library would."""
    if any(source.source.endswith(VICTIM) for source in sources):
        os._exit(11)
    return judge_sources(sources, settings, usual)
