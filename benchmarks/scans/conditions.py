"""What a scanner, a fax and a telephone's camera do to a page."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy
from numpy.typing import NDArray
from PIL import Image

from benchmarks.scans.printed import DPI

Pixels = NDArray[numpy.uint8]


@dataclass(frozen=True, slots=True)
class Condition:
    """How a page is degraded, and the share of cells that must be exact."""

    name: str
    dpi: int
    bar: float
    skew: float = 0.0
    """Degrees at most, either way."""
    noise: float = 0.0
    """Standard deviation of 255."""
    blur: float = 0.0
    """Sigma in pixels."""
    quality: int = 85
    """Of the JPEG in the PDF."""
    light: float = 0.0
    """How much darker the darkest corner is."""
    mode: str = "RGB"
    """RGB, L (grey) or 1 (black and white, at a threshold)."""
    turn: bool = False
    """Lying on its side or upside down."""
    perspective: float = 0.0
    """How far a corner moves, as a share of the width."""
    seal: str = ""
    """beside, over, edge; empty for none."""


CONDITIONS = (
    Condition("300 dpi, clean", 300, 0.995, quality=92, seal="beside"),
    Condition("200 dpi, clean", 200, 0.995, seal="beside"),
    Condition(
        "200 dpi, askew, noisy", 200, 0.995, skew=2.5, noise=6, blur=0.5, quality=70, light=0.1, seal="beside"
    ),
    Condition("200 dpi, grey", 200, 0.995, skew=1.0, noise=4, mode="L", quality=75),
    Condition("200 dpi, black and white", 200, 0.995, skew=0.8, noise=3, mode="1"),
    Condition("200 dpi, seal over the table", 200, 0.995, skew=1.0, noise=4, quality=80, seal="over"),
    Condition("200 dpi, turned", 200, 0.995, skew=1.5, noise=4, turn=True, seal="edge"),
    Condition("400 dpi, askew", 400, 0.995, skew=3.0, noise=8, quality=80, seal="over"),
    Condition("150 dpi, askew, noisy", 150, 0.98, skew=1.5, noise=5, blur=0.4, quality=75, seal="beside"),
    Condition("100 dpi", 100, 0.0, skew=0.5, noise=3, quality=80, seal="beside"),
    Condition(
        "photograph",
        220,
        0.95,
        skew=2.0,
        noise=6,
        blur=0.6,
        quality=75,
        light=0.35,
        perspective=0.02,
        seal="beside",
    ),
)


def degraded(page: Image.Image, how: Condition, chance: random.Random) -> bytes:
    """The page as one page of a PDF that holds its picture."""
    scale = how.dpi / DPI
    size = (round(page.width * scale), round(page.height * scale))
    pixels = numpy.asarray(page.convert("RGB").resize(size, Image.Resampling.LANCZOS))
    for step in (_perspective, _skewed, _lit, _blurred, _noisy):
        pixels = step(pixels, how, chance)
    if how.turn:
        pixels = numpy.ascontiguousarray(numpy.rot90(pixels, chance.choice((1, 2, 3))))
    image = Image.fromarray(pixels)
    if how.mode == "1":
        image = image.convert("L").point(lambda value: 255 if value > 150 else 0).convert("1")
    elif how.mode == "L":
        image = image.convert("L")
    buffer = io.BytesIO()
    if how.mode == "1":
        image.save(buffer, "PDF", resolution=how.dpi)
    else:
        image.save(buffer, "PDF", resolution=how.dpi, quality=how.quality)
    return buffer.getvalue()


def _perspective(pixels: Pixels, how: Condition, chance: random.Random) -> Pixels:
    if not how.perspective:
        return pixels
    height, width = pixels.shape[:2]
    reach = how.perspective * width
    corners = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], numpy.float32)
    inward = numpy.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], numpy.float32)
    moves = numpy.array(
        [[chance.uniform(0, reach), chance.uniform(0, reach)] for _ in range(4)], numpy.float32
    )
    matrix = cv2.getPerspectiveTransform(corners, corners + inward * moves)
    desk = (96, 84, 70)
    return numpy.asarray(
        cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=desk),
        numpy.uint8,
    )


def _skewed(pixels: Pixels, how: Condition, chance: random.Random) -> Pixels:
    if not how.skew:
        return pixels
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-how.skew, how.skew), 1)
    edge = (96, 84, 70) if how.perspective else (252, 251, 249)
    return numpy.asarray(
        cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=edge), numpy.uint8
    )


def _lit(pixels: Pixels, how: Condition, chance: random.Random) -> Pixels:
    if not how.light:
        return numpy.minimum(pixels, numpy.array([253, 252, 249], numpy.uint8))
    height, width = pixels.shape[:2]
    corners = numpy.array([[chance.uniform(0, how.light) for _ in range(2)] for _ in range(2)], numpy.float32)
    shade = 1 - cv2.resize(corners, (width, height), interpolation=cv2.INTER_CUBIC)
    return numpy.clip(pixels * shade[:, :, None], 0, 255).astype(numpy.uint8)


def _blurred(pixels: Pixels, how: Condition, _: random.Random) -> Pixels:
    return numpy.asarray(cv2.GaussianBlur(pixels, (0, 0), how.blur), numpy.uint8) if how.blur else pixels


def _noisy(pixels: Pixels, how: Condition, chance: random.Random) -> Pixels:
    if not how.noise:
        return pixels
    noise = numpy.random.default_rng(chance.getrandbits(32)).normal(0, how.noise, pixels.shape[:2])
    return numpy.clip(pixels + noise[:, :, None], 0, 255).astype(numpy.uint8)


Step = Callable[[Pixels, Condition, random.Random], Pixels]
