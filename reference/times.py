"""The office's clock: every time carries this zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_zh(day: dt.date) -> str:
    """A day as Chinese papers write it: 2025年6月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_zh(first: dt.date, last: dt.date) -> str:
    """Days of one month: 2025年6月20日至30日."""
    return f"{day_zh(first)}至{last.day}日"
