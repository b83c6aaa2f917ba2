"""Archives as bytes in, members or the finding out."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mail.archives import Budget, unpack
from reference.model import FileKind
from reference.settings import Limits

LIMITS = Limits(archive_members=20, archive_bytes=3_000_000)


def unpacked(data: bytes, kind: FileKind = FileKind.ZIP, left: int = LIMITS.archive_bytes) -> list[str] | str:
    """The members' names, or the code of the finding."""
    result = unpack(data, kind, "x.zip", LIMITS, Budget(left))
    return result.refused.code if result.refused else [member.name for member in result.members]


def zipped(*names: str, data: bytes = b"form", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, data)
    return out.getvalue()


def gbk_named(name: str) -> bytes:
    """A zip as Windows makes it: the name in GBK, no UTF-8 flag."""
    placeholder = "x" * len(name.encode("gbk"))
    return zipped(placeholder).replace(placeholder.encode(), name.encode("gbk"))


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def overlapping() -> bytes:
    """Two directory entries that claim the same large data."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("a", "b"):
            archive.writestr(name, bytes(200))
        archive.filelist[1].header_offset = archive.filelist[0].header_offset
        archive.filelist[0].compress_size = archive.filelist[1].compress_size = 2000
    return out.getvalue()


def encrypted() -> bytes:
    """The stdlib cannot encrypt: set the flag that says so in both headers."""
    data = bytearray(zipped("a.docx", method=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


ZIPS = [
    (zipped("推荐表.docx", "盖章/推荐表.pdf"), ["推荐表.docx", "盖章/推荐表.pdf"]),
    (gbk_named("推荐表.docx"), ["推荐表.docx"]),
    (zipped("a.docx", "__MACOSX/._a.docx", ".DS_Store", "x/Thumbs.db"), ["a.docx"]),
    (zipped("../a.docx"), "archive-unsafe"),
    (zipped("a/../../b.docx"), "archive-unsafe"),
    (zipped("/etc/a.docx"), "archive-unsafe"),
    (zipped("C:\\a.docx"), "archive-unsafe"),
    (zipped("..\\a.docx"), "archive-unsafe"),
    (linked(), "archive-unsafe"),
    (zipped(*map(str, range(21))), "archive-unsafe"),
    (zipped("bomb", data=bytes(2_500_000)), "archive-unsafe"),
    (zipped("a", "b", data=b"0123456789" * 200_000, method=zipfile.ZIP_STORED), "archive-unsafe"),
    (overlapping(), "archive-unsafe"),
    (encrypted(), "file-encrypted"),
    (zipped("a.docx")[:40], "file-unreadable"),
    (b"PK\x03\x04" + bytes(100), "file-unreadable"),
]


@pytest.mark.parametrize(("data", "expected"), ZIPS, ids=range(len(ZIPS)))
def test_zips(data: bytes, expected: list[str] | str) -> None:
    assert unpacked(data) == expected


def tarred(*infos: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for info in infos:
            info.size = 4 if info.isfile() else 0
            archive.addfile(info, io.BytesIO(b"form") if info.isfile() else None)
    return out.getvalue()


def link(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


def test_tars_and_gzips() -> None:
    tar = tarred(tarfile.TarInfo("推荐表.docx"))
    assert unpacked(tar, FileKind.TAR) == ["推荐表.docx"]
    assert unpacked(tarred(tarfile.TarInfo("../a")), FileKind.TAR) == "archive-unsafe"
    assert unpacked(tarred(link("a")), FileKind.TAR) == "archive-unsafe"
    assert unpacked(gzip.compress(tar), FileKind.GZIP) == ["x.zip"]
    assert unpacked(gzip.compress(bytes(10_000_000)), FileKind.GZIP) == "archive-unsafe"
    assert unpacked(gzip.compress(tar)[:30], FileKind.GZIP) == "file-unreadable"


def test_the_budget_is_the_whole_messages() -> None:
    budget = Budget(10)
    data = zipped("a", data=b"123456")
    assert unpack(data, FileKind.ZIP, None, LIMITS, budget).refused is None
    refused = unpack(data, FileKind.ZIP, None, LIMITS, budget).refused
    assert refused is not None
    assert refused.code == "archive-unsafe"


@given(st.binary(max_size=200), st.integers(0, 100))
def test_damage_is_a_finding(noise: bytes, at: int) -> None:
    data = zipped("推荐表.docx", "b.pdf")
    result = unpacked(data[:at] + noise + data[at:])
    assert isinstance(result, list) or result in ("archive-unsafe", "file-unreadable", "file-encrypted")
