"""The plain text of an HTML body, in time linear to its length. Pure.

The stdlib's HTMLParser looks for the end of each comment, declaration and tag anew and, where none
stands, for the next: 1 MB of `<!--` takes it over 40 s. Here every search that fails is the last of its
kind.
"""

from __future__ import annotations

import html
import re

BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3"})
HIDDEN = frozenset({"head", "title"})
"""What lies inside is not shown; it is read, for its end may be missing."""
RAW = frozenset({"script", "style"})
"""What lies inside is no HTML, up to the end tag."""

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,20})")
_STOP = re.compile(r"[>\"']")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
"""Numbers that are none of a character, and too long for Python to make an int of."""
_UPPER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def html_text(source: str) -> str:
    """What a reader of the page would see, a line for each block."""
    text = html.unescape(_NO_CHARACTER.sub("\ufffd", "".join(_Reader(source).read())))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader:
    """One pass over the source; remembers what does not stand in the rest of it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lower = source.translate(_UPPER)
        self.absent: set[str] = set()

    def read(self) -> list[str]:
        """The seen pieces, line breaks among them; character references still to be undone."""
        seen: list[str] = []
        source, hidden, at = self.source, 0, 0
        while at < len(source):
            start = source.find("<", at)
            start = len(source) if start < 0 else start
            if not hidden and start > at:
                seen.append(source[at:start])
            if start == len(source):
                break
            tag = _TAG.match(source, start)
            if tag is None:
                at = self._unnamed(start)
                if at == start + 1 and not hidden:
                    seen.append("<")
                continue
            name, opening = tag[1].lower(), source[start + 1] != "/"
            at = self._tag_end(tag.end())
            if name in RAW and opening:
                at = self._find(f"</{name}", at)
            if name in HIDDEN:
                hidden = hidden + 1 if opening else max(0, hidden - 1)
            elif name == "body":
                hidden = 0
            if name in BREAKS and opening and not hidden:
                seen.append("\n")
        return seen

    def _unnamed(self, start: int) -> int:
        """Behind a comment, a declaration or a processing instruction; a bare `<` is text."""
        source = self.source
        if source.startswith("<!--", start):
            return self._find("-->", start + 2) + 3
        if source.startswith(("<!", "<?", "</"), start):
            return self._find(">", start) + 1
        return start + 1

    def _tag_end(self, at: int) -> int:
        """Behind a tag's `>`; one inside a quoted value does not count."""
        while stop := _STOP.search(self.source, at):
            at = stop.end()
            if stop[0] == ">":
                return at
            valued = self.source[max(0, stop.start() - 20) : stop.start()].rstrip().endswith("=")
            if valued and stop[0] not in self.absent:
                end = self._find(stop[0], at)
                at = end + 1 if end < len(self.source) else at
        return len(self.source)

    def _find(self, wanted: str, at: int) -> int:
        """Where something stands next, the end where it does not; then it is not looked for again."""
        if wanted in self.absent:
            return len(self.source)
        found = self.lower.find(wanted, at)
        if found < 0:
            self.absent.add(wanted)
            return len(self.source)
        return found
