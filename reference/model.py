"""The domain's frozen types, handed from stage to stage. No stage changes what it was given.

Words are the notice's own (沪人社职〔2025〕76号): a *submission* is what a recommending unit (推荐单位)
sends: its Annex 1 as a stamped PDF and as a Word file; a *row* is one recommended occupation (职业) or
work type (工种). Text as it stood on the page is kept beside the normalised value, with its place.
Absent (`None`) and empty (`""`) differ everywhere.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of every domain type: immutable, and refusing unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Field(StrEnum):
    """The ten columns of Annex 1, in their order; the values name the normalised columns."""

    PRIORITY = "priority"
    CODE = "code"
    OCCUPATION = "occupation"
    WORK_TYPE = "work_type"
    STANDARD_NAME = "standard_name"
    STANDARD_VERSION = "standard_version"
    SHORTAGE_FLAG = "shortage_flag"
    INDUSTRIES = "industries"
    DEMAND = "demand"
    REASON = "reason"


class FormField(StrEnum):
    """What Annex 1 says outside its table, in its order."""

    UNIT = "unit"
    CONTACT = "contact"
    PHONE = "phone"
    FORM_DATE = "form_date"


FIELD_TITLES: dict[str, tuple[str, str]] = {
    "priority": ("序号", "No."),
    "code": ("职业编码", "Occupation code"),
    "occupation": ("职业", "Occupation"),
    "work_type": ("工种", "Work type"),
    "standard_name": ("国家职业标准名称", "National standard"),
    "standard_version": ("国家职业标准版本", "Standard version"),
    "shortage_flag": ("是否已纳入急需紧缺职业目录", "In the shortage catalogue"),
    "industries": ("产业类别", "Industries"),
    "demand": ("预计评价人次", "Expected candidates"),
    "reason": ("推荐理由", "Reason"),
    "unit": ("推荐单位", "Recommending unit"),
    "contact": ("联系人", "Contact"),
    "phone": ("联系方式", "Phone"),
    "form_date": ("填表日期", "Date of the form"),
    "file": ("附件", "File"),
    "received_at": ("收件时间", "Time of receipt"),
}
"""Titles, Chinese then English, of every field a finding may name: the form's own words."""

Box: TypeAlias = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the page's top left corner, as the page is shown."""


class Place(Frozen):
    """Where a text stood: a page and box of a PDF, or a table's cell or a paragraph of a Word file.

    `page`, `table`, `row` and `column` count from 1. Outside tables `row` is the paragraph's number
    and `table` is None.
    """

    file_id: str
    page: int | None = None
    box: Box | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


class Cell(Frozen):
    """A text as it stood, its line breaks joined, and its place."""

    text: str
    place: Place


class Outcome(StrEnum):
    """What a finding means for the row or submission, worst first (see `docs/findings.md`)."""

    REJECT = "reject"
    CORRECT = "correct"
    REVIEW = "review"
    NOTE = "note"


class Status(StrEnum):
    """A row's or a submission's status: that of its worst finding."""

    REJECTED = "rejected"
    NEEDS_CORRECTION = "needs_correction"
    NEEDS_REVIEW = "needs_review"
    ACCEPTED = "accepted"


OUTCOME_TITLES: dict[Outcome, tuple[str, str]] = {
    Outcome.REJECT: ("不予受理", "rejected"),
    Outcome.CORRECT: ("需补正", "to correct"),
    Outcome.REVIEW: ("待核定", "to review"),
    Outcome.NOTE: ("提示", "note"),
}
STATUS_TITLES: dict[Status, tuple[str, str]] = {
    Status.REJECTED: ("不予受理", "rejected"),
    Status.NEEDS_CORRECTION: ("需补正", "needs correction"),
    Status.NEEDS_REVIEW: ("待核定", "needs review"),
    Status.ACCEPTED: ("无问题", "sound"),
}
"""What people call outcomes and statuses, Chinese then English. Whether a row or submission is accepted
(已接收) hangs on more than its own findings: see `STAGES` and `ITEM_STATES` in `outputs.queries.lists`."""


class Contribution(Frozen):
    """What one field says for or against a candidate: how it compares, and the points of evidence."""

    field: str
    level: str
    """missing, exact, legacy, near …: see docs/matching.md."""
    points: float


class Candidate(Frozen):
    """One reading that the machine offers a person, `score` between 0 and 1, and what speaks for it."""

    name: str
    code: str | None = None
    score: float
    contributions: tuple[Contribution, ...] = ()


class Finding(Frozen):
    """Something the clerk or the sender should know: data, never an exception.

    Built by `reference.findings.finding`, which fills outcome, clause and sentences from the code's one
    declaration. `row_no` is None for message, file and form findings.
    """

    code: str
    outcome: Outcome
    field: str | None = None
    row_no: int | None = None
    seen: str | None = None
    expected: str | None = None
    candidates: tuple[Candidate, ...] = ()
    message_zh: str
    message_en: str
    clause: str | None = None
    evidence: Place | None = None


class FileKind(StrEnum):
    """What a file is by its bytes; its name and declared type are never trusted."""

    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    XLSX = "xlsx"
    XLS = "xls"
    WPS_OR_OLE = "ole"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    TAR = "tar"
    GZIP = "gzip"
    MESSAGE = "message"
    MSG = "msg"
    IMAGE = "image"
    HTML = "html"
    RTF = "rtf"
    OFD = "ofd"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Attachment(Frozen):
    """A file inside a message, or inside an archive or message inside it.

    `within` names the containers from the outermost inwards. `findings` holds what went wrong while
    unpacking (an unsafe archive, an unreadable one). `inline` marks parts that a message body shows,
    such as a signature's logo.
    """

    file_id: str
    """sha-256 of the bytes, in hex."""
    name: str | None
    kind: FileKind
    media_type: str
    """By the bytes, not as declared."""
    data: bytes
    within: tuple[str, ...] = ()
    inline: bool = False
    findings: tuple[Finding, ...] = ()


ReceivedFrom: TypeAlias = Literal["received-header", "date-header", "export"]


class Message(Frozen):
    """A message of the export with its files, nested ones unpacked.

    Receipt is the newest `Received` header's time (一(三)1), in Asia/Shanghai.
    """

    message_id: str
    """sha-256 of the message's bytes, in hex."""
    header_message_id: str | None
    sender: str | None
    """The address alone."""
    sender_name: str | None
    subject: str | None
    received_at: dt.datetime
    received_from: ReceivedFrom
    date_header: dt.datetime | None
    source: str
    """Path inside the export."""
    body: str
    """Plain text of the body, for the clerk's eyes."""
    automatic: bool
    """An auto-reply or bounce by its headers."""
    attachments: tuple[Attachment, ...]
    findings: tuple[Finding, ...] = ()


class FormRow(Frozen):
    """A filled row of Annex 1 as it stood. A column that the form lacks is absent from `cells`."""

    row_no: int
    """1 for the first filled row."""
    cells: dict[Field, Cell]

    def text(self, field: Field) -> str | None:
        """The cell's text, "" for an empty cell, None where the form has no such column."""
        cell = self.cells.get(field)
        return None if cell is None else cell.text


class Form(Frozen):
    """Annex 1 read out of one file.

    `unit`, `contact`, `phone` and `form_date` are None where the label itself is absent, and hold ""
    where the label stands with nothing behind it.
    """

    file_id: str
    source: Literal["word", "pdf"]
    columns: tuple[Field, ...]
    """Columns whose header was found, in the order of the page."""
    rows: tuple[FormRow, ...]
    unit: Cell | None
    contact: Cell | None
    phone: Cell | None
    form_date: Cell | None

    def cell(self, field: FormField) -> Cell | None:
        """The cell of a field outside the table; None where its label is absent."""
        cell: Cell | None = getattr(self, field)
        return cell


class SealSeen(Frozen):
    """A red seal on a page: where, and the names that may stand on it, the surest first."""

    place: Place
    names: tuple[str, ...] = ()
    sure: float = 0.0
    """Confidence of the surest name, 0 to 1."""
    whole: bool = True
    """Whether all of it is on the page."""


class FileReading(Frozen):
    """What reading one file gave: its form, or why there is none.

    `scanned_pages` are pages of a PDF without a text layer that can be trusted, counted from 1; their text
    was read by OCR, except for `unread_pages`, where that failed.
    """

    file_id: str
    form: Form | None = None
    pages: int | None = None
    scanned_pages: tuple[int, ...] = ()
    unread_pages: tuple[int, ...] = ()
    doubtful: tuple[Place, ...] = ()
    """Where on scanned pages a text was read without certainty, or a seal lies over it."""
    turns: dict[int, int] = {}
    """By scanned page that does not lie upright: degrees clockwise that set it so."""
    seal: Literal["present", "missing", "unsure"] | None = None
    """Whether a PDF bears a red seal; None where nobody looked."""
    seals: tuple[SealSeen, ...] = ()
    """Those of the last page that bears any."""
    findings: tuple[Finding, ...] = ()
