"""Archives: zip, tar and gzip unpacked under limits, or refused whole with the reason."""

from __future__ import annotations

import errno
import gzip
import io
import posixpath
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.mail.charsets import decode
from reference.findings import finding
from reference.model import FileKind, Finding
from reference.settings import Limits

MEBIBYTE = 1024 * 1024
_SYSTEM = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)")
"""What operating systems add to archives; nobody sent it."""


MOST_FILES = 5000
"""Files of one message, its archives' and inner messages' among them."""


@dataclass(slots=True)
class Budget:
    """What a message may still unpack to, in bytes and files; the one thing here that changes."""

    left: int
    files: int = MOST_FILES


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive, its name decoded, its folders kept."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive's members, or the finding for which it was refused whole."""

    members: tuple[Member, ...] = ()
    refused: Finding | None = None


class _RefusedError(Exception):
    """Ends the unpacking of one archive; never leaves this module."""

    def __init__(self, code: str, reason_zh: str = "", reason_en: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.reason_zh, self.reason_en = reason_zh, reason_en


_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, OSError, struct.error,
    NotImplementedError, ValueError, KeyError, RuntimeError, IndexError, MemoryError,
)  # fmt: skip
"""What the stdlib raises over damaged archives."""


def unpack(data: bytes, kind: FileKind, name: str | None, limits: Limits, budget: Budget) -> Unpacked:
    """The members of a zip, tar or gzip; refused whole if any part of it is unsafe or damaged."""
    readers = {FileKind.ZIP: _zip, FileKind.TAR: _tar, FileKind.GZIP: _gzip}
    try:
        members = tuple(readers[kind](data, name, limits, budget))
    except _RefusedError as refused:
        return _refused(refused.code, name, refused.reason_zh, refused.reason_en)
    except _DAMAGED:
        return _refused("file-unreadable", name, *_BROKEN)
    return Unpacked(members)


_BROKEN = ("压缩包损坏或不完整", "the archive is damaged or truncated")


@dataclass(frozen=True, slots=True)
class Written:
    """A zip's members written to a folder: their names and where they stand; or why it was refused."""

    files: tuple[tuple[str, Path], ...] = ()
    refused: Finding | None = None


def members_to(folder: Path, path: Path, name: str | None, limits: Limits, budget: Budget) -> Written:
    """Unpack a zip on disk to a folder, block by block, under names of our own; refused as by `unpack`.

    Raises:
        OSError: the folder cannot be written to.
    """
    files: list[tuple[str, Path]] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for number, (member, info) in enumerate(
                _safe_members(archive, path.stat().st_size, limits, budget)
            ):
                target = folder / f"{number}{Path(member).suffix[:8]}"
                with archive.open(info) as stream, target.open("wb") as file:
                    left = min(info.file_size, budget.left)
                    while block := stream.read(MEBIBYTE):
                        left -= len(block)
                        if left < 0:
                            raise _BEYOND
                        file.write(block)
                    budget.left -= info.file_size
                files.append((member, target))
    except _RefusedError as refused:
        return Written(refused=_refused(refused.code, name, refused.reason_zh, refused.reason_en).refused)
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        return Written(refused=_refused("file-unreadable", name, *_BROKEN).refused)
    return Written(tuple(files))


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES})


def _refused(code: str, name: str | None, reason_zh: str, reason_en: str) -> Unpacked:
    seen = name or "（未命名）"
    return Unpacked(refused=finding(code, seen=seen, reason_zh=reason_zh, reason_en=reason_en))


def _unsafe(reason_zh: str, reason_en: str) -> _RefusedError:
    return _RefusedError("archive-unsafe", reason_zh, reason_en)


_BEYOND = _unsafe("展开后大于声明的大小", "it expands beyond its declared size")


def _safe_members(
    archive: zipfile.ZipFile, size: int, limits: Limits, budget: Budget
) -> list[tuple[str, zipfile.ZipInfo]]:
    """The members by name, none of them unsafe by what the archive says of it."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check_count(len(infos), limits)
    if sum(info.compress_size for info in infos) > size:
        raise _unsafe("成员数据相互重叠", "its members overlap")
    for info in infos:
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _unsafe("含有链接", "it holds a link")
        _check_size(info.file_size, info.compress_size, limits, budget)
        _safe_name(_member_name(info))
    if any(info.flag_bits & 1 for info in infos):
        raise _RefusedError("file-encrypted")
    named = [(_member_name(info), info) for info in infos]
    return [(member, info) for member, info in named if not _SYSTEM.search(member)]


def _zip(data: bytes, name: str | None, limits: Limits, budget: Budget) -> Iterator[Member]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member, info in _safe_members(archive, len(data), limits, budget):
            with archive.open(info) as stream:
                yield Member(member, _bounded(stream.read(info.file_size + 1), info.file_size, budget))


def _tar(data: bytes, name: str | None, limits: Limits, budget: Budget) -> Iterator[Member]:
    with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape") as archive:
        for count, info in enumerate(archive, 1):
            _check_count(count, limits)
            member = decode(info.name.encode("utf-8", "surrogateescape"))
            _safe_name(member)
            if info.issym() or info.islnk() or info.isdev():
                raise _unsafe("含有链接或设备", "it holds a link or a device")
            if not info.isfile() or _SYSTEM.search(member):
                continue
            _check_size(info.size, info.size, limits, budget)
            stream = archive.extractfile(info)
            yield Member(member, _bounded(stream.read() if stream else b"", info.size, budget))


def _gzip(data: bytes, name: str | None, limits: Limits, budget: Budget) -> Iterator[Member]:
    most = min(budget.left, max(MEBIBYTE, len(data) * limits.archive_ratio))
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise _unsafe("展开后过大", "it expands too far")
    budget.left -= len(content)
    inside = re.sub(r"\.gz$|\.tgz$", lambda m: "" if m[0] == ".gz" else ".tar", name or "")
    yield Member(inside, content)


def _check_count(count: int, limits: Limits) -> None:
    if count > limits.archive_members:
        raise _unsafe(f"成员超过{limits.archive_members}个", f"it has over {limits.archive_members} members")


def _check_size(size: int, compressed: int, limits: Limits, budget: Budget) -> None:
    if size > budget.left:
        raise _unsafe("展开后过大", "it expands too far")
    if size > MEBIBYTE and size > limits.archive_ratio * max(compressed, 1):
        raise _unsafe("压缩比异常", "its ratio of expansion is abnormal")


def _bounded(content: bytes, declared: int, budget: Budget) -> bytes:
    if len(content) > declared or len(content) > budget.left:
        raise _BEYOND
    budget.left -= len(content)
    return content


def _safe_name(name: str) -> None:
    """Refuse a path that would leave the archive's own folder."""
    path = name.replace("\\", "/")
    if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in posixpath.normpath(path).split("/"):
        raise _unsafe("含有越出压缩包的路径", "a path leaves the archive")


_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 where flagged or in the Unicode path field, else usually GBK."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    extra = info.extra
    while len(extra) >= 4:
        tag, size = struct.unpack("<HH", extra[:4])
        if tag == _UNICODE_PATH and size > 5:
            return decode(extra[9 : 4 + size], "utf-8")
        extra = extra[4 + size :]
    try:
        return decode(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.filename
