"""The submission window: 20th to 30th of March, June, September and December (一(三)1). Pure."""

from __future__ import annotations

import datetime as dt

from reference.times import SHANGHAI

MONTHS = (3, 6, 9, 12)
FIRST_DAY, LAST_DAY = 20, 30


def window_of(received_at: dt.datetime) -> str | None:
    """The window a message falls into, `2025Q2`; None outside, both days whole in Asia/Shanghai."""
    local = received_at.astimezone(SHANGHAI)
    if local.month not in MONTHS or not FIRST_DAY <= local.day <= LAST_DAY:
        return None
    return f"{local.year}Q{local.month // 3}"


def first_day(window: str) -> dt.date:
    """The day on which a window such as `2025Q2` opens."""
    year, quarter = window.split("Q")
    return dt.date(int(year), MONTHS[int(quarter) - 1], FIRST_DAY)


def next_window(received_at: dt.datetime) -> tuple[dt.date, dt.date]:
    """First and last day of the first window that opens after the moment."""
    local = received_at.astimezone(SHANGHAI)
    starts = (dt.date(local.year + turn, month, FIRST_DAY) for turn in (0, 1) for month in MONTHS)
    start = next(day for day in starts if day > local.date())
    return start, start.replace(day=LAST_DAY)


def window_before(window: str) -> tuple[dt.date, dt.date]:
    """First and last day of the window before one such as `2025Q2`."""
    opens = first_day(window)
    year, month = (opens.year, opens.month - 3) if opens.month > MONTHS[0] else (opens.year - 1, MONTHS[-1])
    return dt.date(year, month, FIRST_DAY), dt.date(year, month, LAST_DAY)


def window_opening_after(window: str) -> dt.date:
    """The day on which the window after one such as `2025Q2` opens."""
    opens = first_day(window)
    year, month = (opens.year, opens.month + 3) if opens.month < MONTHS[-1] else (opens.year + 1, MONTHS[0])
    return dt.date(year, month, FIRST_DAY)


def days_to_send(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """First and last day of the window that is open, or else of the next one."""
    here = window_of(now)
    return (first_day(here), first_day(here).replace(day=LAST_DAY)) if here else next_window(now)
