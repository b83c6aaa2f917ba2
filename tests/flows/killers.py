"""Stand-ins for `judge_sources` that fail on one message: importable, so that worker processes find them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from extractors.mailbox import MessageSource
from flows.reading import judge_sources
from reference.records import MessageOutcome
from reference.settings import Settings

VICTIM = "M0018.eml"


def dies_over_one(
    sources: Sequence[MessageSource], settings: Settings, usual: Mapping[str, float]
) -> tuple[MessageOutcome, ...]:
    """End the process where the batch holds the victim, as a crash in a library would."""
    if any(source.source.endswith(VICTIM) for source in sources):
        os._exit(11)
    return judge_sources(sources, settings, usual)
