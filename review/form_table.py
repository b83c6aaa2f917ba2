"""The form's table on a submission's page: what the sender wrote, and what is in force in its place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outputs.decisions import COUNTING
from outputs.views import FindingView
from reference.decisions import Changes
from reference.model import Field, Outcome
from reference.records import Recommendation

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
    found: dict[str, list[FindingView]] = defaultdict(list)
    for view in views:
        found[cell_name(view)].append(view)
    return [(row, [_cell(row, str(field), found, changed) for field in Field]) for row in rows]


def _cell(
    row: Recommendation, field: str, found: dict[str, list[FindingView]], changed: Changes
) -> ShownCell:
    raw, value = getattr(row, f"raw_{field}"), in_force(row, field)
    change = changed.get((row.row_no, field))
    name = f"{row.row_no}/{field}"
    return ShownCell(
        name=name,
        raw=raw,
        value=value if value and _bare(value) != _bare(raw or "") else None,
        decided=change is not None and change.was == raw,
        tone=_tone(found.get(name, ())),
        found=len(found.get(name, ())),
    )


def in_force(row: Recommendation, field: str) -> str | None:
    """A cell's normalised or decided value as people write it; None where there is none."""
    value = getattr(row, field)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _bare(text: str) -> str:
    return _SPACE.sub("", text)


def _tone(views: Sequence[FindingView]) -> str:
    counting = [view.finding.outcome for view in views if view.state in COUNTING]
    return str(min(counting, key=WORST.__getitem__)) if counting else ""
