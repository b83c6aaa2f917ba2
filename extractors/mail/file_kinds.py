"""What a file is by its bytes; names and declared types are never trusted. The door to olefile."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import olefile

from reference.model import FileKind

PDF_HEAD = 1024
"""A PDF's header may stand behind this much of something else (ISO 32000, annex H)."""

MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.DOC: "application/msword",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.WPS_OR_OLE: "application/x-ole-storage",
    FileKind.ZIP: "application/zip",
    FileKind.RAR: "application/vnd.rar",
    FileKind.SEVEN_ZIP: "application/x-7z-compressed",
    FileKind.TAR: "application/x-tar",
    FileKind.GZIP: "application/gzip",
    FileKind.MESSAGE: "message/rfc822",
    FileKind.MSG: "application/vnd.ms-outlook",
    FileKind.IMAGE: "image/*",
    FileKind.HTML: "text/html",
    FileKind.RTF: "application/rtf",
    FileKind.OFD: "application/ofd",
    FileKind.TEXT: "text/plain",
    FileKind.EMPTY: "application/x-empty",
    FileKind.UNKNOWN: "application/octet-stream",
}

_IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
)
_HEADS: tuple[tuple[bytes, FileKind], ...] = (
    (b"Rar!\x1a\x07", FileKind.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (b"\x1f\x8b", FileKind.GZIP),
    (b"{\\rtf", FileKind.RTF),
)
_ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ZIP_PARTS: tuple[tuple[str, FileKind], ...] = (
    ("word/document", FileKind.DOCX),
    ("xl/workbook", FileKind.XLSX),
    ("OFD.xml", FileKind.OFD),
)
_OLE_STREAMS: tuple[tuple[str, FileKind], ...] = (
    ("WordDocument", FileKind.DOC),
    ("__properties_version1.0", FileKind.MSG),
    ("Workbook", FileKind.XLS),
    ("Book", FileKind.XLS),
    # An encrypted .docx is an OLE file too; it goes to the reader of .docx, which says so.
    ("EncryptedPackage", FileKind.DOCX),
)


def sniff(data: bytes) -> tuple[FileKind, str]:
    """The file's kind and media type by its bytes."""
    if not data:
        return FileKind.EMPTY, MEDIA_TYPES[FileKind.EMPTY]
    for head, media_type in _IMAGES:
        if data.startswith(head) and (head != b"BM" or len(data) > 54):
            return FileKind.IMAGE, media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind.IMAGE, "image/webp"
    kind = _kind(data)
    return kind, MEDIA_TYPES[kind]


def _kind(data: bytes) -> FileKind:
    for head, kind in _HEADS:
        if data.startswith(head):
            return kind
    tests: tuple[tuple[bool, Callable[[bytes], FileKind]], ...] = (
        (data.startswith(_ZIP_HEADS), _zip_kind),
        (data.startswith(olefile.MAGIC), _ole_kind),
        (b"%PDF-" in data[:PDF_HEAD], lambda _: FileKind.PDF),
        (data[257:262] == b"ustar", lambda _: FileKind.TAR),
    )
    return next((kind_of(data) for holds, kind_of in tests if holds), None) or _text_kind(data)


def _zip_kind(data: bytes) -> FileKind:
    """A Word or Excel file, an OFD, or a plain archive; a damaged one by the names in its local headers."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names: list[str] = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        head = data[: 64 * 1024]
        names = [part for part, _ in _ZIP_PARTS if part.encode() in head]
    for part, kind in _ZIP_PARTS:
        if any(name.startswith(part) for name in names):
            return kind
    return FileKind.ZIP


_OLE_FAULTS = (
    OSError, ValueError, IndexError, TypeError, KeyError, AttributeError, OverflowError, RecursionError,
    MemoryError, struct.error,
)  # fmt: skip
"""What olefile raises over damaged files."""
_TIMES = 2
"""The streams of a sound file come to less than the file; a damaged one may say twice as much."""


def ole_is_sound(data: bytes) -> bool:
    """Whether the streams of an OLE file are no larger than the file holds.

    olefile follows a chain of sectors for as long as a stream says that it is, also in a circle: 4 kB that
    say 4 GB cost minutes and gigabytes.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            sizes = [entry.size for entry in ole.direntries if entry is not None]
            short = ole.num_mini_fat_sectors * ole.sector_size <= len(data)
    except _OLE_FAULTS:
        return False
    return bool(short and sum(sizes) <= _TIMES * len(data))


def _ole_kind(data: bytes) -> FileKind:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            streams = {entry[0] for entry in ole.listdir()}
    except _OLE_FAULTS:
        return FileKind.WPS_OR_OLE
    return next((kind for stream, kind in _OLE_STREAMS if stream in streams), FileKind.WPS_OR_OLE)


_HEADER_NAMES = (
    b"received:", b"return-path:", b"from:", b"date:", b"message-id:", b"subject:", b"mime-version:",
    b"delivered-to:", b"x-", b"to:", b"content-type:", b"dkim-signature:", b"reply-to:",
)  # fmt: skip


def looks_like_message(data: bytes) -> bool:
    """Whether the bytes begin with a mail's headers: a known one first, two of the telling ones in all."""
    head = data[:16384].lstrip(b"\r\n\xef\xbb\xbf")
    if head.startswith(b"From "):
        head = head.partition(b"\n")[2]
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n")[0].lower().split(b"\n")
    first = bool(lines) and lines[0].startswith(_HEADER_NAMES)
    telling = sum(
        any(line.startswith(name) for line in lines)
        for name in (b"from:", b"received:", b"date:", b"message-id:", b"subject:")
    )
    return first and telling >= 2


def _text_kind(data: bytes) -> FileKind:
    if looks_like_message(data):
        return FileKind.MESSAGE
    head = data[:4096]
    if b"\x00" in head:
        return FileKind.UNKNOWN
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return FileKind.HTML
    printable = sum(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    readable = any(_decodes(data[:65536], charset) for charset in ("utf-8", "gb18030"))
    return FileKind.TEXT if printable > 0.97 * len(head) and readable else FileKind.UNKNOWN


def _decodes(data: bytes, charset: str) -> bool:
    """Whether the bytes are text of a charset, a character cut at the end allowed."""
    for cut in range(4):
        try:
            data[: len(data) - cut].decode(charset)
        except UnicodeDecodeError:
            continue
        return True
    return False
