"""The terminal: what is said there is text, whoever wrote it.

Names of files, units and subjects are senders' words. Rich would take brackets in them for its markup, and
a terminal obeys controls; a name that is no text ends a stream that is strict about it.
"""

from __future__ import annotations

import re
from typing import Any

from rich.console import Console
from rich.text import Text

_UNSAYABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls but the line break and the tab, marks of writing direction, and what is no character."""


def sayable(text: str) -> str:
    """The text without what a terminal would obey or could not be given."""
    return _UNSAYABLE.sub("\ufffd", text)


class Terminal(Console):
    """A console that takes no text for markup unless it is told to, and says no control."""

    def __init__(self) -> None:
        """The process's standard output."""
        super().__init__(markup=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """A text as it is drawn, in a line or a cell."""
        return super().render_str(sayable(text), **options)
