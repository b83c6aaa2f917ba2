"""A scanned page to the same sheet that a digital page gives: characters with places, and ruling lines.

The page is made straight, its red ink taken out, its lines found by their shape and its text by OCR;
tables and cells then come out of it as they do of a digital page (`extractors.table.drawn_page`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean

import numpy

from extractors.means import UNHURRIED, Pace, Shelf
from extractors.picture.cache import Drawn, Text, earlier, keep
from extractors.picture.light import even_light
from extractors.picture.line_boxes import (
    cut_at,
    once,
    overlooked,
    part_of_page,
    parted,
    sides,
    single_lines,
    usual_height,
)
from extractors.picture.lone_marks import INK, lone_mark
from extractors.picture.ocr import Reading, read_strips, text_boxes
from extractors.picture.raster import USUAL, Picture, Pixels, check_pixels, pictures
from extractors.picture.reversed_print import without_reversed
from extractors.picture.ruling_lines import ink_lines, open_columns, rules_of, without_rules
from extractors.picture.show_through import without_back
from extractors.picture.small_marks import mended, with_pauses
from extractors.picture.straighten import MM, Grey, Warp, shrunk, straightened
from extractors.seal.find import Seal, find_seals, is_colour, red_print, without_red
from extractors.seal.grey import dark_rings, doubted, without_dark
from extractors.table.boxes import within
from extractors.table.drawn_page import Sheet, pieces_of
from extractors.table.glyphs import Glyph
from extractors.table.grid import Piece
from extractors.table.ruling import Rule, RuledTable, find_tables
from reference.model import Box, Place
from reference.settings import Limits
from reference.traditional import simplified

DPI = 200.0
"""Resolution at which a page is read."""
DETECTING = 110.0
"""Resolution at which lines of text are looked for: a quarter of the work, and as sure."""
SURE = 0.8
"""Confidence below which a reading is doubtful."""
WHITE = 250
"""Grey from which nothing at all is ink: a blank back of a page, where looking for text takes two seconds."""
PROBED = 6
"""Lines of text that are read to tell which way up a page is."""
LEGIBLE = 0.9
"""Mean confidence from which text is surely such: figures upside down come to 0.6."""
BLANK = 0.0
"""Confidence of ink that could not be read, and of what a seal may hide."""
PAPER = 12
"""Pixels of paper around a strip that is read a second time."""
STREWN = 0.05
"""Share of a page's characters up to which traditional ones are slips of recognition."""
NUMERALS = frozenset("一1")
"""What stands alone and looks like a mark where rows are counted: in a table's first column."""
NARROWEST = 3.0
"""Millimetres of a table's column at least."""
RED_PRINT = 0.00005
"""Share of a page's pixels from which red ink outside of seals may be text: two small characters."""
FEWEST_ACROSS, FEWEST_DOWN = 2, 4
"""Ruling lines of the form's table, or of a row of it that runs over the page's edge."""
FEW = 12
"""Pages that are all read; where there are more, each is first looked at for a table."""
MOST_LINES = 12
"""Lines of text that are read at the head and at the foot of a page without a table."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page's tables and lines, and the places of what was read without certainty.

    Places are those of the straightened sheet, in points, where rows and columns stand level; `shown`
    takes them to the page as a reader sees it.
    """

    page: int
    pieces: tuple[Piece, ...]
    doubtful: tuple[Place, ...]
    warp: Warp
    scale: float
    paper: float
    """Pixels of a point of the page as it is shown, and of a point of its paper, which reading goes by."""

    @property
    def turn(self) -> int:
        """Degrees clockwise by which the page is to be turned for its text to stand upright."""
        return -self.warp.quarters * 90 % 360

    def shown(self, place: Place) -> Place:
        """The place on the page as it is shown; sizes are kept, so that no frame reaches over the next."""
        if place.box is None:
            return place
        x0, y0, x1, y1 = (side * self.paper for side in place.box)
        box = _points(self.warp.back((x0, y0, x1, y1)), self.scale)
        return place.model_copy(update={"box": _rounded(box)})


def read_scans(
    data: bytes,
    pages: tuple[int, ...],
    file_id: str,
    kept: Shelf | None = None,
    pace: Pace = UNHURRIED,
    limits: Limits = USUAL,
) -> list[ScannedPage]:
    """Read the pages (from 1) of a PDF. A page that cannot be drawn or read is left out.

    Of many pages those without a table are passed over: a letter, instructions, an appendix. When time runs
    short the pages that are not begun are left out, too.

    Raises:
        MemoryError: it takes more memory than there is.
        OverLimitsError: their pictures are larger than the limits allow.
    """
    check_pixels(data, pages, limits)
    chosen, looked = _worth_reading(data, pages, pace)
    read = [ScannedPage(page, (), (), Warp(0, 0), 1.0, 1.0) for page in looked if page not in chosen]
    for picture in pictures(data, chosen, DPI):
        if read and pace.hurry:
            break
        try:
            drawn = earlier(kept, picture) if kept else None
            if drawn is None:
                drawn = read_picture(picture)
                if kept:
                    keep(kept, picture, drawn)
            read.append(_as_page(drawn, picture, file_id))
            if drawn.across and drawn.down:
                pace.page_read()
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - one bad page costs itself alone; it is listed as unread
            continue
    return read


def _worth_reading(
    data: bytes, pages: tuple[int, ...], pace: Pace
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """All pages of a few; of many those with a table and their neighbours, or the first few without any.

    And the pages that were looked at: all of them, unless time ran short.
    """
    if len(pages) <= FEW:
        return pages, pages
    tables: set[int] = set()
    last = pages[0]
    for picture in pictures(data, pages, DPI):
        last = picture.page
        if _shows_table(picture):
            tables.add(picture.page)
        if pace.hurry:
            break
    else:
        last = pages[-1]
    near = {page + step for page in tables for step in (-1, 0, 1)}
    looked = tuple(page for page in pages if page <= last)
    return tuple(page for page in looked if page in near) or looked[:FEW], looked


def _shows_table(picture: Picture) -> bool:
    """Whether a page has ruling lines as a table has them, whichever way up it lies."""
    grey = even_light(picture.pixels, picture.dpi)
    level = straightened(grey, picture.dpi).straight(grey)
    fewer, more = sorted(len(rules) for rules in rules_of(level, picture.dpi))
    return fewer >= FEWEST_ACROSS and more >= FEWEST_DOWN


def read_picture(picture: Picture) -> Drawn:
    """Lines and text of a page's picture, in pixels of the straightened picture."""
    plain = without_red(without_reversed(picture.pixels, picture.dpi))
    level = even_light(plain, picture.dpi)
    rims = () if is_colour(picture.pixels) else dark_rings(level, picture.dpi)
    grey, warp, boxes = _upright(without_dark(level, rims, picture.dpi), picture.dpi)
    grey, back = without_back(grey, boxes, lambda pale: _reads(grey, pale))
    if back:
        boxes = _lines_of_text(grey, picture.dpi)
    across, down = rules_of(grey, picture.dpi)
    if len(down) < FEWEST_DOWN:
        down = open_columns(grey, across, picture.dpi) or down
    if len(across) < FEWEST_ACROSS or len(down) < FEWEST_DOWN:
        across, down = [], []
        ordered = sorted(boxes, key=lambda box: box[1])
        boxes = ordered[:MOST_LINES] + ordered[MOST_LINES:][-MOST_LINES // 2 :]
    plain = without_rules(grey, across, down, picture.dpi)
    usual = usual_height(boxes)
    boxes = parted([line for box in boxes for line in single_lines(box, plain, usual)], usual)
    tables = find_tables(list(across), list(down))
    walls = [*down, *sides(tables)]
    boxes = once([piece for box in boxes for piece in cut_at(box, walls, picture.dpi)])
    boxes += overlooked(plain, tables, boxes, picture.dpi)
    parts = [part_of_page(plain, box) for box in boxes]
    counted = _first_column(down, picture.dpi)
    readings = [
        _marked(part, reading, counts=box[0] < counted)
        for box, part, reading in zip(boxes, parts, _read(parts), strict=True)
    ]
    read = [(box, one.text.strip(), one.confidence) for box, one in zip(boxes, readings, strict=True)]
    seals = find_seals(picture)
    red = _in_red(picture, seals, warp, (across, down), tables, boxes)
    hidden = [*back, *(warp.onto(seal.box) for seal in seals)]
    told = [*doubted(read, rims, warp), *red, *((box, "", BLANK) for box in hidden)]
    return Drawn(warp, across, down, _in_simplified(told, tables))


def _read(parts: Sequence[Grey]) -> list[Reading]:
    """The text of each strip; one that gave nothing is read again with paper around it.

    What gives nothing sure then is ink all the same: blank, and surely not known to be.
    """
    readings = read_strips(list(map(_rgb, parts)))
    blank = [at for at, one in enumerate(readings) if not one.text.strip()]
    framed = [_rgb(numpy.pad(parts[at], PAPER, constant_values=255)) for at in blank]
    for at, again in zip(blank, read_strips(framed), strict=True):
        readings[at] = again if again.confidence >= SURE else Reading("", BLANK)
    return readings


def _in_simplified(texts: Sequence[Text], tables: Sequence[RuledTable]) -> list[Text]:
    """The texts without the traditional characters that recognition strews among simplified ones in a table.

    Outside it stand people's names, and those are as they are.
    """
    plain = [
        (box, simplified(text) if any(within(box, table.box) for table in tables) else text, confidence)
        for box, text, confidence in texts
    ]
    told, simple = "".join(text[1] for text in texts), "".join(text[1] for text in plain)
    other = sum(one != another for one, another in zip(told, simple, strict=False))
    return plain if other <= STREWN * len(told) else list(texts)


def _in_red(
    picture: Picture,
    seals: Sequence[Seal],
    warp: Warp,
    rules: tuple[Sequence[Rule], Sequence[Rule]],
    tables: Sequence[RuledTable],
    boxes: Sequence[Box],
) -> list[Text]:
    """What is typed in red in cells that hold nothing else; shreds of a seal not found are no text."""
    red = red_print(picture.pixels, seals) if tables else None
    if red is None or (red < INK).any(axis=2).mean() < RED_PRINT:
        return []
    level = warp.straight(even_light(red, picture.dpi))
    plain = without_rules(level, *rules, picture.dpi)
    empty = [
        cell.box
        for table in tables
        for cell in table.cells
        if not any(within(box, cell.box) for box in boxes)
    ]
    found = [box for box in _lines_of_text(plain, picture.dpi) if any(within(box, cell) for cell in empty)]
    found = once([piece for box in found for piece in cut_at(box, rules[1], picture.dpi)])
    parts = [part_of_page(plain, box) for box in found]
    return [
        (box, mended(one.text), one.confidence)
        for box, one in zip(found, _read(parts), strict=True)
        if one.confidence >= LEGIBLE and one.text.strip()
    ]


def _first_column(down: Sequence[Rule], dpi: float) -> float:
    """Where the first column of a page's table ends."""
    first = min((rule.at for rule in down), default=0.0)
    return min((rule.at for rule in down if rule.at > first + NARROWEST * MM * dpi), default=0.0)


def _as_page(drawn: Drawn, picture: Picture, file_id: str) -> ScannedPage:
    scale, (width, height) = picture.dpi / 72, drawn.warp.size
    sheet = Sheet(picture.page, width / scale, height / scale)
    sheet.across = [Rule(rule.at / scale, rule.start / scale, rule.end / scale) for rule in drawn.across]
    sheet.down = [Rule(rule.at / scale, rule.start / scale, rule.end / scale) for rule in drawn.down]
    for box, text, _ in drawn.texts:
        sheet.glyphs += _glyphs(box, text, scale)
    doubtful = tuple(
        Place(file_id=file_id, page=picture.page, box=_rounded(_points(box, scale)))
        for box, _, confidence in drawn.texts
        if confidence < SURE
    )
    return ScannedPage(
        picture.page, tuple(pieces_of(sheet, file_id)), doubtful, drawn.warp, picture.scale, scale
    )


def _marked(part: Grey, read: Reading, *, counts: bool) -> Reading:
    """A reading with the marks that recognition is blind to: a lone / or —, a 、 between characters.

    Where rows are counted the stroke may be their number.
    """
    lone = len(read.text) <= 1 and not (counts and read.text in NUMERALS)
    mark = lone_mark(part) if lone else None
    return Reading(mark, SURE) if mark else replace(read, text=with_pauses(part, mended(read.text)))


def _upright(grey: Grey, dpi: float) -> tuple[Grey, Warp, list[Box]]:
    """The picture straight and the right way up, and the boxes of its lines of text."""
    warp = straightened(grey, dpi)
    level = warp.straight(grey)
    boxes = _lines_of_text(level, dpi)
    if not boxes:
        return level, warp, ink_lines(level, dpi)
    lying = sum(_tall(box) for box in boxes) > len(boxes) / 2
    likely, other = (1, 3) if lying else (0, 2)
    probed = _longest(boxes)
    trust = {likely: _legible(level, probed, likely)}
    if trust[likely] < LEGIBLE:
        trust[other] = _legible(level, probed, other)
    best = max(trust, key=lambda turn: trust[turn])
    if best == 0:
        return level, warp, boxes
    warp, turned = warp.turned(best), _turned(level, best)
    if best == other and not lying:  # upside down: the lines are where they were, seen from the other end
        height, width = turned.shape
        boxes = [(width - x1, height - y1, width - x0, height - y0) for x0, y0, x1, y1 in boxes]
        return turned, warp, boxes
    return turned, warp, _lines_of_text(turned, dpi)


def _reads(grey: Grey, boxes: Sequence[Box]) -> bool:
    """Whether lines read as text does, by the longest of them."""
    return _legible(grey, _longest(boxes), 0) >= LEGIBLE


def _longest(boxes: Sequence[Box]) -> list[Box]:
    return sorted(boxes, key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))[:PROBED]


def _turned(grey: Grey, quarters: int) -> Grey:
    return numpy.ascontiguousarray(numpy.rot90(grey, quarters))


def _lines_of_text(grey: Grey, dpi: float) -> list[Box]:
    """The boxes of a picture's lines of text, looked for on a smaller one; none where all is paper."""
    if grey.min() >= WHITE:
        return []
    scale = min(1.0, DETECTING / dpi)
    return [
        (left / scale, top / scale, right / scale, bottom / scale)
        for left, top, right, bottom in text_boxes(_rgb(shrunk(grey, scale)))
    ]


def _tall(box: Box) -> bool:
    return box[3] - box[1] > 1.5 * (box[2] - box[0])


def _legible(grey: Grey, boxes: Iterable[Box], quarters: int) -> float:
    strips = [_rgb(_turned(part_of_page(grey, box), quarters)) for box in boxes]
    return mean(reading.confidence for reading in read_strips(strips))


def _rgb(grey: Grey) -> Pixels:
    return numpy.repeat(grey[:, :, None], 3, axis=2)


def _rounded(box: Box) -> Box:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _glyphs(box: Box, text: str, scale: float) -> Iterator[Glyph]:
    """The characters of a line over its width: a Latin letter or digit takes half a Chinese one's."""
    widths = [0.55 if character.isascii() else 1.0 for character in text]
    if not widths:
        return
    left, top, right, bottom = _points(box, scale)
    step = (right - left) / sum(widths)
    for character, width in zip(text, widths, strict=True):
        yield Glyph(character, left, top, left + width * step, bottom)
        left += width * step


def _points(box: Box, scale: float) -> Box:
    return box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale
