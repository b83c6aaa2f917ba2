"""How an office heads the columns of each reference table, and how it writes their cells.

`LAYOUTS` says for each table which titles a column may bear, which columns a header must have, what tells
a row from the others and what follows from the cells where a column is absent; `as_stored` turns a cell
into what the table's file holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reference.text import fold

TableRow = dict[str, str]
"""A row by its columns' names."""

NUMBER = "number"
"""The column 序号 of a file whose table has none: it tells where a row begins."""

_CODE = ("职业编码", "编码", "职业代码", "代码", "职业编号")
_WHOLE = ("职业（工种）名称", "职业（工种）", "职业工种名称")
_OCCUPATION = ("职业名称", "职业")
_WORK_TYPE = ("工种", "工种名称")
_ITEM = ("序号", "编号", "项次")
_DIGITAL, _GREEN = ("数字职业", "数字职业标识", "S"), ("绿色职业", "绿色职业标识", "L")
_ISSUED = ("颁布日期", "发布日期", "颁布时间", "发布时间")
_ALIASES = ("别名", "简称", "又称")
_SOURCE = ("来源", "出处")


@dataclass(frozen=True, slots=True)
class Layout:
    """What an office's file of a table looks like."""

    titles: Mapping[str, tuple[str, ...]]
    """Titles of each column beside its own name; columns that the table lacks help to derive its own."""
    needed: tuple[tuple[str, ...], ...]
    """Columns of a header: of each group at least one. The others may be absent, their cells are blank."""
    key: tuple[str, ...]
    """What tells a row from the others; a row of the same key with other cells has changed."""
    anchor: tuple[str, ...]
    """Filled in every row: a line without is the rest of the row above, cut by the end of a page."""
    derive: Callable[[TableRow], TableRow] = field(default=lambda row: row)
    """A row, with the columns that the file has, to the same with those that follow from them."""


def bracketed(name: str) -> tuple[str, str]:
    """A name and what stands in its outermost bracket: 社会体育指导员（登山（山地户外））."""
    found = re.fullmatch(r"([^（(【\[]+)[（(【\[](.*)[）)】\]]", name.strip())
    return (found[1].strip(), found[2].strip()) if found else (name.strip(), "")


def _whole_and_occupation(row: TableRow) -> TableRow:
    """Annex 2 names the item whole and its occupation apart; either gives the other."""
    if "name" in row:
        return row if "occupation" in row else {**row, "occupation": bracketed(row["name"])[0]}
    work_type = _said(row)
    whole = f"{row['occupation']}（{work_type}）" if work_type else row["occupation"]
    return {**row, "name": whole, "occupation": bracketed(whole)[0]}


def _occupation_and_work_type(row: TableRow) -> TableRow:
    occupation, inside = bracketed(row["occupation"])
    return {**row, "occupation": occupation, "work_type": _said(row) or inside}


def _said(row: TableRow) -> str:
    """The work type in a column of its own; none where it strikes the cell out or repeats the occupation."""
    work_type = row.get("work_type", "")
    return "" if fold(work_type) in ("/", "-", "无", fold(row["occupation"])) else work_type


_MARKED = re.compile(r"(?P<name>.*?[^SL/\s（(])\s*[（(]?(?P<marks>S\s*/\s*L|L\s*/\s*S|SL|LS|S|L)[）)]?")


def _marks_of_name(row: TableRow) -> TableRow:
    """The Dictionary prints S (digital) and L (green) behind the name."""
    found = None if {"digital", "green"} & row.keys() else _MARKED.fullmatch(row["name"].strip())
    if not found:
        return row
    marks = {"digital": "yes" * ("S" in found["marks"]), "green": "yes" * ("L" in found["marks"])}
    return {**row, "name": found["name"], **marks}


LAYOUTS: dict[str, Layout] = {
    "dictionary": Layout(
        {"code": _CODE, "name": ("名称", *_OCCUPATION), "digital": _DIGITAL, "green": _GREEN,
         "transcriptions": ("转录",)},
        (("code",), ("name",)), ("code",), ("code",), _marks_of_name,
    ),
    "occupation_groups": Layout(
        {"code": ("编码", "类别编码", "代码"), "level": ("层级", "类别"), "name": ("名称", "类别名称")},
        (("code",), ("level",), ("name",)), ("code",), ("code",),
    ),
    "new_occupations": Layout(
        {"code": _CODE, "name": ("名称", *_OCCUPATION), "digital": _DIGITAL, "green": _GREEN,
         "announced": ("公布年份", "公布年度", "发布年份", "年份")},
        (("code",), ("name",), ("announced",)), ("code",), ("code",), _marks_of_name,
    ),
    "standards": Layout(
        {"code_as_listed": _CODE,
         "name_as_listed": ("标准名称", "职业标准名称", "国家职业标准名称", *_OCCUPATION, "名称", *_WHOLE),
         "issued": _ISSUED, "document": ("文号", "发文字号", "颁布文号", "发布文号")},
        (("code_as_listed",), ("name_as_listed",), ("issued",), ("document",)),
        ("code_as_listed", "name_as_listed"), ("code_as_listed",),
    ),
    "catalogue": Layout(
        {"item_no": _ITEM, "code": _CODE, "name": (*_WHOLE, "名称"), "occupation": _OCCUPATION,
         "levels": ("等级", "技能等级", "职业技能等级", "级别", "认定等级"), "work_type": _WORK_TYPE},
        (("item_no",), ("code",), ("name", "occupation"), ("levels",)),
        ("code", "name"), ("item_no",), _whole_and_occupation,
    ),
    "licences": Layout(
        {"item": _ITEM, "name": ("职业资格名称", "资格名称", "名称"), "codes": _CODE,
         "occupations": _OCCUPATION, "work_types": _WORK_TYPE, "note": ("备注", "说明")},
        (("item",), ("name",), ("codes",), ("occupations",)), ("item", "name"), ("item",),
    ),
    "work_types": Layout(
        {"occupation_code": _CODE, "name": (*_WORK_TYPE, "名称"), "source": _SOURCE},
        (("occupation_code",), ("name",)), ("occupation_code", "name"), ("occupation_code",),
    ),
    "legacy_codes": Layout(
        {"code": ("原编码", "旧编码", "原职业编码", *_CODE), "occupation": _OCCUPATION,
         "code_2022": ("2022年版编码", "现编码", "新编码", "现职业编码"), "issued": _ISSUED},
        (("code",), ("occupation",), ("code_2022",)), ("code", "occupation"), ("code",),
    ),
    "former_names": Layout(
        {"former_name": ("原名称", "旧称", "曾用名"), "code": _CODE, "name": ("现名称", "名称", *_OCCUPATION),
         "scope": ("范围",), "reason": ("说明", "依据", "理由")},
        (("former_name",), ("code",), ("name",), ("scope",), ("reason",)),
        ("former_name", "code"), ("code",),
    ),
    "industries": Layout(
        {"label": ("产业", "产业名称", "产业标签"), "group": ("类别", "产业类别"), "aliases": _ALIASES},
        (("label",), ("group",)), ("label",), ("group",),
    ),
    "units": Layout(
        {"name": ("单位名称", "名称", "单位"), "kind": ("类别", "单位类别"), "aliases": _ALIASES},
        (("name",), ("kind",)), ("name",), ("kind",),
    ),
    "shortage": Layout(
        {"code": _CODE, "occupation": (*_WHOLE, *_OCCUPATION, "名称"), "work_type": _WORK_TYPE},
        (("occupation",),), ("code", "occupation", "work_type"), (), _occupation_and_work_type,
    ),
    "lookalikes": Layout(
        {"character": ("字",), "alike": ("形近字",), "source": _SOURCE},
        (("character",), ("alike",), ("source",)), ("character", "alike"), ("character",),
    ),
}  # fmt: skip
"""The layout of every table of `reference.tables.editions.COLUMNS`."""

_YES = frozenset(("yes", "y", "s", "l", "是", "有", "√", "✓", "✔", "1"))
_NO = frozenset(("no", "n", "否", "无", "/", "-", "0"))
_LEVELS = {
    word: level
    for level, words in {
        "5": "5 五 五级 5级 初级 初级工", "4": "4 四 四级 4级 中级 中级工", "3": "3 三 三级 3级 高级 高级工",
        "2": "2 二 二级 2级 技师", "1": "1 一 一级 1级 高级技师",
    }.items() for word in words.split()
}  # fmt: skip
_WORDS = {
    "level": {"大类": "major", "中类": "sub-major", "小类": "minor"},
    "scope": {"职业": "occupation", "工种": "work type"},
}
_DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


def _code(text: str) -> str:
    return re.sub(r"[‐-―−~]", "-", fold(text)).upper()


def _codes(text: str) -> str:
    return ";".join(_code(part) for part in re.split(r"[;；、,，]", text) if part.strip())


def _levels(text: str) -> str:
    """`五级/初级工、四级/中级工` and `5,4` to `5、4`; other words (专项职业能力) as they stand."""
    parts = [fold(part) for part in re.split(r"[、,，/／;；\s]+", text) if part]
    if not all(part in _LEVELS for part in parts):
        return text
    return "、".join(dict.fromkeys(_LEVELS[part] for part in parts))


def _number(text: str) -> str:
    return fold(text).rstrip(".、)")


def _yes(text: str) -> str:
    said = fold(text).casefold()
    return "yes" if said in _YES else "" if said in _NO else text


def _day(text: str) -> str:
    found = _DAY.fullmatch(fold(text))
    if not found:
        return text
    year, month, day = (part for part in found.groups() if part)
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _year(text: str) -> str:
    return fold(text).rstrip("年")


def _several(text: str) -> str:
    return text.replace("；", ";")


def _as_it_stands(text: str) -> str:
    return text


_WRITINGS: dict[str, Callable[[str], str]] = {
    "code": _code, "occupation_code": _code, "code_2022": _code, "codes": _codes,
    "levels": _levels, "item_no": _number, "item": _number, NUMBER: _number,
    "digital": _yes, "green": _yes, "issued": _day, "announced": _year,
    "aliases": _several, "occupations": _several, "work_types": _several,
}  # fmt: skip


def as_stored(column: str, text: str) -> str:
    """A cell as the table's file holds it; what is not understood stays, for the row's reader to refuse."""
    words = _WORDS.get(column, {})
    return words.get(fold(text)) or _WRITINGS.get(column, _as_it_stands)(text.strip())
