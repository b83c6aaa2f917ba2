"""`python -m benchmarks.scans.rivals [forms]`: other readers of scanned tables, on the same pages in one run.

img2table finds cells, the same OCR reads them; Tesseract (chi_sim) reads words, our ruling lines give the
cells. Needs `pip install img2table` (in an environment of its own: it brings another OpenCV) and the
program tesseract; a rival that is not there is left out.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import cv2
import numpy

from benchmarks.scans.__main__ import DATA
from benchmarks.scans.conditions import CONDITIONS, degraded
from benchmarks.scans.printed import forms
from benchmarks.scans.stamps import stamped
from extractors.pdf.document import pdf_pieces
from extractors.picture.light import even_light
from extractors.picture.ocr import read_strips, text_boxes
from extractors.picture.raster import Pixels, pictures
from extractors.picture.ruling_lines import rules_of
from extractors.table.grid import Grid, texts
from extractors.table.ruling import find_tables
from reference.model import Box
from reference.settings import Limits
from reference.tables.load import load_tables
from reference.text import fold

Rows = list[list[str]]
Words = list[tuple[Box, str]]


def ours(data: bytes) -> Rows:
    """zhengji's reader."""
    pieces = pdf_pieces(data, "f", "scan.pdf", Limits()).pieces
    return [texts(row) for piece in pieces if isinstance(piece, Grid) for row in piece.rows]


def by_img2table(data: bytes) -> Rows:
    """img2table's cells with the words of the same OCR."""
    from img2table.document import Image  # type: ignore[import-not-found]

    pixels = _drawn(data)
    document = Image(src=cv2.imencode(".png", pixels[:, :, ::-1])[1].tobytes())
    cells = [
        [(float(c.bbox.x1), float(c.bbox.y1), float(c.bbox.x2), float(c.bbox.y2)) for c in row]
        for table in document.extract_tables(ocr=None)
        for row in table.content.values()
    ]
    boxes = text_boxes(pixels)
    strips = [pixels[int(b[1]) : int(b[3]) + 1, int(b[0]) : int(b[2]) + 1] for b in boxes]
    words = [(box, one.text) for box, one in zip(boxes, read_strips(strips), strict=True)]
    return _filled(cells, words)


def by_tesseract(data: bytes) -> Rows:
    """Tesseract's words in the cells of the ruling lines."""
    pixels = _drawn(data)
    grey = even_light(pixels, 200)
    cells: list[list[Box]] = []
    for table in find_tables(*rules_of(grey, 200)):
        tops = sorted({round(cell.box[1]) for cell in table.cells})
        cells += [[cell.box for cell in table.cells if round(cell.box[1]) == top] for top in tops]
    png = cv2.imencode(".png", grey)[1].tobytes()
    command = ["tesseract", "-", "-", "-l", "chi_sim", "--psm", "11", "--dpi", "200", "tsv"]
    told = subprocess.run(command, input=png, capture_output=True, check=True).stdout.decode()
    words: Words = []
    for row in csv.DictReader(io.StringIO(told), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["text"].strip():
            x, y, wide, tall = (float(row[name]) for name in ("left", "top", "width", "height"))
            words.append(((x, y, x + wide, y + tall), row["text"]))
    return _filled(cells, words)


def _drawn(data: bytes) -> Pixels:
    (picture,) = pictures(data, (1,), 200)
    return picture.pixels


def _filled(cells: Sequence[Sequence[Box]], words: Words) -> Rows:
    """Each cell's words, those whose middle lies in it, line by line."""

    def inside(cell: Box) -> str:
        mine = [
            (box, text)
            for box, text in words
            if cell[0] <= (box[0] + box[2]) / 2 <= cell[2] and cell[1] <= (box[1] + box[3]) / 2 <= cell[3]
        ]
        tall = float(numpy.median([box[3] - box[1] for box, _ in mine])) if mine else 1.0
        return "".join(text for _, text in sorted(mine, key=lambda w: (round(w[0][1] / tall), w[0][0])))

    return [[inside(cell) for cell in row] for row in cells]


READERS: dict[str, Callable[[bytes], Rows]] = {"zhengji": ours}
if find_spec("img2table"):
    READERS["img2table + RapidOCR"] = by_img2table
if shutil.which("tesseract"):
    READERS["Tesseract + ruling lines"] = by_tesseract


def main() -> int:
    """Print the share of cells that each reader gives exactly, condition by condition."""
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), 4)
    tables = load_tables(DATA)
    print(f"{'condition':30}" + "".join(f"{name:>32}" for name in READERS))
    for how in CONDITIONS:
        shown = f"{how.name:30}"
        for read in READERS.values():
            exact = cells = 0
            spent = 0.0
            for number, form in enumerate(forms(count, 1, tables)):
                chance = random.Random(f"{how.name}/{number}")
                page = stamped(form.pages[0], form.unit, chance, how.seal) if how.seal else form.pages[0]
                data = degraded(page, how, chance)
                began = time.perf_counter()
                rows = read(data)
                spent += time.perf_counter() - began
                for truth in form.rows[: 3 if len(form.pages) > 1 else None]:
                    wanted = [fold(text) for text in truth.values()]
                    cells += len(wanted)
                    exact += max((_same(wanted, row) for row in rows), default=0)
            shown += f"{exact / cells:22.2%} {spent / count:6.2f} s"
        print(shown, flush=True)
    return 0


def _same(wanted: Sequence[str], row: Sequence[str]) -> int:
    return sum(one == fold(other) for one, other in zip(wanted, row, strict=False))


if __name__ == "__main__":
    raise SystemExit(main())
