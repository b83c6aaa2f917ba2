"""Content-Transfer-Encoding undone (RFC 2045), as far as the bytes go. Pure."""

from __future__ import annotations

import binascii
import re

_UUENCODED = frozenset({"x-uuencode", "uuencode", "uue", "x-uue"})
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decoded(data: bytes | memoryview, encoding: str) -> bytes:
    """The content behind an encoding; as it stands where the encoding is none that mail uses."""
    named = encoding.strip().lower()
    if named == "base64":
        return from_base64(data)
    if named == "quoted-printable":
        return binascii.a2b_qp(data)
    return _from_uu(bytes(data)) if named in _UUENCODED else bytes(data)


def from_base64(data: bytes | memoryview) -> bytes:
    """Base64 with whatever stands between its characters; of one that was cut, what is whole."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        plain = _NOT_BASE64.sub(b"", bytes(data))
        whole = plain[: len(plain) // 4 * 4 if len(plain) % 4 == 1 else len(plain)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _from_uu(data: bytes) -> bytes:
    """The lines between `begin` and `end`; a line that is none is left out."""
    out: list[bytes] = []
    lines = iter(data.splitlines())
    if not any(line.startswith(b"begin ") for line in lines):
        return data
    for line in lines:
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:  # some write too many characters: the first tells how many count
            try:
                out.append(binascii.a2b_uu(line[: ((line[0] - 32) & 63) * 4 // 3 + 3]))
            except binascii.Error:
                continue
    return b"".join(out)
