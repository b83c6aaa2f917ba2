"""Numbers and dates as people write them in forms: Arabic, full-width, Chinese. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

DIGITS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    **{"○": 0, "Ｏ": 0, "O": 0, "o": 0, "两": 2, "貳": 2, "參": 3, "陸": 6},
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
GROUPS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}

LONGEST = 40
"""Characters of a number that somebody means: 999,999,999,999 in formal numerals has 26."""
MOST_PEOPLE = 10_000_000_000
"""More than live on earth: no number of people, and what the database could not hold."""

_CHINESE = re.compile(f"[{''.join([*DIGITS, *UNITS, *GROUPS])}]+")
_PEOPLE = re.compile(r"(人次|人|名|位|个)$")
_PERIOD = re.compile(r"[(\[【](三年|3年|三年内|3年内|未来三年|未来3年|2\d{3}[-—~至]2\d{3}年?|人次|人)[)\]】]")
_ARABIC = re.compile(r"(\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.0+)?")
_ARABIC_GROUP = re.compile(r"(\d+(?:\.\d+)?)([千万百])")


def chinese_number(text: str) -> int | None:
    """The whole number that Chinese numerals name: 一千二百, 两千五 (2500), 十二, 二五〇〇, 一万零三百.

    None where the text is no such number.
    """
    if not _CHINESE.fullmatch(text):
        return None
    if len(text) > LONGEST:
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = section = digit = 0
    last_unit = 10
    pending = False
    for char in text:
        if char in DIGITS:
            if pending and digit:
                return None
            digit, pending = DIGITS[char], True
            if digit == 0:
                last_unit, pending = 10, False
        elif char in UNITS:
            section += (digit if pending else 1) * UNITS[char]
            digit, pending, last_unit = 0, False, UNITS[char]
        else:
            total = (total + section + digit) * GROUPS[char]
            section = digit = 0
            pending, last_unit = False, GROUPS[char]
    if pending and digit:
        # 两千五 means 2500: a last digit right after a unit counts in the unit below it.
        section += digit * (last_unit // 10 if last_unit > 10 else 1)
    return total + section


def people(text: str) -> int | None:
    """A positive whole number of people (填表说明6): 3000人, 1,200, 一千二百, 1.2万; None for all else.

    Ranges and vague amounts (500-800, 若干, 3000左右) are no numbers.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = _PEOPLE.sub("", _PERIOD.sub("", plain))
    if len(plain) > LONGEST:
        return None
    value: int | None
    if match := _ARABIC.fullmatch(plain):
        value = int(match[1].replace(",", "").replace("，", ""))
    elif match := _ARABIC_GROUP.fullmatch(plain):
        exact = float(match[1]) * {**UNITS, **GROUPS}[match[2]]
        value = round(exact) if abs(exact - round(exact)) < 1e-6 else None
    else:
        value = chinese_number(plain)
    return value if value and 0 < value <= MOST_PEOPLE else None


def whole(text: str) -> int | None:
    """A row's number as written in 序号: 1, １, 1., (1), ①, 一; None for all else."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    plain = (plain[1:] if plain[:1] in {"(", "第"} else plain).rstrip(").、,号项")
    if plain.isascii() and plain.isdigit():
        return int(plain) if len(plain) < 7 else None
    number = chinese_number(plain)
    return number if number is not None and number < 1_000_000 else None


_DATE_FORMS = (
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})([-./,、])(\d{1,2})\2(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_CHINESE_DATE = re.compile(
    r"([〇○零OoＯ一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)


def date(text: str) -> dt.date | None:
    """A full date: 2025年6月23日, 2025.6.23, 2025-06-23, 20250623, 二〇二五年六月二十三日.

    None where year, month or day lacks or the calendar has no such day.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    parts: list[int] | None = None
    if match := _CHINESE_DATE.search(plain):
        parts = [chinese_number(part) or 0 for part in match.groups()]
    for form in _DATE_FORMS if parts is None else ():
        if match := form.search(plain):
            parts = [int(part) for part in match.groups() if part.isdigit()]
            break
    if parts is None:
        return None
    try:
        return dt.date(*parts)
    except ValueError:
        return None
