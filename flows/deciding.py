"""Deciding about findings: the one door through which the desk writes.

A decision is written down, the row is judged again at once where a cell changed, and states and statuses
follow from the decisions that stand.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flows.rerun import judge_again
from flows.run import look_across
from outputs.decisions import decisions_of, record, replace_judged, settle
from outputs.store import Store
from outputs.views import FindingView
from reference.decisions import NEED_NOTE, Action, CellChange, Decision, changes, standing
from reference.errors import UsageError
from reference.model import Candidate, Field
from reference.records import Recommendation, Submission
from reference.settings import Settings
from validators.judge import status_of

RUN_ID = "desk"
"""Run under which what the desk decided is judged."""
FIELDS = frozenset(str(field) for field in Field)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose about a finding: a candidate by its number from 0, a value, or a word alone."""

    finding_id: str
    action: Action
    candidate: int = 0
    value: str = ""
    note: str = ""


def decide(
    choices: Sequence[Choice], submission_id: str, person: str, now: dt.datetime, settings: Settings
) -> tuple[Decision, ...]:
    """Decide about findings of one submission.

    Raises:
        UsageError: no such submission, finding or candidate; a reason or a value is wanting.
    """
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        submission = store.submission(submission_id)
        views = {view.finding_id: view for view in store.findings_of(submission_id)}
        earlier = decisions_of(store.database, submission_id)
    made = tuple(_decision(choice, views, submission, person, now) for choice in choices)
    _apply(submission, (*earlier, *made), made, settings, judge=any(one.cells for one in made))
    return made


def undo(
    submission_id: str, person: str, now: dt.datetime, settings: Settings, decision_id: str | None = None
) -> Decision | None:
    """Take back a decision, the last that stands unless one is named; None where there is none."""
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        submission = store.submission(submission_id)
        earlier = decisions_of(store.database, submission_id)
    stands = [one for one in standing(earlier) if decision_id in (None, one.decision_id)]
    if not stands:
        return None
    last = stands[-1]
    back = last.model_copy(
        update={
            "decision_id": uuid.uuid4().hex[:16],
            "action": Action.UNDO,
            "value": last.decision_id,
            "cells": (),
            "note": None,
            "person": person,
            "decided_at": now,
        }
    )
    _apply(submission, (*earlier, back), (back,), settings, judge=bool(last.cells))
    return back


def _apply(
    submission: Submission,
    every: Sequence[Decision],
    made: Sequence[Decision],
    settings: Settings,
    *,
    judge: bool,
) -> None:
    name = submission.submission_id
    judged = None
    if judge:
        judged, _ = judge_again(
            submission, settings, editions=submission.reference_editions, decided=changes(every)
        )
    with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
        with store.database.transaction():
            record(store.database, made)
            if judged is not None:
                replace_judged(store, judged, RUN_ID, made[0].decided_at)
            settle(store.database, name, status_of)
        if judged is not None and judged.window:
            look_across(store, judged.window, settings, RUN_ID)
            settle(store.database, name, status_of)


def _decision(
    choice: Choice, views: dict[str, FindingView], submission: Submission, person: str, now: dt.datetime
) -> Decision:
    view = views.get(choice.finding_id)
    if view is None:
        raise UsageError(
            f"{submission.submission_id} has no finding {choice.finding_id}.",
            "Load the page again: it was judged anew meanwhile.",
        )
    finding = view.finding
    if choice.action in NEED_NOTE and not choice.note.strip():
        raise UsageError(f"'{choice.action}' wants a reason.", "Write it beside the decision.")
    value: str | None = None
    cells: tuple[CellChange, ...] = ()
    if choice.action in (Action.TAKE, Action.VALUE):
        row = next((one for one in submission.recommendations if one.row_no == finding.row_no), None)
        if row is None:
            raise UsageError("only a row's cell can be set.", "Uphold, waive or ask instead.")
        told = (
            _taken(finding.field, _candidate(finding.candidates, choice.candidate))
            if choice.action is Action.TAKE
            else _typed(finding.field, choice.value)
        )
        value = " ".join(told.values())
        cells = tuple(_change(row, field, text) for field, text in told.items())
    return Decision(
        decision_id=uuid.uuid4().hex[:16],
        finding_id=view.finding_id,
        submission_id=submission.submission_id,
        row_no=finding.row_no,
        code=finding.code,
        action=choice.action,
        value=value,
        cells=cells,
        person=person,
        note=choice.note.strip() or None,
        decided_at=now,
    )


def _candidate(candidates: Sequence[Candidate], number: int) -> Candidate:
    if not 0 <= number < len(candidates):
        raise UsageError(f"there is no candidate {number + 1}.", "Load the page again.")
    return candidates[number]


def _taken(field: str | None, candidate: Candidate) -> dict[str, str]:
    """The cells that a candidate fills: an occupation's code and name, else the finding's own cell."""
    if candidate.code and field in (None, "code", "occupation", "work_type"):
        return {"code": candidate.code, "occupation": candidate.name}
    return _typed(field, candidate.name)


def _typed(field: str | None, value: str) -> dict[str, str]:
    if field not in FIELDS or not value.strip():
        raise UsageError("a value wants a cell and a text.", "Type the value that the cell is to have.")
    return {field: value.strip()}


def _change(row: Recommendation, field: str, value: str) -> CellChange:
    return CellChange(field=field, was=getattr(row, f"raw_{field}"), value=value)
