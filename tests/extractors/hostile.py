"""Files that cost their reader more than any form does, made small."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable

from tests.extractors.picture_samples import assembled
from tests.extractors.word_samples import tbl, tr, word_file


def one_page(content: bytes, *further: bytes, entries: str = "", resources: str = "") -> bytes:
    """A PDF of one page with this content stream; further objects are numbered from 5."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {resources} >>".encode(),
            stream(content, entries),
            *further,
        ]
    )


def stream(data: bytes, entries: str = "") -> bytes:
    """A stream object's body."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data)


def slow(ops: int = 1_800_000) -> bytes:
    """Instructions that draw nothing, 7 MB in 10 kB: a second for each 100,000 of them."""
    return one_page(zlib.compress(b"q Q " * ops, 9), entries="/Filter /FlateDecode")


BOMB = 12 * 1024**2


def packed(size: int = BOMB) -> bytes:
    """Zeros, deflated a piece at a time."""
    packer = zlib.compressobj(9)
    piece = bytes(1024**2)
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


def picture(entries: str, code: bytes, pages: int = 1) -> bytes:
    """A PDF whose pages each show one and the same stored picture."""
    content = b"595 0 0 842 0 0 cm /Im Do"
    kids = " ".join(f"{5 + number} 0 R" for number in range(pages))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R "
        b"/Resources << /XObject << /Im 4 0 R >> >> >>"
    )
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
            stream(content),
            stream(
                code, f"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 {entries}"
            ),
            *([page] * pages),
        ]
    )


def jpeg_of(wide: int, tall: int) -> bytes:
    """A JPEG's head that promises so many pixels, and nothing behind it."""
    frame = struct.pack(">BBHBHHB", 0xFF, 0xC2, 11, 8, tall, wide, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8" + b"\xff\xfe\x00\x04ab" + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\0" * 40
    )


def jpeg_2000_of(wide: int, tall: int) -> bytes:
    """A JPEG 2000 codestream's head that promises so many pixels."""
    size = struct.pack(">HHIIIIIIIIH", 41, 0, wide, tall, 0, 0, wide, tall, 0, 0, 1) + b"\x07\x01\x01"
    return b"\xff\x4f\xff\x51" + size + bytes(40)


def jbig2_of(wide: int, tall: int) -> bytes:
    """A JBIG2 page's head that promises so many pixels."""
    return struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", wide, tall, 0, 0, 0, 0)


SMALL = "/Width 100 /Height 100"
OVER: dict[str, Callable[[], bytes]] = {
    "one filter": lambda: one_page(packed(), entries="/Filter /FlateDecode"),
    "two filters": lambda: one_page(
        zlib.compress(packed(), 9), entries="/Filter [/FlateDecode /FlateDecode]"
    ),
    "its name written otherwise": lambda: one_page(packed(), entries="/Filter /#46lateDecode"),
    "its short name": lambda: one_page(packed(), entries="/Filter [/Fl]"),
    "its name elsewhere": lambda: one_page(packed(), b"/FlateDecode", entries="/Filter 5 0 R"),
    "in letters": lambda: one_page(
        base64.a85encode(packed()) + b"~>", entries="/Filter [/ASCII85Decode /FlateDecode]"
    ),
    "in figures": lambda: one_page(packed().hex().encode() + b">", entries="/Filter [/AHx /Fl]"),
    "run lengths": lambda: one_page(
        zlib.compress(b"\x81\x00" * (BOMB // 128), 9), entries="/Filter [/Fl /RunLengthDecode]"
    ),
    "a broken end": lambda: one_page(packed()[:-4] + b"abcd", entries="/Filter /FlateDecode"),
    "said to be a picture": lambda: one_page(packed(), entries="/Subtype /Image /Filter /FlateDecode"),
    "a JPEG": lambda: picture(f"{SMALL} /Filter /DCTDecode", jpeg_of(65_500, 65_500)),
    "a JPEG in a filter": lambda: picture(
        f"{SMALL} /Filter [/FlateDecode /DCTDecode]", zlib.compress(jpeg_of(65_500, 65_500))
    ),
    "a JPEG 2000": lambda: picture(f"{SMALL} /Filter /JPXDecode", jpeg_2000_of(60_000, 60_000)),
    "a JBIG2": lambda: picture(f"{SMALL} /Filter /JBIG2Decode", jbig2_of(60_000, 60_000)),
    "pixels": lambda: picture("/Width 30000 /Height 30000 /Filter /FlateDecode", packed(1024**2)),
    "pages of pixels": lambda: picture(
        "/Width 20000 /Height 20000 /Filter /FlateDecode", packed(1024**2), 300
    ),
}
"""PDFs that unpack to more than the limits allow."""


def circle(*objects: bytes) -> bytes:
    """A PDF of one page whose contents are the first object, from number 4."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, *objects])


CIRCLES = {
    "one": circle(b"4 0 R"),
    "two": circle(b"5 0 R", b"4 0 R"),
    "an array": circle(b"[4 0 R 4 0 R]"),
    "the catalogue": assembled([b"1 0 R"]),
    "the pages": assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"3 0 R", b"2 0 R"]),
    "a length": circle(b"<< /Length 5 0 R >>\nstream\nq Q\nendstream", b"5 0 R"),
}
"""PDFs in which references lead back to themselves."""


def cyclic_ole() -> bytes:
    """An OLE file whose table of sectors leads in a circle."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 2, 1, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * 4 * 108
    table = struct.pack("<128I", 0xFFFFFFFD, 1, 2, *([3] * 125))
    root = "Root Entry\0".encode("utf-16-le").ljust(64, b"\0")
    root += struct.pack("<HBBIII", 22, 5, 0, 0xFFFFFFFF, 0xFFFFFFFF, 1)
    return head.ljust(512, b"\0") + table + root.ljust(128, b"\0") * 4 + bytes(2048)


COSTLY: dict[str, Callable[[], bytes]] = {
    "elements 100,000 deep.docx": lambda: word_file("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000),
    "30,000 tables.docx": lambda: word_file(tbl(tr("a", "b")) * 30_000),
    "a circle.doc": cyclic_ole,
    "two billion columns.pdf": lambda: one_page(
        zlib.compress(b"\2" + bytes(10)),
        entries="/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 >>",
    ),
}
"""Small files that ask for much, by name."""
