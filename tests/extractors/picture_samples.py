"""PDFs whose pages are pictures, in the codings that scanners, faxes and hostile senders use."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

from PIL import Image, TiffImagePlugin


def pdf_of(picture: bytes, size: tuple[int, int], *entries: str, dpi: int = 200) -> bytes:
    """A PDF of one page that shows one picture: its stream as it is, its dictionary's further entries."""
    wide, tall = (side * 72 / dpi for side in size)
    content = f"q {wide:.2f} 0 0 {tall:.2f} 0 0 cm /Im Do Q".encode()
    image = f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} {' '.join(entries)}"
    page = (
        f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {tall:.2f}] /Contents 4 0 R "
        "/Resources << /XObject << /Im 5 0 R >> >>"
    )
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< {page} >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            b"<< %s /Length %d >>\nstream\n%s\nendstream" % (image.encode(), len(picture), picture),
        ]
    )


def assembled(objects: list[bytes]) -> bytes:
    """The objects, numbered from 1, as a PDF; the first one is its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def jpeg_2000(image: Image.Image) -> bytes:
    """JPEG 2000, as scanners that save space write it."""
    out = io.BytesIO()
    image.save(out, "JPEG2000", quality_mode="dB", quality_layers=[42])
    return pdf_of(out.getvalue(), image.size, "/Filter /JPXDecode")


def cmyk(image: Image.Image) -> bytes:
    """A JPEG in four printing inks, inverted as Adobe writes it."""
    out = io.BytesIO()
    image.convert("CMYK").save(out, "JPEG", quality=90)
    entries = "/ColorSpace /DeviceCMYK", "/BitsPerComponent 8", "/Decode [1 0 1 0 1 0 1 0]"
    return pdf_of(out.getvalue(), image.size, "/Filter /DCTDecode", *entries)


def fax(image: Image.Image) -> bytes:
    """Black and white in CCITT group 4, as a fax or an office copier scans."""
    wide, tall = image.size
    parms = f"/DecodeParms << /K -1 /Columns {wide} /Rows {tall} /BlackIs1 false >>"
    entries = "/Filter /CCITTFaxDecode", parms, "/ColorSpace /DeviceGray", "/BitsPerComponent 1"
    return pdf_of(_group_4(image), image.size, *entries)


def jbig2(image: Image.Image) -> bytes:
    """Black and white in JBIG2: a page and one region of it, coded in group 4 (ITU-T T.88, 7.4.6)."""
    wide, tall = image.size
    about_page = struct.pack(">IIIIBH", wide, tall, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", wide, tall, 0, 0, 0, 1) + _group_4(image)
    stream = _segment(0, 48, about_page) + _segment(1, 38, region)
    entries = "/Filter /JBIG2Decode", "/ColorSpace /DeviceGray", "/BitsPerComponent 1"
    return pdf_of(stream, image.size, *entries)


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def _group_4(image: Image.Image) -> bytes:
    """The picture's bits in group 4; libtiff codes set bits as black runs."""
    out = io.BytesIO()
    TiffImagePlugin.STRIP_SIZE = 1 << 28  # all rows in one strip
    bits = image.convert("L").point(lambda value: 255 if value < 160 else 0).convert("1")
    bits.save(out, "TIFF", compression="group4")
    tiff = Image.open(io.BytesIO(out.getvalue()))
    (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]
    return out.getvalue()[offset : offset + length]


@cache
def bomb(side: int) -> bytes:
    """A white picture of `side` by `side` pixels in a few kilobytes."""
    packer = zlib.compressobj(9)
    row = b"\xff" * (side // 8)
    packed = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    entries = "/Filter /FlateDecode", "/ColorSpace /DeviceGray", "/BitsPerComponent 1"
    return pdf_of(packed, (side, side), *entries, dpi=side * 72 // 595)


def looping_pages(picture: bytes, size: tuple[int, int]) -> bytes:
    """A page tree whose branch is its own ancestor."""
    good = pdf_of(picture, size, "/Filter /DCTDecode", "/ColorSpace /DeviceRGB", "/BitsPerComponent 8")
    return good.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [2 0 R] /Count 1")
