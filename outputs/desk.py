"""What the desk shows: read-only queries, each answered in one pass however many findings there are.

Their text is put together of constants of this module and of `outputs.lists`; what people asked for is bound.
"""
# ruff: noqa: S608

from __future__ import annotations

from dataclasses import dataclass, field

from outputs.database import Database, Row
from outputs.lists import FINDINGS, ITEMS, MESSAGES, STAGED, STAGES, STANDING, UNITS
from outputs.store import CLOSED


@dataclass(frozen=True, slots=True)
class DeskView:
    """A window at a glance; each list is whole, and worst or most first."""

    windows: list[str]
    window: str
    received: int
    without_form: int
    stages: dict[str, int]
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
    stages = dict.fromkeys(STAGES, 0)
    for row in database.rows("select stage, count(*) as n from staged group by stage"):
        stages[row["stage"]] = row["n"]
    received = database.rows(
        "select count(*) as n, count(*) filter (where outcome = 'recorded') as recorded"
        f' from ({MESSAGES}) where "window" is not distinct from ?',
        here,
    )[0]
    return DeskView(
        windows=windows,
        window=chosen,
        received=received["n"],
        without_form=received["recorded"],
        stages=stages,
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
        last_run=next(iter(database.rows("select * from runs order by started_at desc limit 1")), None),
        waiting=database.rows(
            "select * from staged where stage in ('office', 'sender')"
            " order by stage, received_at, submission_id limit 16"
        ),
    )


def stage_of(database: Database, submission_id: str) -> str:
    """Where a submission stands; of a superseded or earlier one, its own status decides."""
    found = database.rows(f"select stage from ({STAGED}) where submission_id = ?", submission_id)
    return str(found[0]["stage"]) if found else ""


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
