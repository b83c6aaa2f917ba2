from __future__ import annotations

import io
import re
import time
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.colors import Color, blue, grey, red, white
from reportlab.pdfgen.canvas import Canvas

from extractors.pdf.document import PdfPieces, pdf_pieces
from extractors.pdf.form import read_pdf
from extractors.table.glyphs import plain
from extractors.table.grid import Grid, Line, texts
from reference.model import Field
from reference.settings import Limits
from tests.extractors.pdf_samples import (
    COLUMN,
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    Border,
    Draw,
    Table,
    both,
    colored,
    dashed,
    doubled,
    filled,
    pdf,
    picture,
    say,
    seal,
    sideways,
    stroked,
)

LIMITS = Limits()
ROWS = [["序号", "职业\n编码", "职业"], ["1", "4-10-01-\n05", "养老护理员"]]
READ = [["序号", "职业编码", "职业"], ["1", "4-10-01-05", "养老护理员"]]
FORM = [
    ["职业编码", "职业", "国家职业标\n准版本", "预计评价\n人次", "推荐理由"],
    ["4-10-01-05", "养老护理员", "", "1550", "缺口大"],
]


def read(data: bytes, limits: Limits = LIMITS) -> PdfPieces:
    return pdf_pieces(data, "f", "表.pdf", limits)


def grids(data: bytes) -> list[Grid]:
    return [piece for piece in read(data).pieces if isinstance(piece, Grid)]


def table(data: bytes) -> list[list[str]]:
    (grid,) = grids(data)
    return [texts(row) for row in grid.rows]


def lines(data: bytes) -> list[str]:
    return [piece.text for piece in read(data).pieces if isinstance(piece, Line)]


def writes(*said: tuple[float, float, str]) -> Draw:
    def draw(canvas: Canvas) -> None:
        for x, top, text in said:
            say(canvas, x, top, text)

    return draw


# ---- tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("border", [stroked, filled, doubled, dashed])
def test_every_kind_of_border_makes_the_same_cells(border: Border) -> None:
    assert table(pdf(Table(ROWS, border=border))) == READ


@pytest.mark.parametrize(
    "drawn",
    [Table(ROWS, outer=False), Table(ROWS, top_rule=False), Table(ROWS, bottom_rule=False)],
    ids=["no outer border", "no rule above", "no rule below"],
)
def test_missing_outer_rules_lose_no_row(drawn: Table) -> None:
    assert table(pdf(drawn)) == READ


def test_a_last_row_without_outer_rules_keeps_its_outer_columns() -> None:
    def upper_rule(canvas: Canvas) -> None:
        stroked(canvas, LEFT, TOP, LEFT + 4 * COLUMN, TOP)

    (grid,) = grids(pdf(both(Table([[*ROWS[1], "先进材料"]], outer=False), upper_rule)))
    assert [texts(row) for row in grid.rows] == [["1", "4-10-01-05", "养老护理员", "先进材料"]]


def test_a_row_between_two_page_edges_is_read() -> None:
    (grid,) = grids(pdf(Table(ROWS[1:], top_rule=False, bottom_rule=False)))
    assert [texts(row) for row in grid.rows] == [["1", "4-10-01-05", "养老护理员"]]


def test_a_table_of_one_cell_is_a_table() -> None:
    assert table(pdf(Table([["推荐单位"]]))) == [["推荐单位"]]


def test_merged_cells_cover_their_positions() -> None:
    rows = [["推荐单位", "", "b"], ["先进材料", "d", "e"], ["", "f", "g"]]
    (grid,) = grids(pdf(Table(rows, no_wall=((0, 0),), no_floor=((1, 0),))))
    assert [texts(row) for row in grid.rows] == [
        ["推荐单位", "推荐单位", "b"],
        ["先进材料", "d", "e"],
        ["先进材料", "f", "g"],
    ]
    wide, tall = grid.rows[0][0], grid.rows[1][0]
    assert wide is not None
    assert tall is not None
    assert (wide.row, wide.column, wide.rowspan, wide.colspan) == (0, 0, 1, 2)
    assert (tall.row, tall.column, tall.rowspan, tall.colspan) == (1, 0, 2, 1)
    assert wide.place.box == (60.0, 100.0, 240.0, 140.0)


def test_a_cell_has_its_page_and_its_box_in_points_from_the_top_left() -> None:
    (grid,) = grids(pdf(writes((60, 60, "封面")), Table(ROWS)))
    cell = grid.rows[1][2]
    assert cell is not None
    assert (cell.place.file_id, cell.place.page, cell.place.box) == ("f", 2, (240.0, 140.0, 330.0, 180.0))


@pytest.mark.parametrize("color", [red, Color(0.8, 0.1, 0.15), white])
def test_red_and_white_rules_make_no_cells(color: Color) -> None:
    assert grids(pdf(colored(color, Table([["印"]])))) == []


@pytest.mark.parametrize("color", [grey, blue])
def test_grey_and_blue_borders_do(color: Color) -> None:
    assert table(pdf(colored(color, Table(ROWS)))) == READ


def test_a_drawn_seal_over_the_table_changes_no_cell() -> None:
    data = pdf(both(Table(ROWS), lambda canvas: seal(canvas, 200, 140)))
    assert table(data) == READ
    assert lines(data) == ["业务专用章"]


def test_a_frame_around_the_page_is_no_table() -> None:
    frame: Draw = lambda canvas: canvas.rect(20, 20, WIDTH - 40, HEIGHT - 40)  # noqa: E731
    assert table(pdf(both(frame, Table(ROWS)))) == READ


def test_a_box_drawn_in_a_cell_belongs_to_the_cell() -> None:
    box: Draw = lambda canvas: canvas.rect(64, HEIGHT - 125, 30, 18)  # noqa: E731
    assert table(pdf(both(Table(ROWS), box))) == READ


def test_shading_is_no_rule() -> None:
    def shade(canvas: Canvas) -> None:
        canvas.setFillGray(0.85)
        canvas.rect(62, HEIGHT - 138, 40, 36, stroke=0, fill=1)
        canvas.setFillGray(0)

    assert table(pdf(both(shade, Table(ROWS)))) == READ


# ---- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(60, "社会"), (100, "化职业")], "社会化职业"),
        ([(60, "AI"), (80, "PLC")], "AI PLC"),
        ([(60, "职业　（工种）")], "职业　（工种）"),
        ([(60, "人次 1550")], "人次 1550"),
        ([(60, "养老护理员"), (60.4, "养老护理员")], "养老护理员"),
        ([(60, "人人")], "人人"),
    ],
    ids=["spread type", "words without a space", "full-width space", "a space", "printed twice", "doubled"],
)
def test_spaces_of_a_cell(said: list[tuple[float, str]], expected: str) -> None:
    cell: Draw = lambda canvas: canvas.rect(55, HEIGHT - 130, 200, 40)  # noqa: E731
    assert table(pdf(both(cell, writes(*((x, 100, text) for x, text in said))))) == [[expected]]


@pytest.mark.parametrize(
    ("layer", "typed"),
    [
        ("⼈", "人"),
        ("⽼", "老"),
        ("⻓", "长"),
        ("ﬁ", "fi"),
        ("（", "（"),
        ("１", "１"),
        ("①", "①"),
        ("㎡", "㎡"),
    ],
)
def test_shapes_in_the_text_layer_read_as_typed_and_width_stays(layer: str, typed: str) -> None:
    assert plain(layer) == typed


def test_a_raised_number_stays_in_its_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(55, HEIGHT - 130, 200, 40)
        say(canvas, 60, 100, "面积5m")
        say(canvas, 93, 98, "2", size=6)
        say(canvas, 97, 100, "以上")

    assert table(pdf(draw)) == [["面积5m2以上"]]


def test_lines_outside_the_table_stand_in_reading_order_and_tabs_part_them() -> None:
    head = writes((60, 60, "推荐单位：上海市体育局"), (400, 60, "2025年6月25日"))
    pieces = read(pdf(both(Table(ROWS), writes((60, 400, "联系人：王小明")), head))).pieces
    assert [piece.text if isinstance(piece, Line) else "table" for piece in pieces] == [
        "推荐单位：上海市体育局\t2025年6月25日",
        "table",
        "联系人：王小明",
    ]


# ---- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rotate", "box"),
    [
        (90, (701.89, 60.0, 741.89, 150.0)),
        (180, (445.28, 701.89, 535.28, 741.89)),
        (270, (100.0, 445.28, 140.0, 535.28)),
    ],
)
def test_a_turned_page_is_read_upright_and_placed_as_shown(rotate: int, box: tuple[float, ...]) -> None:
    (grid,) = grids(pdf(Table(ROWS), rotate=rotate))
    assert [texts(row) for row in grid.rows] == READ
    assert grid.rows[0][0] is not None
    assert grid.rows[0][0].place.box == box


def test_text_drawn_sideways_is_read_upright_with_and_without_the_flag() -> None:
    assert table(pdf(sideways(Table(ROWS)))) == READ
    (grid,) = grids(pdf(sideways(Table(ROWS)), rotate=90))
    assert grid.rows[0][0] is not None
    assert grid.rows[0][0].place.box == (60.0, 100.0, 150.0, 140.0)


def test_places_count_from_the_shown_part_of_a_cropped_page() -> None:
    (grid,) = grids(pdf(Table(ROWS), cropBox=(50, 0, WIDTH, HEIGHT - 90)))
    assert grid.rows[0][0] is not None
    assert grid.rows[0][0].place.box == (10.0, 10.0, 100.0, 50.0)


def test_tables_that_may_go_on_over_pages() -> None:
    head = writes((60, 60, "推荐表"))
    foot = writes((60, 800, "联系人：王小明"))
    data = pdf(
        both(head, Table(ROWS), writes((280, 820, "第 1 页"))),
        both(writes((60, 30, "征集材料")), Table(ROWS), writes((280, 820, "第 2 页"))),
        both(writes((60, 30, "征集材料")), Table(ROWS), foot, writes((280, 820, "- 3 -"))),
    )
    assert [(g.page, g.starts_page) for g in grids(data)] == [(1, False), (2, True), (3, True)]


@pytest.mark.parametrize(
    ("draw", "unread"),
    [
        (lambda canvas: picture(canvas, 0, 0, WIDTH, HEIGHT), (1,)),
        (lambda canvas: (picture(canvas, 0, 0, WIDTH, HEIGHT), say(canvas, 60, 60, "序号", mode=3)), (1,)),
        (lambda canvas: (say(canvas, 60, 60, "序号"), picture(canvas, 0, 0, WIDTH, HEIGHT)), (1,)),
        (lambda canvas: canvas.drawString(60, 60, "ÐòºÅ Ö°Òµ±àÂë"), (1,)),  # GBK taken for Latin
        (lambda canvas: (say(canvas, 60, 60, "序号"), picture(canvas, 0, 0, WIDTH, HEIGHT, True)), ()),
        (lambda canvas: None, ()),
    ],
    ids=["picture", "invisible text", "text under a picture", "no encoding", "see-through seal", "blank"],
)
def test_pages_whose_text_layer_cannot_be_trusted(draw: Draw, unread: tuple[int, ...]) -> None:
    result = read(pdf(draw))
    assert result.scanned_pages == unread
    assert not result.unread_pages
    assert result.findings == ()


# ---- bad files -------------------------------------------------------------------------------------

PASSWORD = pdf(Table(ROWS), encrypt="geheim")


def test_a_password_is_named() -> None:
    (found,) = read(PASSWORD).findings
    assert (found.code, found.seen) == ("file-encrypted", "表.pdf")


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.4\n%%EOF", b"PK\x03\x04", pdf(Table(ROWS))[:700]],
    ids=["empty", "bare", "zip", "cut"],
)
def test_what_is_no_pdf_is_unreadable(data: bytes) -> None:
    result = read(data)
    assert [found.code for found in result.findings] == ["file-unreadable"]
    assert result.pieces == ()


def test_pages_beyond_the_limit_are_named() -> None:
    result = read(pdf(*[Table(ROWS)] * 3), Limits(pages=2))
    assert result.pages == 2
    assert [piece.page for piece in result.pieces if isinstance(piece, Grid)] == [1, 2]
    assert [found.message_en for found in result.findings] == [
        "'表.pdf' cannot be read (it has more than 2 pages; only those were read). "
        "Export it afresh and send it again."
    ]


def made(*objects: bytes) -> bytes:
    """A PDF of raw objects, numbered from 1, the first its catalogue."""
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    table_ = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table_))
    out.write(b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    head = b"<</Length %d/Filter/FlateDecode%s>>" % (len(packed), entries)
    return head + b"stream\n" + packed + b"\nendstream"


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>"
CALLS = b"<</XObject<</F 5 0 R/G 6 0 R>>>>"
FORM_OBJECT = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources%s" % CALLS
HOSTILE = {
    "page tree in a circle": lambda: made(CATALOG, b"<</Type/Pages/Count 1/Kids[2 0 R]>>"),
    "stream that unpacks to 400 MB": lambda: made(
        CATALOG, ONE_PAGE, b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", stream(bytes(400 * 1024**2))
    ),
    "endless content": lambda: made(
        CATALOG, ONE_PAGE, b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", stream(b"q Q " * 2_500_000)
    ),
    "endless text": lambda: made(
        CATALOG,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F <</Type/Font/Subtype/Type1"
        b"/BaseFont/Helvetica>>>>>>>>",
        stream(b"BT /F 9 Tf (" + b"a" * 3_000_000 + b") Tj ET"),
    ),
    "forms that call forms": lambda: made(
        CATALOG,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources%s>>" % CALLS,
        stream(b"/F Do " * 100_000),
        stream(b"/G Do " * 1_000, FORM_OBJECT),
        stream(b"q Q " * 10, FORM_OBJECT),
    ),
    "a grid of 40,000 rules": lambda: made(
        CATALOG,
        ONE_PAGE,
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>",
        stream(b"".join(b"%f 0 m %f 800 l S 0 %f m 500 %f l S " % ((i / 40,) * 4) for i in range(20_000))),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end_soon_and_are_named(name: str) -> None:
    data = HOSTILE[name]()
    start = time.process_time()
    result = read(data)
    assert time.process_time() - start < 10
    code = "file-over-limits" if "400 MB" in name else "file-unreadable"
    assert "a grid" in name or [found.code for found in result.findings] == [code]


def test_a_bad_page_is_named_and_its_neighbours_read() -> None:
    good = pdf(Table(ROWS), writes((60, 60, "x")), Table(ROWS), pageCompression=0)
    second = [match.start() for match in re.finditer(rb"/Contents ", good)][1]
    bad = good[:second] + good[second:].replace(b"/Contents ", b"/Rotate (x", 1)
    broken = read(bad)
    assert any(isinstance(piece, Grid) for piece in broken.pieces)


@given(st.data())
@settings(max_examples=5, deadline=20_000, suppress_health_check=[HealthCheck.too_slow])
def test_damage_never_raises(data: st.DataObject) -> None:
    damage_and_read(data)


@pytest.mark.nightly
@given(st.data())
@settings(max_examples=100, deadline=20_000, suppress_health_check=[HealthCheck.too_slow])
def test_much_damage_never_raises(data: st.DataObject) -> None:
    damage_and_read(data)


def damage_and_read(data: st.DataObject) -> None:
    """Cut or change a PDF, and read it: it ends in a form, findings or pages."""
    sound = SOUND[data.draw(st.integers(0, len(SOUND) - 1))]
    end = data.draw(st.integers(0, len(sound)))
    broken = bytearray(sound[:end] if data.draw(st.booleans()) else sound)
    for _ in range(data.draw(st.integers(0, 20))):
        if broken:
            broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    result = read_pdf(bytes(broken), "f", None, LIMITS)
    assert result.form or result.findings or result.scanned_pages or result.pages


SOUND = (
    pdf(both(Table(FORM), lambda canvas: seal(canvas, 200, 140)), Table(FORM)),
    pdf(Table(FORM, border=filled), rotate=90, pageCompression=0),
)


def test_a_form_is_read_whole() -> None:
    head = writes((60, 60, "推荐单位（加盖公章）：上海市体育局"))
    reading = read_pdf(pdf(both(head, Table(FORM))), "f", "表.pdf", LIMITS)
    assert reading.form is not None
    (row,) = reading.form.rows
    assert reading.form.source == "pdf"
    assert reading.form.unit is not None
    assert reading.form.unit.text == "上海市体育局"
    assert {field: row.text(field) for field in reading.form.columns} == {
        Field.CODE: "4-10-01-05",
        Field.OCCUPATION: "养老护理员",
        Field.STANDARD_VERSION: "",
        Field.DEMAND: "1550",
        Field.REASON: "缺口大",
    }
