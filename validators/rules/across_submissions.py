"""Rules that hold the submissions of one window against each other, and against earlier windows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reference.findings import finding
from reference.model import STATUS_TITLES, Finding, Status


@dataclass(frozen=True, slots=True)
class ItemSent:
    """A row as other submissions see it; `status` is the row's own."""

    row_no: int
    code: str | None
    work_type: str | None
    name: str
    status: Status

    @property
    def key(self) -> tuple[str, str] | None:
        """What tells the same item again; None where the occupation is not settled."""
        return (self.code, self.work_type or "") if self.code else None


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission as its neighbours see it."""

    submission_id: str
    unit: str | None
    received_at: dt.datetime
    window: str | None = None
    items: tuple[ItemSent, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What looking across a window found: notes by submission, and which submission replaces which."""

    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    superseded: dict[str, str] = field(default_factory=dict)


UnitKey = Callable[[str], str]


def look_across(sent: Sequence[Sent], earlier: Sequence[Sent], unit_key: UnitKey) -> Neighbours:
    """`resubmission`, `also-recommended`, `already-recommended` for the submissions of one window."""
    superseded, renewed = _resubmitted(sent, unit_key)
    standing = [one for one in sent if one.submission_id not in superseded]
    found: dict[str, list[Finding]] = {}
    for one in standing:
        notes = [
            *(renewed.get(one.submission_id, ())),
            *_also(one, standing, unit_key),
            *_already(one, earlier),
        ]
        if notes:
            found[one.submission_id] = notes
    return Neighbours({key: tuple(notes) for key, notes in found.items()}, superseded)


def _resubmitted(
    sent: Iterable[Sent], unit_key: UnitKey
) -> tuple[dict[str, str], dict[str, tuple[Finding, ...]]]:
    """Of one unit's submissions in a window the newest stands, the others yield to it."""
    by_unit: dict[str, list[Sent]] = {}
    for one in sorted(sent, key=lambda s: (s.received_at, s.submission_id)):
        if one.unit:
            by_unit.setdefault(unit_key(one.unit), []).append(one)
    superseded: dict[str, str] = {}
    notes: dict[str, tuple[Finding, ...]] = {}
    for *older, newest in by_unit.values():
        if older:
            named = "、".join(one.submission_id for one in older)
            notes[newest.submission_id] = (finding("resubmission", seen=named),)
            superseded.update({one.submission_id: newest.submission_id for one in older})
    return superseded, notes


def _also(one: Sent, standing: Sequence[Sent], unit_key: UnitKey) -> Iterator[Finding]:
    """`also-recommended`: another unit recommends the same item in this window."""
    own = unit_key(one.unit) if one.unit else None
    for item in one.items:
        others = [
            other.unit or other.submission_id
            for other in standing
            if other.submission_id != one.submission_id
            and (other.unit is None or unit_key(other.unit) != own)
            and any(item.key == theirs.key for theirs in other.items)
        ]
        if item.key and others:
            named = "、".join(dict.fromkeys(others))
            yield finding("also-recommended", row_no=item.row_no, seen=item.name, expected=named)


def _already(one: Sent, earlier: Sequence[Sent]) -> Iterator[Finding]:
    """`already-recommended`: an earlier window holds the item; its state is named."""
    for item in one.items:
        before = [
            f"{other.window} {other.unit or other.submission_id}（{STATUS_TITLES[theirs.status][0]}）"
            for other in earlier
            for theirs in other.items
            if item.key and item.key == theirs.key
        ]
        if before:
            yield finding(
                "already-recommended", row_no=item.row_no, seen=item.name, expected="；".join(before)
            )
