"""What the desk shows: read-only queries, each answered in one pass however many findings there are.

Their text is put together of constants of this module and of `outputs.queries.lists`; what people asked for
is bound.
"""
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outputs.queries.lists import (
    FINDINGS,
    ITEM_STATE,
    ITEM_STATES,
    ITEMS,
    MESSAGE_OUTCOMES,
    MESSAGES,
    STAGED,
    STAGES,
    STANDING,
    UNITS,
    staged,
)
from outputs.store.database import Database, Row
from outputs.store.store import CLOSED
from outputs.store.stored import StatusCounts, WaitingView


@dataclass(frozen=True, slots=True)
class Figures:
    """A window in numbers, each kind once and every kind named: what was received, read, and became of it.

    The messages add up to what was received, the forms to what was read and stands, the rows to the rows
    of these. Desk, workbook, window's page and panel show these figures under these words.
    """

    messages: dict[str, int]
    """By `MESSAGE_OUTCOMES`."""
    forms: dict[str, int]
    """By `STAGES`."""
    rows: dict[str, int]
    """By `ITEM_STATES`."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """A window at a glance; each list is whole, and worst or most first."""

    windows: list[str]
    window: str
    figures: Figures
    by_code: list[Row]
    by_industry: list[Row]
    by_unit: list[Row]
    by_window: list[Row]
    last_run: Row | None
    waiting: list[Row] = field(default_factory=list)


def desk(database: Database, window: str | None) -> DeskView:
    """The desk of a window; of the newest where none is named."""
    windows = [row["name"] for row in database.rows(
        'select distinct coalesce("window", ?) as name from messages order by name desc', CLOSED
    )]  # fmt: skip
    named = [name for name in windows if name != CLOSED]
    chosen: str = window if window and window in windows else (named or windows or [CLOSED])[0]
    here = None if chosen == CLOSED else chosen
    # once for all that follows; a temporary table needs no right to write the database
    database.execute(
        "create or replace temp table staged as"
        f' select * from ({STAGED}) where "window" is not distinct from ?',
        here,
    )
    return DeskView(
        windows=windows,
        window=chosen,
        figures=_figures(database, here),
        by_code=database.rows(
            f"select code, min(outcome) as outcome, count(*) as n from ({FINDINGS})"
            " where \"window\" is not distinct from ? and state in ('open', 'upheld') and outcome <> 'note'"
            " group by code order by n desc, code",
            here,
        ),
        by_industry=database.rows(
            "select industry as name, count(*) as n from (select distinct submission_id, row_no,"
            f' unnest(industries) as industry from ({ITEMS}) where "window" is not distinct from ?)'
            " group by industry order by n desc, name",
            here,
        ),
        by_unit=database.rows(f"{UNITS} order by waiting desc, total desc, name", chosen),
        by_window=database.rows(
            'select coalesce(s."window", $1) as name, count(distinct s.submission_id) as submissions,'
            " count(i.row_no) as items, count(i.row_no) filter (where i.status = 'accepted') as accepted"
            f" from submissions s left join ({ITEMS}) i using (submission_id) where {STANDING}"
            " group by name order by name desc",
            CLOSED,
        ),
        last_run=next(iter(database.rows("select * from runs order by rowid desc limit 1")), None),
        waiting=database.rows(
            "select * from staged where stage in ('office', 'sender')"
            " order by stage, received_at, submission_id limit 16"
        ),
    )


def _figures(database: Database, window: str | None) -> Figures:
    """The figures of a window, of which `staged` holds the submissions."""

    def counted(titles: Mapping[str, object], column: str, source: str, *values: object) -> dict[str, int]:
        found = database.rows(f"select {column} as name, count(*) as n from {source} group by name", *values)
        return {**dict.fromkeys(titles, 0), **{row["name"]: row["n"] for row in found}}

    here = '"window" is not distinct from ?'
    return Figures(
        messages=counted(MESSAGE_OUTCOMES, "outcome", f"({MESSAGES}) where {here}", window),
        forms=counted(STAGES, "stage", "staged"),
        rows=counted(ITEM_STATES, "status", f"({ITEMS}) where {here}", window),
    )


def status_counts(database: Database) -> StatusCounts:
    """Where the submissions of all windows stand, what is found most, and which wait."""
    submissions: dict[str, dict[str, int]] = {}
    waiting = []
    for row in database.rows(f"select * from ({STAGED}) order by submission_id"):
        counts = submissions.setdefault(row["window"] or CLOSED, dict.fromkeys(STAGES, 0))
        counts[row["stage"]] += 1
        if row["stage"] in ("office", "sender"):
            waiting.append(WaitingView(row["submission_id"], row["unit"], row["stage"]))
    findings = database.rows(
        f"select code, count(*) as n from ({FINDINGS}) where state = 'open'"
        " group by code order by n desc, code"
    )
    return StatusCounts(
        {window: submissions[window] for window in sorted(submissions)},
        {row["code"]: row["n"] for row in findings},
        tuple(waiting),
    )


def stage_of(database: Database, submission_id: str) -> str:
    """Where a submission stands; where an earlier result, or one that was superseded, would."""
    (found,) = database.rows(staged("s.submission_id = ?"), submission_id)
    return str(found["stage"])


def item_states(database: Database, submission_id: str) -> dict[int, str]:
    """Where each row of a submission, or of an earlier result, stands."""
    rows = database.rows(
        f"select row_no, {ITEM_STATE} as state from recommendations r join submissions s"
        " using (submission_id) where submission_id = ?",
        submission_id,
    )
    return {row["row_no"]: row["state"] for row in rows}


def alike(database: Database, finding_id: str) -> list[Row]:
    """Open findings like one: of its code and field in its window, with the same text and first candidate.

    What concerns a form or file as a whole is alike whatever the file is called.
    """
    return database.rows(
        'with one as (select f.*, s."window" from findings f join submissions s using (submission_id)'
        " where finding_id = ?)"
        " select f.finding_id, f.submission_id, f.row_no, f.field, f.code, f.outcome, f.seen, f.expected,"
        " f.message_zh, f.message_en, s.unit from findings f join submissions s using (submission_id), one"
        f" where {STANDING} and f.state = 'open' and f.code = one.code"
        ' and f.field is not distinct from one.field and s."window" is not distinct from one."window"'
        " and (one.row_no is null or f.seen is not distinct from one.seen)"
        " and f.candidates[1].name is not distinct from one.candidates[1].name"
        " order by s.received_at, f.submission_id, f.row_no limit 500",
        finding_id,
    )


def knows_file(database: Database, digest: str) -> Row | None:
    """A file that came with a message or as a correction; None for any other digest."""
    found = database.rows("select * from files where file_id = ? limit 1", digest)
    return found[0] if found else None


def earlier_results(database: Database, submission_id: str) -> list[str]:
    """The ids of a submission's earlier results, the newest first."""
    rows = database.rows(
        "select submission_id from submissions where starts_with(submission_id, ?)", f"{submission_id}~"
    )
    return sorted((row["submission_id"] for row in rows), key=lambda name: -int(name.split("~")[1]))
