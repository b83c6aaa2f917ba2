"""Files that cost their reader more than any form does, made small."""

from __future__ import annotations

import zlib

from tests.extractors.picture_samples import assembled


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
