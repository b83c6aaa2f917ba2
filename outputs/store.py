"""The store: what runs write and what people read, as docs/database.md describes it.

A submission is written in one transaction; a message is complete only when all of its submissions are,
so that an interrupted run leaves nothing half and loses nothing.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from outputs.database import Database, Row, open_database
from outputs.rows import (
    file_record,
    file_rows,
    finding_rows,
    finding_view,
    message_of,
    message_row,
    recommendation_rows,
    submission_of,
    submission_row,
)
from outputs.views import FindingView, ItemView, RunView, StatusCounts, SubmissionView
from reference.errors import UsageError
from reference.model import Finding, Status
from reference.records import FileRecord, MessageOutcome, MessageRecord, Submission

CLOSED = "closed"
"""Name under which submissions outside every window are reported."""
OF_MESSAGE = ("files", "findings")
OF_SUBMISSION = ("recommendations", "findings", "submissions")


class Store:
    """A short connection to the database; a context manager that closes it."""

    def __init__(self, database: Database) -> None:
        """Wrap an open database; use `Store.open`."""
        self.database = database

    @classmethod
    def open(cls, path: Path, *, wait_seconds: float, read_only: bool = False) -> Store:
        """Open the store, waiting for its turn; see `outputs.database.open_database` for the errors."""
        return cls(open_database(path, wait_seconds=wait_seconds, read_only=read_only))

    def __enter__(self) -> Store:
        """Give the open store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file for others to open."""
        self.database.__exit__()

    # Runs

    def begin_run(
        self,
        run_id: str,
        started_at: dt.datetime,
        mailbox: str,
        reference_editions: Mapping[str, str],
        code_version: str,
    ) -> None:
        """Record that a run began."""
        self.database.execute(
            "insert into runs (run_id, started_at, state, mailbox, reference_editions, code_version)"
            " values (?, ?, 'running', ?, ?, ?)",
            run_id, started_at, mailbox, json.dumps(dict(reference_editions)), code_version,
        )  # fmt: skip

    def finish_run(
        self, run_id: str, finished_at: dt.datetime, state: str, counts: Mapping[str, int]
    ) -> None:
        """Record how a run ended: `complete`, `faults` or `interrupted`."""
        self.database.execute(
            "update runs set finished_at = ?, state = ?, counts = ? where run_id = ?",
            finished_at, state, json.dumps(dict(counts)), run_id,
        )  # fmt: skip

    def last_run(self) -> RunView | None:
        """The run that began last."""
        rows = self.database.rows("select * from runs order by started_at desc limit 1")
        return _run(rows[0]) if rows else None

    # Messages

    def known_message_ids(self) -> set[str]:
        """The messages that are stored complete."""
        rows = self.database.rows("select message_id from messages where completed_at is not null")
        return {row["message_id"] for row in rows}

    def twin_of(self, header_message_id: str | None, digests: frozenset[str]) -> str | None:
        """The source of a stored message with the same Message-ID and the same files under other bytes."""
        if header_message_id is None:
            return None
        rows = self.database.rows(
            "select m.source, list(f.file_id) as digests from messages m left join files f"
            " on f.message_id = m.message_id and f.submission_id is null"
            " where m.header_message_id = ? and m.completed_at is not null group by m.message_id, m.source",
            header_message_id,
        )
        return next((row["source"] for row in rows if {d for d in row["digests"] if d} == digests), None)

    def save_outcome(self, outcome: MessageOutcome, run_id: str) -> None:
        """Store a message and its submissions, each in one transaction; the completion mark comes last."""
        message = outcome.message
        with self.database.transaction():
            self._forget(message.message_id)
            self.database.insert("messages", [message_row(message, run_id, outcome.fault)])
            self.database.insert("files", list(file_rows(message.files, message.message_id, run_id)))
            self._insert_findings(message.findings, None, message.message_id, run_id)
        for submission in outcome.submissions:
            with self.database.transaction():
                self._insert_submission(submission, run_id)
        self.database.execute(
            "update messages set completed_at = ? where message_id = ?", _now(), message.message_id
        )

    def _forget(self, message_id: str) -> None:
        """Take away what an interrupted run left of a message."""
        submissions = self.database.rows(
            "select submission_id from submissions where message_id = ?", message_id
        )
        for row in submissions:
            for table in OF_SUBMISSION:
                self.database.execute(f"delete from {table} where submission_id = ?", row["submission_id"])  # noqa: S608
        for table in (*OF_MESSAGE, "messages"):
            self.database.execute(f"delete from {table} where message_id = ?", message_id)  # noqa: S608

    def record_sighting(self, message_id: str, source: str, run_id: str, finding: Finding) -> bool:
        """Note a known message at another path; False where that path is known already."""
        known = self.database.value(
            "select count(*) from (select source from messages where message_id = ? and source = ?"
            " union all select source from sightings where message_id = ? and source = ?)",
            message_id, source, message_id, source,
        )  # fmt: skip
        if known:
            return False
        with self.database.transaction():
            self.database.execute("insert into sightings values (?, ?, ?)", message_id, source, run_id)
            self._insert_findings((finding,), None, message_id, run_id)
        return True

    def message_record(self, message_id: str) -> MessageRecord:
        """A stored message with its files and own findings.

        Raises:
            UsageError: no such message.
        """
        rows = self.database.rows("select * from messages where message_id = ?", message_id)
        if not rows:
            raise UsageError(f"no message {message_id[:12]}.", "See `zhengji status`.")
        findings = self.database.rows(
            "select * from findings where message_id = ? and submission_id is null order by position",
            message_id,
        )
        return message_of(rows[0], self._files(message_id, None), map(finding_view, findings))

    def files_of(self, message_id: str, submission_id: str | None = None) -> list[FileRecord]:
        """A message's files; or those that later came as corrections of one of its submissions."""
        return [file_record(row) for row in self._files(message_id, submission_id)]

    def _files(self, message_id: str, submission_id: str | None) -> list[Row]:
        return self.database.rows(
            "select * from files where message_id = ? and submission_id is not distinct from ?"
            " order by position",
            message_id, submission_id,
        )  # fmt: skip

    # Submissions

    def submission(self, submission_id: str) -> Submission:
        """A submission as judged, with its rows and findings.

        Raises:
            UsageError: no such submission; near ids are named.
        """
        rows = self.database.rows("select * from submissions where submission_id = ?", submission_id)
        if not rows:
            raise self._unknown(submission_id)
        recommendations = self.database.rows(
            "select * from recommendations where submission_id = ? order by row_no", submission_id
        )
        return submission_of(rows[0], recommendations, self.findings_of(submission_id))

    def findings_of(self, submission_id: str) -> tuple[FindingView, ...]:
        """A submission's findings as stored, its own before those of the window."""
        rows = self.database.rows(
            "select * from findings where submission_id = ? order by scope, position", submission_id
        )
        return tuple(finding_view(row) for row in rows)

    def _unknown(self, submission_id: str) -> UsageError:
        known = [row["submission_id"] for row in self.database.rows("select submission_id from submissions")]
        near = difflib.get_close_matches(submission_id.upper(), known, n=3, cutoff=0.6)
        hint = f"Did you mean {', '.join(near)}?" if near else "`zhengji status` lists them."
        return UsageError(f"no submission {submission_id}.", hint)

    def _insert_submission(self, submission: Submission, run_id: str) -> None:
        self.database.insert("recommendations", list(recommendation_rows(submission)))
        self._insert_findings(submission.findings, submission.submission_id, submission.message_id, run_id)
        self.database.insert("submissions", [submission_row(submission, run_id, _now())])

    def _insert_findings(
        self,
        findings: Sequence[Finding],
        submission_id: str | None,
        message_id: str,
        run_id: str,
        scope: str = "own",
    ) -> None:
        rows = finding_rows(
            findings, submission_id=submission_id, message_id=message_id, run_id=run_id, scope=scope
        )
        self.database.insert("findings", list(rows))

    def supersede_and_save(
        self, submission: Submission, corrected: Sequence[FileRecord], run_id: str
    ) -> None:
        """Store a submission's new result under its id; the earlier one is kept as `<id>~1`, `~2` …

        What people decided stays with the findings that are found again unchanged.
        """
        name = submission.submission_id
        with self.database.transaction():
            number = self.database.value(
                "select count(*) from submissions where starts_with(submission_id, ?)", f"{name}~"
            )
            archived, suffix = f"{name}~{number + 1}", f"~{number + 1}"
            states = self.database.rows(
                "select finding_id, state from findings where submission_id = ?", name
            )
            self.database.execute(
                "update findings set submission_id = ?, finding_id = finding_id || ? where submission_id = ?",
                archived, suffix, name,
            )  # fmt: skip
            self.database.execute(
                "update recommendations set submission_id = ? where submission_id = ?", archived, name
            )
            superseded_by = self.database.value(
                "select superseded_by from submissions where submission_id = ?", name
            )
            self.database.execute(
                "update submissions set submission_id = ?, superseded_by = ? where submission_id = ?",
                archived, name, name,
            )  # fmt: skip
            self.database.insert(
                "files", list(file_rows(corrected, submission.message_id, run_id, submission_id=name))
            )
            self._insert_submission(submission, run_id)
            self.database.execute(
                "update submissions set superseded_by = ? where submission_id = ?", superseded_by, name
            )
            for row in states:
                self.database.execute(
                    "update findings set state = ? where finding_id = ? and state = 'open'",
                    row["state"], row["finding_id"],
                )  # fmt: skip

    # Windows

    def windows(self) -> tuple[str, ...]:
        """The windows that hold a submission or message, in their order."""
        rows = self.database.rows(
            'select distinct "window" as name from messages where "window" is not null order by name'
        )
        return tuple(row["name"] for row in rows)

    def window_submissions(self, window: str) -> tuple[SubmissionView, ...]:
        """The current submissions of a window, superseded ones among them but no archived results."""
        items: dict[str, list[ItemView]] = {}
        for row in self.database.rows(
            "select r.* from recommendations r join submissions s using (submission_id)"
            " where s.\"window\" = ? and not contains(submission_id, '~') order by submission_id, row_no",
            window,
        ):
            item = ItemView(
                row["row_no"],
                row["code"] if row["resolved"] else None,
                row["occupation"],
                row["work_type"],
                Status(row["status"]),
            )
            items.setdefault(row["submission_id"], []).append(item)
        rows = self.database.rows(
            "select * from submissions where \"window\" = ? and not contains(submission_id, '~')"
            " order by received_at, submission_id",
            window,
        )
        return tuple(
            SubmissionView(
                row["submission_id"],
                row["unit"],
                row["received_at"],
                row["superseded_by"],
                tuple(items.get(row["submission_id"], ())),
            )
            for row in rows
        )

    def replace_window_findings(
        self,
        window: str,
        findings: Mapping[str, Sequence[Finding]],
        superseded: Mapping[str, str],
        run_id: str,
    ) -> None:
        """Write what looking across a window found instead of what it found before."""
        with self.database.transaction():
            owners = self.database.rows(
                'select submission_id, message_id from submissions where "window" = ?'
                " and not contains(submission_id, '~')",
                window,
            )
            self.database.execute(
                "delete from findings where scope = 'window' and submission_id in"
                ' (select submission_id from submissions where "window" = ?'
                " and not contains(submission_id, '~'))",
                window,
            )
            for row in owners:
                name = row["submission_id"]
                self._insert_findings(findings.get(name, ()), name, row["message_id"], run_id, scope="window")
                self.database.execute(
                    "update submissions set superseded_by = ? where submission_id = ?"
                    " and superseded_by is distinct from ?",
                    superseded.get(name), name, superseded.get(name),
                )  # fmt: skip

    def status_counts(self) -> StatusCounts:
        """Standing submissions by window and status; open findings of standing submissions by code."""
        submissions: dict[str, dict[Status, int]] = {}
        for row in self.database.rows(
            'select coalesce("window", ?) as name, status, count(*) as n from submissions'
            " where superseded_by is null group by all order by name",
            CLOSED,
        ):
            submissions.setdefault(row["name"], {})[Status(row["status"])] = row["n"]
        findings = self.database.rows(
            "select code, count(*) as n from findings f left join submissions s using (submission_id)"
            " where state = 'open' and s.superseded_by is null group by code order by n desc, code"
        )
        return StatusCounts(submissions, {row["code"]: row["n"] for row in findings})


def _run(row: Row) -> RunView:
    return RunView(
        row["run_id"],
        row["started_at"],
        row["finished_at"],
        row["state"],
        row["mailbox"],
        json.loads(row["reference_editions"]),
    )


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)
