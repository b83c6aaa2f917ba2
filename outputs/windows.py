"""A window read back from the store, whole, for its reports."""

from __future__ import annotations

from outputs.rows import finding_view
from outputs.store import CLOSED, Store
from outputs.views import MessageReport, SubmissionReport, WindowReport
from reference.errors import UsageError


def window_report(store: Store, window: str) -> WindowReport:
    """All of a window, `closed` for what came outside any.

    Raises:
        UsageError: the store holds no such window.
    """
    where = None if window == CLOSED else window
    database = store.database
    messages = database.rows(
        'select * from messages where "window" is not distinct from ? and completed_at is not null'
        " order by received_at, source",
        where,
    )
    if not messages:
        known = ", ".join((*store.windows(), CLOSED))
        raise UsageError(f"the database holds no window {window}.", f"It holds {known}.")
    submissions = database.rows(
        "select submission_id, superseded_by from submissions"
        " where \"window\" is not distinct from ? and not contains(submission_id, '~')"
        " order by received_at, submission_id",
        where,
    )
    return WindowReport(
        window=window,
        submissions=tuple(
            SubmissionReport(
                store.submission(row["submission_id"]),
                row["superseded_by"],
                store.findings_of(row["submission_id"]),
            )
            for row in submissions
        ),
        messages=tuple(
            MessageReport(
                store.message_of(row),
                tuple(
                    finding_view(one)
                    for one in database.rows(
                        "select * from findings where message_id = ? and submission_id is null"
                        " order by position",
                        row["message_id"],
                    )
                ),
                row["fault"],
            )
            for row in messages
        ),
        last_run=store.last_run(),
    )
