"""What senders' bytes hold, as the reading processes tell it: nothing of theirs is parsed in this one.

A file that overruns its reader, or kills it, has `file-over-limits` among its findings, and nothing else
is lost by it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from extractors.mail.archives import Budget
from extractors.mail.attachments import Opened, files_in, not_opened
from extractors.mail.mime import Part
from extractors.means import FolderShelf
from extractors.overrun import Overrun, over_limits
from extractors.reader.jobs import (
    DrawPage,
    OpenPart,
    PartTold,
    PiecesRead,
    ReadFile,
    ReadPieces,
    TakeApart,
    Unpack,
    inside_of,
)
from extractors.reader.pool import office_readers, readers_for
from extractors.reader.process import Address
from extractors.readers import reader_for
from extractors.readings import read_once
from reference.model import Attachment, FileKind, FileReading, Message
from reference.settings import Limits, Settings
from reference.times import SHANGHAI

HEAD_BYTES = 64 * 1024
"""Of a message that cannot be taken apart so much is looked at for who sent it and when."""
HALF = 0.5
"""Share of a file's time in which a message is taken apart, at its first try."""
FEWEST_SECONDS = 5.0
"""What every file may take, however much those before it in its message took: a digital form takes 0.3 s."""


@dataclass(slots=True)
class Purse:
    """What the files of one message may still spend in seconds; each has its own limit besides.

    Files that hold a form are not counted: a batch of many scans is read to its end.
    """

    limits: Limits
    spent: float = 0.0

    def seconds(self) -> float:
        """What the next file may spend."""
        left = self.limits.message_seconds - self.spent
        return max(FEWEST_SECONDS, min(self.limits.seconds, left))


def take_apart(data: bytes, source: str, settings: Settings, exported_at: dt.datetime | None) -> Message:
    """A message with its files. Never fails for its content.

    Where it cannot be taken apart within the limits, its parts are looked into one by one, so that the one
    that overruns costs itself alone; where not even its parts can be told, it comes with what its head says
    and the finding.
    """
    limits = settings.limits
    job = TakeApart(limits=limits, source=source, exported_at=exported_at)
    done, _ = readers_for(limits).do(job, data, seconds=HALF * limits.seconds)
    if not isinstance(done, Overrun):
        message, _ = TakeApart.taken(done)
        return message
    bare = job.model_copy(update={"whole": False})
    done, _ = readers_for(limits).do(bare, data, seconds=HALF * limits.seconds)
    if isinstance(done, Overrun):
        return _head_alone(data, source, done, settings, exported_at)
    message, parts = TakeApart.taken(done)
    files = files_in(parts, limits, partial(_opened, purse=Purse(limits)))
    return message.model_copy(update={"attachments": files})


def _opened(
    part: Part, within: tuple[str, ...], limits: Limits, budget: Budget, depth: int, *, purse: Purse
) -> Opened:
    """One part, looked into by a reader."""
    told = PartTold(name=part.name, inline=part.inline, message=part.message)
    job = OpenPart(limits=limits, part=told, within=within, depth=depth, left=budget.left, files=budget.files)
    done, spent = readers_for(limits).do(job, part.data, seconds=purse.seconds())
    purse.spent += spent
    if isinstance(done, Overrun):
        return not_opened(part, within, (over_limits(part.name, done, limits),))
    file = done.answer.file.model_copy(update={"data": part.data})
    budget.left, budget.files = done.answer.left, done.answer.files
    return Opened(file, inside_of(done))


def head_of(data: bytes, source: str, settings: Settings, exported_at: dt.datetime | None) -> Message:
    """What the head of a message says; nothing but the export's own word where that cannot be read either.

    Without findings: what a head lacks of its message says nothing about the message.
    """
    ends = [at for end in (b"\r\n\r\n", b"\n\n") if (at := data.find(end, 0, HEAD_BYTES)) >= 0]
    cut = min(ends, default=HEAD_BYTES)
    job = TakeApart(limits=settings.limits, source=source, exported_at=exported_at)
    done, _ = readers_for(settings.limits).do(job, data[:cut], seconds=FEWEST_SECONDS)
    if not isinstance(done, Overrun):
        message, _ = TakeApart.taken(done)
        known = {"message_id": hashlib.sha256(data).hexdigest(), "attachments": (), "findings": ()}
        return message.model_copy(update=known)
    return Message(
        message_id=hashlib.sha256(data).hexdigest(),
        header_message_id=None,
        sender=None,
        sender_name=None,
        subject=None,
        received_at=(exported_at or dt.datetime.fromtimestamp(0, tz=SHANGHAI)).astimezone(SHANGHAI),
        received_from="export",
        date_header=None,
        source=source,
        body="",
        automatic=False,
        attachments=(),
    )


def _head_alone(
    data: bytes, source: str, overrun: Overrun, settings: Settings, exported_at: dt.datetime | None
) -> Message:
    message = head_of(data, source, settings, exported_at)
    found = over_limits(source, overrun, settings.limits)
    return message.model_copy(update={"findings": (found,)})


def unpacked(name: str, data: bytes, settings: Settings) -> tuple[Attachment, ...]:
    """A file that came beside a message, with what it holds."""
    limits = settings.limits
    done, _ = readers_for(limits).do(Unpack(limits=limits, name=name), data)
    if isinstance(done, Overrun):
        part = Part(name, data, inline=False)
        return (not_opened(part, (), (over_limits(name, done, limits),)).file,)
    return Unpack.taken(done)


def read_attachment(file: Attachment, settings: Settings, purse: Purse) -> FileReading | None:
    """What a reader finds in a file; None for kinds that hold no form."""
    reader = reader_for(file)
    if reader is None or file.findings:
        return None
    if reader in (FileKind.PDF, ".pdf"):
        return pdf_reading(file.file_id, file.name, settings, lambda: file.data, purse)
    return _read(reader, file.file_id, file.name, settings, file.data, purse)


def pdf_reading(
    file_id: str,
    name: str | None,
    settings: Settings,
    data: Callable[[], bytes],
    purse: Purse | None = None,
) -> FileReading:
    """What a PDF holds; of one that was read before, the kept reading, and its `data` is not asked for."""
    purse = purse or Purse(settings.limits)
    return read_once(
        shelf_of(settings).folder,
        file_id,
        name,
        settings.limits,
        lambda: _read(FileKind.PDF, file_id, name, settings, data(), purse),
    )


def _read(
    reader: str, file_id: str, name: str | None, settings: Settings, data: bytes, purse: Purse
) -> FileReading:
    limits = settings.limits
    job = ReadFile(limits=limits, reader=reader, file_id=file_id, name=name, libreoffice=settings.libreoffice)
    program = shutil.which(settings.libreoffice) if reader == FileKind.DOC else None
    with office_readers(limits, program) if program else nullcontext(readers_for(limits)) as readers:
        done, spent = readers.do(job, data, seconds=purse.seconds(), shelf=shelf_of(settings))
    if isinstance(done, Overrun):
        purse.spent += spent
        return FileReading(file_id=file_id, findings=(over_limits(name, done, limits),))
    reading: FileReading = done.answer
    purse.spent += 0 if reading.form else spent
    return reading


def word_read(file_id: str, name: str, data: bytes, limits: Limits) -> PiecesRead:
    """A Word file's paragraphs and tables."""
    return _pieces(ReadPieces(limits=limits, kind="word", file_id=file_id, name=name), data)


def pdf_read(file_id: str, name: str, data: bytes, limits: Limits) -> PiecesRead:
    """A PDF's lines and tables."""
    return _pieces(ReadPieces(limits=limits, kind="pdf", file_id=file_id, name=name), data)


def _pieces(job: ReadPieces, data: bytes) -> PiecesRead:
    done, _ = readers_for(job.limits).do(job, data)
    if isinstance(done, Overrun):
        return PiecesRead(pieces=(), findings=(over_limits(job.name, done, job.limits),))
    read: PiecesRead = done.answer
    return read


def page_picture(original: Path, page: int, dpi: float, limits: Limits) -> bytes | None:
    """A page (from 1) of a kept PDF as PNG; None where it cannot be drawn."""
    job = DrawPage(limits=limits, page=page, dpi=dpi)
    try:
        done, _ = readers_for(limits).do(job, Address(original))
    except OSError:
        return None
    return done.blobs[0] if not isinstance(done, Overrun) and done.blobs else None


def shelf_of(settings: Settings) -> FolderShelf:
    """Earlier readings: `zhengji.scans/` beside `zhengji.duckdb`."""
    return FolderShelf(settings.db.with_suffix(".scans"))


def warm(settings: Settings) -> None:
    """Start a reader now: it loads what it needs while this process does something else."""
    readers_for(settings.limits).warm()
