"""Bytes in, what the file is out; names play no part."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mail.file_kinds import sniff


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


CASES = [
    (b"", "empty"),
    (b"%PDF-1.7\n", "pdf"),
    (b"junk before\n%PDF-1.4\n", "pdf"),
    (b"x" * 2000 + b"%PDF-1.4\n", "text"),
    (zipped("word/document.xml"), "docx"),
    (zipped("word/document.xml", "x")[:60], "docx"),
    (zipped("xl/workbook.xml"), "xlsx"),
    (zipped("OFD.xml"), "ofd"),
    (zipped("推荐表.docx"), "zip"),
    (b"Rar!\x1a\x07\x01\x00", "rar"),
    (b"7z\xbc\xaf\x27\x1c\x00", "7z"),
    (b"\x1f\x8b\x08\x00", "gzip"),
    (b"{\\rtf1", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ole"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff\xe0", "image"),
    (b"<!DOCTYPE html><p>", "html"),
    ("各位老师好".encode("gbk"), "text"),
    (b"From: a@x.invalid\r\nSubject: x\r\n\r\nbody", "message"),
    (b"Subject: an essay\n\nno mail", "text"),
    (bytes(range(256)), "unknown"),
]


@pytest.mark.parametrize(("data", "kind"), CASES, ids=[kind for _, kind in CASES])
def test_kinds(data: bytes, kind: str) -> None:
    assert str(sniff(data)[0]) == kind


@given(st.binary(max_size=300))
def test_any_bytes_are_something(data: bytes) -> None:
    kind, media_type = sniff(data)
    assert kind
    assert "/" in media_type
