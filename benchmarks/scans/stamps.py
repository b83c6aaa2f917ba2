"""Official seals drawn as they are cut, and red ink that is none."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageDraw, ImageFilter

from benchmarks.scans.printed import FONTS, MM, font

SHAPES = ("round", "round", "round", "oval", "square")
REDS = ((205, 30, 35), (220, 45, 60), (190, 20, 40), (225, 80, 60))


def stamped(page: Image.Image, unit: str, chance: random.Random, where: str) -> Image.Image:
    """The page with a seal: `beside` the table, `over` it, or cut by the page's `edge`."""
    shape = chance.choice(SHAPES)
    across = chance.uniform(38, 46) * MM
    seal = _seal(shape, unit, across, chance.choice(REDS), chance)
    seal = seal.rotate(chance.uniform(-15, 15), expand=True, resample=Image.Resampling.BICUBIC)
    strength = chance.uniform(0.45, 0.95)
    seal.putalpha(seal.getchannel("A").point(lambda alpha: round(alpha * strength)))
    width, height = page.size
    x, y = {
        "beside": (width * chance.uniform(0.6, 0.8), height - 48 * MM),
        "over": (width * chance.uniform(0.3, 0.7), height * chance.uniform(0.3, 0.5)),
        "edge": (width - across * chance.uniform(0.6, 0.75), height * chance.uniform(0.4, 0.6)),
    }[where]
    coloured = page.convert("RGB")
    layer = Image.new("RGB", coloured.size, "white")
    layer.paste(seal, (round(x), round(y)), seal)
    return _multiplied(coloured, layer)


def _multiplied(page: Image.Image, ink: Image.Image) -> Image.Image:
    """Stamp ink over print: both darken the paper."""
    from PIL import ImageChops

    return ImageChops.multiply(page, ink)


def _seal(
    shape: str, unit: str, across: float, red: tuple[int, int, int], chance: random.Random
) -> Image.Image:
    wide, tall = round(across), round(across * (0.7 if shape == "oval" else 1))
    seal = Image.new("RGBA", (wide, tall), (*red, 0))
    draw = ImageDraw.Draw(seal)
    thick = round(1.2 * MM)
    face = FONTS[0]
    if shape == "square":
        draw.rectangle((0, 0, wide - 1, tall - 1), outline=(*red, 255), width=thick)
        size = round(across / 5.2)
        for i, character in enumerate(unit[:16]):
            draw.text(
                ((i % 4 + 0.75) * wide / 4.5, (i // 4 + 0.75) * tall / 4.5),
                character,
                (*red, 255),
                font(face, size),
                "mm",
            )
    else:
        draw.ellipse((0, 0, wide - 1, tall - 1), outline=(*red, 255), width=thick)
        _star(draw, wide / 2, tall / 2, across * 0.14, red)
        _ring(seal, unit, face, red)
    noise = Image.effect_noise((wide, tall), 60).filter(ImageFilter.GaussianBlur(2))
    worn = noise.point(lambda value: 255 if value > 112 else 90 + value)
    from PIL import ImageChops

    seal.putalpha(ImageChops.multiply(seal.getchannel("A"), worn))
    return seal


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, red: tuple[int, int, int]) -> None:
    points = []
    for i in range(10):
        reach = radius if i % 2 == 0 else radius * 0.382
        angle = -math.pi / 2 + i * math.pi / 5
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    draw.polygon(points, fill=(*red, 255))


def _ring(seal: Image.Image, text: str, face: tuple[str, int], red: tuple[int, int, int]) -> None:
    """The name around the upper part of the ring, left to right over the top."""
    wide, tall = seal.size
    spread = min(math.radians(17.5) * len(text), math.radians(280))
    size = round(min(0.12 * wide, 0.38 * wide * spread / len(text) * 0.95))
    for i, character in enumerate(text):
        angle = -spread / 2 + spread * (i + 0.5) / len(text)
        glyph = Image.new("RGBA", (size * 2, size * 2), (*red, 0))
        ImageDraw.Draw(glyph).text((size, size), character, (*red, 255), font(face, size), "mm")
        glyph = glyph.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        x = wide / 2 + 0.385 * wide * math.sin(angle) - size
        y = tall / 2 - 0.385 * tall * math.cos(angle) - size
        seal.alpha_composite(glyph, (max(0, round(x)), max(0, round(y))))


def decorated(page: Image.Image, kind: str, chance: random.Random) -> Image.Image:
    """Red ink that is no seal: a `letterhead`, a `heading`, a `logo`, a `signature`, red `figures`."""
    coloured = page.convert("RGB")
    draw = ImageDraw.Draw(coloured)
    width, height = page.size
    red = chance.choice(REDS)
    if kind == "letterhead":
        draw.text(
            (width / 2, 9 * MM),
            "上海市某区人力资源和社会保障局文件",
            red,
            font(FONTS[0], round(9 * MM)),
            "mm",
        )
        draw.line((20 * MM, 15 * MM, width - 20 * MM, 15 * MM), red, round(0.8 * MM))
    elif kind == "heading":
        draw.text((width / 2, height - 20 * MM), "急　件", red, font(FONTS[0], round(7 * MM)), "mm")
    elif kind == "logo":
        side = chance.uniform(10, 22) * MM
        draw.ellipse((12 * MM, 4 * MM, 12 * MM + side, 4 * MM + side), fill=red)
    elif kind == "signature":
        x, y = width * 0.7, height - 30 * MM
        points = [(x + i * 4 * MM, y + chance.uniform(-6, 6) * MM) for i in range(9)]
        draw.line(points, red, round(0.7 * MM), joint="curve")
    else:
        for i in range(12):
            draw.text(
                (width * 0.3 + i * 9 * MM, height - 22 * MM),
                str(chance.randint(10, 99)),
                red,
                font(FONTS[0], round(4 * MM)),
            )
    return coloured


DECORATIONS = ("letterhead", "heading", "logo", "signature", "figures")
