"""Real PDFs for the tests, drawn with reportlab: tables with every kind of border, seals, turned pages."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color, black, red
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
FONT = "STSong-Light"
WIDTH, HEIGHT = A4
LEFT, TOP = 60.0, 100.0
COLUMN, ROW, SIZE = 90.0, 40.0, 10.0

Draw = Callable[[Canvas], None]
Border = Callable[[Canvas, float, float, float, float], None]


def pdf(*pages: Draw, rotate: int = 0, size: tuple[float, float] = A4, **options: object) -> bytes:
    """A PDF of pages drawn in points from the top left corner."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=True, **options)
    for draw in pages:
        draw(canvas)
        if rotate:
            # reportlab swaps the sides of a page turned by a quarter: swapped before, they come out right.
            canvas.setPageSize(size[::-1] if rotate % 180 else size)
            canvas.setPageRotation(rotate)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def say(canvas: Canvas, x: float, top: float, text: str, *, size: float = SIZE, mode: int = 0) -> None:
    """Writes a line whose type begins at a point."""
    said = canvas.beginText(x, HEIGHT - top - 0.88 * size)
    said.setFont(FONT, size)
    said.setTextRenderMode(mode)
    said.textOut(text)
    canvas.drawText(said)


def stroked(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    """A border as LibreOffice draws it: one line."""
    canvas.line(x0, HEIGHT - top, x1, HEIGHT - bottom)


def filled(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    """A border as Word draws it: a thin filled rectangle."""
    canvas.rect(x0, HEIGHT - bottom, max(x1 - x0, 0.48), max(bottom - top, 0.48), stroke=0, fill=1)


def doubled(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    """Two hairlines 1.5 points apart."""
    aside = (1.5, 0.0) if x0 == x1 else (0.0, 1.5)
    canvas.setLineWidth(0.1)
    stroked(canvas, x0, top, x1, bottom)
    stroked(canvas, x0 + aside[0], top + aside[1], x1 + aside[0], bottom + aside[1])


def dashed(canvas: Canvas, x0: float, top: float, x1: float, bottom: float) -> None:
    """Short strokes of their own, not a dash pattern."""
    length = math.hypot(x1 - x0, bottom - top)
    steps = int(length // 5)
    for step in range(steps + 1):
        start, end = step * 5 / length, min(1.0, (step * 5 + 3) / length)
        stroked(
            canvas,
            x0 + start * (x1 - x0),
            top + start * (bottom - top),
            x0 + end * (x1 - x0),
            top + end * (bottom - top),
        )


@dataclass(frozen=True)
class Table:
    """A table to draw: rows of texts, "\\n" starting a line, with rules that may be left out."""

    rows: Sequence[Sequence[str]]
    border: Border = stroked
    top: float = TOP
    outer: bool = True
    top_rule: bool = True
    bottom_rule: bool = True
    no_floor: tuple[tuple[int, int], ...] = ()
    """(row, column) of cells without a rule under them: merged downwards."""
    no_wall: tuple[tuple[int, int], ...] = ()
    """(row, column) of cells without a rule to their right: merged rightwards."""

    def __call__(self, canvas: Canvas) -> None:
        height, width = len(self.rows), max(map(len, self.rows))
        for r, row in enumerate(self.rows):
            for c, text in enumerate(row):
                x, y = LEFT + c * COLUMN, self.top + r * ROW
                for i, line in enumerate(text.split("\n")):
                    say(canvas, x + 4, y + 4 + i * 12, line)
                if (r, c) not in self.no_floor and (r < height - 1 or (self.outer and self.bottom_rule)):
                    self.border(canvas, x, y + ROW, x + COLUMN, y + ROW)
                if (r, c) not in self.no_wall and (c < width - 1 or self.outer):
                    self.border(canvas, x + COLUMN, y, x + COLUMN, y + ROW)
        if self.outer:
            self.border(canvas, LEFT, self.top, LEFT, self.top + height * ROW)
            if self.top_rule:
                self.border(canvas, LEFT, self.top, LEFT + width * COLUMN, self.top)


def seal(canvas: Canvas, x: float, top: float) -> None:
    """A red seal of vector curves, a star, a cross of straight rules and slanting type."""
    canvas.saveState()
    canvas.setStrokeColor(red)
    canvas.setFillColor(red)
    canvas.circle(x, HEIGHT - top, 50, stroke=1, fill=0)
    canvas.line(x - 40, HEIGHT - top, x + 40, HEIGHT - top)
    canvas.line(x, HEIGHT - top - 40, x, HEIGHT - top + 40)
    canvas.rect(x - 35, HEIGHT - top - 10, 70, 20, stroke=1, fill=0)
    for i, letter in enumerate("业务专用章"):
        canvas.saveState()
        canvas.translate(x, HEIGHT - top)
        canvas.rotate(60 - 30 * i + 7)
        canvas.setFont(FONT, SIZE)
        canvas.drawString(-5, 36, letter)
        canvas.restoreState()
    canvas.restoreState()


def picture(canvas: Canvas, x: float, top: float, width: float, height: float, mask: bool = False) -> None:
    """A picture of a few pixels stretched over an area, opaque unless it has a mask."""
    from PIL import Image

    image = Image.new("RGBA" if mask else "RGB", (4, 4), (255, 0, 0, 64) if mask else (250, 250, 250))
    canvas.drawImage(
        ImageReader(image), x, HEIGHT - top - height, width, height, mask="auto" if mask else None
    )


def colored(color: Color, draw: Draw) -> Draw:
    """Something drawn in another colour."""

    def drawn(canvas: Canvas) -> None:
        canvas.setStrokeColor(color)
        canvas.setFillColor(color)
        draw(canvas)
        canvas.setStrokeColor(black)
        canvas.setFillColor(black)

    return drawn


def both(*draws: Draw) -> Draw:
    """Several things on one page."""

    def drawn(canvas: Canvas) -> None:
        for draw in draws:
            draw(canvas)

    return drawn


def sideways(draw: Draw) -> Draw:
    """A page drawn so that its text runs upwards, without a rotate flag."""

    def drawn(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        canvas.translate(0, WIDTH - HEIGHT)
        draw(canvas)

    return drawn
