"""Which reader takes which file: by what its bytes say, by its name's ending where they say nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.means import UNHURRIED, Pace, Shelf
from reference.model import Attachment, FileKind, FileReading
from reference.settings import Limits


@dataclass(frozen=True, slots=True)
class FileToRead:
    """A file's bytes with what its reader needs."""

    data: bytes
    file_id: str
    name: str | None
    limits: Limits
    libreoffice: str = "soffice"
    kept: Shelf | None = None
    pace: Pace = UNHURRIED


Reader = Callable[[FileToRead], FileReading]


def _word(file: FileToRead) -> FileReading:
    from extractors.word.document import read_word  # python-docx only where a Word file is read

    return read_word(file.data, file.file_id, file.name, file.limits)


def _legacy_word(file: FileToRead) -> FileReading:
    from extractors.word.legacy import read_legacy_word

    return read_legacy_word(file.data, file.file_id, file.name, file.limits, file.libreoffice)


def _pdf(file: FileToRead) -> FileReading:
    from extractors.pdf.form import read_pdf  # pdfplumber only where a PDF is read

    return read_pdf(file.data, file.file_id, file.name, file.limits, file.kept, file.pace)


READERS: dict[str, Reader] = {
    FileKind.DOCX: _word,
    FileKind.DOC: _legacy_word,
    FileKind.PDF: _pdf,
    ".docx": _word,
    ".doc": _word,
    ".pdf": _pdf,
}
"""Readers by what a file is; by its ending where the bytes say nothing, so that the reader tells why."""

_UNRECOGNISED = frozenset({FileKind.UNKNOWN, FileKind.TEXT, FileKind.HTML, FileKind.WPS_OR_OLE, FileKind.ZIP})


def reader_for(file: Attachment) -> str | None:
    """The key of `READERS` that takes a file; None for kinds that hold no form."""
    ending = "." + (file.name or "").rsplit(".", 1)[-1].lower()
    wanted = file.kind if file.kind in READERS else ending if file.kind in _UNRECOGNISED else None
    return str(wanted) if wanted is not None and wanted in READERS else None
