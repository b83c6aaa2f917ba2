"""What the fuzzer starts from: small files by the tests' own generators, and inputs that once failed."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

from PIL import Image, ImageDraw

from tests.extractors import cfb_writer, pdf_samples, picture_samples, word_samples

HEAD = b"Received: from x by y; Thu, 26 Jun 2025 10:00:00 +0800\r\nFrom: =?gbk?Q?=CD?= <a@b.invalid>\r\n"


def zipped(*members: tuple[str, bytes]) -> bytes:
    """A zip of members by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    """A tar of one member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _mails() -> Iterator[bytes]:
    whole = EmailMessage()
    whole["Subject"], whole["From"], whole["Date"] = (
        "推荐表",
        "a@b.invalid",
        "Thu, 26 Jun 2025 10:00:00 +0800",
    )
    whole.set_content("请查收")
    whole.add_alternative("<p>请<b>查收</b></p>", subtype="html")
    whole.add_attachment(
        zipped(("推荐表.docx", b"PK")), maintype="application", subtype="zip", filename="包.zip"
    )
    yield whole.as_bytes()
    yield HEAD + b"Content-Type: message/rfc822\r\n\r\n" + whole.as_bytes()
    yield HEAD + b"Content-Type: text/plain; charset=undefined\r\n\r\nabc\\x \xff\xfe"
    yield HEAD + b"Subject: =?idna?Q?=FF=80a?= =?utf-7?B?K0FBQS0=?=\r\n\r\nx"
    yield (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n--abcdef\r\nContent-Disposition: attachment;"
        b"\r\n filename*0*=gbk''%CD%C6; filename*1=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBE\r\n"
        b"--abcdef\r\nContent-Type: message/partial\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
        b"begin 644 a\r\n#86)C\r\nend\r\n--abcdef--\r\n"
    )
    yield (
        b"From a@b Mon Jun 23 09:00:00 2025\r\n" + HEAD + b"Content-Type: text/html\r\n\r\n<!--<p a='>'>&#1;"
    )


def _archives() -> Iterator[bytes]:
    inner = zipped(("推荐表.docx", b"form"), ("a/b.pdf", b"%PDF-"))
    yield inner
    yield zipped(("inner.zip", inner), ("__MACOSX/x", b""))
    yield tarred("推荐表.docx", b"form")
    yield gzip.compress(tarred("a", b"form"))
    yield cfb_writer.message("推荐表", "From: a@b.invalid\r\n", "请查收", [("推荐表.pdf", b"%PDF-1.7")])


def _words() -> Iterator[bytes]:
    cell = "<w:tc><w:p><w:r><w:t>职业编码</w:t></w:r></w:p></w:tc>"
    body = f"<w:tbl>{'<w:tr>' + cell * 3 + '</w:tr>'}</w:tbl><w:p><w:r><w:t>推荐单位：x</w:t></w:r></w:p>"
    file = word_samples.word_file(body)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for number, part in enumerate(("word/document.xml", "word/numbering.xml", "word/styles.xml")):
            yield bytes([number]) + archive.read(part)[:20_000]
        yield b"\x03" + archive.read("word/_rels/document.xml.rels")


def _pdfs() -> Iterator[bytes]:
    table = pdf_samples.Table([["序号", "职业编码", "职业"], ["1", "4-10-01-05", "养老护理员"]])
    yield pdf_samples.pdf(table)
    yield pdf_samples.pdf(table, pageCompression=0)
    yield pdf_samples.pdf(
        pdf_samples.both(table, lambda canvas: pdf_samples.seal(canvas, 300, 500)), rotate=90
    )
    pages = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R "
        b"/Resources << /XObject << /F 4 0 R >> >> >>",
        b"<< /Type /XObject /Subtype /Form /Length 5 >>\nstream\n/F Do\nendstream",
    ]
    yield picture_samples.assembled(pages)


def _images() -> Iterator[bytes]:
    picture = Image.new("RGB", (120, 160), "white")
    pen = ImageDraw.Draw(picture)
    for at in (20, 60, 100):
        pen.line((10, at, 110, at), "black", 2)
        pen.line((at, 20, at, 140), "black", 2)
    pen.ellipse((40, 90, 100, 150), outline="red", width=3)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    yield b"\x18" + out.getvalue()
    out = io.BytesIO()
    picture.save(out, "JPEG2000")
    yield b"\x01" + out.getvalue()
    for make in (picture_samples.fax, picture_samples.jbig2):
        yield make(picture.convert("1"))
    yield picture_samples.cmyk(picture)


def seeds(target: str) -> list[bytes]:
    """A target's first inputs."""
    makers = {"mail": _mails, "archives": _archives, "word": _words, "pdf": _pdfs, "images": _images}
    return list(makers[target]()) + [found for name, found in ONCE_FAILED if name == target]


ONCE_FAILED: list[tuple[str, bytes]] = []
"""Inputs on which a target failed before it was mended, by target: they are tried first, and by the tests."""
