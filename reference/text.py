"""Folding of text for comparison. Nothing folded is ever stored: what stood on the page stays."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
"""White space, controls, zero-width characters and marks of writing direction."""

_BRACKETS = str.maketrans("【〔〖[{", "(((((") | str.maketrans("】〕〗]}", ")))))")


def fold(text: str) -> str:
    """The text with width, white space and kind of bracket taken out of the comparison.

    NFKC, no white space or unseen characters, every bracket round. Letters keep their case, and book
    marks and dashes stay, for the code and standard readers decide about them. Folding twice is folding
    once.
    """
    while (folded := _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)) != text:
        text = folded
    return folded
