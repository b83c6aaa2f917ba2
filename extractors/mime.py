"""A message's bytes to its headers, its body and its leaf parts, by the stdlib's mail parser.

Whatever is broken gives what can be read: no input raises.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from html.parser import HTMLParser

from extractors import headers

MOST_PARTS = 2000
DEEPEST = 30
"""Parts of one message, and parts inside parts, beyond which nobody sends forms."""


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of a message: a file, named or not, or a message inside it."""

    name: str | None
    data: bytes
    inline: bool
    """Shown within the body: a picture with a Content-ID."""
    message: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """A message taken apart. `broken` says in Chinese and English what could not be read."""

    headers: tuple[tuple[str, str], ...]
    """Names in lower case; values as the parser keeps them (`headers.text` decodes)."""
    body: str
    parts: tuple[Part, ...]
    broken: tuple[str, str] | None = None

    def all(self, name: str) -> list[str]:
        """The raw values of a header, in the order in which they stand."""
        return [value for key, value in self.headers if key == name]

    def first(self, name: str) -> str | None:
        """The decoded text of a header's first value; None where it lacks."""
        return next((headers.text(value) for value in self.all(name)), None)


def parse(data: bytes) -> Mail:
    """Take a message apart."""
    head = data.lstrip(b"\r\n")
    if head.startswith(b"From "):
        head = head.partition(b"\n")[2]
    return _mail(BytesParser().parsebytes(_with_boundary(head)))


def _mail(message: Message) -> Mail:
    plain: list[str] = []
    html: list[str] = []
    parts: list[Part] = []
    for leaf in _leaves(message):
        kind = leaf.get_content_type()
        name = file_name(leaf)
        attached = _value(leaf, "content-disposition").lower().lstrip().startswith("attachment")
        if kind in ("text/plain", "text/html") and name is None and not attached:
            content = headers.decode(
                _payload(leaf), headers.parameter(_value(leaf, "content-type"), "charset")
            )
            (plain if kind == "text/plain" else html).append(content)
        elif len(parts) < MOST_PARTS:
            shown = bool(_value(leaf, "content-id")) and kind.startswith("image/") and not attached
            inline = shown or _value(leaf, "content-disposition").lower().lstrip().startswith("inline")
            parts.append(Part(name, _bytes(leaf), inline, message=kind == "message/rfc822"))
    broken = None
    if len(parts) == MOST_PARTS:
        broken = (f"附件超过{MOST_PARTS}个，其后未读", f"over {MOST_PARTS} parts, the rest was not read")
    if message.get_content_maintype() == "multipart" and not message.is_multipart():
        broken = ("邮件结构损坏，缺少分界符", "the message has no boundary")
    items = tuple((name.lower(), value) for name, value in message.raw_items())
    body = "\n".join(plain) if any(text.strip() for text in plain) else "\n".join(map(html_text, html))
    return Mail(items, body.strip(), tuple(parts), broken)


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that hold content; a message inside is a leaf here, opened by whoever reads it."""
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list) and depth < DEEPEST:
        for part in payload:
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)
    elif message.get_content_type() == "message/delivery-status":
        return
    else:
        yield message


def _bytes(leaf: Message) -> bytes:
    """A leaf's content; of a message inside, its own bytes, also where they are base64."""
    payload = leaf.get_payload()
    if not isinstance(payload, list):
        return _payload(leaf)
    inner = payload[0] if payload else None
    if not isinstance(inner, Message):
        return b""
    encoding = _value(leaf, "content-transfer-encoding").strip().lower()
    if encoding == "base64" and not inner.keys():
        return _from_base64(headers.raw(str(inner.get_payload())))
    try:
        return inner.as_bytes()
    except UnicodeEncodeError:  # a damaged header that the stdlib reads but cannot write as it was
        return headers.raw(inner.as_string())


def _payload(leaf: Message) -> bytes:
    payload = leaf.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    return headers.raw(payload) if isinstance(payload, str) else b""


def _from_base64(data: bytes) -> bytes:
    plain = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except binascii.Error:
        return data


def file_name(leaf: Message) -> str | None:
    """A part's file name, from its disposition or its type; None for a nameless one."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        if name := headers.parameter(_value(leaf, header), parameter):
            return re.sub(r"[\r\n\t]+", " ", name).replace("\\", "/").rsplit("/", 1)[-1] or None
    return None


def _value(message: Message, name: str) -> str:
    """A header's raw value, "" where it lacks."""
    items = message.raw_items()
    return next((str(value) for key, value in items if key.lower() == name), "")


_BOUNDARY = re.compile(rb"^--([^\s-][^\r\n]{4,68}?)[ \t]*\r?$", re.M)


def _with_boundary(data: bytes) -> bytes:
    """The message with the boundary its parts show, where a multipart header fails to name one."""
    head, gap, rest = (
        re.split(rb"(\r?\n\r?\n)", data, maxsplit=1) if re.search(rb"\r?\n\r?\n", data) else (data, b"", b"")
    )
    kind = re.search(rb"^content-type:[ \t]*multipart/[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", head, re.I | re.M)
    if kind is None or b"boundary" in kind[0].lower():
        return data
    shown = _BOUNDARY.search(rest[:65536])
    if shown is None:
        return data
    return head[: kind.end()] + b'; boundary="' + shown[1] + b'"' + head[kind.end() :] + gap + rest


class _Text(HTMLParser):
    """Collects what a reader of the page would see."""

    BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3"})
    UNSEEN = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break lines at blocks, go blind inside unseen ones."""
        self._hidden += tag in self.UNSEEN
        if tag in self.BREAKS:
            self.seen.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """See again behind an unseen block."""
        self._hidden -= tag in self.UNSEEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        """Keep seen text."""
        if not self._hidden:
            self.seen.append(data)


def html_text(html: str) -> str:
    """The plain text of an HTML body."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.seen).split("\n"))
    return "\n".join(line for line in lines if line)
