"""Decisions in the store: written once, never changed; findings and statuses follow from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TypeAlias

from outputs.store.database import Database, Row
from outputs.store.mapping import finding_view, submission_rows
from outputs.store.store import Store
from outputs.store.stored import FindingView
from reference.decisions import Decision, standing, state_and_outcome
from reference.findings import KINDS
from reference.model import Finding, Status
from reference.records import Submission

COUNTING = ("open", "upheld")
"""States of findings that count for the status."""
StatusOf = Callable[[Iterable[Finding]], Status]
_NEXT = dt.timedelta(microseconds=1)
"""What the database tells apart."""
Mark: TypeAlias = tuple[int, int]
"""How many decisions about a submission were written, and how often it was run again: both only grow."""


def mark_of(database: Database, submission_id: str) -> Mark:
    """What changes whenever a submission does."""
    return (
        int(database.value("select count(*) from decisions where submission_id = ?", submission_id)),
        int(
            database.value(
                "select count(*) from submissions where starts_with(submission_id, ?)", f"{submission_id}~"
            )
        ),
    )


def decisions_of(database: Database, submission_id: str) -> tuple[Decision, ...]:
    """A submission's decisions, the oldest first."""
    rows = database.rows(
        "select * from decisions where submission_id = ? order by decided_at, rowid", submission_id
    )
    return tuple(Decision(**row) for row in rows)


def record(database: Database, decisions: Iterable[Decision]) -> None:
    """Write decisions down, each later than what its submission's history holds already.

    Which decisions stand follows from their order, so a clock that was set back must not change it.
    """
    for one in decisions:
        last: dt.datetime | None = database.value(
            "select max(decided_at) from decisions where submission_id = ?", one.submission_id
        )
        soonest = one.decided_at if last is None else max(one.decided_at, last + _NEXT)
        database.insert("decisions", [_row(one.model_copy(update={"decided_at": soonest}))])


def _row(decision: Decision) -> Row:
    cells = [cell.model_dump() for cell in decision.cells]
    return {**decision.model_dump(), "action": str(decision.action), "cells": cells}


def replace_judged(store: Store, submission: Submission, run_id: str, now: dt.datetime) -> None:
    """Put a new judgement in the place of a submission's, and keep what a decision made vanish as corrected.

    The sender's text, the decisions and the findings from across the window stay as they are.
    """
    name, database = submission.submission_id, store.database
    decided = {one.finding_id for one in standing(decisions_of(database, name))}
    before = database.rows("select * from findings where submission_id = ? and scope = 'own'", name)
    rows = submission_rows(submission, run_id, now)
    found = {row["finding_id"] for row in rows["findings"]}
    mended = [
        {**row, "state": "corrected"}
        for row in before
        if row["finding_id"] in decided and row["finding_id"] not in found
    ]
    superseded_by = database.value("select superseded_by from submissions where submission_id = ?", name)
    database.execute("delete from findings where submission_id = ? and scope = 'own'", name)
    for table in ("recommendations", "submissions"):
        database.execute(f'delete from "{table}" where submission_id = ?', name)  # noqa: S608
    for table, new in rows.items():
        database.insert(table, new)
    database.insert("findings", mended)
    database.execute("update submissions set superseded_by = ? where submission_id = ?", superseded_by, name)


def settle(database: Database, submission_id: str, status_of: StatusOf) -> None:
    """Set the findings' states, and the statuses of rows and submission, by the decisions that stand."""
    decided = {one.finding_id: one for one in standing(decisions_of(database, submission_id))}
    rows = database.rows("select * from findings where submission_id = ?", submission_id)
    views = []
    for row in rows:
        decision = decided.get(row["finding_id"])
        state, outcome = state_and_outcome(decision, KINDS[row["code"]].outcome)
        if (state, str(outcome)) != (row["state"], row["outcome"]):
            database.execute(
                "update findings set state = ?, outcome = ? where finding_id = ?",
                state, str(outcome), row["finding_id"],
            )  # fmt: skip
        views.append(finding_view({**row, "state": state, "outcome": str(outcome)}))
    own = [view for view in views if view.finding.row_no is None]
    database.execute(
        "update submissions set status = ? where submission_id = ?", _status(own, status_of), submission_id
    )
    for number in _numbers(database, submission_id):
        of_row = [view for view in views if view.finding.row_no == number]
        database.execute(
            "update recommendations set status = ? where submission_id = ? and row_no = ?",
            _status(of_row, status_of), submission_id, number,
        )  # fmt: skip


def _numbers(database: Database, submission_id: str) -> list[int]:
    rows = database.rows("select row_no from recommendations where submission_id = ?", submission_id)
    return [row["row_no"] for row in rows]


def _status(views: Iterable[FindingView], status_of: StatusOf) -> str:
    return str(status_of(view.finding for view in views if view.state in COUNTING))
