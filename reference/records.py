"""Judged facts on their way to the database: what validators make and outputs keep."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

from reference.model import FileKind, Finding, Frozen, Place, ReceivedFrom, Status


class Recommendation(Frozen):
    """A filled row of Annex 1: as it stood (`raw_…`), normalised, judged. None is absent, "" empty."""

    row_no: int
    raw_priority: str | None
    raw_code: str | None
    raw_occupation: str | None
    raw_work_type: str | None
    raw_standard_name: str | None
    raw_standard_version: str | None
    raw_shortage_flag: str | None
    raw_industries: str | None
    raw_demand: str | None
    raw_reason: str | None
    priority: int | None
    code: str | None
    occupation: str | None
    work_type: str | None
    standard_name: str | None
    standard_version: str | None
    shortage_flag: bool | None
    industries: tuple[str, ...] | None
    demand: int | None
    reason: str | None
    match_score: float | None
    resolved: bool
    """Whether the row leads to one occupation; `code` and `occupation` are as stated where it does not."""
    status: Status
    places: dict[str, Place]
    """Where each cell stood, by field."""

    def as_sent(self, field: str) -> str | None:
        """The sender's text of a column; None where the form lacks it."""
        text: str | None = getattr(self, f"raw_{field}")
        return text


class FileRecord(Frozen):
    """A file of a message, or of a container inside it, with what became of it."""

    file_id: str
    name: str | None
    media_type: str
    kind: FileKind
    bytes: int
    role: str
    """`word-form`, `pdf-form`, `further-version`, `archive`, `message`, `body-image`, `corrected` or
    `other`."""
    state: str
    """`read`, `unread` (a scan), `refused`, `unreadable`, `recorded`."""
    within: tuple[str, ...] = ()


class Submission(Frozen):
    """A unit's form, or an organisation's dossier, judged."""

    submission_id: str
    track: Literal["occupation", "organisation"]
    window: str | None
    """`2025Q2`; None for what came outside every window."""
    message_id: str
    unit: str | None
    contact: str | None
    phone: str | None
    unit_raw: str | None
    contact_raw: str | None
    phone_raw: str | None
    form_date_raw: str | None
    form_date: dt.date | None
    received_at: dt.datetime
    status: Status
    recommendations: tuple[Recommendation, ...]
    findings: tuple[Finding, ...]
    file_ids: tuple[str, ...]
    reference_editions: dict[str, str]
    """The editions it was judged by, by table."""

    def row(self, row_no: int | None) -> Recommendation | None:
        """The row of a number; None where there is none."""
        return next((row for row in self.recommendations if row.row_no == row_no), None)

    def as_sent(self, field: str) -> str | None:
        """The sender's text of a field outside the table (`FormField`); None where its label is absent."""
        text: str | None = getattr(self, f"{field}_raw")
        return text


class MessageRecord(Frozen):
    """A message as it is kept, with its files and the findings of its own."""

    message_id: str
    header_message_id: str | None
    sender: str | None
    sender_name: str | None
    subject: str | None
    received_at: dt.datetime
    received_from: ReceivedFrom
    window: str | None
    """The window its receipt falls into; None outside every one."""
    date_header: dt.datetime | None
    source: str
    body: str
    automatic: bool
    files: tuple[FileRecord, ...]
    findings: tuple[Finding, ...]


class MessageOutcome(Frozen):
    """A message with the submissions that it holds; `fault` is a fault of the program itself."""

    message: MessageRecord
    submissions: tuple[Submission, ...]
    fault: str | None


class NotRead(Frozen):
    """A message of the export that could not be read when its turn came: it vanished, or was changed."""

    source: str
    reason: str


Judged: TypeAlias = MessageOutcome | NotRead
"""What comes of a message of the export."""
