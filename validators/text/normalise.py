"""A cell's text to the value that is stored: codes, versions, flags, industries. Pure.

Width is folded for reading and comparing only; what is stored is written in the field's own form
(`4-10-01-05`, `2019年版`), and the sender's text stays beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from reference.tables.load import Industry
from reference.text import fold
from validators.text import numbers
from validators.text.distance import within_one_edit

_FILLER = re.compile(r"[\s_＿　]*")
_NOTHING = frozenset(
    {
        "无",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "\u2013",
        "无工种",
        "不分工种",
        "未分工种",
        "0",
        "空",
        "暂无",
        "没有",
    }
)


def blank(text: str | None) -> bool:
    """Whether a cell holds nothing but white space and filler underscores."""
    return text is None or _FILLER.fullmatch(text) is not None


def stated(text: str | None) -> str | None:
    """The text with outer white space gone, None where the cell is blank or absent."""
    return None if blank(text) else (text or "").strip()


def says_none(text: str | None) -> bool:
    """Whether an optional cell (工种) says in so many words that there is none: 无, /, —."""
    return blank(text) or fold(text or "") in _NOTHING


@dataclass(frozen=True, slots=True)
class Code:
    """A code as read: its value `4-10-01-05`, and whether it was written otherwise."""

    value: str
    changed: bool


_DASHES = "-‐‑‒–—―−﹣－ー一_~～."
_MARK = r"[SLX/（()）]*"
_CODE = re.compile(
    rf"{_MARK}0?(\d)[{_DASHES}]+(\d{{1,2}})[{_DASHES}]+(\d{{1,2}})[{_DASHES}]+(\d{{1,2}}){_MARK}"
)
_BARE = re.compile(rf"{_MARK}0?(\d)(\d\d)(\d\d)(\d\d){_MARK}")
_LETTER_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_CODE_INSIDE = re.compile(r"(?<![\d-])(\d)-(\d{1,2})-(\d{1,2})-(\d{1,2})(?![\d-])")


def code(text: str) -> Code | None:
    """The occupation code in a cell: width, dashes, spaces, dropped zeros and S/L marks put right.

    None where no code, or more than one, can be read from it (`code-malformed`).
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_LETTER_DIGITS)
    match = _CODE.fullmatch(plain.upper()) or _BARE.fullmatch(plain.upper())
    if match is None:
        inside = _CODE_INSIDE.findall(re.sub(f"[{_DASHES}]+", "-", plain))
        if len(inside) != 1:
            return None
        parts: Iterable[str] = inside[0]
    else:
        parts = match.groups()
    major, *rest = parts
    value = "-".join([major, *(part.zfill(2) for part in rest)])
    return Code(value, changed=value != text.strip())


def version(text: str) -> str | None:
    """`2019年版` from 2019年版, 2019, （2019 版）, 二〇一九年版; None where the text holds no year."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if match := re.search(
        r"(?<!\d)(19[89]\d|20\d\d)(?!\d)", unicodedata.normalize("NFKC", text)
    ) or re.search(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)", plain):
        return f"{match[1]}年版"
    if match := re.search(r"([一二][〇○零O九][〇○零O一二三四五六七八九]{2})年", plain):
        return f"{numbers.chinese_number(match[1])}年版"
    return None


_STANDARD_TAIL = re.compile(r"(国家)?职业(技能)?标准(编号)?$")
_STANDARD_YEAR = re.compile(r"[(（]?(19|20)\d\d年?(版|修订)?[)）]?")


def standard_name(text: str) -> str:
    """The name that a standard's title is about: 《养老护理员国家职业技能标准（2019年版）》 -> 养老护理员."""
    plain = re.sub(r"[《》〈〉<>“”\"'\s]+", "", unicodedata.normalize("NFKC", text))
    plain = _STANDARD_YEAR.sub("", plain)
    plain = re.sub(r"^国家职业(技能)?标准[-—:：·]*", "", plain)
    plain = _STANDARD_TAIL.sub("", plain).strip("-—:：·") or plain
    return plain.replace("(", "（").replace(")", "）")


def flag(text: str) -> bool | None:
    """是 or 否 (填表说明4) with marks and full stops around it; None for all else."""
    plain = re.sub(r"[\s。.;；,，√✓☑()（）“”\"]+", "", unicodedata.normalize("NFKC", text))
    return {"是": True, "否": False}.get(plain)


@dataclass(frozen=True, slots=True)
class Industries:
    """The industries of a row: labels or others, in the order written; whether anything was put right."""

    values: tuple[str, ...]
    others: tuple[str, ...]
    changed: bool


_SEPARATOR = re.compile(r"[、,，;；/／|\\\n\s·&＆+]+")
_CONJUNCTION = re.compile(r"以及|和|及|与")
"""Splits only where every part is a label: 文化和旅游 is one industry."""
_GROUP_PREFIX = re.compile(r"^[“”\"]?(3\+6|两大民生产业|民生产业|其他产业|其它产业)[“”\"]?(产业)?[:：]")


def industries(text: str, labels: Iterable[Industry]) -> Industries:
    """The labels of 填表说明5 in a cell; another separator than 、 or a near miss of a label is put right."""
    table = tuple(labels)
    exact = {fold(item.label): item.label for item in table}
    near = {fold(alias): item.label for item in table for alias in item.aliases}
    plain = fold(text) if fold(text) in exact else unicodedata.normalize("NFKC", text).strip()
    changed = False
    values: list[str] = []
    others: list[str] = []
    for written in plain.split("、"):
        for part in _parts(written.strip(), exact):
            label = exact.get(part) or near.get(part) or _near_label(part, exact)
            changed |= (label or part) != written.strip()
            value = label or part
            if value not in values:
                values.append(value)
                if label is None:
                    others.append(value)
    return Industries(tuple(values), tuple(others), changed)


def _parts(written: str, exact: dict[str, str]) -> list[str]:
    """One entry split at other separators than 、; an entry that is a label whole is never split."""
    if fold(written) in exact:
        return [fold(written)]
    parts = [fold(part) for part in _SEPARATOR.split(_GROUP_PREFIX.sub("", written)) if part and fold(part)]
    named = [_CONJUNCTION.split(part) for part in parts]
    return [
        piece
        for part, pieces in zip(parts, named, strict=True)
        for piece in (pieces if all(label in exact for label in pieces) else [part])
    ]


_INDUSTRY_TAIL = re.compile(r"(产业|行业|领域|业)$")


def _near_label(part: str, exact: dict[str, str]) -> str | None:
    """The one label that a writing misses by one character or by a tail such as 产业."""
    stem = _INDUSTRY_TAIL.sub("", part)
    if stem in exact:
        return exact[stem]
    if len(part) < 4:
        return None
    hits = {label for key, label in exact.items() if len(key) >= 4 and within_one_edit(part, key)}
    return hits.pop() if len(hits) == 1 else None
