"""Annex 1 printed: forms with invented rows drawn as pages of 300 dpi, and what stands in each cell."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from reference.model import Field
from reference.tables.load import ReferenceTables

DPI = 300
MM = DPI / 25.4
WIDTH, HEIGHT, MARGIN = round(297 * MM), round(210 * MM), round(16 * MM)
FONTS = [
    (path, index)
    for path, index in (
        ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
        ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
        ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    )
    if Path(path).exists()
]
"""Fonts of the kinds of SimSun and SimHei: of Debian's packages, those that are installed."""

COLUMNS: dict[Field, tuple[str, float]] = {
    Field.PRIORITY: ("序号", 0.05),
    Field.CODE: ("职业编码", 0.1),
    Field.OCCUPATION: ("职业名称", 0.11),
    Field.WORK_TYPE: ("工种名称", 0.1),
    Field.STANDARD_NAME: ("国家职业标准名称", 0.12),
    Field.STANDARD_VERSION: ("标准版本", 0.08),
    Field.SHORTAGE_FLAG: ("是否列入急需紧缺目录", 0.08),
    Field.INDUSTRIES: ("涉及重点产业", 0.11),
    Field.DEMAND: ("年评价人次", 0.07),
    Field.REASON: ("推荐理由", 0.18),
}
OPENINGS = ("本区企业用工需求持续增长", "产业园区重点企业反映技能人才短缺", "行业协会调研显示持证比例偏低")
ENDINGS = (
    "开展评价有利于稳定就业。",
    "建议尽快纳入目录。",
    "每年新增岗位约{n}个。",
    "已有{n}家企业提出申请。",
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A form's pages, and its rows as typed."""

    unit: str
    pages: list[Image.Image]
    rows: list[dict[Field, str]]


def forms(count: int, seed: int, tables: ReferenceTables) -> Iterator[Printed]:
    """So many forms of 3 to 14 rows, in the fonts at hand, 9 to 12 points."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        unit = chance.choice(UNITS)
        rows = [_row(chance, i, tables) for i in range(1, chance.randint(3, 14) + 1)]
        face = FONTS[number % len(FONTS)]
        yield Printed(unit, _pages(unit, rows, face, chance), rows)


UNITS = (
    "上海市黄浦区人力资源和社会保障局",
    "上海市浦东新区人力资源和社会保障局",
    "上海市经济和信息化委员会",
    "上海市商务委员会",
    "上海市民政局",
    "上海市文化和旅游局",
)


def _row(chance: random.Random, number: int, tables: ReferenceTables) -> dict[Field, str]:
    standard = chance.choice([one for one in tables.standards if one.occupation_code])
    occupation = next(one for one in tables.occupations if one.code == standard.occupation_code)
    types = [one.name for one in tables.work_types if one.occupation_code == occupation.code]
    industries = [one.label for one in tables.industries]
    return {
        Field.PRIORITY: str(number),
        Field.CODE: occupation.code,
        Field.OCCUPATION: occupation.name,
        Field.WORK_TYPE: chance.choice(types) if types and chance.random() < 0.5 else "",
        Field.STANDARD_NAME: standard.work_type or standard.occupation,
        Field.STANDARD_VERSION: standard.version,
        Field.SHORTAGE_FLAG: chance.choice("是否"),
        Field.INDUSTRIES: "、".join(chance.sample(industries, chance.randint(1, 2))),
        Field.DEMAND: str(chance.choice((chance.randint(6, 99), chance.randint(100, 5000)))),
        Field.REASON: chance.choice(OPENINGS)
        + "，"
        + chance.choice(ENDINGS).format(n=chance.randint(3, 400)),
    }


def _pages(
    unit: str, rows: Sequence[dict[Field, str]], face: tuple[str, int], chance: random.Random
) -> list[Image.Image]:
    size = round(chance.choice((9, 10, 10.5, 12)) / 72 * DPI)
    thick = chance.choice((1, 2, 3))
    texts = [{field: title for field, (title, _) in COLUMNS.items()}, *rows]
    pages: list[Image.Image] = []
    y = HEIGHT
    for cells in texts:
        lines = {field: wrapped(cells[field], face, size, _wide(field) - round(3 * MM)) for field in COLUMNS}
        tall = max(len(one) for one in lines.values()) * round(1.35 * size) + round(3 * MM)
        if y + tall > HEIGHT - round(40 * MM):
            pages.append(Image.new("L", (WIDTH, HEIGHT), 255))
            y = MARGIN
            if len(pages) == 1:
                y = _head(pages[0], unit, face, size)
        _draw_row(ImageDraw.Draw(pages[-1]), y, tall, lines, face, size, thick)
        y += tall
    draw = ImageDraw.Draw(pages[-1])
    foot = f"联系人：王建国　　联系电话：021-6{chance.randint(1000000, 9999999)}　　日期：2025年6月23日"
    draw.text((MARGIN, y + 6 * MM), foot, 0, font(face, size))
    return pages


def _head(page: Image.Image, unit: str, face: tuple[str, int], size: int) -> int:
    draw = ImageDraw.Draw(page)
    draw.text(
        (WIDTH / 2, MARGIN + 4 * MM),
        "推荐开展职业技能等级认定的职业表",
        0,
        font(face, round(1.6 * size)),
        "mm",
    )
    draw.text((MARGIN, MARGIN + 10 * MM), f"推荐单位（盖章）：{unit}", 0, font(face, size))
    return MARGIN + round(18 * MM)


def _wide(field: Field) -> int:
    return round((WIDTH - 2 * MARGIN) * COLUMNS[field][1])


def _draw_row(
    draw: ImageDraw.ImageDraw,
    y: int,
    tall: int,
    lines: dict[Field, list[str]],
    face: tuple[str, int],
    size: int,
    thick: int,
) -> None:
    x = MARGIN
    for field, texts in lines.items():
        wide = _wide(field)
        draw.rectangle((x, y, x + wide, y + tall), outline=0, width=thick)
        step = round(1.35 * size)
        top = y + (tall - step * len(texts)) / 2
        for i, text in enumerate(texts):
            draw.text((x + 1.5 * MM, top + i * step), text, 0, font(face, size))
        x += wide


def wrapped(text: str, face: tuple[str, int], size: int, wide: float) -> list[str]:
    """The text's lines in a cell so wide, broken between any two characters."""
    lines = [""]
    for character in text:
        if font(face, size).getlength(lines[-1] + character) > wide:
            lines.append("")
            if character in "，。、；：）" and len(lines[-2]) > 1:
                lines[-2:] = [lines[-2][:-1], lines[-2][-1]]  # no line begins with one, as Word sets it
        lines[-1] += character
    return lines


@cache
def font(face: tuple[str, int], size: int) -> ImageFont.FreeTypeFont:
    """A font of so many pixels."""
    return ImageFont.truetype(face[0], size, index=face[1])


def catalogue_form(tables: ReferenceTables) -> Printed:
    """The notice's own Annex 2, all its rows, printed in the form's columns."""
    rows = [
        dict.fromkeys(Field, "")
        | {
            Field.PRIORITY: str(item.item_no),
            Field.CODE: item.code,
            Field.OCCUPATION: item.occupation,
            Field.WORK_TYPE: item.name,
        }
        for item in tables.catalogue
    ]
    unit = "上海市人力资源和社会保障局"
    return Printed(unit, _pages(unit, rows, FONTS[0], random.Random("annex 2")), rows)
