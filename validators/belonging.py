"""Whether a corrected file is of the submission that it is given for: unit, window, rows. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from reference.model import Field, Form
from reference.records import Submission
from reference.tables.load import ReferenceTables
from reference.text import fold
from validators.rules.form import unit_name
from validators.text import numbers
from validators.window import window_before, window_opening_after

Sentence = tuple[str, str]
"""Chinese and English."""

_WHAT = (Field.CODE, Field.OCCUPATION, Field.WORK_TYPE, Field.STANDARD_NAME)
"""The cells that say what a row recommends."""


def elsewhere(form: Form, before: Submission, tables: ReferenceTables) -> Iterator[Sentence]:
    """What speaks for a corrected form being another submission's; nothing where it may well be this one's.

    What was blank, unknown or misread before says nothing, since that is what a correction mends.
    """
    given = unit_name(form.unit)
    own, other = (tables.unit(name) if name else None for name in (before.unit, given))
    if own and other and own.name != other.name:
        yield (
            f"文件中的推荐单位是{other.name}，而本表属于{own.name}",
            f"it is {other.name}'s, and the submission {own.name}'s",
        )
    date = numbers.date(form.form_date.text) if form.form_date else None
    if date and before.window and date != before.form_date:
        yield from _another_window(date, before.window)
    known = set(_what(row.as_sent(field) for row in before.recommendations for field in _WHAT))
    known |= set(_what(getattr(row, str(field)) for row in before.recommendations for field in _WHAT))
    new = set(_what(row.text(field) for row in form.rows for field in _WHAT))
    if any(row.resolved for row in before.recommendations) and new and not known & new:
        yield "文件中的职业与本表各行全无相同", "none of its occupations is one of the submission's"


def _another_window(date: dt.date, window: str) -> Iterator[Sentence]:
    """A form filled in before the window before had closed, or once the next one was open."""
    if date <= window_before(window)[1] or date >= window_opening_after(window):
        yield (
            f"文件的填表日期是{date.isoformat()}，不属于本表所在的{window}受理期",
            f"it is dated {date.isoformat()}, which is no date of window {window}",
        )


def _what(texts: Iterable[str | None]) -> Iterator[str]:
    return (folded for text in texts if text and (folded := fold(text)))
