"""Unit, contact, phone and date around the form's table, or in rows of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.grid import GridCell
from reference.model import Cell, Place


def _spaced(*words: str) -> str:
    """A pattern of the words with white space allowed between their characters: 联 系 人."""
    return "|".join(r"\s*".join(map(re.escape, word)) for word in words)


_STAMP = r"(?:\s*[（(\[【][^（）()]{0,12}章[^（）()]{0,6}[)）\]】])?"
LABELS: dict[str, str] = {
    "unit": f"(?:{_spaced('推荐单位', '填报单位', '申报单位', '报送单位')})(?:名称|全称)?{_STAMP}",
    "contact": f"(?:{_spaced('联系人')})(?:姓名)?",
    "phone": f"(?:{_spaced('联系方式', '联系电话', '电话号码', '手机号码', '手机号', '电话', '手机')})",
    "form_date": f"(?:{_spaced('填表日期', '填报日期', '推荐日期', '报送日期', '填表时间', '日期')})",
}
"""The labels of the form's head and foot, and the ways people write them."""

_SEPARATOR = r"\s*[:：]\s*"
_ANY = re.compile(
    "(?:^|(?<=[\\s_＿　，,；;。]))(?:"
    + "|".join(f"(?P<{name}>{label})" for name, label in LABELS.items())
    + f")(?P<sep>{_SEPARATOR}|\\s+|(?<=[)）\\]】])|$)"
)
_WHOLE_LABEL = {name: re.compile(rf"\s*{label}\s*[:：]?\s*") for name, label in LABELS.items()}

_YEAR = r"(?:[12][09]\d{2}|[二一][〇○零OＯ九][〇○零OＯ一二三四五六七八九]{2}|[_＿\s]{1,12}|)"
_PART = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[_＿\s]{0,12})"
_WRITTEN_DATE = re.compile(rf"({_YEAR}\s*年\s*{_PART}\s*月\s*{_PART}\s*[日号])")
_NUMBER_DATE = re.compile(r"((?:19|20)\d{2}\s*([-./])\s*\d{1,2}\s*\2\s*\d{1,2}|(?:19|20)\d{6})(?!\d)")
_FILLER = " \t\r\n_＿　:："
INSTRUCTIONS = re.compile(r"^\s*填\s*表\s*说\s*明")


@dataclass(frozen=True, slots=True)
class Said:
    """A labelled value with its distance, in pieces, from the form's table."""

    name: str
    cell: Cell
    distance: int


def in_text(text: str, place: Place, distance: int) -> list[Said]:
    """The labelled values of a line or cell, and a date standing alone."""
    labels = list(_ANY.finditer(text))
    said = []
    for i, match in enumerate(labels):
        end = labels[i + 1].start() if i + 1 < len(labels) else len(text)
        name = match.lastgroup if match.lastgroup != "sep" else None
        name = name or next(one for one in LABELS if match.group(one))
        value = text[match.end() : end]
        if name != "form_date" and (date := _date_in(value)):
            said.append(Said("form_date", Cell(text=date, place=place), distance))
            value = value.replace(date, "")
        elif name == "form_date":
            value = _date_in(value) or value
        said.append(Said(name, Cell(text=_value(value), place=place), distance))
    if not labels and (date := _whole_date(text)) is not None:
        said.append(Said("form_date", Cell(text=date, place=place), distance))
    return said


def in_row(row: Sequence[GridCell | None], distance: int) -> list[Said]:
    """The labelled values of a table row outside the rows proper: 联系人 in one cell, a name in the next."""
    cells = list(dict.fromkeys(cell for cell in row if cell))
    said: list[Said] = []
    skip = False
    for i, cell in enumerate(cells):
        if skip:
            skip = False
            continue
        name = next((name for name, label in _WHOLE_LABEL.items() if label.fullmatch(cell.text)), None)
        following = cells[i + 1] if i + 1 < len(cells) else None
        if name and following is not None and not _is_label(following.text):
            value = _date_in(following.text) or following.text if name == "form_date" else following.text
            said.append(Said(name, Cell(text=_value(value), place=following.place), distance))
            skip = True
        else:
            said += in_text(cell.text, cell.place, distance)
    return said


def labelled(row: Sequence[GridCell | None]) -> bool:
    """Whether a table row is one of the head or foot: a cell of it begins with a label."""
    return any(_ANY.match(cell.text) for cell in row if cell)


def nearest(said: Iterable[Said]) -> dict[str, Cell]:
    """Of each label the value nearest to the table; of two equally near a filled one."""
    best: dict[str, Said] = {}
    for one in said:
        known = best.get(one.name)
        if known is None or (one.distance, not one.cell.text) < (known.distance, not known.cell.text):
            best[one.name] = one
    return {name: one.cell for name, one in best.items()}


def _is_label(text: str) -> bool:
    return any(label.fullmatch(text) for label in _WHOLE_LABEL.values()) or bool(_ANY.match(text))


def _value(text: str) -> str:
    return text.strip(_FILLER)


def _date_in(text: str) -> str | None:
    """A date inside a longer text: with its year, so that a phone number is none."""
    match = _NUMBER_DATE.search(text) or next(
        (m for m in _WRITTEN_DATE.finditer(text) if re.match(r"\s*[\d二一]", m[1])), None
    )
    if match is None or re.fullmatch(r"\d{8}", match[1]):
        return None
    return match[1].strip()


def _whole_date(text: str) -> str | None:
    """The text if it is a date and nothing else; "" for the form's blank 年 月 日."""
    plain = text.strip(_FILLER)
    match = _WRITTEN_DATE.fullmatch(plain) or _NUMBER_DATE.fullmatch(plain)
    if match is None:
        return None
    return plain if re.search(r"[\d一二三四五六七八九十]", plain) else ""
