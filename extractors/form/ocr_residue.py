"""What OCR reads around a scanned form that nobody wrote: shreds of a seal, dirt, a mark for a colon. Pure.

Only for lines of scanned pages. A seal is stamped over the date, at the height of contact and phone: what
is left of it is read as a character or two at the end of their lines. In a Word file and a digital PDF
every character was typed, and stays.
"""

from __future__ import annotations

import re

from extractors.form.head_and_foot import LABELS, Said, closing_date, date_in, in_text, is_label
from extractors.table.glyphs import FAR
from reference.model import Cell, Place

SHRED = 4
"""Characters that stand far off a value, at its height, and are too few to be another."""
BESIDE = 2
"""The same of characters that stand nearer, beside a date: a gap parts them from it."""
NUMBER = 7
"""Digits of a phone number at least."""

_COLON_READ_AS = re.compile(rf"(?:^|(?<=\s))({'|'.join(LABELS.values())})\s*+[·．.•‧・]\s*+(?=\S)")
"""A label with the mark that a faint colon is read as."""
_EXTENSION = re.compile(r"(?:转|分机|[-—–－#*])\s*\d")
"""How the rest of a phone number begins, however far off."""
_SPECK = re.compile(r"(?<=[年月])\s*[/\\|丨'`,.·、]\s*(?=\d{1,2}\s*[月日])")
"""A speck between the parts of a written date."""
_STUCK = re.compile(r"[^\W\d\u3400-\u9fff]|[^\s\u3400-\u9fff]{0,2}[^\s\d\u3400-\u9fff.．、,，)）:：]")
"""Up to three characters right before a year, none Chinese, that are no item's number: 83a."""
_YEAR = re.compile(r"(?:19|20)\d{2}")
_LIKE_DATE = re.compile(r"20\d{1,2}(?=.*[年月日.])[\d年月日.,/$·\s—-]{3,11}")
"""A date with a figure or a dot unread: 2025.929, 202年3月22日."""
_DATE_DIGITS = range(6, 9)
"""Digits that are left of such a date."""


def in_scan(text: str, place: Place, distance: int) -> list[Said]:
    """`surround.in_text` for a line of a scanned page.

    A date far off a value, and what it stands with, are no part of it. What can only be the date but cannot
    be read as one is given as it was read: it is there to be looked at.
    """
    parts = without_residue(text).split(FAR)
    unread = [part for part in parts if _is_like_date(part)]
    apart = [part for part in parts[1:] if is_label(parts[0]) and not is_label(part)]
    dated = [part for part in apart if part not in unread and date_in(part)]
    said = in_text(FAR.join(part for part in parts if part not in unread + dated), place, distance)
    said += [Said("form_date", Cell(text=date_in(part) or "", place=place), distance) for part in dated]
    if unread and all(one.name != "form_date" for one in said):
        said.append(Said("form_date", Cell(text=unread[-1], place=place), distance))
    return said


def without_residue(text: str) -> str:
    """A line without shreds; their place and size tell them, what they say does not."""
    plain = _SPECK.sub("", _COLON_READ_AS.sub(r"\1：", text.strip()))
    parts = [part.strip() for part in plain.split(FAR) if part.strip()]
    kept = parts[:1]
    for part in parts[1:]:
        if not _is_shred(part, kept[-1]):
            kept.append(part)
    if len(kept) > 1 and _is_date(kept[1]) and not is_label(kept[0]) and len(kept[0]) <= SHRED:
        kept = kept[1:]
    return FAR.join(map(_date_alone, kept))


def _is_shred(part: str, before: str) -> bool:
    """Whether what stands far off belongs to nothing: no label, no number, no value of the label before it.

    Behind a contact's name any other words are none of it; behind a blank label they may be its value.
    """
    if is_label(part) or _EXTENSION.match(part) or date_in(part) or _is_like_date(part):
        return False
    said = in_text(before, Place(file_id=""), 0) if is_label(before) else []
    if said and not said[-1].cell.text:
        return False
    label = said[-1].name if said else ""
    if label == "unit":
        return False  # a unit's name may be spread out
    return len(part) <= SHRED or (label == "contact" and sum(map(str.isdigit, part)) < NUMBER)


def _is_date(text: str) -> bool:
    return bool(closing_date(text))


def _is_like_date(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return bool(_LIKE_DATE.fullmatch(text)) and digits in _DATE_DIGITS and not _is_date(text)


def _date_alone(text: str) -> str:
    """A date without the shred beside it; any other text as it is."""
    if is_label(text) or _is_date(text):
        return text
    first, _, rest = text.partition(" ")
    words = text.split(" ")
    if len(words) > 1 and len(words[-1]) <= BESIDE and _is_date(before := " ".join(words[:-1])):
        return before
    if rest and len(first) <= BESIDE and _is_date(rest):
        return rest
    year = _YEAR.search(text)
    if year and _STUCK.fullmatch(text[: year.start()]) and date_in(text[year.start() :]):
        return text[year.start() :]
    return text
