import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from validators.text import numbers

PEOPLE = [
    ("1550", 1550),
    ("1,200", 1200),
    ("１，２００人", 1200),
    ("3000人", 3000),
    ("2290人次", 2290),
    ("一千二百", 1200),
    ("两千五", 2500),
    ("二千八百六十", 2860),
    ("贰仟", 2000),
    ("二〇〇〇", 2000),
    ("一万零三百", 10300),
    ("1.2万", 12000),
    ("3000（三年）", 3000),
    ("1200.0", 1200),
    ("500-800", None),
    ("约300", None),
    ("3000人以上", None),
    ("若干", None),
    ("0", None),
    ("-5", None),
    ("2.5", None),
    ("/", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), PEOPLE)
def test_people(text: str, value: int | None) -> None:
    assert numbers.people(text) == value


def chinese(number: int) -> str:
    """The usual numeral, written out independently of the parser."""
    digits = "零一二三四五六七八九"
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return chinese(high) + "万" + gap + (chinese(low) if low else "")
    text, zero = "", False
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if zero and text else "") + digits[digit] + mark
        zero = digit == 0
    return text


@given(st.integers(1, 99_999_999))
def test_every_chinese_numeral_is_read(number: int) -> None:
    assert numbers.people(chinese(number)) == number


@given(st.integers(1, 10**9))
def test_thousands_separators_and_suffix_change_nothing(number: int) -> None:
    assert numbers.people(f"{number:,}人次") == number


@given(st.text())
def test_any_text_gives_a_positive_number_or_none(text: str) -> None:
    value = numbers.people(text)
    assert value is None or value > 0


DATES = [
    ("2025年6月23日", dt.date(2025, 6, 23)),
    ("2025 年 6 月 29 日", dt.date(2025, 6, 29)),
    ("2025.6.19", dt.date(2025, 6, 19)),
    ("2025-06-21", dt.date(2025, 6, 21)),
    ("2025/6/3", dt.date(2025, 6, 3)),
    ("20250603", dt.date(2025, 6, 3)),
    ("二〇二五年六月十六日", dt.date(2025, 6, 16)),
    ("二○二五年十二月三十日", dt.date(2025, 12, 30)),
    ("二〇二五年六月二十五日", dt.date(2025, 6, 25)),
    ("填表日期：2025年6月23日", dt.date(2025, 6, 23)),
    ("年 月 日", None),
    ("2025年6月", None),
    ("2025年6月31日", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), DATES)
def test_dates(text: str, value: dt.date | None) -> None:
    assert numbers.date(text) == value


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["年月日", "---", "...", "///"]))
def test_dates_round_trip(day: dt.date, marks: str) -> None:
    written = f"{day.year}{marks[0]}{day.month}{marks[1]}{day.day}" + ("日" if marks[0] == "年" else "")
    assert numbers.date(written) == day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("１", 1),
        ("1.", 1),
        ("（1）", 1),
        ("①", 1),
        ("一", 1),
        ("十二", 12),
        ("1、", 1),
        ("甲", None),
    ],
)
def test_row_numbers(text: str, value: int | None) -> None:
    assert numbers.whole(text) == value
