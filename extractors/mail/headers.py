"""Mail headers as Chinese mailers write them: UTF-8, GBK, RFC 2047, RFC 2231, raw bytes. Pure."""

from __future__ import annotations

import binascii
import datetime as dt
import re
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from extractors.mail.charsets import decode
from extractors.mail.transfer import from_base64
from reference.times import SHANGHAI


def raw(value: str) -> bytes:
    """The bytes of a header value as the stdlib parser keeps it (8-bit bytes as surrogates)."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, as a damaged Outlook file may write it
        return value.encode("utf-8", "replace")


_ENCODED = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?]*)\?=")
_BETWEEN_ENCODED = re.compile(r"(\?=)\s+(?==\?)")


def text(value: str) -> str:
    """A header's text, its encoded words (RFC 2047) decoded and folding undone.

    Neighbouring encoded words of one charset are joined before decoding, for mailers cut through the
    middle of a character.
    """
    unfolded = _BETWEEN_ENCODED.sub(r"\1", re.sub(r"\r?\n[ \t]+|[\r\n]+", " ", value))
    out: list[str] = []
    charset, pending = "", [b""]
    end = 0
    for match in _ENCODED.finditer(unfolded):
        between = unfolded[end : match.start()]
        named = match[1].partition("*")[0].lower()
        if between or named != charset:
            out += [decode(b"".join(pending), charset), decode(raw(between))]
            charset, pending = named, []
        pending.append(_word_bytes(match[2], match[3]))
        end = match.end()
    out += [decode(b"".join(pending), charset), decode(raw(unfolded[end:]))]
    return "".join(out).strip()


def _word_bytes(encoding: str, payload: str) -> bytes:
    plain = raw(payload)
    return binascii.a2b_qp(plain, header=True) if encoding in "Qq" else from_base64(plain)


_PARAMETER = re.compile(r";\s*([^\s=;\"]+)\s*=\s*(\"(?:\\.|[^\"\\])*\"|[^;]*)", re.S)
_CONTINUED = re.compile(r"^(.+?)(?:\*(\d+))?(\*)?$")


def parameter(value: str, name: str, *, decoded: bool = True) -> str | None:
    """A parameter of a header such as Content-Disposition, by RFC 2231, RFC 2047 or as raw bytes.

    Not `decoded`, one written plainly stays as it stands: a boundary is bytes, not text.
    """
    pieces: dict[tuple[int, str], tuple[bool, str]] = {}
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
            # The number orders the pieces and is never counted with: it may have 5,000 digits.
            number = (parts[2] or "").lstrip("0")
            pieces[len(number), number] = (parts[3] is not None, content)
    if pieces:
        return _joined([pieces[number] for number in sorted(pieces)])
    return plain if plain is None or not decoded else text(plain)


def _joined(pieces: list[tuple[bool, str]]) -> str:
    """RFC 2231 continuations in their order; the first encoded piece names the charset."""
    charset = None
    data: list[bytes] = []
    for encoded, content in pieces:
        value = content
        if encoded and charset is None and content.count("'") >= 2:
            charset, _, value = content.split("'", 2)
        data.append(unquote_to_bytes(raw(value)) if encoded else raw(value))
    return decode(re.sub(rb"\r?\n[ \t]*", b"", b"".join(data)), charset)


_LONGEST_DATE = 200
"""Characters of a header's date that are looked at: the longest real ones, with a zone's name, have 60."""


def moment(value: str) -> dt.datetime | None:
    """A header's date in Asia/Shanghai; None where there is none.

    A numeric offset decides; a bare CST is China's, not America's; no zone at all is the office's.
    """
    plain = re.sub(r"\r?\n", " ", value).strip()[:_LONGEST_DATE]
    try:
        fields = parsedate_tz(plain)
    except (ValueError, IndexError, TypeError, OverflowError):  # the stdlib's reader trips over some
        return None
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
