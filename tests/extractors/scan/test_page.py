"""Scanned pages and seals: pictures of a printed form turned, slanted and stamped, read back."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.means import FolderShelf
from extractors.pdf.document import pdf_pieces
from extractors.picture.light import even_light
from extractors.picture.line_boxes import parted
from extractors.picture.raster import Picture, Pixels, pictures
from extractors.picture.ruling_lines import rules_of
from extractors.picture.streaks import without_streaks
from extractors.scan import page as scan
from extractors.seal.find import find_seals, look_for_seals, without_red
from extractors.table.grid import Grid, texts
from extractors.table.ruling import Rule, find_tables
from reference.settings import Limits

WIDTH, HEIGHT = 595.0, 420.0
ROWS = [
    ["序号", "职业编码", "职业名称"],
    ["1", "4-10-01-05", "养老护理员"],
    ["2", "4-12-01-01", "汽车维修工"],
]


@pytest.fixture(scope="module")
def printed() -> Pixels:
    """A table with characters, drawn by PDFium at 200 dpi."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, (WIDTH, HEIGHT))
    canvas.setFont("STSong-Light", 12)
    for r, cells in enumerate(ROWS):
        for c, text in enumerate(cells):
            canvas.rect(60 + 150 * c, 300 - 40 * r, 150, 40)
            canvas.drawString(70 + 150 * c, 315 - 40 * r, text)
    canvas.save()
    (picture,) = pictures(buffer.getvalue(), (1,), 200)
    return picture.pixels


def stamped(pixels: Pixels, red: tuple[int, int, int] = (215, 40, 45), mm: float = 42) -> Pixels:
    """A round seal beside the table: a ring, a star's strokes, and letters around."""
    image = Image.fromarray(pixels)
    draw = ImageDraw.Draw(image)
    size = mm / 25.4 * 200
    x, y = 1150.0, 780.0
    draw.ellipse((x, y, x + size, y + size), outline=red, width=9)
    for at in range(8):
        angle = at / 8 * 2 * numpy.pi
        cx, cy = x + size / 2 + 0.36 * size * numpy.cos(angle), y + size / 2 + 0.36 * size * numpy.sin(angle)
        draw.rectangle((cx - 14, cy - 14, cx + 14, cy + 14), outline=red, width=6)
    draw.regular_polygon((x + size / 2, y + size / 2, 0.13 * size), 5, fill=red)
    return numpy.asarray(image)


def as_pdf(pixels: Pixels, dpi: float = 200) -> bytes:
    buffer = io.BytesIO()
    height, width = pixels.shape[:2]
    size = (width * 72 / dpi, height * 72 / dpi)
    canvas = Canvas(buffer, size, invariant=True)
    canvas.drawImage(ImageReader(Image.fromarray(pixels)), 0, 0, *size)
    canvas.save()
    return buffer.getvalue()


def turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return numpy.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=(250, 250, 250)))


def cells(data: bytes, kept: Path | None = None) -> list[list[str]]:
    read = pdf_pieces(data, "f", "scan.pdf", Limits(), FolderShelf(kept) if kept else None)
    assert read.scanned_pages == (1,)
    return [texts(row) for piece in read.pieces if isinstance(piece, Grid) for row in piece.rows]


def opened(pixels: Pixels) -> Pixels:
    """The table without its upright lines."""
    page = pixels.copy()
    for column in range(4):
        at = round((60 + 150 * column) * 200 / 72)
        page[:, at - 3 : at + 4] = 255
    for row in range(4):
        at = round((HEIGHT - 340 + 40 * row) * 200 / 72)
        page[at - 1 : at + 2, 167:1417] = 0
    return page


def strewn(pixels: Pixels, per_cm2: int = 40) -> Pixels:
    """The page with specks all over, as a fax or a dithered picture has them."""
    page, place = pixels.copy(), numpy.random.default_rng(7)
    height, width = page.shape[:2]
    many = round(per_cm2 * height * width / (200 / 2.54) ** 2)
    page[place.integers(0, height, many), place.integers(0, width, many)] = 0
    return page


def in_red(pixels: Pixels) -> Pixels:
    """The table with the code of its last row in red."""
    page = pixels.copy()
    cell = page[448:552, 588:995]
    cell[:, :, 0] = numpy.maximum(cell[:, :, 0], 200)
    return page


def white_on_red(pixels: Pixels) -> Pixels:
    """The table with its first row as white print on red, its lines black."""
    page = pixels.copy()
    head = page[226:330, 169:1416]
    print_ = (head < 128).all(axis=2, keepdims=True)
    lines = numpy.zeros(head.shape[:2], bool)
    lines[:, [at for at in range(head.shape[1]) if (head[:, at, 0] < 128).mean() > 0.9]] = True
    head[:] = numpy.where(print_ & ~lines[:, :, None], 255, numpy.array([190, 25, 40], numpy.uint8))
    head[lines] = 0
    return page


def streaked(pixels: Pixels) -> Pixels:
    """The page with what dust on the glass draws from edge to edge, through a column and beside the table."""
    page = pixels.copy()
    for at, grey in ((700, 150), (701, 150), (1500, 90), (40, 200)):
        page[:, at] = numpy.minimum(page[:, at], grey)
    return page


def with_back(pixels: Pixels) -> Pixels:
    """The page with the like of it printed on the back, which the paper shows through."""
    back = numpy.roll(pixels[:, ::-1], (37, 160), axis=(0, 1))
    return numpy.minimum(pixels, (255 - (255 - back) * 0.3).astype(numpy.uint8))


@pytest.mark.parametrize(
    "how",
    [
        "straight",
        pytest.param("slanted", marks=pytest.mark.nightly),  # as the samples' scans are
        "on its side",
        "upside down",
        pytest.param("stamped", marks=pytest.mark.nightly),  # as the samples' scans are
        pytest.param("grey", marks=pytest.mark.nightly),  # as straight
        "ruled only across",
        "strewn with specks",
        "a code in red",
        "headed in white on red",
        "streaked",
        pytest.param("showing its back", marks=pytest.mark.nightly),  # as specks
    ],
)
def test_a_scanned_table_is_read_back(how: str, printed: Pixels, readings: Path) -> None:
    picture = {
        "straight": printed,
        "slanted": turned(printed, 1.7),
        "on its side": numpy.rot90(printed).copy(),
        "upside down": numpy.rot90(printed, 2).copy(),
        "stamped": stamped(printed),
        "ruled only across": opened(printed),
        "strewn with specks": strewn(printed),
        "a code in red": in_red(printed),
        "headed in white on red": white_on_red(printed),
        "streaked": streaked(printed),
        "showing its back": with_back(printed),
        "grey": printed.mean(axis=2).astype(numpy.uint8),
    }[how]
    assert cells(as_pdf(picture), readings) == ROWS


def test_a_picture_stored_with_a_point_a_pixel_is_of_paper_of_the_usual_size(
    printed: Pixels, readings: Path
) -> None:
    read = pdf_pieces(as_pdf(printed, dpi=72), "f", "scan.pdf", Limits(), FolderShelf(readings))
    (grid,) = (piece for piece in read.pieces if isinstance(piece, Grid))
    assert list(map(texts, grid.rows)) == ROWS
    first = grid.rows[0][0]
    assert first is not None
    box = read.shown[1](first.place).box
    assert box == pytest.approx((167, 222, 583, 333), abs=12)  # points of the page: 200 to an inch of paper


def test_a_reading_is_kept_and_used(
    printed: Pixels, readings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = as_pdf(printed)
    first = cells(data, readings)
    monkeypatch.setattr(scan, "read_picture", None)  # a second reading would fail
    assert cells(data, readings) == first == ROWS
    for kept in readings.iterdir():
        (tmp_path / kept.name).write_text("{")
    assert pdf_pieces(data, "f", "scan.pdf", Limits(), FolderShelf(tmp_path)).unread_pages == (1,)


def test_places_are_on_the_page_as_it_is_shown(printed: Pixels, readings: Path) -> None:
    lying = as_pdf(numpy.rot90(printed).copy())
    read = pdf_pieces(lying, "f", "scan.pdf", Limits(), FolderShelf(readings))
    (grid,) = (piece for piece in read.pieces if isinstance(piece, Grid))
    first = grid.rows[0][0]
    assert first is not None
    place = read.shown[1](first.place)
    assert place.box is not None
    x0, y0, x1, y1 = place.box
    assert y1 - y0 > x1 - x0  # the wide cell stands upright, as the page lies on its side
    assert 75 < x0 < 90


def picture_of(pixels: Pixels) -> Picture:
    return Picture(1, pixels, 200 / 72, 200)


def headed(pixels: Pixels) -> Pixels:
    image = Image.fromarray(pixels)
    ImageDraw.Draw(image).rectangle((300, 60, 1300, 130), fill=(220, 30, 30))
    return numpy.asarray(image)


@pytest.mark.parametrize(
    ("how", "seals", "verdict"),
    [
        ("seal", 1, "present"),
        ("faint seal", 1, "present"),
        ("worn seal", 1, "present"),
        ("pale red heading", 0, "missing"),
        ("red heading", 0, "unsure"),
        ("seal on pink paper", 1, "present"),
        ("pink paper", 0, "missing"),
        ("small red stamp", 0, "unsure"),
        ("grey", 0, "unsure"),
        ("colour without seal", 0, "missing"),
    ],
)
def test_seals(how: str, seals: int, verdict: str, printed: Pixels) -> None:
    tinted = numpy.minimum(printed, numpy.array([255, 253, 249], numpy.uint8))
    page = {
        "seal": stamped(tinted),
        "faint seal": stamped(tinted, (240, 150, 150)),
        "worn seal": stamped(tinted, (253, 225, 222)),
        "red heading": headed(tinted),
        "pale red heading": 255 - (255 - headed(tinted)) // 8,
        "seal on pink paper": (stamped(tinted) * numpy.array([1, 0.82, 0.84])).astype(numpy.uint8),
        "pink paper": (tinted * numpy.array([1, 0.82, 0.84])).astype(numpy.uint8),
        "small red stamp": stamped(tinted, mm=15),
        "grey": printed,
        "colour without seal": tinted,
    }[how]
    assert len(find_seals(picture_of(page))) == seals
    assert look_for_seals([picture_of(page)], scanned=True).verdict == verdict


def test_red_ink_goes_and_black_print_stays(printed: Pixels) -> None:
    clean = without_red(stamped(printed))
    assert not find_seals(picture_of(clean))
    assert (clean[:750] == printed[:750]).all()


@pytest.mark.parametrize("light", [1.0, 0.6, 0.45])
def test_red_ink_goes_in_a_shadow_too(light: float, printed: Pixels) -> None:
    shaded = (stamped(printed, (195, 45, 50)) * light).astype(numpy.uint8)
    assert (even_light(without_red(shaded), 200)[750:] < 200).mean() < 0.001


@pytest.mark.parametrize(("strength", "black"), [(1.0, 0), (0.6, 102), (0.35, 0), (0.25, 0)])
def test_pale_print_is_brought_to_full_strength(strength: float, black: int, printed: Pixels) -> None:
    pale = (255 - (255 - printed) * strength).astype(numpy.uint8)
    light = even_light(pale, 200)
    assert abs(int(numpy.percentile(light[light < 200], 5)) - black) <= 8
    assert numpy.median(light) == 255


def test_ruling_lines_are_found(printed: Pixels) -> None:
    across, down = rules_of(even_light(printed, 200), 200)
    assert (len(across), len(down)) == (4, 4)


def test_a_row_of_heads_close_under_a_line_is_no_line(printed: Pixels) -> None:
    grey = even_light(printed, 200)
    top = round(rules_of(grey, 200)[0][0].at)
    for below, lines in ((15, 4), (40, 5)):  # 2 and 5 mm: of the characters' heads, and of a row of its own
        with_heads = grey.copy()
        with_heads[top + below : top + below + 3, 600:1200] = 0
        assert len(rules_of(with_heads, 200)[0]) == lines


def test_a_table_cut_out_at_its_border_keeps_its_lines(printed: Pixels) -> None:
    grey = even_light(printed, 200)
    across, down = rules_of(grey, 200)
    cut = grey[round(across[0].at) : round(across[-1].at) + 1, round(down[0].at) : round(down[-1].at) + 1]
    assert (without_streaks(cut, 200) == cut).all()
    wide = grey[100:700, round(down[0].at) : round(down[-1].at) + 1]
    assert len(rules_of(without_streaks(wide, 200), 200)[0]) == 4


def test_print_under_a_streak_stays(printed: Pixels) -> None:
    grey = even_light(printed, 200)
    at = int((grey[350:420, 180:240] < 100).sum(axis=0).argmax()) + 180  # the stem of the 1
    streaked_grey = grey.copy()
    streaked_grey[:, at - 1 : at + 1] = numpy.minimum(grey[:, at - 1 : at + 1], 150)
    clean = without_streaks(streaked_grey, 200)
    assert (clean[350:420, at - 1 : at + 1] < 100).sum() == (grey[350:420, at - 1 : at + 1] < 100).sum()
    assert (clean[:200, at] == 255).all()


def test_the_corner_of_a_photographed_sheet_is_no_table() -> None:
    assert not find_tables([Rule(14, 58, 842)], [Rule(840, 13, 302)])
    assert len(find_tables([Rule(14, 58, 842), Rule(302, 58, 842)], [Rule(840, 13, 302)])) == 1


def test_a_box_that_holds_a_part_of_the_line_above_is_cut_at_its_foot() -> None:
    above, tall = (0.0, 0.0, 180.0, 37.0), (0.0, 16.0, 100.0, 73.0)
    assert parted([above, tall], usual=37) == [above, (0.0, 37.0, 100.0, 73.0)]
    beside = (200.0, 0.0, 300.0, 37.0)
    assert parted([beside, tall], usual=37) == [beside, tall]
