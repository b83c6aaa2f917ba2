"""How many pixels a coded picture unpacks to, by its own head: a PDF's dictionary may say less. Pure."""

from __future__ import annotations

import struct

_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
"""JPEG markers between those of frames that are none."""
_JPEG_2000 = b"\xff\x4f\xff\x51"
_HEAD = 4096
_PAGE_INFORMATION = 48


def coded_pixels(code: bytes) -> int:
    """Of a JPEG, JPEG 2000 or JBIG2; 0 for what is none of them or says nothing."""
    try:
        if code.startswith(b"\xff\xd8"):
            return _jpeg(code)
        start = code.find(_JPEG_2000, 0, _HEAD)
        if start >= 0:
            wide, tall, left, top = _numbers(">IIII", code, start + 8)
            (layers,) = _numbers(">H", code, start + 40)
            return max(0, wide - left) * max(0, tall - top) * -(-max(1, layers) // 4)
        if len(code) > 19 and code[:4] == bytes(4) and code[4] & 63 == _PAGE_INFORMATION:
            wide, tall = _numbers(">II", code, 11)
            return wide * (0 if tall == 0xFFFFFFFF else tall)
    except struct.error:
        pass
    return 0


def _numbers(form: str, code: bytes, at: int) -> tuple[int, ...]:
    return struct.unpack_from(form, code, at)


def _jpeg(code: bytes) -> int:
    """The largest frame before the picture's own code begins."""
    at, largest = 2, 0
    while at + 4 <= len(code) and code[at] == 0xFF:
        marker = code[at + 1]
        if marker == 0xDA:
            break
        if marker == 0xFF:
            at += 1
            continue
        (length,) = _numbers(">H", code, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            tall, wide = _numbers(">HH", code, at + 5)
            largest = max(largest, wide * tall)
        at += 2 + max(2, length)
    return largest
