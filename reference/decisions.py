"""What a person decides about a finding: data, append-only; a later decision takes an earlier one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from reference.model import Field, FormField, Frozen, Outcome


class Action(StrEnum):
    """What can be decided."""

    TAKE = "take"
    """The row leads to this candidate."""
    VALUE = "value"
    """The cell holds this value."""
    UPHOLD = "uphold"
    """The finding is right: the sender must mend it."""
    WAIVE = "waive"
    """The finding does not count, for the reason given."""
    REFUSE = "refuse"
    """The row, or the submission, is not accepted."""
    ASK = "ask"
    """The sender is asked, in the words of the note."""
    UNDO = "undo"
    """An earlier decision is taken back."""
    RERUN = "rerun"
    """The submission was run again; nothing is decided, but who did it and when belongs to its history."""
    WITHDRAW = "withdraw"
    """Corrected files are taken back, and the submission was run again without them."""


RUNS = frozenset({Action.RERUN, Action.WITHDRAW})
"""What ran a submission again."""
ABOUT_FINDINGS = frozenset(Action) - {Action.UNDO, *RUNS}
"""What is decided about a finding."""

ACTION_TITLES: dict[Action, tuple[str, str]] = {
    Action.TAKE: ("采用候选", "take the candidate"),
    Action.VALUE: ("改为", "set to"),
    Action.UPHOLD: ("维持", "uphold"),
    Action.WAIVE: ("豁免", "waive"),
    Action.REFUSE: ("不予受理", "refuse"),
    Action.ASK: ("请单位说明", "ask the sender"),
    Action.UNDO: ("撤销", "take back"),
    Action.RERUN: ("重新运行", "ran it again"),
    Action.WITHDRAW: ("撤回更正", "withdrew the correction"),
}
"""What people call them, Chinese then English."""

NEED_NOTE = frozenset({Action.WAIVE, Action.REFUSE, Action.ASK})
"""Decisions that say why."""


NEVER_WAIVED = frozenset({"window-closed"})
"""Findings that nobody can waive: what comes outside a window belongs to none, so nothing could follow."""


class CellChange(Frozen):
    """A cell as the sender wrote it, and what it is taken for; `was` is None for an absent column."""

    field: str
    was: str | None
    value: str


class Decision(Frozen):
    """One decision. `value` of an undo is the decision that it takes back, of a re-run the corrected files'
    names, of a withdrawal the re-run that brought the files."""

    decision_id: str
    finding_id: str | None
    submission_id: str
    row_no: int | None
    code: str | None
    action: Action
    value: str | None
    cells: tuple[CellChange, ...] = ()
    person: str
    note: str | None
    decided_at: dt.datetime


Changes = Mapping[tuple[int | None, str], CellChange]
"""Cells that were decided, by row number and field; of no row what the form says outside its table."""


def can_be_set(row_no: int | None, field: str | None) -> bool:
    """Whether a finding of this row (None: of the form) and field is about a cell that can hold a value."""
    fields = Field if row_no is not None else FormField
    return field in frozenset(map(str, fields))


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The decisions that hold, oldest first: without those taken back, and of each finding the last."""
    kept: dict[str, Decision] = {}
    for one in decisions:
        if one.action is Action.UNDO:
            kept.pop(one.value or "", None)
        elif one.action in ABOUT_FINDINGS:
            kept[one.decision_id] = one
    last = {one.finding_id or one.decision_id: one for one in kept.values()}
    return tuple(one for one in kept.values() if last[one.finding_id or one.decision_id] is one)


def changes(decisions: Iterable[Decision]) -> Changes:
    """The cells that the standing decisions change; a later one goes before an earlier one."""
    return {(one.row_no, cell.field): cell for one in standing(decisions) for cell in one.cells}


def undoable(decisions: Iterable[Decision], *, superseded: bool) -> tuple[Decision, ...]:
    """The standing decisions that can be taken back, oldest first.

    Of a superseded submission those alone that say which unit's it is: it may yield to another over them.
    """
    return tuple(
        one
        for one in standing(decisions)
        if not superseded or (one.row_no is None and any(cell.field == FormField.UNIT for cell in one.cells))
    )


def state_and_outcome(decision: Decision | None, declared: Outcome) -> tuple[str, Outcome]:
    """A finding's state, and what it means for the row, after the decision that stands on it.

    What a person upholds or asks about is for the sender to mend, though the machine only raised it for
    review.
    """
    if decision is None:
        return "open", declared
    if decision.action is Action.WAIVE:
        return "waived", declared
    if decision.action is Action.REFUSE:
        return "upheld", Outcome.REJECT
    if decision.action is Action.ASK:
        return "upheld", Outcome.CORRECT
    if decision.action is Action.UPHOLD:
        return "upheld", Outcome.CORRECT if declared is Outcome.REVIEW else declared
    return "corrected", declared
