"""What a reader may be asked, and what it answers: facts as JSON, files as bytes beside them.

Each job is a pydantic model with the limits that it is done under, so that nothing else need be known where
it is done. The bytes to read travel beside it. Heavy libraries are imported where a job first needs them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, Field, TypeAdapter

from extractors.mail.mime import Part
from extractors.means import Pace, Shelf
from extractors.table.grid import Piece
from reference.model import Attachment, FileReading, Finding, Frozen, Message
from reference.settings import Limits

A = TypeVar("A")


class PartTold(Frozen):
    """A part of a message or archive; its bytes travel beside it."""

    name: str | None
    inline: bool
    message: bool


class MessageRead(Frozen):
    """A message taken apart; `parts` are those that nobody has looked at yet, where that was asked."""

    message: Message
    parts: tuple[PartTold, ...] = ()


class PartOpened(Frozen):
    """One part as a file, what it holds, and the bytes and files that its message may still unpack to."""

    file: Attachment
    inside: tuple[PartTold, ...]
    left: int
    files: int


class FilesRead(Frozen):
    """A file with what it holds, unpacked."""

    files: tuple[Attachment, ...]


class PiecesRead(Frozen):
    """A document's paragraphs, lines and tables in reading order."""

    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    unread_pages: tuple[int, ...] = ()


class PageDrawn(Frozen):
    """Whether a page could be drawn; the picture, a PNG, stands beside it."""

    drawn: bool


@dataclass(frozen=True, slots=True)
class Done(Generic[A]):
    """A job's answer and the bytes that belong to it."""

    answer: A
    blobs: tuple[bytes, ...] = ()


class _Job(Frozen):
    limits: Limits


class TakeApart(_Job):
    """A message's bytes to a `Message`: with its files, or, not `whole`, with parts that are not opened."""

    do: Literal["message"] = "message"
    source: str
    exported_at: dt.datetime | None
    whole: bool = True

    def done(self, data: bytes, kept: Shelf, pace: Pace) -> Done[MessageRead]:
        """Do it; in the reader."""
        from extractors.mail.attachments import files_in, opened
        from extractors.mail.messages import read_bare

        message, parts = read_bare(data, self.source, exported_at=self.exported_at)
        if self.whole:
            bare, blobs = _without_bytes(files_in(parts, self.limits, opened))
            return Done(MessageRead(message=message.model_copy(update={"attachments": bare})), blobs)
        return Done(MessageRead(message=message, parts=_told(parts)), tuple(part.data for part in parts))

    @staticmethod
    def taken(done: Done[MessageRead]) -> tuple[Message, tuple[Part, ...]]:
        """The message with its files' bytes, and the parts with theirs; at the owner."""
        told = done.answer
        if told.parts:
            return told.message, _parts(told.parts, done.blobs)
        files = _with_bytes(told.message.attachments, done.blobs)
        return told.message.model_copy(update={"attachments": files}), ()


class OpenPart(_Job):
    """One part of a message: what file it is, and the parts inside it."""

    do: Literal["part"] = "part"
    part: PartTold
    within: tuple[str, ...]
    depth: int
    left: int
    files: int
    """Bytes and files that its message may still unpack to."""

    def done(self, data: bytes, kept: Shelf, pace: Pace) -> Done[PartOpened]:
        """Do it; in the reader."""
        from extractors.mail.archives import Budget
        from extractors.mail.attachments import opened

        budget = Budget(self.left, self.files)
        part = Part(self.part.name, data, self.part.inline, self.part.message)
        seen = opened(part, self.within, self.limits, budget, self.depth)
        file = seen.file.model_copy(update={"data": b""})
        return Done(
            PartOpened(file=file, inside=_told(seen.inside), left=budget.left, files=budget.files),
            tuple(one.data for one in seen.inside),
        )


class Unpack(_Job):
    """A file that came beside a message, with what archives and messages in it hold."""

    do: Literal["unpack"] = "unpack"
    name: str

    def done(self, data: bytes, kept: Shelf, pace: Pace) -> Done[FilesRead]:
        """Do it; in the reader."""
        from extractors.mail.attachments import file_attachment

        bare, blobs = _without_bytes(file_attachment(self.name, data, self.limits))
        return Done(FilesRead(files=bare), blobs)

    @staticmethod
    def taken(done: Done[FilesRead]) -> tuple[Attachment, ...]:
        """The files with their bytes; at the owner."""
        return _with_bytes(done.answer.files, done.blobs)


class ReadFile(_Job):
    """A file to its reading, by the reader of that key (`extractors.readers.READERS`)."""

    do: Literal["file"] = "file"
    reader: str
    file_id: str
    name: str | None
    libreoffice: str = "soffice"

    def done(self, data: bytes, kept: Shelf, pace: Pace) -> Done[FileReading]:
        """Do it; in the reader."""
        from extractors.readers import READERS, FileToRead

        file = FileToRead(data, self.file_id, self.name, self.limits, self.libreoffice, kept, pace)
        return Done(READERS[self.reader](file))


class ReadPieces(_Job):
    """A Word file or PDF to its paragraphs, lines and tables."""

    do: Literal["pieces"] = "pieces"
    kind: Literal["word", "pdf"]
    file_id: str
    name: str | None

    def done(self, data: bytes, kept: Shelf, pace: Pace) -> Done[PiecesRead]:
        """Do it; in the reader."""
        if self.kind == "word":
            from extractors.word.document import word_pieces

            word = word_pieces(data, self.file_id, self.name, self.limits)
            return Done(PiecesRead(pieces=word.pieces, findings=word.findings))
        from extractors.pdf.document import pdf_pieces

        pdf = pdf_pieces(data, self.file_id, self.name, self.limits, kept, pace)
        return Done(PiecesRead(pieces=pdf.pieces, findings=pdf.findings, unread_pages=pdf.unread_pages))


class DrawPage(_Job):
    """A page of a PDF (from 1) as a PNG."""

    do: Literal["page"] = "page"
    page: int
    dpi: float

    def done(self, data: bytes, kept: Shelf, pace: Pace) -> Done[PageDrawn]:
        """Do it; in the reader."""
        from extractors.picture.page_picture import page_picture

        png = page_picture(data, self.page, self.dpi, self.limits)
        return Done(PageDrawn(drawn=png is not None), (png,) if png is not None else ())


AnyJob: TypeAlias = TakeApart | OpenPart | Unpack | ReadFile | ReadPieces | DrawPage
_ANSWERS: dict[str, Any] = {
    "message": MessageRead,
    "part": PartOpened,
    "unpack": FilesRead,
    "file": FileReading,
    "pieces": PiecesRead,
    "page": PageDrawn,
}


@cache
def _jobs() -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[AnyJob, Field(discriminator="do")])


def job_of(told: bytes) -> AnyJob:
    """A job from its JSON."""
    job: AnyJob = _jobs().validate_json(told)
    return job


def answer_of(job: AnyJob, told: bytes) -> Any:
    """A job's answer from its JSON.

    Raises:
        ValueError: it is no such answer.
    """
    model: type[BaseModel] = _ANSWERS[job.do]
    return model.model_validate_json(told)


def _told(parts: Sequence[Part]) -> tuple[PartTold, ...]:
    return tuple(PartTold(name=part.name, inline=part.inline, message=part.message) for part in parts)


def _parts(told: Sequence[PartTold], blobs: Sequence[bytes]) -> tuple[Part, ...]:
    return tuple(Part(one.name, data, one.inline, one.message) for one, data in zip(told, blobs, strict=True))


def inside_of(done: Done[PartOpened]) -> tuple[Part, ...]:
    """The parts inside an opened one, with their bytes."""
    return _parts(done.answer.inside, done.blobs)


def _without_bytes(files: Sequence[Attachment]) -> tuple[tuple[Attachment, ...], tuple[bytes, ...]]:
    return (
        tuple(file.model_copy(update={"data": b""}) for file in files),
        tuple(file.data for file in files),
    )


def _with_bytes(files: Sequence[Attachment], blobs: Sequence[bytes]) -> tuple[Attachment, ...]:
    """The files with their bytes, their digests held against them: a reader is not taken at its word.

    Raises:
        ValueError: the bytes are not those of the digest.
    """
    for file, data in zip(files, blobs, strict=True):
        if hashlib.sha256(data).hexdigest() != file.file_id:
            raise ValueError("a file is not what its digest says")
    return tuple(file.model_copy(update={"data": data}) for file, data in zip(files, blobs, strict=True))
