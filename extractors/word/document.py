"""A Word file's bytes to its pieces and its form. The door to python-docx.

The XML is walked rather than `cell.text` asked, which misses content controls and tracked insertions and
keeps tracked deletions.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.parser import parse_xml

from extractors.form.find import find_form
from extractors.overrun import OverLimitsError, over_limits
from extractors.table.grid import Piece
from extractors.word.body import Body
from extractors.word.numbering import Numbering
from extractors.word.styles import Styles, w
from reference.findings import finding
from reference.model import FileReading, Finding
from reference.settings import Limits

MEBIBYTE = 1024**2
MOST_BYTES = 200 * MEBIBYTE
"""What a Word file may unpack to."""
XML_BYTES = 48 * MEBIBYTE
"""What its XML may: a table of 8,000 rows as Word writes them. Each byte of it takes some eight of memory."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_UNNAMED = "（未命名）"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, KeyError, ValueError, IndexError,
    AttributeError, TypeError, NotImplementedError, RuntimeError,
    SyntaxError,  # lxml's errors of syntax are this, too
)  # fmt: skip
"""What the zip, XML and python-docx raise at a damaged file."""


@dataclass(frozen=True, slots=True)
class WordPieces:
    """A Word file's paragraphs and tables in reading order, and what was wrong with the file."""

    pieces: tuple[Piece, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """The XML of a Word file that decides its text."""

    document: Any
    styles: Any | None
    numbering: Any | None


class _RefusedError(Exception):
    """Ends the reading of one file with its finding; never leaves this module."""

    def __init__(self, reason_zh: str, reason_en: str, code: str = "file-unreadable") -> None:
        super().__init__(code)
        self.code, self.reason_zh, self.reason_en = code, reason_zh, reason_en


def read_word(data: bytes, file_id: str, name: str | None, limits: Limits) -> FileReading:
    """Read the form out of a Word file (.docx, .docm, .dotx); damage is a finding.

    Raises:
        MemoryError: it takes more memory than there is.
    """
    read = word_pieces(data, file_id, name, limits)
    form = find_form(read.pieces, file_id, source="word")
    return FileReading(file_id=file_id, form=form, findings=read.findings)


def word_pieces(data: bytes, file_id: str, name: str | None, limits: Limits) -> WordPieces:
    """A Word file's paragraphs and tables in reading order; damage is a finding."""
    try:
        parts = _opened(data, limits)
        styles = Styles(parts.styles)
        body = Body(file_id, styles, Numbering(parts.numbering, styles), limits.table_rows)
        content = parts.document.find(w("body"))
        if content is None:
            raise _RefusedError("没有正文", "it has no body")
        body.read(content)
    except OverLimitsError as over:
        return WordPieces((), (over_limits(name, over.overrun, limits),))
    except _RefusedError as refused:
        return WordPieces((), (_unread(name, refused.reason_zh, refused.reason_en, refused.code),))
    except RecursionError:
        return WordPieces((), (_unread(name, "文件嵌套过深", "it is nested too deep"),))
    return WordPieces(tuple(body.pieces), tuple(_unread(name, zh, en) for zh, en in body.cut.items()))


def _unread(name: str | None, reason_zh: str, reason_en: str, code: str = "file-unreadable") -> Finding:
    return finding(code, seen=name or _UNNAMED, reason_zh=reason_zh, reason_en=reason_en)


def _opened(data: bytes, limits: Limits) -> _Parts:
    """The file's parts, by python-docx, or by hand where it refuses what Word opens.

    It refuses strict Open XML, other content types (.docm, .dotx) and references to parts that are not
    there.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise _RefusedError("", "", code="file-encrypted")
        raise _RefusedError("不是WORD文件（.docx）", "it is no Word file (.docx)")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), limits)
            try:
                parts = _by_library(data)
            except _DAMAGE as error:
                _unless_memory(error)
                parts = _by_hand(archive)
    except _DAMAGE as error:
        _unless_memory(error)
        raise _RefusedError("文件损坏或不完整", "the file is damaged or incomplete") from error
    for part in (parts.document, parts.styles, parts.numbering):
        # Word writes none, and what its entities stand for would be missing from the text.
        if part is not None and part.getroottree().docinfo.internalDTD is not None:
            raise _RefusedError("含有文档类型声明（DTD）", "it holds a document type declaration")
    return parts


_NO_MEMORY = 2
"""libxml2's code; lxml tells it as an error of syntax."""


def _unless_memory(error: Exception) -> None:
    """Tell want of memory from damage.

    Raises:
        MemoryError: it is that.
    """
    if isinstance(error, SyntaxError) and getattr(error, "code", None) == _NO_MEMORY:
        raise MemoryError from error


def _check(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse what would unpack to far more than it is; zipfile never reads beyond a declared size.

    Raises:
        OverLimitsError: it does.
    """
    if any(member.flag_bits & 1 for member in members):
        raise _RefusedError("", "", code="file-encrypted")
    xml = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    if xml > XML_BYTES:
        raise OverLimitsError("inflated", most=XML_BYTES)
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise OverLimitsError("inflated", most=MOST_BYTES)
    if any(
        member.file_size > MEBIBYTE and member.file_size > limits.archive_ratio * max(member.compress_size, 1)
        for member in members
    ):
        raise OverLimitsError("ratio")


def _by_library(data: bytes) -> _Parts:
    part = docx.Document(io.BytesIO(data)).part

    def related(kind: str) -> Any | None:
        try:
            return getattr(part.part_related_by(kind), "element", None)
        except KeyError:
            return None

    return _Parts(part.element, related(RELATION.STYLES), related(RELATION.NUMBERING))


def _by_hand(archive: zipfile.ZipFile) -> _Parts:
    """The parts by their relationships' types, which end alike in strict and transitional files."""
    main = _targets(archive, "").get("officeDocument", "word/document.xml")
    related = _targets(archive, main)

    def optional(kind: str) -> Any | None:
        return _xml(archive, related[kind]) if related.get(kind) in archive.namelist() else None

    return _Parts(_xml(archive, main), optional("styles"), optional("numbering"))


def _targets(archive: zipfile.ZipFile, source: str) -> dict[str, str]:
    """What a part refers to, by the last word of the relationship's type; nothing if it says nothing."""
    folder, base = posixpath.split(source)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in archive.namelist():
        return {}
    return {
        (one.get("Type") or "").rsplit("/", 1)[-1]: posixpath.normpath(
            posixpath.join("/", folder, one.get("Target") or "")
        ).lstrip("/")
        for one in _xml(archive, name)
    }


_parse: Callable[[bytes], Any] = parse_xml


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    return _parse(archive.read(name).replace(_STRICT, _TRANSITIONAL))
