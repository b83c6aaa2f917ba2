"""The store: what runs write and what people read, as docs/database.md describes it.

A submission is written whole or not at all, in one transaction with the message that brought it, so that
an interrupted run leaves nothing half and loses nothing.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

from outputs.store.database import Row, open_database
from outputs.store.mapping import (
    file_record,
    file_rows,
    finding_rows,
    finding_view,
    message_of,
    outcome_rows,
    submission_of,
    submission_rows,
)
from outputs.store.owed import Owed, owe, paid
from outputs.store.run_records import RunRecords
from outputs.store.stored import FindingView, ItemView, SubmissionView
from reference.errors import UsageError
from reference.model import Finding, Status
from reference.records import FileRecord, MessageOutcome, MessageRecord, Submission

CLOSED = "closed"
"""Name under which submissions outside every window are reported."""

_FORGET = (
    "delete from recommendations where submission_id in"
    " (select submission_id from submissions where message_id = ?)",
    "delete from findings where message_id = ?",
    "delete from files where message_id = ?",
    "delete from submissions where message_id = ?",
    "delete from messages where message_id = ?",
)
"""What takes a message with its submissions out of the store."""


class Store(RunRecords):
    """A short connection to the database; a context manager that closes it. Use `Store.open`."""

    @classmethod
    def open(cls, path: Path, *, wait_seconds: float, read_only: bool = False) -> Store:
        """Open the store, waiting for its turn; see `outputs.store.database.open_database` for the errors."""
        return cls(open_database(path, wait_seconds=wait_seconds, read_only=read_only))

    def __enter__(self) -> Store:
        """Give the open store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file for others to open."""
        self.database.__exit__()

    # Messages

    def known_message_ids(self) -> set[str]:
        """The messages that are stored complete; one that the program failed on is tried again."""
        rows = self.database.rows(
            "select message_id from messages where completed_at is not null and fault is null"
        )
        return {row["message_id"] for row in rows}

    def twin_of(
        self, header_message_id: str | None, digests: frozenset[str], message_id: str = ""
    ) -> str | None:
        """The source of another stored message than `message_id`, with its Message-ID and its files."""
        namesakes = self.database.rows(
            "select message_id, source from messages where header_message_id = ? and message_id <> ?"
            " and completed_at is not null and fault is null",
            header_message_id, message_id,
        )  # fmt: skip
        for row in namesakes:
            if {file["file_id"] for file in self._files(row["message_id"], None)} == digests:
                return str(row["source"])
        return None

    def save_outcome(self, outcome: MessageOutcome, run_id: str, reports: str = "") -> bool:
        """Store a message with its submissions in one transaction, its own row and completion mark last.

        An interrupted run leaves nothing of a message that it had not finished. What is stored of the
        message already, because the program failed on it, is replaced; a complete message stays as it is,
        and False is given. What the message causes is owed from then on: its windows are to be looked
        across, and their reports to be written into the folder `reports`.
        """
        message_id = outcome.message.message_id
        with self.database.transaction():
            stored = self.database.rows(
                "select completed_at is not null and fault is null as complete from messages"
                " where message_id = ?",
                message_id,
            )
            if stored:
                if stored[0]["complete"]:
                    return False
                for statement in _FORGET:
                    self.database.execute(statement, message_id)
            for table, rows in outcome_rows(outcome, run_id, _now()).items():
                self.database.insert(table, rows)
            for window in sorted({submission.window or CLOSED for submission in outcome.submissions}):
                if window != CLOSED:
                    owe(self.database, Owed.ACROSS, window, run_id)
                if reports:
                    owe(self.database, Owed.REPORTS, window, run_id, folder=reports)
        return True

    def places(self) -> dict[str, frozenset[str]]:
        """Where each stored message was seen: a run asks once what it has noted already."""
        rows = self.database.rows(
            "select message_id, list(source) as sources from (select message_id, source from messages"
            " where completed_at is not null union all select message_id, source from sightings) group by all"
        )
        return {row["message_id"]: frozenset(row["sources"]) for row in rows}

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
            rows = finding_rows((finding,), submission_id=None, message_id=message_id, run_id=run_id)
            self.database.insert("findings", list(rows))
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
        """A message's files; or those that came as corrections of a submission, withdrawn ones too."""
        return [file_record(row) for row in self._files(message_id, submission_id)]

    def corrections(self, submission_id: str) -> dict[str, list[FileRecord]]:
        """The corrected files in force by the re-run that brought them, the earliest first."""
        rows = self.database.rows(
            "select * from files where submission_id = $1 and run_id not in (select value from decisions"
            " where submission_id = $1 and action = 'withdraw') order by rowid",
            submission_id,
        )
        came: dict[str, list[FileRecord]] = {}
        for row in rows:
            came.setdefault(row["run_id"], []).append(file_record(row))
        return came

    def files_judged(self, submission_id: str) -> set[str]:
        """The files that any result of a submission was judged by: a correction pushes others out."""
        rows = self.database.rows(
            "select distinct unnest(file_ids) as file_id from submissions"
            " where submission_id = $1 or starts_with(submission_id, $1 || '~')",
            submission_id,
        )
        return {row["file_id"] for row in rows}

    def _files(self, message_id: str, submission_id: str | None) -> list[Row]:
        return self.database.rows(
            "select * from files where message_id = ? and submission_id is not distinct from ?"
            " order by rowid",  # as they came; each correction counts its positions from 0
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

    def superseded_by(self, submission_id: str) -> str | None:
        """What took the place of a submission or of an earlier result; None of one that stands."""
        value = self.database.value(
            "select superseded_by from submissions where submission_id = ?", submission_id
        )
        return str(value) if value else None

    def findings_of(self, submission_id: str) -> tuple[FindingView, ...]:
        """A submission's findings as stored, its own before those of the window."""
        rows = self.database.rows(
            "select * from findings where submission_id = ? order by scope, position", submission_id
        )
        return tuple(finding_view(row) for row in rows)

    def holders_of(self, file_id: str) -> list[tuple[str, str | None]]:
        """The submissions that a file counts for, each with its window."""
        rows = self.database.rows(
            'select submission_id, "window" from submissions'
            " where list_contains(file_ids, ?) and not contains(submission_id, '~') order by submission_id",
            file_id,
        )
        return [(row["submission_id"], row["window"]) for row in rows]

    def _unknown(self, submission_id: str) -> UsageError:
        known = [row["submission_id"] for row in self.database.rows("select submission_id from submissions")]
        near = difflib.get_close_matches(submission_id.upper(), known, n=3, cutoff=0.6)
        hint = f"Did you mean {', '.join(near)}?" if near else "`zhengji status` lists them."
        zh = f"没有编号为{submission_id}的推荐表。" + (f"是否为{'、'.join(near)}？" if near else "")
        return UsageError(f"no submission {submission_id}.", hint, zh=zh)

    def supersede_and_save(
        self, submission: Submission, corrected: Sequence[FileRecord], run_id: str, came_by: str = ""
    ) -> None:
        """Store a submission's new result under its id; the earlier one is kept as `<id>~1`, `~2` …

        `came_by` is the entry of the history that brought the corrected files, by which they can be taken
        back. What people decided stays with the findings that are found again unchanged.
        """
        name = submission.submission_id
        with self.database.transaction():
            number = self.database.value(
                "select count(*) from submissions where starts_with(submission_id, ?)", f"{name}~"
            )
            archived, suffix = f"{name}~{number + 1}", f"~{number + 1}"
            states = self.database.rows(
                "select finding_id, state from findings where submission_id = ? and state <> 'open'", name
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
                "files",
                list(file_rows(corrected, submission.message_id, came_by or run_id, submission_id=name)),
            )
            for table, rows in submission_rows(submission, run_id, _now()).items():
                self.database.insert(table, rows)
            self.database.execute(
                "update submissions set superseded_by = ? where submission_id = ?", superseded_by, name
            )
            self._keep_states(states)

    def _keep_states(self, decided: Sequence[Row]) -> None:
        """Carry what people decided over to the findings that were found again."""
        self.database.execute(
            "update findings set state = kept.state from"
            " (select unnest(?::varchar[]) as finding_id, unnest(?::varchar[]) as state) kept"
            " where findings.finding_id = kept.finding_id",
            [row["finding_id"] for row in decided], [row["state"] for row in decided],
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
        """Write what looking across a window found instead of what it found before; it is owed no more."""
        with self.database.transaction():
            paid(self.database, Owed.ACROSS, window)
            owners = self.database.rows(
                'select submission_id, message_id from submissions where "window" = ?'
                " and not contains(submission_id, '~')",
                window,
            )
            names = [row["submission_id"] for row in owners]
            of_these = "scope = 'window' and submission_id in (select unnest(?::varchar[]))"
            decided = self.database.rows(
                f"select finding_id, state from findings where state <> 'open' and {of_these}",  # noqa: S608
                names,
            )
            self.database.execute(f"delete from findings where {of_these}", names)  # noqa: S608
            rows = [
                row
                for owner in owners
                for row in finding_rows(
                    findings.get(owner["submission_id"], ()), **owner, run_id=run_id, scope="window"
                )
            ]
            self.database.insert("findings", rows)
            self._keep_states(decided)
            self.database.execute(
                "update submissions set superseded_by = now.newer from"
                " (select unnest(?::varchar[]) as name, unnest(?::varchar[]) as newer) now"
                " where submission_id = now.name and superseded_by is distinct from now.newer",
                names, [superseded.get(name) for name in names],
            )  # fmt: skip


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)
