"""Deciding about findings: the one door through which the desk writes.

A decision is written down, the row is judged again at once where a cell changed, and states and statuses
follow from the decisions that stand.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flows.desk.optimistic_write import begun_again, turn
from flows.desk.rerun import judge_again, settle_across
from outputs.store.decisions import Mark, decisions_of, mark_of, record, replace_judged, settle
from outputs.store.store import Store
from outputs.store.stored import FindingView
from reference.decisions import (
    ABOUT_FINDINGS,
    ACTION_TITLES,
    NEED_NOTE,
    NEVER_WAIVED,
    Action,
    CellChange,
    Decision,
    can_be_set,
    changes,
    standing,
    undoable,
)
from reference.errors import UsageError
from reference.model import Candidate, Finding
from reference.records import Submission
from reference.settings import Settings
from reference.times import days_zh
from validators.judge import status_of
from validators.window import next_window

RUN_ID = "desk"
"""Run under which what the desk decided is judged."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose about a finding: a candidate by its number from 0, a value, or a word alone."""

    finding_id: str
    action: Action
    candidate: int = 0
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A submission as it stood when a decision about it was begun."""

    submission: Submission
    views: dict[str, FindingView]
    earlier: tuple[Decision, ...]
    mark: Mark
    newer: str | None
    """The submission that took its place."""


def decide(
    choices: Sequence[Choice], submission_id: str, person: str, now: dt.datetime, settings: Settings
) -> tuple[Decision, ...]:
    """Decide about findings of one submission; what stands in the same words already is not written twice.

    Raises:
        UsageError: no such submission, finding or candidate; a reason or a value is wanting; the submission
            no longer stands.
        StoreBusyError: others held the database, or kept deciding about the submission.
    """

    def attempt() -> tuple[Decision, ...]:
        seen = _look(submission_id, settings)
        told = {_told(one) for one in standing(seen.earlier)}
        made = tuple(_decision(choice, seen.views, seen.submission, person, now) for choice in choices)
        new = tuple(one for one in made if _told(one) not in told)
        _apply(seen, new, settings, judge=any(one.cells for one in new))
        return new

    return begun_again(attempt)


def _told(decision: Decision) -> tuple[str | None, Action, str | None, str | None]:
    return decision.finding_id, decision.action, decision.value, decision.note


def undo(
    submission_id: str, person: str, now: dt.datetime, settings: Settings, decision_id: str | None = None
) -> Decision | None:
    """Take back a decision, the last that stands unless one is named.

    None where no decision stands, or the one that is named no longer does: somebody took it back already.

    Raises:
        UsageError: no such submission, or it no longer stands.
        StoreBusyError: as of `decide`.
    """

    def attempt() -> Decision | None:
        seen = _look(submission_id, settings, undoing=True)
        stands = [
            one
            for one in undoable(seen.earlier, superseded=seen.newer is not None)
            if decision_id in (None, one.decision_id)
        ]
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
        _apply(seen, (back,), settings, judge=bool(last.cells))
        return back

    return begun_again(attempt)


def _look(submission_id: str, settings: Settings, *, undoing: bool = False) -> _Seen:
    """The submission as it stands; while undoing also one that yields over a unit that was decided."""
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        submission = store.submission(submission_id)
        newer, earlier = store.superseded_by(submission_id), decisions_of(store.database, submission_id)
        if newer and not (undoing and undoable(earlier, superseded=True)):
            raise UsageError(
                f"{submission_id} no longer stands: {newer} took its place.",
                "Decide about that one.",
                zh=f"{submission_id}已被{newer}取代，请处理后者。",
            )
        return _Seen(
            submission,
            {view.finding_id: view for view in store.findings_of(submission_id)},
            earlier,
            mark_of(store.database, submission_id),
            newer,
        )


def _apply(seen: _Seen, made: Sequence[Decision], settings: Settings, *, judge: bool) -> None:
    if not made:
        return
    submission, name = seen.submission, seen.submission.submission_id
    judged = None
    if judge:
        decided = changes((*seen.earlier, *made))
        judged, _ = judge_again(submission, settings, editions=submission.reference_editions, decided=decided)
    with turn(settings, name, seen.mark) as store, store.database.transaction():
        record(store.database, made)
        if judged is not None:
            replace_judged(store, judged, RUN_ID, made[0].decided_at)
        settle(store.database, name, status_of)
        if judged is not None:
            settle_across(store, judged, settings, RUN_ID)


def _decision(
    choice: Choice, views: dict[str, FindingView], submission: Submission, person: str, now: dt.datetime
) -> Decision:
    view = views.get(choice.finding_id)
    if view is None:
        raise UsageError(
            f"{submission.submission_id} has no finding {choice.finding_id}.",
            "Load the page again: it was judged anew meanwhile.",
            zh="该问题已不存在：其间已重新核对。请刷新页面。",
        )
    finding = view.finding
    if choice.action in NEED_NOTE and not choice.note.strip():
        raise UsageError(
            f"'{choice.action}' wants a reason.",
            "Write it beside the decision.",
            zh=f"“{ACTION_TITLES[choice.action][0]}”须写明理由。请在决定旁填写。",
        )
    if choice.action not in ABOUT_FINDINGS:
        raise UsageError(f"'{choice.action}' is not about a finding.", "Take the decision back instead.")
    if choice.action is Action.WAIVE and finding.code in NEVER_WAIVED:
        first, last = next_window(now)
        raise UsageError(
            f"'{finding.code}' cannot be waived: what comes outside a window belongs to none.",
            f"Leave it refused, and have the unit send again between {first} and {last}.",
            zh="受理期外的来件不属于任何一期，不能豁免（一(三)1）。"
            f"请维持不予受理，并请单位于{days_zh(first, last)}重新报送。",
        )
    value: str | None = None
    cells: tuple[CellChange, ...] = ()
    if choice.action in (Action.TAKE, Action.VALUE):
        holder = submission if finding.row_no is None else submission.row(finding.row_no)
        told = (
            _taken(finding, _candidate(finding.candidates, choice.candidate))
            if choice.action is Action.TAKE
            else _typed(finding, choice.value)
        )
        if holder is None:
            raise _not_settable()
        value = " ".join(told.values())
        cells = tuple(
            CellChange(field=field, was=holder.as_sent(field), value=text) for field, text in told.items()
        )
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
        raise UsageError(
            f"there is no candidate {number + 1}.", "Load the page again.", zh="没有该候选项。请刷新页面。"
        )
    return candidates[number]


def _taken(finding: Finding, candidate: Candidate) -> dict[str, str]:
    """The cells that a candidate fills: an occupation's code and name, else the finding's own cell."""
    if (
        candidate.code
        and finding.row_no is not None
        and finding.field in (None, "code", "occupation", "work_type")
    ):
        return {"code": candidate.code, "occupation": candidate.name}
    return _typed(finding, candidate.name)


def _typed(finding: Finding, value: str) -> dict[str, str]:
    if finding.field is None or not can_be_set(finding.row_no, finding.field):
        raise _not_settable()
    if not value.strip():
        raise UsageError(
            "a value wants a text.",
            "Type the value that the cell is to have.",
            zh="改值须填写内容。请填写该栏应有的内容。",
        )
    return {finding.field: value.strip()}


def _not_settable() -> UsageError:
    return UsageError(
        "the finding is about no single cell, so no value can be set.",
        "Uphold, waive or ask instead.",
        zh="该问题不对应某一栏的内容，不能改值。请选择维持、豁免或请单位说明。",
    )
