"""A message's bytes to its judged outcome: unpack, read the forms, assemble, judge, keep the originals.

Runs in any process; what it returns carries facts alone, never a file's bytes.
"""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from extractors.mail.mailbox import MessageSource
from flows.intake.foreign import Purse, head_of, read_attachment, take_apart
from outputs.store.originals import originals_beside
from reference.decisions import Changes
from reference.errors import MailboxError, ZhengjiError
from reference.model import Attachment, Finding, Message
from reference.records import FileRecord, Judged, MessageOutcome, MessageRecord, NotRead, Submission
from reference.settings import Settings
from reference.tables.editions import COLUMNS, edition_in_force, find_editions
from reference.tables.load import ReferenceTables, load_tables
from reference.times import SHANGHAI
from validators.assemble import Draft, FileSeen, assemble
from validators.judge import NOTHING_DECIDED, judge_submission
from validators.rules.message import no_form
from validators.window import window_of


def read_file(file: Attachment, settings: Settings, purse: Purse | None = None) -> FileSeen:
    """The attachment with what its reader found; no reader for kinds that hold no form."""
    return FileSeen(file, read_attachment(file, settings, purse or Purse(settings.limits)))


def judge_message(
    message: Message, tables: ReferenceTables, settings: Settings, usual: Mapping[str, float]
) -> MessageOutcome:
    """Read a message's files and judge the submissions that they make up."""
    purse = Purse(settings.limits)
    files = [read_file(file, settings, purse) for file in message.attachments]
    drafts = assemble(files, subject=message.subject or "")
    findings = message.findings
    if not drafts:
        findings += (no_form(), *(finding for seen in files for finding in seen.findings))
    return MessageOutcome(
        message=_record(message, files, drafts, findings),
        submissions=tuple(
            judge_submission(draft, i, message, tables, usual) for i, draft in enumerate(drafts)
        ),
        fault=None,
    )


def judge_files(
    files: Sequence[FileSeen],
    message: Message,
    tables: ReferenceTables,
    usual: Mapping[str, float],
    *,
    like: Submission,
    decided: Changes = NOTHING_DECIDED,
) -> Submission:
    """Judge one submission's files again; it keeps its id, and all its files where they make no form."""
    drafts = assemble(files, subject=message.subject or "") or (
        Draft(None, None, {seen.attachment.file_id: "other" for seen in files}),
    )
    judged = judge_submission(drafts[0], 0, message, tables, usual, decided)
    return judged.model_copy(update={"submission_id": like.submission_id})


def judge_sources(
    sources: Sequence[MessageSource], settings: Settings, usual: Mapping[str, float]
) -> tuple[Judged, ...]:
    """A batch: each message read from the export, its originals kept, judged. One fault stays with one.

    One that vanished or was changed since the export was opened is told as such; the next run reads it.

    `usual` is the median demand of each window stored so far.
    """
    return tuple(_judge_source(source, settings, usual) for source in sources)


def _judge_source(source: MessageSource, settings: Settings, usual: Mapping[str, float]) -> Judged:
    try:
        data = source.read()
    except MailboxError as gone:
        return NotRead(source=source.source, reason=gone.what)
    keep = originals_beside(settings.db).keep
    keep(data)
    try:
        message = take_apart(data, source.source, settings, source.exported_at)
        for file in message.attachments:
            keep(file.data)
        tables = tables_on(settings.reference, message.received_at.astimezone(SHANGHAI).date())
        return judge_message(message, tables, settings, usual)
    except ZhengjiError:
        raise
    except Exception as fault:  # noqa: BLE001 - a fault of the program costs this message, not the run
        where = "".join(traceback.format_exception(fault)[-4:])
        return lost(source, settings, f"{type(fault).__name__}: {fault}\n{where}")


def lost(source: MessageSource, settings: Settings, fault: str) -> Judged:
    """The outcome of a message over which the program failed: its head, its parts unread, the fault."""
    try:
        data = source.read()
    except MailboxError as gone:
        return NotRead(source=source.source, reason=gone.what)
    message = head_of(data, source.source, settings, source.exported_at)
    return MessageOutcome(message=_record(message, (), (), message.findings), submissions=(), fault=fault)


def tables_on(folder: Path, day: dt.date) -> ReferenceTables:
    """The reference tables in force on a day: that of receipt decides what a submission is held against.

    Loaded once for all the days on which the same editions are in force, and again once an edition was
    added to the folder.
    """
    return _tables_on(folder, day, _stamp(folder))


Stamp: TypeAlias = tuple[int, ...]


def _stamp(folder: Path) -> Stamp:
    """When each table's folder last gained or lost an edition; 0 where there is none."""
    folders = (folder / table for table in COLUMNS)
    return tuple(one.stat().st_mtime_ns if one.is_dir() else 0 for one in folders)


@lru_cache(maxsize=4096)
def _tables_on(folder: Path, day: dt.date, stamp: Stamp) -> ReferenceTables:
    chosen = {table: edition_in_force(find_editions(folder, table), day) for table in COLUMNS}
    return _tables_with(folder, tuple((table, one.edition) for table, one in chosen.items() if one), stamp)


@lru_cache(maxsize=8)
def _tables_with(folder: Path, editions: tuple[tuple[str, str], ...], _stamp: Stamp) -> ReferenceTables:
    return load_tables(folder, pinned=dict(editions))


def _record(
    message: Message, files: Sequence[FileSeen], drafts: Sequence[Draft], findings: tuple[Finding, ...]
) -> MessageRecord:
    """The message as it is stored, with each file's role and state."""
    roles = {file_id: role for draft in drafts for file_id, role in draft.roles.items()}
    facts = message.model_dump(
        include={
            "message_id", "header_message_id", "sender", "sender_name", "subject", "received_at",
            "received_from", "date_header", "source", "body", "automatic",
        }
    )  # fmt: skip
    return MessageRecord(
        **facts,
        window=window_of(message.received_at),
        files=tuple(_file_record(seen, roles.get(seen.attachment.file_id)) for seen in files),
        findings=findings,
    )


def _file_record(seen: FileSeen, role: str | None) -> FileRecord:
    file = seen.attachment
    return FileRecord(
        file_id=file.file_id,
        name=file.name,
        media_type=file.media_type,
        kind=file.kind,
        bytes=len(file.data),
        role=role or ("body-image" if file.inline else "other"),
        state=_state(seen),
        within=file.within,
    )


_STATES = {
    "file-unreadable": "unreadable",
    "file-encrypted": "unreadable",
    "file-unsupported": "refused",
    "file-over-limits": "refused",
    "archive-unsafe": "refused",
}


def _state(seen: FileSeen) -> str:
    """`read`, `unread` (a scan), `refused`, `unreadable`, or `recorded` for what holds no form."""
    broken = next((_STATES[f.code] for f in seen.findings if f.code in _STATES), None)
    return broken or ("read" if seen.form else "unread" if seen.scanned else "recorded")
