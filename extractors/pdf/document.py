"""Digital PDFs to their tables and lines, with places. The only door to pdfplumber and its pdfminer.

pdfplumber opens the file; a page's characters and lines are taken from pdfminer's interpreter as they are
drawn, once, under a budget; `ruling` finds the tables and `glyphs` the text.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

import pdfplumber
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTItem, LTLine, LTRect
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextSeq
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.utils import MATRIX_IDENTITY
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from extractors.means import UNHURRIED, Pace, Shelf
from extractors.overrun import OverLimitsError, over_limits
from extractors.pdf.guards import unpacking_at_most
from extractors.table.drawn_page import Sheet, continued, pieces_of
from extractors.table.glyphs import Glyph, is_garbage, plain
from extractors.table.grid import Piece
from extractors.table.ruling import Rule, TooManyRulesError
from reference.findings import finding
from reference.model import Box, Finding, Place
from reference.settings import Limits

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
logging.getLogger("pdfplumber").setLevel(logging.CRITICAL)

PAGE_BYTES = 8 * 1024**2
"""Drawing instructions of one page that are carried out; a form's page has some 20 kB."""
FILE_BYTES = 32 * 1024**2
"""The same for a file."""
CALL_BYTES = 1024
"""What calling a form costs beside its instructions, so that forms that call forms come to an end."""
PAGE_OBJECTS = 60_000
"""Characters and lines of one page that are taken."""
THIN = 3.0
"""A filled rectangle no thicker than this is a rule, as Word draws them."""
SLANT = 0.05
"""A text's direction may be off by so much (tangent) and still be upright: beyond, it is a watermark."""
COVERING = 0.8
"""Share of a page that a picture must cover to hide the text drawn before it."""
INVISIBLE = (3, 7)
"""Text rendering modes that paint nothing: the text layer behind a scan."""


@dataclass(frozen=True, slots=True)
class PdfPieces:
    """A PDF's tables and lines in reading order.

    `scanned_pages` (from 1) show something but have no text layer that can be trusted; `unread_pages` are
    those of them that OCR could not read either.
    """

    pieces: tuple[Piece, ...] = ()
    pages: int = 0
    scanned_pages: tuple[int, ...] = ()
    unread_pages: tuple[int, ...] = ()
    doubtful: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()
    shown: Mapping[int, Callable[[Place], Place]] = field(default_factory=dict)
    """By scanned page: from a place on the straightened sheet to the page as it is shown."""
    turns: Mapping[int, int] = field(default_factory=dict)
    """By scanned page that does not lie upright: degrees clockwise that set it so."""


def pdf_pieces(
    data: bytes,
    file_id: str,
    name: str | None,
    limits: Limits,
    kept: Shelf | None = None,
    pace: Pace = UNHURRIED,
) -> PdfPieces:
    """A PDF's pieces.

    `kept` are the earlier readings of scanned pages.

    Findings: `file-encrypted` where a password is needed, `file-over-limits` where it holds too much,
    `file-unreadable` for the file, for a page, or for
    the pages beyond `limits.pages`. Pages that can be read are read whatever stands beside them.

    Raises:
        MemoryError: it takes more memory than there is.
    """
    seen = name or "（未命名）"
    try:
        with (
            unpacking_at_most(limits.inflated_bytes),
            pdfplumber.open(io.BytesIO(data), password="") as pdf,
        ):
            return _read(pdf, data, file_id, seen, limits, kept, pace)
    except OverLimitsError as over:
        return PdfPieces(findings=(over_limits(name, over.overrun, limits),))
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], MemoryError):
            raise error.args[0] from None
        if error.args and isinstance(error.args[0], OverLimitsError):
            return PdfPieces(findings=(over_limits(name, error.args[0].overrun, limits),))
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect | PDFEncryptionError):
            return PdfPieces(findings=(finding("file-encrypted", seen=seen),))
        return PdfPieces(findings=(_damaged(seen),))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pdfminer raises whatever a damaged file makes it stumble over
        return PdfPieces(findings=(_damaged(seen),))


def _damaged(seen: str) -> Finding:
    return _unreadable(seen, "文件损坏或不完整", "it is damaged or incomplete")


def _unreadable(seen: str, zh: str, en: str, evidence: Place | None = None) -> Finding:
    return finding("file-unreadable", seen=seen, evidence=evidence, reason_zh=zh, reason_en=en)


def _read(
    pdf: PDF, data: bytes, file_id: str, seen: str, limits: Limits, kept: Shelf | None, pace: Pace
) -> PdfPieces:
    budget = _Budget(FILE_BYTES)
    read: dict[int, list[Piece]] = {}
    scanned: list[int] = []
    findings: list[Finding] = []
    pages, broken = _pages(pdf, limits.pages + 1)
    if not pages:
        return PdfPieces(findings=(_damaged(seen),))
    if broken:
        findings.append(_unreadable(seen, "部分页面缺失", "some of its pages are missing"))
    for number, page in enumerate(pages[: limits.pages], 1):
        try:
            sheet = _sheet(pdf.rsrcmgr, page, number, budget)
            if sheet.unread:
                scanned.append(number)
            else:
                read[number] = pieces_of(sheet, file_id)
        except (_TooMuchError, TooManyRulesError):
            zh, en = f"第{number}页内容过大", f"page {number} holds too much"
            findings.append(_unreadable(seen, zh, en, Place(file_id=file_id, page=number)))
        except (MemoryError, OverLimitsError):
            raise
        except Exception:  # noqa: BLE001 - as above: one bad page never takes its neighbours along
            zh, en = f"第{number}页损坏", f"page {number} is damaged"
            findings.append(_unreadable(seen, zh, en, Place(file_id=file_id, page=number)))
    if len(pages) > limits.pages:
        zh = f"超过{limits.pages}页，仅读取前{limits.pages}页"
        en = f"it has more than {limits.pages} pages; only those were read"
        findings.append(_unreadable(seen, zh, en))
    doubtful: tuple[Place, ...] = ()
    shown: dict[int, Callable[[Place], Place]] = {}
    turns: dict[int, int] = {}
    if scanned:
        from extractors.scan.page import read_scans  # OCR and OpenCV only where a page is a picture

        by_page = read_scans(data, tuple(scanned), file_id, kept, pace, limits)
        read |= {page.page: list(page.pieces) for page in by_page}
        doubtful = tuple(page.shown(place) for page in by_page for place in page.doubtful)
        shown = {page.page: page.shown for page in by_page}
        turns = {page.page: page.turn for page in by_page if page.turn}
    in_order = [read[number] for number in sorted(read)]
    return PdfPieces(
        pieces=tuple(piece for page in continued(in_order) for piece in page),
        pages=len(pages[: limits.pages]),
        scanned_pages=tuple(scanned),
        unread_pages=tuple(number for number in scanned if number not in read),
        doubtful=doubtful,
        findings=tuple(findings),
        shown=shown,
        turns=turns,
    )


def _pages(pdf: PDF, most: int) -> tuple[list[PDFPage], bool]:
    """The pages, and whether the page tree broke off before its end."""
    pages: list[PDFPage] = []
    try:
        for page in islice(PDFPage.create_pages(pdf.doc), most):
            pages.append(page)
    except (MemoryError, OverLimitsError):
        raise
    except Exception:  # noqa: BLE001 - a loop or hole in the tree; what came before it is good
        return pages, True
    return pages, False


# ---- drawing a page --------------------------------------------------------------------------------


class _TooMuchError(Exception):
    """A page or file asks for more work than any form."""


class _Budget:
    """What a file may still cost in bytes of drawing instructions."""

    def __init__(self, left: int) -> None:
        self.left = left


class _Canvas(PDFPageAggregator):
    """Takes what a page draws, within the budget; `hidden` counts the characters that it does not show."""

    def __init__(self, manager: PDFResourceManager, number: int, budget: _Budget) -> None:
        super().__init__(manager, pageno=number, laparams=None)
        self.budget = budget
        self.bytes_left = PAGE_BYTES
        self.objects_left = PAGE_OBJECTS
        self.hidden = 0

    def spend(self, size: int) -> None:
        """Pays for drawing instructions before they are carried out."""
        self.bytes_left -= size
        self.budget.left -= size
        if self.bytes_left < 0 or self.budget.left < 0:
            raise _TooMuchError

    def _count(self) -> None:
        self.objects_left -= 1
        if self.objects_left < 0:
            raise _TooMuchError

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Draws visible text; invisible text, as behind a scan, is only counted."""
        for part in seq:
            self.objects_left -= len(part) // 2 if isinstance(part, bytes) else 0
        self._count()
        if textstate.render not in INVISIBLE:
            super().render_string(textstate, seq, ncs, graphicstate)
            return
        shown, self.cur_item = self.cur_item, LTFigure("hidden", (0, 0, 1, 1), MATRIX_IDENTITY)
        super().render_string(textstate, seq, ncs, graphicstate)
        self.hidden += sum(
            not item.get_text().isspace() for item in self.cur_item if isinstance(item, LTChar)
        )
        self.cur_item = shown

    def paint_path(self, *args: object, **more: object) -> None:
        """Counts the paths."""
        self._count()
        super().paint_path(*args, **more)  # type: ignore[arg-type]


class _Interpreter(PDFPageInterpreter):
    """Carries out a page's instructions, and those of the forms it calls, within the budget."""

    def execute(self, streams: Sequence[object]) -> None:
        """Pays for the streams, then carries them out."""
        if isinstance(self.device, _Canvas):
            self.device.spend(sum(len(_content(stream)) for stream in streams) + CALL_BYTES)
        super().execute(streams)


def _content(stream: object) -> bytes:
    content = stream_value(stream)
    return content.get_data() if isinstance(content, PDFStream) else b""


def _sheet(manager: PDFResourceManager, page: PDFPage, number: int, budget: _Budget) -> Sheet:
    """A page's characters and rules as it is shown."""
    canvas = _Canvas(manager, number, budget)
    _Interpreter(manager, canvas).process_page(page)
    left, top, width, height = _shown(page)
    sheet = Sheet(number, width, height)
    _take(sheet, canvas, left, top)
    return sheet


def _shown(page: PDFPage) -> Box:
    """Left, top, width and height of the shown part, in the space that pdfminer draws into (y upwards)."""
    mx0, my0, mx1, my1 = page.mediabox
    cx0, cy0, cx1, cy1 = page.cropbox
    x0, y0, x1, y1 = max(mx0, cx0), max(my0, cy0), min(mx1, cx1), min(my1, cy1)
    if x0 >= x1 or y0 >= y1:
        x0, y0, x1, y1 = mx0, my0, mx1, my1
    if page.rotate == 90:
        return y0 - my0, mx1 - x0, y1 - y0, x1 - x0
    if page.rotate == 180:
        return mx1 - x1, my1 - y0, x1 - x0, y1 - y0
    if page.rotate == 270:
        return my1 - y1, x1 - mx0, y1 - y0, x1 - x0
    return x0 - mx0, y1 - my0, x1 - x0, y1 - y0


def _items(container: Iterable[LTItem]) -> Iterator[LTItem]:
    for item in container:
        if isinstance(item, LTFigure):
            yield from _items(item)
        else:
            yield item


def _take(sheet: Sheet, canvas: _Canvas, left: float, top: float) -> None:
    """Sorts what was drawn into characters and rules, and judges the text layer."""
    pictures = drawings = 0
    covered = False
    for item in _items(canvas.get_result()):
        if isinstance(item, LTChar):
            x0, y1, x1, y0 = item.x0 - left, top - item.y1, item.x1 - left, top - item.y0
            if not (0 <= x0 + x1 <= 2 * sheet.width and 0 <= y0 + y1 <= 2 * sheet.height):
                continue
            text = plain(item.get_text())
            turn = _direction(item.matrix)
            glyph = Glyph(text, x0, y1, x1, y0, turn or 0)
            (sheet.slanted if turn is None else sheet.glyphs).append(glyph)
        elif isinstance(item, LTCurve):
            drawings += not isinstance(item, LTRect | LTLine)
            _rules(sheet, item, left, top)
        elif isinstance(item, LTImage):
            pictures += 1
            if _hides(item, sheet) and any(glyph.text.strip() for glyph in sheet.glyphs):
                covered = True
    marks = [glyph.text for glyph in sheet.glyphs if not glyph.text.isspace()]
    sheet.unread = (
        canvas.hidden > len(marks)
        or covered
        or (not marks and bool(pictures or drawings or sheet.slanted))
        or is_garbage(marks)
    )


def _hides(image: LTImage, sheet: Sheet) -> bool:
    """Whether a picture covers the page and lets nothing shine through."""
    area = (image.x1 - image.x0) * (image.y1 - image.y0)
    see_through = any(key in image.stream for key in ("SMask", "Mask")) or bool(image.imagemask)
    return area >= COVERING * sheet.width * sheet.height and not see_through


def _direction(matrix: tuple[float, float, float, float, float, float]) -> int | None:
    """Which way a character runs (see `glyphs.turned`); None for one that slants."""
    a, b = matrix[0], matrix[1]
    if abs(b) <= SLANT * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= SLANT * abs(b):
        return 1 if b > 0 else 3
    return None


# ---- rules -----------------------------------------------------------------------------------------


def _rules(sheet: Sheet, item: LTCurve, left: float, top: float) -> None:
    """Adds the straight rules that a path draws; red ones are a seal's, white ones are not seen."""
    x0, y0, x1, y1 = item.x0 - left, top - item.y1, item.x1 - left, top - item.y0
    thin_down, thin_across = x1 - x0 <= THIN, y1 - y0 <= THIN
    if item.stroke and _is_ink(item.stroking_color):
        if isinstance(item, LTRect) and not thin_down and not thin_across:
            sheet.across += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
            sheet.down += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
            return
        if not isinstance(item, LTRect | LTLine):
            _polyline(sheet, item, left, top)
            return
    elif not (item.fill and not isinstance(item, LTLine) and _is_ink(item.non_stroking_color)):
        return
    # The scraps where thin rectangles meet count for both directions: they close corners.
    if thin_across:
        sheet.across.append(Rule((y0 + y1) / 2, x0, x1))
    if thin_down:
        sheet.down.append(Rule((x0 + x1) / 2, y0, y1))


def _polyline(sheet: Sheet, item: LTCurve, left: float, top: float) -> None:
    """The upright and horizontal stretches of a path of straight lines."""
    if any(step[0] == "c" for step in item.original_path or ()):
        return
    points = [(x - left, top - y) for x, y in item.pts]
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ay - by) <= 1 < abs(ax - bx):
            sheet.across.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) <= 1 < abs(ay - by):
            sheet.down.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))


def _is_ink(color: object) -> bool:
    """Whether a colour is one that borders are drawn in: neither red nor (nearly) white."""
    parts = color if isinstance(color, tuple | list) else (color,)
    numbers = [float(part) for part in parts if isinstance(part, int | float)]
    if len(numbers) == 1:
        return numbers[0] < 0.97
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        numbers = [(1 - tint) * (1 - black) for tint in (cyan, magenta, yellow)]
    if len(numbers) != 3:
        return True
    red, green, blue = numbers
    return not (min(numbers) > 0.97 or red - max(green, blue) > 0.25)
