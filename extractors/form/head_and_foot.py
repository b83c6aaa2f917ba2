"""Unit, contact, phone and date around the form's table, or in rows of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.table.grid import GridCell
from reference.model import Cell, Place


def _spaced(*words: str) -> str:
    """A pattern of the words with white space allowed between their characters: 联 系 人.

    Up to twelve spaces, so that a search takes time linear to a line of nothing else.
    """
    return "(?:" + "|".join(r"\s{0,12}".join(map(re.escape, word)) for word in words) + ")"


_STAMP = r"(?:\s{0,9}[（(\[【][^（）()]{0,12}章[^（）()]{0,6}[)）\]】])"
_PHONES = _spaced(
    "联系方式", "联系电话", "联系手机", "办公电话", "固定电话", "移动电话", "电话号码", "手机号码", "手机号",
    "电话", "手机",
)  # fmt: skip
LABELS: dict[str, str] = {
    "unit": f"{_spaced('推荐单位', '填报单位', '申报单位', '报送单位', '推荐部门', '单位名称')}"
    f"(?:名称|全称)?(?:{_STAMP}|(?:加?盖)?公?章)?",
    "both": rf"{_spaced('联系人')}(?:姓名)?\s{{0,12}}[及和与、/／]\s{{0,12}}{_PHONES}",
    "contact": f"{_spaced('联系人', '联络人')}(?:姓名)?",
    "phone": _PHONES,
    "form_date": _spaced(
        "填表日期", "填报日期", "推荐日期", "报送日期", "填表时间", "填报时间", "日期", "时间"
    ),
}
"""The labels of the form's head and foot, and the ways people write them; `both` asks name and number."""

_OTHER = (
    rf"(?:单位|部门|分管)?{_spaced('负责人', '填表人', '填报人', '制表人', '经办人', '审核人')}"
    rf"|{_spaced('签字', '签名')}"
    rf"|(?:电子)?{_spaced('邮箱', '邮件')}|E-?mail|(?:通讯|联系|单位)?{_spaced('地址')}"
    rf"|{_spaced('传真', '邮编', '职务', '部门', '处室', '微信', '备注')}"
)
"""Labels of what the form does not ask: the value before them ends there."""
_COLON = "[:：∶﹕︰]"
_LABEL = re.compile(
    "|".join(f"(?P<{name}>{label})" for name, label in LABELS.items())
    + f"|(?P<other>(?:{_OTHER})(?:[（(][^（）()]{{0,6}}[)）])?(?=\\s{{0,12}}{_COLON}))",
    re.IGNORECASE,
)
_COLONED = re.compile(rf"\s*{_COLON}\s*")
_UNCOLONED = re.compile(r"\s+|(?<=[)）\]】])|$")
_BEFORE = re.compile(r"[\s_＿，,；;。]|单位|部门")
"""What a label may stand behind; a value that runs into the next label is told by its colon."""
_WHOLE_LABEL = {name: re.compile(rf"\s*+{label}\s*+{_COLON}?\s*+") for name, label in LABELS.items()}

_D = "[0-9０-９]"
_GAP = r"\s{0,12}"
_DIGIT = "〇○零0０OＯ一二三四五六七八九"
_YEAR = rf"(?:[12１２][09０９]{_D}{{2}}|{_D}{{2}}|[二一][{_DIGIT}]{{3}}|[_＿\s]{{1,12}}|)"
_PART = rf"(?:{_D}{{1,2}}|[一二三四五六七八九十]{{1,3}}|[_＿\s]{{0,12}})"
_WRITTEN_DATE = re.compile(rf"({_YEAR}{_GAP}年{_GAP}{_PART}{_GAP}月{_GAP}{_PART}{_GAP}[日号])")
_BLANK_DATE = re.compile(r"[_＿\s]{0,12}年[_＿\s]{1,12}月[_＿\s]{1,12}日")
_NUMBER_DATE = re.compile(
    rf"((?:19|20|１９|２０){_D}{{2}}\s*([-./·．。／－–])\s*{_D}{{1,2}}\s*\2\s*{_D}{{1,2}}|(?<!\d)(?:19|20)\d{{6}})(?!\d)"
)
_SIGNATURE = re.compile(r"[^，。；：:,;、\d]{0,30}?(?:[局委会院办处校司部心厅所章)）])?\s*$")
"""What may stand before a date that ends a line: nothing, the unit, a word of the seal."""
_NUMBER = re.compile(r"[（(+＋]?\d[\d\s()（）\-－—–转#*]{5,}")
_BRACKETED = re.compile(r"^[（(](\d{7}[^（）()]*)[)）]$")
_SPACES = " \t\r\n\x0b\x0c\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200C))
)
_FILLER = _SPACES + "_＿:：∶，,；;。"
_ADVICE = re.compile(r"\s*(?:请|应|须|须知|按)")
"""How an instruction begins: 联系方式：请填写手机号码 gives no number."""


@dataclass(frozen=True, slots=True)
class Said:
    """A labelled value with its distance, in pieces, from the form's table."""

    name: str
    cell: Cell
    distance: int


def in_text(text: str, place: Place, distance: int) -> list[Said]:
    """The labelled values of a line or cell, and a date standing alone."""
    labels = list(_labels(text))
    if not labels:
        date = closing_date(text)
        return [] if date is None else [Said("form_date", Cell(text=date, place=place), distance)]
    ends = [start for _, start, _ in labels[1:]] + [len(text)]
    return [
        Said(one, Cell(text=value, place=place), distance)
        for (name, _, start), end in zip(labels, ends, strict=True)
        if not _ADVICE.match(text[start:end])
        for one, value in _values(name, text[start:end])
    ]


def _labels(text: str) -> Iterator[tuple[str, int, int]]:
    """The labels of a line: name, where each begins and where its value does."""
    found = False
    end = 0
    for match in _LABEL.finditer(text):
        coloned = _COLONED.match(text, match.end())
        start = match.start()
        stands = start == end or any(_BEFORE.fullmatch(text, start - n, start) for n in (1, 2) if n <= start)
        after = coloned or (_UNCOLONED.match(text, match.end()) if stands else None)
        if after is None or not (stands or found):
            continue
        found, end = True, after.end()
        yield match.lastgroup or "other", start, end


def _values(name: str, text: str) -> Iterator[tuple[str, str]]:
    """What the text behind a label says: its value, and a date or number that stands with it."""
    if name == "form_date":
        yield name, _date_value(text)
        return
    if date := date_in(text):
        yield "form_date", date
        text = text.replace(date, "")
    elif blank := _BLANK_DATE.search(text):
        yield "form_date", ""
        text = text[: blank.start()] + text[blank.end() :]
    if name == "other":
        return
    number = _NUMBER.search(text) if name in {"both", "contact"} else None
    if number is not None and (name == "both" or text[: number.start()].strip(_FILLER)):
        yield "phone", _BRACKETED.sub(r"\1", _value(text[number.start() :]))
        text = text[: number.start()]
    elif name == "both":
        yield "phone", ""
    yield "contact" if name == "both" else name, _unstamped(text) if name == "unit" else _value(text)


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
        if name and following is not None and not is_label(following.text):
            place = following.place
            said += [
                Said(one, Cell(text=v, place=place), distance) for one, v in _values(name, following.text)
            ]
            skip = True
        else:
            said += in_text(cell.text, cell.place, distance)
    return said


def labelled(row: Sequence[GridCell | None]) -> bool:
    """Whether a table row is one of the head or foot: a cell of it begins with a label."""
    return any(is_label(cell.text) for cell in row if cell)


def nearest(said: Iterable[Said]) -> dict[str, Cell]:
    """Of each label the filled value nearest to the table; a blank one where none is filled."""
    best: dict[str, Said] = {}
    for one in said:
        known = best.get(one.name)
        if known is None or (not one.cell.text, one.distance) < (not known.cell.text, known.distance):
            best[one.name] = one
    return {name: one.cell for name, one in best.items()}


def is_label(text: str) -> bool:
    """Whether a text begins with one of the form's labels."""
    first = next(_labels(text), None)
    return first is not None and first[0] != "other" and not text[: first[1]].strip()


def _value(text: str) -> str:
    return text.strip(_FILLER)


def _unstamped(text: str) -> str:
    """A unit's name without the word of the seal behind it: 上海市审计局（盖章）."""
    return _value(re.sub(f"{_STAMP}$", "", _value(text)))


def _date_value(text: str) -> str:
    """The date behind its label; "" for the form's blank 年 月 日; other words as they stand."""
    whole = closing_date(text)
    return whole if whole is not None else date_in(text) or _value(text)


def date_in(text: str) -> str | None:
    """A date inside a longer text: with its year, so that a phone number is none."""
    match = _NUMBER_DATE.search(text) or next(
        (m for m in _WRITTEN_DATE.finditer(text) if re.match(r"\s*[\d二一]", m[1])), None
    )
    if match is None or re.fullmatch(r"\d{8}", match[1]):
        return None
    return match[1].strip()


def closing_date(text: str) -> str | None:
    """The date that ends a line with at most a signature before it; "" for the form's blank 年 月 日."""
    plain = text.strip(_FILLER)
    for pattern in (_WRITTEN_DATE, _NUMBER_DATE):
        for match in pattern.finditer(plain):
            if match.end() == len(plain) and _SIGNATURE.fullmatch(plain[: match.start()]):
                date = match[1].strip(_FILLER)
                return date if re.search(r"[\d一二三四五六七八九十]", date) else ""
    return None
