"""Guards against files whose compressed streams unpack to far more than they are."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n")
_PICTURE = re.compile(rb"/Subtype\s*/Image")
_CHUNK = 1024**2
_DICTIONARY = 1024


def inflates_beyond(data: bytes, most: int) -> bool:
    """Whether the deflated streams of a PDF, pictures apart, unpack to more than `most` bytes.

    Looks at the bytes alone, so that it holds for objects that no page names as well. Pictures are left
    out because nothing unpacks them for their text.
    """
    total = 0
    for start in _STREAM.finditer(data):
        before = data[max(0, start.start() - _DICTIONARY) : start.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        if b"FlateDecode" not in dictionary and b"/Fl" not in dictionary:
            continue
        if _PICTURE.search(dictionary):
            continue
        for size in _unpacked(data, start.end(), most - total):
            total += size
            if total > most:
                return True
    return False


def _unpacked(data: bytes, start: int, most: int) -> list[int]:
    """The sizes of the chunks that a stream unpacks to, until it ends, breaks or exceeds `most`."""
    unpacker = zlib.decompressobj()
    sizes: list[int] = []
    position = start
    pending = b""
    while not unpacker.eof and sum(sizes) <= most:
        if not pending:
            pending = data[position : position + 65_536]
            position += len(pending)
            if not pending:
                break
        try:
            sizes.append(len(unpacker.decompress(pending, _CHUNK)))
        except zlib.error:
            break
        pending = unpacker.unconsumed_tail
    return sizes
