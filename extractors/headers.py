"""Mail headers as Chinese mailers write them: UTF-8, GBK, RFC 2047, RFC 2231, raw bytes. Pure."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import quopri
import re
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from reference.times import SHANGHAI

_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
}
"""Charsets that mailers name when they mean the wider one."""


_CHARSET = re.compile(r"[a-z0-9_.:+-]+")
"""What a charset's name can be; a damaged one is none."""


def decode(data: bytes, charset: str | None = None) -> str:
    """Bytes as text: in the charset named, else UTF-8, else GB18030, at last with marks for what is lost."""
    named = (charset or "").strip().strip("\"'").lower()
    named = named if _CHARSET.fullmatch(named) else ""
    for one in (_WIDER.get(named, named), "utf-8", "gb18030"):
        if one and one not in ("us-ascii", "ascii", "unknown-8bit"):
            try:
                return data.decode(one)
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode(_WIDER.get(named, "gb18030"), errors="replace")


def raw(value: str) -> bytes:
    """The bytes of a header value as the stdlib parser keeps it (8-bit bytes as surrogates)."""
    return value.encode("utf-8", "surrogateescape")


_ENCODED = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?]*)\?=")
_BETWEEN_ENCODED = re.compile(r"(\?=)\s+(?==\?)")


def text(value: str) -> str:
    """A header's text, its encoded words (RFC 2047) decoded and folding undone.

    Neighbouring encoded words of one charset are joined before decoding, for mailers cut through the
    middle of a character.
    """
    unfolded = _BETWEEN_ENCODED.sub(r"\1", re.sub(r"\r?\n[ \t]+|[\r\n]+", " ", value))
    out: list[str] = []
    pending: tuple[str, bytes] | None = None
    end = 0
    for match in _ENCODED.finditer(unfolded):
        between = unfolded[end : match.start()]
        charset = match[1].split("*")[0].lower()
        data = _word_bytes(match[2], match[3])
        if pending and not between and pending[0] == charset:
            pending = (charset, pending[1] + data)
        else:
            out += [decode(pending[1], pending[0])] if pending else []
            out.append(decode(raw(between)))
            pending = (charset, data)
        end = match.end()
    out += [decode(pending[1], pending[0])] if pending else []
    out.append(decode(raw(unfolded[end:])))
    return "".join(out).strip()


def _word_bytes(encoding: str, payload: str) -> bytes:
    plain = raw(payload)
    if encoding in "Qq":
        return quopri.decodestring(plain.replace(b"_", b" "))
    plain = re.sub(rb"[^A-Za-z0-9+/]", b"", plain)
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return base64.b64decode(plain[: len(plain) // 4 * 4])


_PARAMETER = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(\"(?:\\.|[^\"\\])*\"|[^;]*)", re.S)
_CONTINUED = re.compile(r"^(.+?)(?:\*(\d+))?(\*)?$")


def parameter(value: str, name: str) -> str | None:
    """A parameter of a header such as Content-Disposition, by RFC 2231, RFC 2047 or as raw bytes."""
    pieces: dict[int, tuple[bool, str]] = {}
    plain: str | None = None
    for match in _PARAMETER.finditer(";" + value.partition(";")[2]):
        parts = _CONTINUED.match(match[1].lower())
        if parts is None or parts[1] != name:
            continue
        content = match[2].strip()
        if content.startswith('"') and content.endswith('"') and len(content) > 1:
            content = re.sub(r"\\([\"\\])", r"\1", content[1:-1])
        if parts[2] is None and parts[3] is None:
            plain = content
        else:
            pieces[int(parts[2] or 0)] = (parts[3] is not None, content)
    if pieces:
        return _joined(pieces)
    return None if plain is None else text(plain)


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """RFC 2231 continuations in their order; the first piece names the charset."""
    charset = None
    data = b""
    for number in sorted(pieces):
        encoded, content = pieces[number]
        if encoded and charset is None and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        data += unquote_to_bytes(raw(content)) if encoded else raw(content)
    return decode(re.sub(rb"\r?\n[ \t]*", b"", data), charset)


def moment(value: str) -> dt.datetime | None:
    """A header's date in Asia/Shanghai; None where there is none.

    A numeric offset decides; a bare CST is China's, not America's; no zone at all is the office's.
    """
    plain = re.sub(r"\r?\n", " ", value).strip()
    fields = parsedate_tz(plain)
    if fields is None:
        return None
    offset = fields[9]
    if not re.search(r"[+-]\d{4}|\b(?!CST\b)[A-Z]{1,4}T\b|\bZ\b|\bUTC\b", plain):
        offset = 8 * 3600
    try:
        zone = dt.timezone(dt.timedelta(seconds=offset or 0))
        return dt.datetime(*fields[:6], tzinfo=zone).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None
