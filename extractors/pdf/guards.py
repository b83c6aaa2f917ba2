"""Guards inside pdfminer, where it unpacks streams and follows references: what it does is counted there.

pdfminer unpacks as much as a stream holds and follows references for ever. Its functions are replaced once by
ones that do the same within the limits of the file that is being read.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from pdfminer import pdffont, pdftypes
from pdfminer.lzw import LZWDecoder
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdftypes import PDFObjRef, resolve1

from extractors.pdf.unpacking_guard import Inflation

MOST_HOPS = 64
"""References to a reference to a reference …: PDF writers make none."""

MOST_WIDTHS = 2**18
"""Characters of a font whose widths are told by ranges: four times as many as a font can have."""

_of_the_file = Inflation(0)
"""What the file being read may still unpack to; a process reads one file at a time."""


@contextmanager
def unpacking_at_most(size: int) -> Iterator[None]:
    """Within it pdfminer unpacks `size` bytes at most.

    Raises:
        OverLimitsError: the file holds more.
    """
    global _of_the_file  # noqa: PLW0603 - pdfminer's decoding takes no further argument
    before, _of_the_file = _of_the_file, Inflation(size)
    try:
        yield
    finally:
        _of_the_file = before


def _counted(decode: Callable[..., bytes]) -> Callable[..., bytes]:
    def counted(*args: Any) -> bytes:
        out = decode(*args)
        _of_the_file.spend(len(out))
        return out

    return counted


def _inflate(data: bytes) -> bytes:
    return _of_the_file.inflate(data)


def _inflate_damaged(data: bytes) -> bytes:
    return _of_the_file.inflate_damaged(data)


def _lzw(data: bytes) -> bytes:
    return _of_the_file.joined(LZWDecoder(BytesIO(data)).run())


def _run_length(data: bytes) -> bytes:
    """As pdfminer's, stopped at the limit."""

    def pieces() -> Iterator[bytes]:
        at = 0
        while at < len(data) and (length := data[at]) != 128:
            if length < 128:
                yield data[at + 1 : at + 2 + length]
                at += 2 + length
            else:
                yield data[at + 1 : at + 2] * (257 - length)
                at += 2

    return _of_the_file.joined(pieces())


_getobj = PDFDocument.getobj


def _followed(self: PDFDocument, objid: int) -> object:
    """An object; references that lead to references come to an end."""
    found = _getobj(self, objid)
    hops = getattr(self, "hops", 0) + 1 if isinstance(found, PDFObjRef) else 0
    self.hops = hops  # type: ignore[attr-defined]
    if hops > MOST_HOPS:
        raise PDFException("references in a circle")
    return found


def _within(seq: Iterable[object], size: int) -> Iterator[object]:
    """A font's widths (PDF 32000-1, 9.7.4.3) with its ranges cut where no font has characters any more.

    A range is `size` numbers, the first two its ends; pdfminer writes down each character of it.
    """
    left, run = MOST_WIDTHS, list[int | float]()
    for told in seq:
        value = resolve1(told)
        if isinstance(value, int | float):
            if len(run) == 1 and isinstance(value, int) and isinstance(run[0], int):
                value = min(value, run[0] + left)
                left -= max(0, value - run[0])
            run = [*run, value] if len(run) < size - 1 else []
        elif isinstance(value, list):
            run = []
        yield value


def _put_in() -> None:
    fonts: Any = pdffont
    for name, size in (("get_widths", 3), ("get_widths2", 5)):
        written_down = getattr(fonts, name)
        setattr(fonts, name, lambda seq, size=size, down=written_down: down(_within(seq, size)))
    patched: Any = pdftypes
    patched.zlib = SimpleNamespace(error=zlib.error, decompress=_inflate, decompressobj=zlib.decompressobj)
    patched.decompress_corrupted = _inflate_damaged
    patched.lzwdecode = _lzw
    patched.rldecode = _run_length
    for name in ("ascii85decode", "asciihexdecode", "ccittfaxdecode"):
        setattr(patched, name, _counted(getattr(patched, name)))
    PDFDocument.getobj = _followed  # type: ignore[method-assign]


_put_in()
