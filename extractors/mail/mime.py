"""A message's bytes to its headers, its body and its leaf parts.

Whatever is broken gives what can be read: no input raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.mail import headers
from extractors.mail.charsets import decode
from extractors.mail.html_body import html_text
from extractors.mail.structure import DEEPEST, MOST_PARTS, Leaf, Structure, take_apart
from extractors.mail.transfer import decoded, from_base64

BODY_CHARACTERS = 200_000
HTML_CHARACTERS = 512 * 1024
"""Characters of a body that are kept for the clerk's eyes, and of its HTML that are read for them: the
longest body of the samples has 1,300. The message itself is kept whole."""
CUT = "……（正文过长，其后未录，见原件 The body is too long; for the rest see the original）"


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a message: a file, named or not, or a message inside it."""

    name: str | None
    data: bytes
    inline: bool
    """Shown within the body: a picture with a Content-ID."""
    message: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read of a message: the finding's code, and the reason in Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A message taken apart."""

    headers: tuple[tuple[str, str], ...]
    """Names in lower case; values as they stand (`headers.text` decodes)."""
    body: str
    parts: tuple[Part, ...]
    faults: tuple[Fault, ...] = ()

    def all(self, name: str) -> list[str]:
        """The raw values of a header, in the order in which they stand."""
        return [value for key, value in self.headers if key == name]

    def first(self, name: str) -> str | None:
        """The decoded text of a header's first value; None where it lacks."""
        return next((headers.text(value) for value in self.all(name)), None)


def parse(data: bytes) -> Mail:
    """Take a message apart."""
    if b"\n" not in data[:65536] and b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # lines ended as on an old Macintosh
    found = take_apart(data)
    plain: list[str] = []
    html: list[str] = []
    parts: list[Part] = []
    cut = False
    whole = memoryview(data)
    for leaf in found.leaves:
        name = file_name(leaf)
        shown_as = leaf.head.value("content-disposition").lower().lstrip()
        attached = shown_as.startswith("attachment")
        if leaf.kind in ("text/plain", "text/html") and name is None and not attached:
            text, beyond = _text(whole, leaf)
            cut |= beyond
            (plain if leaf.kind == "text/plain" else html).append(text)
        elif leaf.kind != "message/delivery-status" and not _empty_multipart(whole, leaf):
            picture = bool(leaf.head.value("content-id")) and leaf.kind.startswith("image/") and not attached
            inside = leaf.kind == "message/rfc822"
            content = _message(whole, leaf) if inside else _content(whole, leaf)
            parts.append(Part(name, content, picture or shown_as.startswith("inline"), message=inside))
    written = plain if any(text.strip() for text in plain) else [html_text(text) for text in html]
    return Mail(found.head.items, body_of("\n".join(written), cut=cut), tuple(parts), tuple(_faults(found)))


def body_of(text: str, *, cut: bool = False) -> str:
    """A body for the clerk's eyes: verbatim up to the limit, then a line that says so."""
    text = text.strip()
    return f"{text[:BODY_CHARACTERS]}\n{CUT}" if cut or len(text) > BODY_CHARACTERS else text


def file_name(leaf: Leaf) -> str | None:
    """A part's file name, from its disposition or its type; None for a nameless one."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        if name := headers.parameter(leaf.head.value(header), parameter):
            return re.sub(r"[\r\n\t]+", " ", name).replace("\\", "/").rsplit("/", 1)[-1] or None
    return None


def _content(data: memoryview, leaf: Leaf) -> bytes:
    """A leaf's content, its transfer encoding undone."""
    return decoded(data[leaf.head.body : leaf.end], leaf.head.value("content-transfer-encoding"))


def _message(data: memoryview, leaf: Leaf) -> bytes:
    """A message inside, byte for byte; also where it is in base64, which RFC 2046 forbids."""
    content = data[leaf.head.body : leaf.end]
    encoding = leaf.head.value("content-transfer-encoding").strip().lower()
    if encoding == "base64" and b":" not in bytes(content[:1024]):
        return from_base64(content)
    return bytes(content)


def _text(data: memoryview, leaf: Leaf) -> tuple[str, bool]:
    """A text part as far as a body is kept of it, and whether more follows."""
    most = HTML_CHARACTERS if leaf.kind == "text/html" else BODY_CHARACTERS
    # Encoded, a character takes 12 bytes at most (=F0=9F=90=BC), and lines break.
    end = min(leaf.end, leaf.head.body + 13 * most)
    content = decoded(data[leaf.head.body : end], leaf.head.value("content-transfer-encoding"))
    if end < leaf.end:  # not through the middle of a character, which would be none of its charset
        content = content[: content.rfind(b"\n") + 1] or content
    text = decode(content, headers.parameter(leaf.head.value("content-type"), "charset"))
    return text[:most], end < leaf.end or len(text) > most


def _empty_multipart(data: memoryview, leaf: Leaf) -> bool:
    """A multipart without a part and without content, such as the rest of a damaged message."""
    return leaf.kind.startswith("multipart/") and not bytes(data[leaf.head.body : leaf.end]).strip()


def _faults(found: Structure) -> list[Fault]:
    """What the structure says was not read."""
    incomplete = "message-incomplete"
    told = [
        (found.unbounded, "file-unreadable", "邮件结构损坏，缺少分界符", "the message has no boundary"),
        (found.too_many, incomplete, f"附件超过{MOST_PARTS}个，其后未读",
         f"it has over {MOST_PARTS} parts, the rest was not read"),
        (found.too_deep, incomplete, f"邮件套叠超过{DEEPEST}层，其内未读",
         f"its parts lie over {DEEPEST} deep, what lies deeper was not read"),
        (found.cut, incomplete, "信头过长，其后未读", "its headers are too long, the rest was not read"),
        (found.unended, incomplete, "邮件未到结尾即中断", "it ends before its last boundary"),
        (any(leaf.kind == "message/partial" for leaf in found.leaves), incomplete,
         "邮件被拆分为多封，此为其中之一", "it is one of several pieces (message/partial)"),
    ]  # fmt: skip
    return [Fault(code, zh, en) for holds, code, zh, en in told if holds]
