"""Slips of the hand and of the scan: each turns a right writing into a wrong one, from a seeded source."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Literal

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

Slip = Callable[[str, random.Random], str]


@cache
def common_characters() -> tuple[str, ...]:
    """The 3,755 characters of GB 2312's first level, which people type."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return tuple(raw.decode("gb2312") for raw in rows if (raw[0], raw[1]) < (0xD7, 0xFA))


@cache
def homophones() -> Mapping[str, Sequence[str]]:
    """Common characters by their syllable with tone dropped, as an input method offers them."""
    found: dict[str, list[str]] = defaultdict(list)
    for character in common_characters():
        found[lazy_pinyin(character, style=Style.NORMAL)[0]].append(character)
    return found


SCANNED: Mapping[str, str] = {
    "工": "土", "员": "贝", "师": "帅", "理": "埋", "检": "捡", "验": "险", "业": "亚", "车": "东",
    "技": "枝", "术": "木", "维": "维", "修": "俢", "机": "杌", "器": "嚣", "制": "刺", "造": "诰",
    "管": "菅", "护": "护", "老": "者", "电": "电", "气": "乞", "子": "孑", "水": "氷", "木": "本",
    "土": "士", "人": "入", "力": "刀", "化": "比", "茶": "荼", "评": "坪", "操": "澡", "作": "怍",
    "服": "眼", "务": "夯", "设": "没", "计": "汁", "信": "佶", "息": "恩", "网": "冈", "络": "铬",
    "测": "侧", "量": "童", "食": "良", "品": "晶", "加": "如", "材": "村", "料": "科", "纺": "纷",
    "织": "炽", "印": "卬", "刷": "剧", "装": "裴", "配": "酡", "调": "凋", "试": "拭", "农": "衣",
    "林": "抹", "牧": "枚", "渔": "鱼", "船": "般", "矿": "旷", "井": "并", "炉": "护", "钢": "纲",
}  # fmt: skip
"""What readers of scans take for one another, written down by hand, apart from the product's own table."""


def by_sound(text: str, chance: random.Random) -> str:
    """One character typed as another of the same syllable."""
    at = chance.randrange(len(text))
    others = [one for one in homophones().get(lazy_pinyin(text[at])[0], ()) if one != text[at]]
    return text[:at] + chance.choice(others) + text[at + 1 :] if others else dropped(text, chance)


def by_shape(text: str, chance: random.Random) -> str:
    """One character read as one of like shape; where none is known, as any other."""
    places = [at for at, one in enumerate(text) if SCANNED.get(one, one) != one]
    if not places:
        return replaced(text, chance)
    at = chance.choice(places)
    return text[:at] + SCANNED[text[at]] + text[at + 1 :]


def replaced(text: str, chance: random.Random) -> str:
    """One character replaced by any other."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(common_characters()) + text[at + 1 :]


def dropped(text: str, chance: random.Random) -> str:
    """One character left out."""
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def doubled(text: str, chance: random.Random) -> str:
    """One character typed twice."""
    at = chance.randrange(len(text))
    return text[:at] + text[at] + text[at:]


def added(text: str, chance: random.Random) -> str:
    """A character that has no business there."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(common_characters()) + text[at:]


def swapped(text: str, chance: random.Random) -> str:
    """Two neighbours in the wrong order."""
    places = [at for at in range(len(text) - 1) if text[at] != text[at + 1]]
    if not places:
        return doubled(text, chance)
    at = chance.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def halves(text: str, chance: random.Random) -> str:
    """The words in another order: 检验汽车维修工 for 汽车维修检验工."""
    at = chance.randrange(1, len(text) - 1) if len(text) > 2 else 1
    return text[at:-1] + text[:at] + text[-1] if len(text) > 2 else text[::-1]


def title(text: str, chance: random.Random) -> str:
    """师, 员 and 工 taken for one another."""
    ends = [one for one in "师员工" if not text.endswith(one)]
    return (text[:-1] if text[-1] in "师员工" else text) + chance.choice(ends)


def traditional(text: str, _chance: random.Random) -> str:
    """Written in traditional characters."""
    return str(_to_traditional().convert(text))


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")  # a tenth of a second to load


def spaced(text: str, chance: random.Random) -> str:
    """White space of one kind or another inside."""
    return chance.choice((" ", "　", "\n", "\u200b")).join(text)


def as_standard(text: str, chance: random.Random) -> str:
    """As the title of its standard."""
    return chance.choice(
        ("《{}国家职业技能标准》", "{}国家职业标准", "{}（2019年版）", "国家职业技能标准-{}", "《{}》")
    ).format(text)


def marked(text: str, chance: random.Random) -> str:
    """With the Dictionary's marks behind it."""
    return text + chance.choice((" S", "(L)", "（L/S）", " L/S", "Ｓ"))


UNSETTLING: Mapping[str, Slip] = {
    "a character by sound": by_sound,
    "a character by shape": by_shape,
    "a character replaced": replaced,
    "a character dropped": dropped,
    "a character doubled": doubled,
    "a character added": added,
    "neighbours swapped": swapped,
    "words in another order": halves,
    "师, 员, 工 swapped": title,
}
"""Slips after which the writing is another."""

HARMLESS: Mapping[str, Slip] = {
    "traditional characters": traditional,
    "white space inside": spaced,
    "a standard's title": as_standard,
    "S and L marks": marked,
}
"""Slips after which the writing is the same to a reader."""


def wrong_digit(code: str, chance: random.Random) -> str:
    """A code with one digit mistyped."""
    at = chance.choice([place for place, sign in enumerate(code) if sign.isdigit()])
    return code[:at] + chance.choice([d for d in "0123456789" if d != code[at]]) + code[at + 1 :]


Code = Literal["right code", "code mistyped", "no code"]
CODES: tuple[Code, ...] = ("right code", "code mistyped", "no code")
