"""The form on a submission's page: what the sender wrote, and what is in force in its place."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outputs.store.decisions import COUNTING
from outputs.store.stored import FindingView
from reference.decisions import Changes
from reference.model import Field, FormField, Outcome
from reference.records import Recommendation, Submission
from reference.times import day_zh

WORST = {outcome: place for place, outcome in enumerate(Outcome)}
"""Outcomes from the worst on."""
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell: the sender's text, the value in force where it is another, and what was found in it."""

    name: str
    """`row/field`, as the picture and the findings call it."""
    raw: str | None
    """None where the form lacks the column."""
    value: str | None
    """None where it is what the sender wrote, or where nothing could be made of that."""
    decided: bool
    """Whether the value was decided by a person."""
    tone: str
    """The worst outcome that still counts in it; empty without one."""
    found: int
    """Findings in it, settled ones and notes among them."""


def cell_name(view: FindingView) -> str:
    """The cell that a finding is about; the occupation stands for the row, `/…` for the form."""
    return f"{view.finding.row_no or ''}/{view.finding.field or 'occupation'}"


def form_table(
    rows: Iterable[Recommendation], views: Iterable[FindingView], changed: Changes
) -> list[tuple[Recommendation, list[ShownCell]]]:
    """Each row of the form with its cells in the form's order."""
    found = _by_cell(views)
    return [(row, [_cell(row, row.row_no, str(field), found, changed) for field in Field]) for row in rows]


def form_fields(
    submission: Submission, views: Iterable[FindingView], changed: Changes
) -> list[tuple[str, ShownCell]]:
    """What the form says outside its table, by field in the form's order."""
    found = _by_cell(views)
    return [(str(field), _cell(submission, None, str(field), found, changed)) for field in FormField]


def _by_cell(views: Iterable[FindingView]) -> dict[str, list[FindingView]]:
    found: dict[str, list[FindingView]] = defaultdict(list)
    for view in views:
        found[cell_name(view)].append(view)
    return found


def _cell(
    holder: Recommendation | Submission,
    row_no: int | None,
    field: str,
    found: dict[str, list[FindingView]],
    changed: Changes,
) -> ShownCell:
    raw, value = holder.as_sent(field), in_force(holder, field)
    change = changed.get((row_no, field))
    name = f"{row_no or ''}/{field}"
    return ShownCell(
        name=name,
        raw=raw,
        value=value if value and _bare(value) != _bare(raw or "") else None,
        decided=change is not None and change.was == raw,
        tone=_tone(found.get(name, ())),
        found=len(found.get(name, ())),
    )


def in_force(holder: Recommendation | Submission, field: str) -> str | None:
    """A cell's normalised or decided value as people write it; None where there is none."""
    value = getattr(holder, field)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return day_zh(value)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _bare(text: str) -> str:
    return _SPACE.sub("", text)


def _tone(views: Sequence[FindingView]) -> str:
    counting = [view.finding.outcome for view in views if view.state in COUNTING]
    return str(min(counting, key=WORST.__getitem__)) if counting else ""
