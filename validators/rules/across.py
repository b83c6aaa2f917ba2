"""Rules that hold the submissions of one window against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reference.findings import finding
from reference.model import Finding


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission as its neighbours see it."""

    submission_id: str
    unit: str | None
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What looking across a window found: notes by submission, and which submission replaces which."""

    findings: dict[str, tuple[Finding, ...]]
    superseded: dict[str, str]


def resubmissions(sent: Iterable[Sent], unit_key: Callable[[str], str]) -> Neighbours:
    """`resubmission`: of one unit's submissions in a window the newest stands, the others yield to it."""
    by_unit: dict[str, list[Sent]] = {}
    for one in sorted(sent, key=lambda s: (s.received_at, s.submission_id)):
        if one.unit:
            by_unit.setdefault(unit_key(one.unit), []).append(one)
    findings: dict[str, tuple[Finding, ...]] = {}
    superseded: dict[str, str] = {}
    for several in by_unit.values():
        *earlier, newest = several
        if earlier:
            named = "、".join(one.submission_id for one in earlier)
            findings[newest.submission_id] = (finding("resubmission", seen=named),)
            superseded.update({one.submission_id: newest.submission_id for one in earlier})
    return Neighbours(findings, superseded)
