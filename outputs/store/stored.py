"""What is read back from the store: frozen facts for the rules, the reports and the terminal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reference.model import Finding, Status
from reference.records import FileRecord, MessageRecord, Submission


@dataclass(frozen=True, slots=True)
class ItemView:
    """A row of a submission as others see it; `code` is None where the row leads to no occupation."""

    row_no: int
    code: str | None
    occupation: str | None
    work_type: str | None
    status: Status


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A current submission with its items; `superseded_by` names the one that replaced it."""

    submission_id: str
    unit: str | None
    received_at: dt.datetime
    superseded_by: str | None
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as stored: with its id, its owner and its state."""

    finding_id: str
    submission_id: str | None
    message_id: str
    state: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as recorded."""

    run_id: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    state: str
    mailbox: str
    reference_editions: dict[str, str]


@dataclass(frozen=True, slots=True)
class OwedView:
    """What a run still owes (`outputs.store.owed.Owed`): `about` is the window, or the export of `rest`."""

    what: str
    about: str
    folder: str
    """Where reports are to go; empty for the others."""
    run_id: str
    since: dt.datetime
    detail: dict[str, float]
    """Of `rest`: the median demands by which the run judges."""


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A submission that waits, for the office or the sender."""

    submission_id: str
    unit: str | None
    stage: str


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """Standing submissions by window and stage; open findings of these and of messages by code."""

    submissions: dict[str, dict[str, int]]
    findings: dict[str, int]
    waiting: tuple[WaitingView, ...]
    """Standing submissions that somebody must act on, themselves or one of their rows."""


@dataclass(frozen=True, slots=True)
class SubmissionReport:
    """A submission with what replaced it, its findings as stored, and where it and its rows stand."""

    submission: Submission
    superseded_by: str | None
    findings: tuple[FindingView, ...]
    stage: str
    """One of `outputs.queries.lists.STAGES`."""
    states: dict[int, str]
    """By row number, one of `outputs.queries.lists.ITEM_STATES`."""


@dataclass(frozen=True, slots=True)
class MessageReport:
    """A message of the window, its own findings, its copies elsewhere, a fault of the program if any."""

    message: MessageRecord
    findings: tuple[FindingView, ...]
    fault: str | None


@dataclass(frozen=True, slots=True)
class WindowReport:
    """All that a window's reports say; `window` is `closed` for what came outside any."""

    window: str
    submissions: tuple[SubmissionReport, ...]
    messages: tuple[MessageReport, ...]
    corrections: tuple[FileRecord, ...]
    """Files that came later in place of a message's own."""
    last_run: RunView | None

    @property
    def standing(self) -> tuple[SubmissionReport, ...]:
        """The submissions that nothing superseded, in the order of receipt."""
        return tuple(one for one in self.submissions if one.superseded_by is None)

    @property
    def findings(self) -> tuple[FindingView, ...]:
        """Every finding of what stands, and of the messages themselves."""
        owned = [*(one.findings for one in self.standing), *(one.findings for one in self.messages)]
        return tuple(view for findings in owned for view in findings)

    def file_names(self) -> dict[str, str]:
        """A name for each file's digest."""
        files = [*(file for one in self.messages for file in one.message.files), *self.corrections]
        return {file.file_id: file.name or "（未命名）" for file in files}
