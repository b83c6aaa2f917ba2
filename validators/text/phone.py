"""Whether a contact's number can be called (附件1, 联系方式). Pure."""

from __future__ import annotations

import re
import unicodedata

_PREFIX = r"(?:(?:\+|00)?86-?)?"
_EXTENSION = r"(?:(?:转|分机|-|EXT|X|#|\*)+\d{1,6})?"
_NUMBERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PREFIX}1[3-9]\d-?\d{{4}}-?\d{{4}}",
        rf"{_PREFIX}0(?:10|2\d)-?[2-9]\d{{3}}-?\d{{4}}{_EXTENSION}",
        rf"{_PREFIX}0[3-9]\d{{2}}-?[2-9]\d{{2,3}}-?\d{{4}}{_EXTENSION}",
    )
)
"""Mobile numbers; landlines of the cities with two-digit codes (8 digits) and of the others (7 or 8)."""

_WORDS = re.compile(r"(?!转|分机)(?:(?!转|分机)[\u3400-\u9fff])+[:：]?|TEL[:.]?|[()]")
_BETWEEN = re.compile(r"[、,;/]|(?<!\s)\s+(?=1[3-9]\d|\(?0\d{2,3})")


def valid(text: str) -> bool:
    """A mainland mobile number, or a landline with area code, with or without extension.

    Several numbers count if each does; words around a number (手机, a name) do not matter.
    """
    plain = re.sub(r"[‐‑‒–—―−]", "-", unicodedata.normalize("NFKC", text).upper())
    readings = ([plain], [part for part in _BETWEEN.split(plain) if part.strip()])
    return any(parts and all(_one(part) for part in parts) for parts in readings)


def _one(text: str) -> bool:
    bare = re.sub(r"[\s.]+", "", _WORDS.sub("-", text))
    bare = re.sub(r"-+", "-", bare).strip("-:")
    return any(number.fullmatch(bare) for number in _NUMBERS)
