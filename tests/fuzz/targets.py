"""The readers of foreign bytes, each as a function of bytes that must neither raise nor run away.

They are called in this process, below the reader processes that hold the product's limits of time and
memory: what those would catch is here to be seen.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache

from reference.model import FileKind
from reference.settings import Limits

LIMITS = Limits(archive_bytes=32 * 1024**2, table_rows=2000, pages=20)
FILE = "0" * 64
COARSE = 30.0
"""Dots per inch of the pictures: a look at a page of 72 takes 0.25 s, which is four inputs a second."""


def mail(data: bytes) -> None:
    """A message with its archives and inner messages: what comes out can be stored as text."""
    from extractors.mail.messages import message_digest, read_message

    message = read_message(data, "fuzz.eml", LIMITS, exported_at=None)
    assert message.message_id == message_digest(data)
    for text in (message.subject, message.sender, message.sender_name, message.body):
        (text or "").encode("utf-8")
    for found in message.findings:
        # The last resort is for what nobody foresaw: whatever leads to it is a fault to mend.
        assert "could not be read:" not in found.message_en, found.message_en


def archives(data: bytes) -> None:
    """A zip, tar or gzip, as its own bytes tell or as the first byte claims; Outlook files too."""
    from extractors.mail import outlook
    from extractors.mail.archives import Budget, unpack
    from extractors.mail.attachments import file_attachment
    from extractors.mail.file_kinds import sniff

    kind, _ = sniff(data)
    claimed = (FileKind.ZIP, FileKind.TAR, FileKind.GZIP)[data[0] % 3] if data else FileKind.ZIP
    for one in {kind, claimed} & {FileKind.ZIP, FileKind.TAR, FileKind.GZIP}:
        unpacked = unpack(data, one, "包.zip", LIMITS, Budget(LIMITS.archive_bytes))
        assert sum(len(member.data) for member in unpacked.members) <= LIMITS.archive_bytes
    outlook.parse(data)
    for file in file_attachment("包.zip", data, LIMITS):
        (file.name or "").encode("utf-8", "surrogateescape")


_PARTS = ("word/document.xml", "word/numbering.xml", "word/styles.xml", "word/_rels/document.xml.rels")


@cache
def _template() -> dict[str, bytes]:
    from tests.extractors.word_samples import BLANK

    with zipfile.ZipFile(io.BytesIO(BLANK)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word(data: bytes) -> None:
    """A Word file; where the bytes are no zip, a sound file with one part replaced by them."""
    from extractors.word.document import read_word

    if not data.startswith(b"PK"):
        parts = dict(_template())
        parts[_PARTS[data[0] % len(_PARTS) if data else 0]] = data[1:]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        data = out.getvalue()
    read_word(data, FILE, "推荐表.docx", LIMITS)


def pdf(data: bytes) -> None:
    """A PDF's pages and form; scanned pages are left to `images`."""
    from extractors.form.find import find_form
    from extractors.pdf.document import pdf_pieces
    from extractors.scan import page as scan

    scan.read_scans = lambda *_, **__: []  # type: ignore[assignment]
    read = pdf_pieces(data, FILE, "推荐表.pdf", LIMITS)
    find_form(read.pieces, FILE, source="pdf", scanned=read.scanned_pages)


def images(data: bytes) -> None:
    """A page that is a picture: drawn, made straight, its lines and seals found; nothing is recognised."""
    from extractors.picture.light import even_light
    from extractors.picture.raster import pictures
    from extractors.picture.ruling_lines import rules_of
    from extractors.picture.straighten import straightened
    from extractors.seal.find import look_for_seals
    from tests.extractors.picture_samples import pdf_of

    if not data.startswith(b"%PDF"):
        filters = (
            "DCTDecode",
            "JPXDecode",
            "CCITTFaxDecode",
            "JBIG2Decode",
            "FlateDecode",
            "RunLengthDecode",
        )
        chosen = f"/Filter /{filters[data[0] % len(filters)]}" if data else ""
        bits = (1, 8)[data[0] // 8 % 2] if data else 8
        colours = ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK")[data[0] // 16 % 3] if data else "/DeviceGray"
        entries = chosen, f"/ColorSpace {colours}", f"/BitsPerComponent {bits}"
        data = pdf_of(data[1:], (120, 160), *entries, dpi=72)
    for picture in pictures(data, (1, 2), COARSE):
        if picture.pixels.size > 3 * 500_000:
            continue
        level = straightened(grey := even_light(picture.pixels, picture.dpi), picture.dpi).straight(grey)
        rules_of(level, picture.dpi)
        look_for_seals([picture], scanned=True)


TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[str, ...]]] = {
    "mail": (mail, ("extractors", "email", "zipfile")),
    "archives": (archives, ("extractors", "zipfile", "tarfile", "olefile", "oxmsg")),
    "word": (word, ("extractors", "docx")),
    "pdf": (pdf, ("extractors", "pdfminer", "pdfplumber")),
    "images": (images, ("extractors",)),
}
"""By name: the function, and the packages whose branches guide the fuzzer."""
