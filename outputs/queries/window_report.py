"""A window read back from the store, whole, for its reports: a query a table, however many submissions."""

# ruff: noqa: S608 - put together of constants; what is asked for is bound

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from outputs.queries.lists import ITEM_STATE, staged
from outputs.store.database import Row
from outputs.store.mapping import file_record, finding_view, message_of, submission_of
from outputs.store.store import CLOSED, Store
from outputs.store.stored import FindingView, MessageReport, SubmissionReport, WindowReport
from reference.errors import UsageError

_HERE = """s."window" is not distinct from ? and not contains(s.submission_id, '~')"""
_CURRENT = f"select * from submissions s where {_HERE} order by received_at, submission_id"
_STAGES = staged(_HERE)
_MESSAGES = """select * from messages where "window" is not distinct from ? and completed_at is not null
    order by received_at, source"""
_FILES = """select f.* from files f join messages m using (message_id)
    where m."window" is not distinct from ? and submission_id is null order by position"""
_CORRECTIONS = """select f.* from files f join messages m using (message_id)
    where m."window" is not distinct from ? and submission_id is not null order by run_id, position"""
_ROWS = f"""select r.*, {ITEM_STATE} as state from recommendations r join submissions s using (submission_id)
    where s."window" is not distinct from ? order by row_no"""
_FINDINGS = """select f.* from findings f join messages m using (message_id)
    where m."window" is not distinct from ? order by scope, position"""


def window_report(store: Store, window: str) -> WindowReport:
    """All of a window, `closed` for what came outside any.

    Raises:
        UsageError: the store holds no such window.
    """
    where = None if window == CLOSED else window
    read = store.database.rows
    messages = read(_MESSAGES, where)
    if not messages:
        known = ", ".join((*store.windows(), CLOSED))
        raise UsageError(f"the database holds no window {window}.", f"It holds {known}.")
    submissions = read(_CURRENT, where)
    files = _grouped(read(_FILES, where), "message_id")
    stages = {row["submission_id"]: row["stage"] for row in read(_STAGES, where)}
    recommendations = _grouped(read(_ROWS, where), "submission_id")
    of_submission: dict[str | None, list[FindingView]] = defaultdict(list)
    of_message: dict[str, list[FindingView]] = defaultdict(list)
    for view in map(finding_view, read(_FINDINGS, where)):
        if view.submission_id is None:
            of_message[view.message_id].append(view)
        else:
            of_submission[view.submission_id].append(view)
    return WindowReport(
        window=window,
        submissions=tuple(
            SubmissionReport(
                submission_of(
                    row, recommendations[row["submission_id"]], of_submission[row["submission_id"]]
                ),
                row["superseded_by"],
                tuple(of_submission[row["submission_id"]]),
                stages[row["submission_id"]],
                {one["row_no"]: one["state"] for one in recommendations[row["submission_id"]]},
            )
            for row in submissions
        ),
        messages=tuple(
            MessageReport(
                message_of(row, files[row["message_id"]], of_message[row["message_id"]]),
                tuple(of_message[row["message_id"]]),
                row["fault"],
            )
            for row in messages
        ),
        corrections=tuple(map(file_record, read(_CORRECTIONS, where))),
        last_run=store.last_run(),
    )


def _grouped(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Rows by a column's value, their order kept; nothing for a value that none has."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups
