"""A message's bytes to the places of its parts (RFC 5322, RFC 2046), in one pass without recursion.

The stdlib's parser recurses into each part, asks each open boundary about each line, and raises for
numbers and names that it does not expect: 300 messages inside each other, or 10,000 multiparts, end it.
This one is linear in the message's length, keeps no copy of it, and stops at limits that it tells of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.mail import headers

MOST_PARTS = 2000
DEEPEST = 30
"""Parts of one message, and parts inside parts, beyond which nobody sends forms."""
MOST_HEADERS = 10_000
HEAD_BYTES = 2 * 1024**2
VALUE_BYTES = 64 * 1024
HEAD_LINES = 100_000
"""Headers of one part, their bytes and lines, and the bytes of one value that are read."""
LONGEST_BOUNDARY = 1000
"""Bytes of a boundary that count; RFC 2046 allows 70."""


@dataclass(frozen=True, slots=True)
class Head:
    """A part's headers, names in lower case, values as they stand (8-bit bytes as surrogates)."""

    items: tuple[tuple[str, str], ...]
    body: int
    """Where the body begins."""
    cut: bool
    """Whether headers were left out, or a value's end."""

    def value(self, name: str) -> str:
        """A header's first raw value, "" where it lacks."""
        return next((value for key, value in self.items if key == name), "")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds content: its headers, its type, and where its body stands in the message."""

    head: Head
    kind: str
    end: int


@dataclass(slots=True)
class Structure:
    """What one pass over a message found; filled as it goes."""

    head: Head
    leaves: list[Leaf] = field(default_factory=list)
    unbounded: bool = False
    """Whether the message is a multipart in which no boundary stands."""
    unended: bool = False
    """Whether it is a multipart that lacks its last boundary: it was cut off, or written so."""
    too_many: bool = False
    too_deep: bool = False
    cut: bool = False
    """Whether a part's headers were left out, or a value's end."""


@dataclass(slots=True)
class _Open:
    """A multipart under way, from the outermost inwards."""

    head: Head
    kind: str
    boundary: bytes
    parts: int = 0


def take_apart(data: bytes) -> Structure:
    """The leaves of a message, in the order in which they stand. A message inside is a leaf."""
    head = head_of(data, _begin(data))
    walk = _Walk(data, Structure(head, cut=head.cut))
    walk.run()
    return walk.found


class _Walk:
    """The one pass: the open multiparts, and the part that is being read."""

    def __init__(self, data: bytes, found: Structure) -> None:
        self.data, self.found = data, found
        self.open: list[_Open] = []
        self.levels: dict[bytes, int] = {}
        """By boundary: how deep its multipart lies."""
        self.first = b""
        self.delimiter = re.compile(b"\n--")
        """Finds a line that may be one: it begins as one of the boundaries does."""
        self.part: tuple[Head, str] | None = None

    def run(self) -> None:
        """Read delimiter after delimiter; every one of them lies behind the one before."""
        data, levels = self.data, self.levels
        self._begin_part(self.found.head, "text/plain")
        at = self.found.head.body
        whole = bool(self.open)
        while self.open and not self.found.too_many:
            delimiter = self.delimiter.search(data, max(0, at - 1))
            if delimiter is None:
                break
            start = delimiter.start() + 1
            stop = data.find(b"\n", start)
            stop = len(data) if stop < 0 else stop
            at = stop + 1
            line = data[start + 2 : min(stop, start + 2 + LONGEST_BOUNDARY)].rstrip()
            level = levels.get(line)
            closes = False
            if level is None and line.endswith(b"--"):
                level = levels.get(line[:-2].rstrip())
                closes = True
            if level is None:
                continue
            self._end_part(_before(data, start))
            self._close(level + 1, _before(data, start))
            if closes:
                self._close(level, start)
                continue
            self.open[level].parts += 1
            head = head_of(data, at)
            self.found.cut |= head.cut
            digest = self.open[level].kind == "multipart/digest"
            self._begin_part(head, "message/rfc822" if digest else "text/plain")
            at = head.body
        self._end_part(len(data))
        if self.open:
            self.found.unended = whole and not self.found.too_many
            self._close(0, len(data))

    def _begin_part(self, head: Head, default: str) -> None:
        """A part begins: a multipart is opened, anything else is read to the next delimiter."""
        kind = content_type(head, default)
        if kind.startswith("multipart/"):
            boundary = self._boundary(head)
            if boundary and boundary not in self.levels and len(self.open) < DEEPEST:
                self.levels[boundary] = len(self.open)
                if boundary[:1] not in self.first:
                    self.first += boundary[:1]
                    self.delimiter = re.compile(b"\n--[" + re.escape(self.first) + b"]")
                self.open.append(_Open(head, kind, boundary))
                return
            self.found.too_deep |= len(self.open) >= DEEPEST
            self.found.unbounded |= not self.open
        self.part = (head, kind)

    def _end_part(self, end: int) -> None:
        """The part under way ends; a part beyond the limit ends the reading."""
        if self.part is not None:
            self._leaf(*self.part, end)
            self.part = None

    def _close(self, level: int, end: int) -> None:
        """Close the multiparts from a level inwards; one without a single part is content itself."""
        while len(self.open) > level:
            closed = self.open.pop()
            del self.levels[closed.boundary]
            if closed.parts == 0:
                self.found.unbounded |= not self.open
                self._leaf(closed.head, closed.kind, end)

    def _leaf(self, head: Head, kind: str, end: int) -> None:
        if len(self.found.leaves) >= MOST_PARTS:
            self.found.too_many = True
        else:
            self.found.leaves.append(Leaf(head, kind, max(end, head.body)))

    def _boundary(self, head: Head) -> bytes:
        """The boundary that the type names, or the one that the parts show where it names none."""
        named = headers.parameter(head.value("content-type"), "boundary", decoded=False)
        if named and named.strip():
            return headers.raw(named)[: LONGEST_BOUNDARY - 2].rstrip()
        shown = _SHOWN.search(self.data, max(0, head.body - 1), head.body + 65536)
        return shown[1].rstrip() if shown else b""


_SHOWN = re.compile(rb"^--([^\s-][^\r\n]{4,80})\r?$", re.M)


def _before(data: bytes, start: int) -> int:
    """Where content ends that a delimiter follows: the line break before it belongs to the delimiter."""
    return start - (2 if data[max(0, start - 2) : start] == b"\r\n" else 1 if start else 0)


def content_type(head: Head, default: str = "text/plain") -> str:
    """A part's type; text/plain for one that is none (RFC 2045)."""
    written = head.value("content-type")
    if not written:
        return default
    kind = written.partition(";")[0].strip().lower()
    return kind if kind.count("/") == 1 else "text/plain"


_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,8}:")


def _begin(data: bytes) -> int:
    """Where the first header stands, behind empty lines, a byte-order mark and an mbox's envelope line."""
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while data[at : at + 1] in (b"\r", b"\n"):
        at += 1
    while data.startswith((b"From ", b">From "), at):
        at = data.find(b"\n", at) + 1 or len(data)
    return at


def head_of(data: bytes, start: int) -> Head:
    """The headers that begin at a place; a line that is none ends them as an empty one does."""
    items: list[tuple[str, str]] = []
    name, begun, cut = "", start, False
    at, kept, lines = start, 0, 0
    while at < len(data):
        first = data[at]
        named = None if first in b" \t\r\n" else _NAME.match(data, at)
        if first not in b" \t":
            if name:
                cut |= at - begun > VALUE_BYTES
                kept += min(at - begun, VALUE_BYTES)
                items.append((name, _value(data, begun, at)))
                name = ""
            if named is None:
                break
            name, begun = named[1].decode("ascii").lower(), named.end()
        lines += 1
        if kept > HEAD_BYTES or lines > HEAD_LINES or len(items) >= MOST_HEADERS:
            last = [(name, _value(data, begun, at))] if name else []
            return Head((*items, *last), _behind(data, at), cut=True)
        end = data.find(b"\n", at)
        at = len(data) if end < 0 else end + 1
    if name:
        cut |= at - begun > VALUE_BYTES
        items.append((name, _value(data, begun, at)))
    gap = next((gap for gap in (b"\r\n", b"\n", b"\r") if data.startswith(gap, at)), b"")
    return Head(tuple(items), at + len(gap), cut)


def _value(data: bytes, start: int, end: int) -> str:
    value = data[start : min(end, start + VALUE_BYTES)]
    return value.decode("ascii", "surrogateescape").lstrip(" \t").rstrip("\r\n")


def _behind(data: bytes, at: int) -> int:
    """Behind the next empty line; the end where there is none."""
    ends = [data.find(gap, at) + len(gap) for gap in (b"\n\n", b"\n\r\n") if data.find(gap, at) >= 0]
    return min(ends, default=len(data))
