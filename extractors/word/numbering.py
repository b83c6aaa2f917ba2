"""Automatic numbers of a Word file's paragraphs, which no text of the file holds: 1. （一） 甲. Pure.

The 序号 column of a form is often numbered this way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from extractors.word.styles import Styles, child, child_value, is_on, w, whole

_NUMPR = w("numPr")
LEVELS = 9
_MOST = 10**6
"""A number above is a file's damage."""
_DIGITS = "〇一二三四五六七八九"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def chinese(number: int, digits: str = "零一二三四五六七八九", units: str = "十百千") -> str:
    """A number as it is counted in Chinese: 十, 二十一, 一百零五; from 10,000 on in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += digits[digit] + (units[power - 1] if power else "")
        elif text and not text.endswith(digits[0]) and number % 10**power:
            text += digits[0]
    return text[1:] if text.startswith(digits[1] + units[0]) and units[0] == "十" else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN if number < 4000 else ():
        text += sign * (number // value)
        number %= value
    return text or str(number)


def _letter(number: int) -> str:
    """a … z, then aa, bb: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30) if number else "0"


def _from(first: str, count: int) -> Callable[[int], str]:
    """Signs that follow one another from `first` on, digits beyond the last."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


def _among(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number else "0"


def _in_digits(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _legal(number: int) -> str:
    return chinese(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")


FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "chineseLegalSimplified": _legal,
    "ideographDigital": _in_digits,
    "japaneseDigitalTenThousand": _in_digits,
    "taiwaneseDigital": _in_digits,
    "ideographTraditional": _among("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _among("子丑寅卯辰巳午未申酉戌亥"),
    "decimalFullWidth": lambda number: str(number).translate(
        {ord("0") + i: chr(0xFF10 + i) for i in range(10)}
    ),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "numberInDash": lambda number: f"- {number} -",
}
"""`w:numFmt` to the number as it shows; those not named here show as digits."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A list's level: its start, its format, its text around %1 … %9, the level that restarts it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    gap: str = " "
    legal: bool = False
    restarts: bool = True
    style: str | None = None


class Numbering:
    """Counts the numbered paragraphs of one document, in its order. Holds the counters, hence a class."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._kinds: dict[str, Any] = {}
        self._lists: dict[str, Any] = {}
        for part in () if root is None else root:
            if part.tag == w("abstractNum"):
                self._kinds[part.get(w("abstractNumId")) or ""] = part
            elif part.tag == w("num"):
                self._lists[part.get(w("numId")) or ""] = part
        self._levels: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, properties: Any | None) -> str:
        """The number that stands before the paragraph with this `w:pPr`, with the gap behind it.

        Counts it: to be asked once for each paragraph, in their order. "" for bullets.
        """
        found = self._list_of(properties) if self._lists else None
        if found is None:
            return ""
        list_id, level_no = found
        kind, levels, starts = self._resolved(list_id)
        level = levels.get(level_no)
        if level is None:
            return ""
        # Lists of one kind go on counting where the other stopped, unless a list says where it starts.
        counts = self._counts.setdefault(kind, [None] * LEVELS)
        if level_no in starts and (list_id, level_no) not in self._restarted:
            self._restarted.add((list_id, level_no))
            counts[level_no] = None
        now = counts[level_no]
        counts[level_no] = starts.get(level_no, level.start) if now is None else now + 1
        for deeper in range(level_no + 1, LEVELS):
            if levels.get(deeper, _Level()).restarts:
                counts[deeper] = None
        return self._written(level, levels, counts)

    def _written(self, level: _Level, levels: dict[int, _Level], counts: list[int | None]) -> str:
        if level.form == "bullet" or not level.text:
            return ""
        text = level.text
        for i in range(LEVELS):
            if f"%{i + 1}" in text:
                one = levels.get(i, _Level())
                number = one.start if counts[i] is None else counts[i]
                form = "decimal" if level.legal else one.form
                text = text.replace(f"%{i + 1}", FORMATS.get(form, str)(number or 0))
        return text + level.gap if text else ""

    def _list_of(self, properties: Any | None) -> tuple[str, int] | None:
        """The list and level a paragraph belongs to: its own words first, then its style's."""
        own = child(properties, _NUMPR)
        list_id = None if own is None else child_value(own, "numId")
        level = None if own is None else child_value(own, "ilvl")
        if list_id is None:
            by_style = self._styles.number(self._styles.of_paragraph(properties))
            if by_style is None:
                return None
            list_id, style_level, style = by_style
            level = level or self._level_of_style(list_id, style) or style_level
        if list_id not in self._lists:
            return None
        return list_id, whole(level, 0, LEVELS - 1)

    def _level_of_style(self, list_id: str, style: str) -> str | None:
        levels = self._resolved(list_id)[1] if list_id in self._lists else {}
        return next((str(number) for number, level in levels.items() if level.style == style), None)

    def _resolved(self, list_id: str) -> tuple[str, dict[int, _Level], dict[int, int]]:
        """A list's kind, its levels with what it changes in them, and the starts it sets."""
        if list_id not in self._levels:
            self._levels[list_id] = self._resolve(list_id)
        return self._levels[list_id]

    def _resolve(self, list_id: str) -> tuple[str, dict[int, _Level], dict[int, int]]:
        kind = child_value(self._lists[list_id], "abstractNumId") or ""
        element = self._kinds.get(kind)
        linked = None if element is None else child_value(element, "numStyleLink")
        by_style = self._styles.number(linked) if linked else None
        if by_style is not None and by_style[0] in self._lists:
            kind = child_value(self._lists[by_style[0]], "abstractNumId") or ""
            element = self._kinds.get(kind)
        levels = {} if element is None else dict(map(_level, element.iterchildren(w("lvl"))))
        starts: dict[int, int] = {}
        for override in self._lists[list_id].iterchildren(w("lvlOverride")):
            number = whole(override.get(w("ilvl")), 0, LEVELS - 1)
            own = child(override, w("lvl"))
            if own is not None:
                levels[number] = _level(own)[1]
            start = child_value(override, "startOverride")
            if start is not None:
                starts[number] = whole(start, 1, _MOST)
                levels[number] = replace(levels.get(number, _Level()), start=starts[number])
        return kind, levels, starts


_GAPS = {"nothing": "", "space": " ", "tab": " "}


def _level(element: Any) -> tuple[int, _Level]:
    return whole(element.get(w("ilvl")), 0, LEVELS - 1), _Level(
        start=whole(child_value(element, "start"), 1, _MOST),
        form=child_value(element, "numFmt") or "decimal",
        text=child_value(element, "lvlText") or "",
        gap=_GAPS.get(child_value(element, "suff") or "tab", " "),
        legal=bool(is_on(child(element, w("isLgl")))),
        restarts=child_value(element, "lvlRestart") != "0",
        style=child_value(element, "pStyle"),
    )
