"""Documents as literal pieces in, the form out: header, rows, head and foot."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.form.find import find_form
from extractors.form.head_and_foot import in_text
from extractors.form.header import find_header, title_of
from extractors.table.grid import Grid, GridCell, Line, Piece, grid_of, joined
from reference.model import Field, Form, Place

TITLES = ("序号", "职业编码", "职业", "工种", "国家职业标准名称", "国家职业标准版本",
          "是否已纳入急需紧缺职业目录", "产业类别", "预计评价人次", "推荐理由")  # fmt: skip
ONE = (
    "1",
    "6-11-03-01",
    "合成氨生产工",
    "",
    "合成氨生产工",
    "2019年版",
    "是",
    "先进材料",
    "1550",
    "行业规划",
)
TWO = (
    "2",
    "6-16-02-12",
    "油气管道维护工",
    "",
    "油气管道维护工",
    "2022年版",
    "否",
    "城市更新",
    "2230",
    "文件依据",
)
BLANK = ("",) * 10


def table(
    *rows: Sequence[str], page: int | None = None, spans: dict[tuple[int, int], tuple[int, int]] | None = None
) -> Grid:
    """A grid of texts; `spans` gives (rows, columns) that the cell at a position covers."""
    covered: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if (r, c) in covered:
                continue
            height, width = (spans or {}).get((r, c), (1, 1))
            covered |= {(r + i, c + j) for i in range(height) for j in range(width)}
            box = (50.0 * c, 20.0 * r, 50.0 * (c + width), 20.0 * (r + height)) if page else None
            place = Place(file_id="f", page=page, box=box, table=None if page else 1, row=r + 1, column=c + 1)
            cells.append(GridCell(text, place, r, c, height, width))
    return grid_of(cells, page=page)


def line(text: str) -> Line:
    return Line(text, Place(file_id="f", row=1))


def form(*pieces: Piece) -> Form:
    found = find_form(pieces, "f", "pdf" if any(isinstance(p, Grid) and p.page for p in pieces) else "word")
    assert found is not None
    return found


def rows(found: Form) -> list[tuple[str | None, ...]]:
    return [tuple(row.text(field) for field in Field) for row in found.rows]


def head(found: Form) -> list[str | None]:
    cells = (found.unit, found.contact, found.phone, found.form_date)
    return [None if cell is None else cell.text for cell in cells]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("序\n号", "priority"),
        ("职业编码（8位）", "code"),
        ("职业代码", "code"),
        ("职 业", "occupation"),
        ("职业（名称）", "occupation"),
        ("工种（如有）", "work_type"),
        ("国家职业标准\n名称", "standard_name"),
        ("国家职业标准版本（号）", "standard_version"),
        ("是否已纳入\n急需紧缺\n职业目录（是/否）", "shortage_flag"),
        ("产业\n类别", "industries"),
        ("预计评价人次（人）", "demand"),
        ("推 荐 理 由：", "reason"),
        ("编号", "priority"),
        ("优先次序", "priority"),
        ("职业大典编码", "code"),
        ("推荐职业名称", "occupation"),
        ("是否纳入目录", "shortage_flag"),
        ("三年评价需求", "demand"),
        ("国家职业标准编号", None),
        ("结合产业规划提出的理由：" + "长三角一体化示范区建设需要。" * 5, None),
        ("备注", None),
        ("等级", None),
        ("", None),
    ],
)
def test_titles(text: str, field: str | None) -> None:
    assert title_of(joined(text)) == field


def test_a_plain_form() -> None:
    assert rows(form(table(TITLES, ONE, TWO))) == [ONE, TWO]


def test_annex_2_is_not_the_form() -> None:
    listed = table(
        ("序号", "职业编码", "职业（工种）名称", "职业名称", "等级"), ("1", "3-01-01-02", "甲", "甲", "5")
    )
    assert find_header(listed) is None


@pytest.mark.parametrize(
    ("misread", "title", "kept"),
    [
        ("推荐理山", "推荐理由", True),  # by OCR, with 0.99 of confidence
        ("预计评价人茨", "预计评价人次", True),
        ("工神", "工种", True),
        ("门暇", "职业", True),  # a black seal over the title; all others stand at their places
        ("备注", "推荐理由", False),
        ("推荐意见", "推荐理由", False),
        ("推荐单位", "推荐理由", False),
    ],
)
def test_a_misread_title_is_its_columns_at_its_place(misread: str, title: str, kept: bool) -> None:
    at = TITLES.index(title)
    rows = table((*TITLES[:at], misread, *TITLES[at + 1 :]), ONE)
    typed, header = find_header(rows), find_header(rows, scanned=True)
    assert typed is not None
    assert list(Field)[at] not in typed.columns  # what was typed says what it says
    assert header is not None
    assert header.columns.get(list(Field)[at]) == ((at,) if kept else None)


def test_two_titles_under_a_seal_are_told_by_their_places() -> None:
    header = find_header(table((*TITLES[:2], "门暇", "夫工", *TITLES[4:]), ONE), scanned=True)
    assert header is not None
    assert [header.columns[field] for field in list(Field)[1:4]] == [(1,), (2,), (3,)]


def test_a_title_like_another_columns_at_a_strange_place_is_none() -> None:
    header = find_header(table(("推荐理山", *TITLES[:9]), ("行业规划", *ONE[:9])), scanned=True)
    assert header is not None
    assert Field.REASON not in header.columns


def test_columns_in_another_order_and_a_foreign_one() -> None:
    order = [9, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    shuffled = table([*(TITLES[i] for i in order), "备注"], [*(ONE[i] for i in order), "急"])
    assert rows(form(shuffled)) == [ONE]


def test_a_column_that_lacks_is_absent_not_empty() -> None:
    found = form(table(TITLES[:8] + TITLES[9:], ONE[:8] + ONE[9:]))
    assert found.rows[0].text(Field.DEMAND) is None
    assert Field.DEMAND not in found.columns
    assert found.rows[0].text(Field.WORK_TYPE) == ""


def test_title_and_unit_rows_stand_above_the_header() -> None:
    wide = {(0, 0): (1, 10), (1, 0): (1, 2), (1, 2): (1, 3), (1, 5): (1, 2), (1, 7): (1, 3)}
    title = ("推荐表",) + ("",) * 9
    unit = ("推荐单位（加盖公章）", "", "上海市统计局", "", "", "联系人", "", "周明", "", "")
    found = form(table(title, unit, TITLES, ONE, spans=wide))
    assert rows(found) == [ONE]
    assert head(found)[:2] == ["上海市统计局", "周明"]


def test_a_header_of_two_rows() -> None:
    upper = (*TITLES[:4], "国家职业标准", "", *TITLES[6:])
    lower = ("", "", "", "", "名称", "版本", "", "", "", "")
    spans = {(0, c): (2, 1) for c in (0, 1, 2, 3, 6, 7, 8, 9)} | {(0, 4): (1, 2)}
    assert rows(form(table(upper, lower, ONE, spans=spans))) == [ONE]


def test_a_filled_row_is_no_second_line_of_the_header() -> None:
    found = form(table((*TITLES[:9], "备注"), (*ONE[:9], "推荐理由")))
    assert Field.REASON not in found.columns
    assert len(found.rows) == 1


def test_blank_rows_and_rows_with_a_number_alone_are_no_rows() -> None:
    assert rows(form(table(TITLES, ONE, BLANK, ("2", *BLANK[1:]), TWO, ("4", *BLANK[1:])))) == [ONE, TWO]


def test_rows_of_notes_and_of_the_foot_are_no_rows() -> None:
    note = ("填表说明：序号按优先级填写。", *BLANK[1:])
    foot = ("联系人：周明", "", "", "", "", "联系方式：021-55552232", "", "", "", "")
    spans = {(2, 0): (1, 10), (3, 0): (1, 5), (3, 5): (1, 5)}
    found = form(table(TITLES, ONE, note, foot, spans=spans))
    assert rows(found) == [ONE]
    assert head(found)[1:3] == ["周明", "021-55552232"]


def test_a_cell_merged_down_reads_on_every_row() -> None:
    second = (*TWO[:7], "", *TWO[8:])
    found = form(table(TITLES, ONE, second, spans={(1, 7): (2, 1)}))
    assert [row.text(Field.INDUSTRIES) for row in found.rows] == ["先进材料", "先进材料"]


@pytest.mark.parametrize("again", [True, False])
def test_a_table_split_in_two_is_one_form(again: bool) -> None:
    second = table(TITLES, TWO) if again else table(TWO)
    assert rows(form(table(TITLES, ONE), line(""), second)) == [ONE, TWO]


@pytest.mark.parametrize("again", [True, False])
def test_a_table_over_pages_is_one_form(again: bool) -> None:
    second = table(TITLES, TWO, page=2) if again else table(TWO, page=2)
    assert rows(form(table(TITLES, ONE, page=1), second)) == [ONE, TWO]


def test_a_table_split_on_one_page_is_one_form() -> None:
    assert rows(form(table(TITLES, ONE, page=1), line("（接上表）"), table(TWO, page=1))) == [ONE, TWO]


def test_a_table_whose_columns_were_merged_and_split_again_goes_on() -> None:
    title = ("推荐表",) + ("",) * 9
    spans = {(0, c): (1, 2) for c in (0, 2)}
    second = table((TWO[0], "", TWO[1], "", *TWO[2:]), spans=spans)
    first = table(title, TITLES, ONE, spans={(0, 0): (1, 10)})
    assert rows(form(first, line(""), second)) == [ONE, TWO]


def test_edges_dragged_about_mix_no_columns() -> None:
    wide = (*TITLES[:2], "", *TITLES[2:])
    dragged = (ONE[0], ONE[1], ONE[2], "", *ONE[3:])
    assert rows(form(table(wide, dragged, spans={(0, 1): (1, 2), (1, 2): (1, 2)}))) == [ONE]


def test_another_table_of_ten_columns_is_no_part_of_the_form() -> None:
    names = table(tuple("一二三四五六七八九十"), tuple("甲乙丙丁戊己庚辛壬癸"))
    assert rows(form(table(TITLES, ONE), line("评审专家名单"), names)) == [ONE]


@pytest.mark.parametrize("columns", [TITLES[:9], (*TITLES[:9], "备注")])
def test_a_second_header_that_differs_loses_no_row(columns: tuple[str, ...]) -> None:
    found = form(table(TITLES, ONE), table(columns, TWO[: len(columns)]))
    assert [row.text(Field.CODE) for row in found.rows] == [ONE[1], TWO[1]]
    assert found.rows[1].text(Field.REASON) is None


@pytest.mark.parametrize(
    "row",
    [
        ("合计", "", "", "", "", "", "", "", "3780", ""),
        ("", "", "总 计", "", "", "", "", "", "3780", ""),
        ("备注：", "序号按优先级", *BLANK[2:]),
        ("", "（以下空白）", *BLANK[2:]),
        tuple(str(i) for i in range(1, 11)),
    ],
)
def test_totals_remarks_and_column_numbers_are_no_rows(row: tuple[str, ...]) -> None:
    assert rows(form(table(TITLES, ONE, row))) == [ONE]


def test_a_row_whose_reason_begins_like_a_label_is_a_row() -> None:
    labelled = (*ONE[:9], "联系人：周明可供核实")
    assert rows(form(table(TITLES, labelled))) == [labelled]


def split_row(column: int, one: str, other: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    upper = tuple(one if c == column else text for c, text in enumerate(TWO))
    lower = tuple(other if c == column else "" for c in range(10))
    return upper, lower


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [(9, "文件", "依据"), (2, "油气管道", "维护工"), (1, "6-16-02-", "12"), (8, "22", "30")],
)
def test_a_row_cut_by_a_page_edge_is_one_row(column: int, one: str, other: str) -> None:
    upper, lower = split_row(column, one, other)
    three = ("3", *ONE[1:])
    found = form(table(TITLES, ONE, upper, page=1), table(TITLES, lower, three, page=2))
    assert rows(found) == [ONE, TWO, three]


def test_a_row_cut_by_a_page_edge_in_a_form_without_numbers() -> None:
    one, upper = ("", *ONE[1:]), ("", *TWO[1:9], "文件")
    found = form(table(TITLES, one, upper, page=1), table((*BLANK[:9], "依据"), page=2))
    assert rows(found) == [one, ("", *TWO[1:])]


def test_a_row_that_lacks_number_and_code_is_a_row_of_its_own() -> None:
    lacking = ("", "", *TWO[2:])
    assert rows(form(table(TITLES, ONE, page=1), table(lacking, page=2))) == [ONE, lacking]


@pytest.mark.parametrize("blank", [0, 1])
def test_a_row_that_lacks_its_number_or_code_is_a_row_of_its_own(blank: int) -> None:
    lacking = tuple("" if c == blank else text for c, text in enumerate(TWO))
    assert rows(form(table(TITLES, ONE, page=1), table(lacking, page=2))) == [ONE, lacking]


def test_a_row_cut_by_the_edge_of_a_page_on_which_no_column_of_numbers_was_found() -> None:
    upper = table(TITLES[1:], (*ONE[1:9], "文件"), page=1)
    found = form(upper, table(TITLES, (*BLANK[:9], "依据"), page=2))
    assert [row.text(Field.REASON) for row in found.rows] == ["文件依据"]


def test_a_merged_cell_goes_on_over_the_page_edge() -> None:
    three, four = ("3", *TWO[1:7], "", *TWO[8:]), ("4", *ONE[1:7], "", *ONE[8:])
    upper = table(TITLES, ONE, (*TWO[:7], "", *TWO[8:]), page=1, spans={(1, 7): (2, 1)})
    lower = table(three, four, page=2, spans={(0, 7): (2, 1)})
    found = form(upper, lower)
    assert [row.text(Field.INDUSTRIES) for row in found.rows] == ["先进材料"] * 4


def test_a_merged_cell_that_a_page_edge_cuts_in_a_row_reads_whole_on_all_its_rows() -> None:
    four, five = ("4", *ONE[1:7], "", *ONE[8:]), ("5", *TWO[1:])
    begun = ("3", *TWO[1:7], "", *TWO[8:9], "文件")
    upper = table(TITLES, ONE, (*TWO[:7], "先进材料、", *TWO[8:]), begun, page=1, spans={(2, 7): (2, 1)})
    rest = (*BLANK[:7], "高端装备", "", "依据")
    lower = table(rest, four, five, page=2, spans={(0, 7): (2, 1)})
    found = form(upper, lower)
    assert [row.text(Field.INDUSTRIES) for row in found.rows] == [
        "先进材料", "先进材料、高端装备", "先进材料、高端装备", "先进材料、高端装备", "城市更新",
    ]  # fmt: skip
    assert found.rows[2].text(Field.REASON) == "文件依据"


HEADS = [
    (
        ["推荐单位（加盖公章）：上海市统计局"],
        ["联系人：周  明\t\t\t联系方式：021-55552232", "2025年6月23日"],
        ["上海市统计局", "周  明", "021-55552232", "2025年6月23日"],
    ),
    (
        ["推荐单位(加盖公章):  上海市统计局  "],
        ["联 系 人：周明", "联系电话：021-60008255转2530", "填表日期：2025.6.19"],
        ["上海市统计局", "周明", "021-60008255转2530", "2025.6.19"],
    ),
    (
        ["推荐单位（加盖公章）：_____"],
        ["联系人：", "联系方式：", "    年  月  日"],
        ["", "", "", ""],
    ),
    ([], ["填表说明", "1. 推荐的职业（工种）请按优先级顺序填写。"], [None, None, None, None]),
    (
        ["尊敬的老师：", "联系人：王老师", "推荐单位：上海市统计局"],
        ["联系人：周明", "二〇二五年六月十六日", "填表说明", "2. 职业编码、职业名称、工种：请按大典填写。"],
        ["上海市统计局", "周明", None, "二〇二五年六月十六日"],
    ),
    (
        ["推荐单位：上海市统计局    2025-06-21"],
        ["联系人：周明 联系方式：138-0000-3974"],
        ["上海市统计局", "周明", "138-0000-3974", "2025-06-21"],
    ),
]


HEADS += [
    (  # a letter before the form's title, another annex behind it
        ["联系人：王老师，电话：021-55550000", "上海市统计局", "2025年6月18日", "认定职业（工种）推荐表"],
        ["填表日期：   年   月   日", "附件2", "联系人：李四"],
        [None, None, None, ""],
    ),
    (["推荐单位：上海市统计局"], ["推荐单位（盖章）："], ["上海市统计局", None, None, None]),
    (
        ["推荐单位：上海市统计局（公章）"],
        ["上海市统计局  2025年6月20日"],
        ["上海市统计局", None, None, "2025年6月20日"],
    ),
    (
        ["推荐单位：上海市统计局单位负责人：李四联系人：周明联系电话：021-55552232"],
        ["填表人：李四        年    月    日"],
        ["上海市统计局", "周明", "021-55552232", ""],
    ),
    ([], ["联系人及联系方式：周明（13800001111）"], [None, "周明", "13800001111", None]),
    ([], ["联系人：周明，电话∶021-55552232，邮箱：a@b.cn"], [None, "周明", "021-55552232", None]),
    ([], ["联系方式：", "填表说明", "联系方式：请填写手机号码。"], [None, None, "", None]),
    ([], ["联系人：周明\u2003\u2003联系方式：021-55552232\xa0"], [None, "周明", "021-55552232", None]),
    ([], ["２０２５年６月２０日"], [None, None, None, "２０２５年６月２０日"]),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), HEADS)
def test_heads(before: list[str], after: list[str], expected: list[str | None]) -> None:
    assert head(form(*map(line, before), table(TITLES, ONE), *map(line, after))) == expected


@given(st.text(alphabet=st.sampled_from("推荐单位联系人方式电话日期：（章） _年月20五1-、及\t")))
def test_what_is_said_stands_in_the_line(text: str) -> None:
    for one in in_text(text, Place(file_id="f"), 1):
        assert one.cell.text == one.cell.text.strip()
        assert set(one.cell.text) <= set(text)


@given(
    st.sampled_from(TITLES),
    st.sampled_from(["", " ", "\n", "\u3000"]),
    st.sampled_from(["", "：", "（如有）", "*"]),
)
def test_titles_are_found_however_spaced_and_annotated(title: str, between: str, after: str) -> None:
    assert title_of(joined(between.join(title) + after)) == Field(list(Field)[TITLES.index(title)])


def test_a_document_without_the_form() -> None:
    assert find_form([line("推荐单位：上海市统计局"), table(("一", "二"), ("三", "四"))], "f", "word") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国家职业\n标准", "国家职业标准"),
        ("4-10-01-\n05", "4-10-01-05"),
        ("88888\n888", "88888888"),
        ("first\nsecond", "first second"),
        ("2019年\n版", "2019年版"),
        (" 上 下 ", "上 下"),
        ("a\r\n\r\nb", "ab"),
        ("", ""),
    ],
)
def test_line_breaks_inside_a_cell(text: str, expected: str) -> None:
    assert joined(text) == expected


@given(st.text())
def test_joining_leaves_no_line_break_and_joins_once(text: str) -> None:
    once = joined(text)
    assert not set("\r\n\v\f\u2028\u2029") & set(once)
    assert joined(once) == once


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 3), st.integers(1, 3)), min_size=1
    )
)
def test_every_position_of_a_grid_holds_a_cell_that_covers_it(spans: list[tuple[int, int, int, int]]) -> None:
    cells = [GridCell(str(i), Place(file_id="f"), r, c, h, w) for i, (r, c, h, w) in enumerate(spans)]
    for r, row in enumerate(grid_of(cells).rows):
        for c, cell in enumerate(row):
            covering = [one for one in cells if one.row <= r < one.row + one.rowspan
                        and one.column <= c < one.column + one.colspan]  # fmt: skip
            assert cell in covering if covering else cell is None
