"""Files to editions: the header found, pages joined, faults named, changes against the edition before."""

from __future__ import annotations

import pytest

from reference.errors import ReferenceTableError
from reference.settings import DATA
from reference.tables.editions import COLUMNS, find_editions, read_rows
from reference.tables.import_layouts import LAYOUTS, as_stored, bracketed
from reference.tables.importing import SourceTable, changes, read_edition

HEAD = ["序号", "职业编码", "职业（工种）名称", "职业名称", "等级"]
ONE = ["1", "4-10-01-05", "养老护理员", "养老护理员", "5、4、3"]
TWO = ["2", "4-12-01-01", "汽车维修工（汽车电器维修工）", "汽车维修工", "5、4"]

Rows = list[list[str]]


def row(cells: list[str]) -> dict[str, str]:
    return dict(zip(["item_no", "code", "name", "occupation", "levels"], cells, strict=True))


def sources(*tables: Rows) -> list[SourceTable]:
    return [SourceTable(f"f p.{page}", rows) for page, rows in enumerate(tables, 1)]


def cells_of(table: str, *tables: Rows) -> list[list[str]]:
    return [list(row.values()) for row in read_edition(table, sources(*tables)).rows]


def test_every_table_has_a_layout_of_its_columns() -> None:
    assert set(LAYOUTS) == set(COLUMNS)
    for table, layout in LAYOUTS.items():
        assert set(COLUMNS[table]) <= set(layout.titles), table
        assert {*layout.key, *layout.anchor} <= set(COLUMNS[table]), table
        assert all(set(group) <= set(layout.titles) for group in layout.needed), table


@pytest.mark.parametrize(
    "tables",
    [
        [[HEAD, ONE, TWO]],
        [[["附件2", "", "", "", ""], [""] * 5, HEAD, ONE, [""] * 5, TWO]],
        [[["目录"] * 5, HEAD, ONE], [["目录"] * 5, HEAD, TWO]],
        [[HEAD, ONE], [TWO]],
        [[["职业", "人数"], ["x", "1"]], [HEAD, ONE, TWO]],
        [[[" 序 号", "职业 编码", "职业(工种)名称", "职业名称：", "等级"], ONE, TWO]],
        [[HEAD, ONE, [*TWO[:2], "汽车维修工（汽车电器", "汽车", "5、"], ["", "", "维修工）", "维修工", "4"]]],
        [[HEAD, ONE, ["2", "4-12-01-", *TWO[2:]]], [["", "01", "", "", ""]]],
        [[["item_no", "code", "name", "occupation", "levels"], ONE, TWO]],
        [[["序号", "职业编码", "职业（工种）名称", "技能等级"], *([*r[:3], r[4]] for r in (ONE, TWO))]],
        [[["序号", "职业编码", "职业", "工种", "等级"], [*ONE[:3], "", ONE[4]],
          ["2", "4-12-01-01", "汽车维修工", "汽车电器维修工", "5、4"]]],
        [[["等级", "职业名称", "职业（工种）名称", "备注", "职业编码", "序号"],
          *([r[4], r[3], r[2], "S", r[1], r[0]] for r in (ONE, TWO))]],
        [[HEAD, ["1.", "４－１０－０１－０５", *ONE[2:4], "五级/初级工,四级/中级工,三级/高级工"], TWO]],
    ],
    ids=["plain", "titles above", "header on each page", "no header on page 2", "another table first",
         "spaces and marks", "a row cut in two", "a code cut by a page", "English", "without 职业名称",
         "work type apart", "other order", "other writings"],
)  # fmt: skip
def test_a_catalogue_is_found_and_joined(tables: list[Rows]) -> None:
    assert read_edition("catalogue", sources(*tables)).rows == (row(ONE), row(TWO))


def test_what_became_no_row_is_told_with_its_place() -> None:
    found = read_edition(
        "catalogue",
        sources(
            [["推荐表", "职业"], ["1", "x"]],
            [HEAD, ["第四大类"] * 5, ONE, ["2", "4-12-01-01", "汽车维修工（汽车电器", "汽车维修工", "5、4"]],
            [HEAD, ["", "", "维修工）", "", ""], ["注：等级自高至低。", "", "", "", ""]],
            [],
        ),
    )
    assert found.rows == (row(ONE), row(TWO))
    assert found.joined == ("f p.3:2",)
    assert found.passed_over == (
        "f p.1 (2 rows)", "f p.2:2 第四大类", "f p.3:3 注：等级自高至低。", "f p.4 (0 rows)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "rows", "words"),
    [
        ("catalogue", [["甲", "乙"], ["1", "2"]], r"It needs item_no \(序号\), code \(职业编码\), name"),
        ("catalogue", [["目录"], HEAD[:4], ONE[:4]], r"nearest header is f p.1:2, which lacks levels"),
        ("catalogue", [HEAD], "it has a header and no row"),
        ("catalogue", [HEAD, ["1", "4-10-1-5", *ONE[2:]]], "f p.1:2: code '4-10-1-5'"),
        ("catalogue", [HEAD, ONE, ["2", "4-10-01-05", "甲工", "乙工", "5"]], "f p.1:3: '甲工' is neither"),
        ("catalogue", [HEAD, [*ONE[:4], "高"]], "levels holds '高'"),
        ("catalogue", [HEAD, ["一", *ONE[1:]]], "item_no '一' is no number"),
        ("catalogue", [HEAD, *[["1", "x", *ONE[2:]]] * 7], "; 2 more"),
        ("dictionary", [["职业编码", "职业名称"], ["", "采购员"]], "f p.1:2: code ''"),
        ("units", [["单位名称", "类别"], ["上海市统计局", ""]], "f p.1:2: kind is blank"),
    ],
)
def test_faults_are_named_with_their_place(table: str, rows: Rows, words: str) -> None:
    with pytest.raises(ReferenceTableError, match=words):
        read_edition(table, sources(rows))


@pytest.mark.parametrize(
    ("table", "rows", "read"),
    [
        ("shortage", [["职业编码", "职业名称", "工种"], ["", "车工", "数控车工"]], ["", "车工", "数控车工"]),
        ("shortage", [["序号", "职业（工种）名称"], ["1", "车工（数控车工）"]],
         ["", "车工", "数控车工"]),
        ("shortage", [["职业（工种）名称"], ["车工"]], ["", "车工", ""]),
        ("shortage", [["职业名称", "职业（工种）名称"], ["车工", "车工（数控车工）"]],
         ["", "车工", "数控车工"]),
        ("shortage", [["职业", "工种"], ["车工", "/"]], ["", "车工", ""]),
        ("dictionary", [["编码", "名称"], ["4-04-05-05", "人工智能训练师S"]],
         ["4-04-05-05", "人工智能训练师", "yes", "", ""]),
        ("dictionary", [["编码", "名称"], ["2-02-11-05", "新能源工程技术人员 L/S"]],
         ["2-02-11-05", "新能源工程技术人员", "yes", "yes", ""]),
        ("dictionary", [["编码", "名称", "数字职业", "绿色职业"],
          ["4-04-05-05", "人工智能训练师", "√", "否"]],
         ["4-04-05-05", "人工智能训练师", "yes", "", ""]),
        ("new_occupations", [["职业编码", "职业名称", "公布年份"], ["4-04-05-12", "某师", "2026年"]],
         ["4-04-05-12", "某师", "", "", "2026"]),
        ("standards",
         [["序号", "职业编码", "职业名称", "颁布日期", "文号"],
          ["1", "6-29-03-02", "电工", "2026年6月1日", "甲〔2026〕1号"]],
         ["6-29-03-02", "电工", "2026-06-01", "甲〔2026〕1号"]),
        ("occupation_groups", [["编码", "类别", "名称"], ["4-01", "中类", "批发人员"]],
         ["4-01", "sub-major", "批发人员"]),
        ("licences", [["序号", "职业资格名称", "职业编码", "职业名称"],
          ["1", "焊工资格", "6-18-02-04、6-18-02-05", "焊工；铆工"]],
         ["1", "焊工资格", "6-18-02-04;6-18-02-05", "焊工;铆工", "", ""]),
        ("work_types", [["职业编码", "工种名称"],
          ["6-18-01-01", "数控车工"]], ["6-18-01-01", "数控车工", ""]),
        ("legacy_codes", [["旧编码", "职业名称", "新编码"], ["x4-01-01-01", "甲", "4-01-01-00"]],
         ["X4-01-01-01", "甲", "4-01-01-00", ""]),
        ("former_names", [["曾用名", "职业编码", "名称", "范围", "依据"],
          ["采购师", "4-01-01-00", "采购员", "职业", "2007"]],
         ["采购师", "4-01-01-00", "采购员", "occupation", "2007"]),
        ("industries", [["产业", "类别", "别名"],
          ["集成电路", "3+6", "IC；芯片"]], ["集成电路", "3+6", "IC;芯片"]),
        ("lookalikes", [["字", "形近字", "来源"], ["未", "末", "OCR"]], ["未", "末", "OCR"]),
    ],
)  # fmt: skip
def test_each_table_from_an_offices_own_columns(table: str, rows: Rows, read: list[str]) -> None:
    assert cells_of(table, rows) == [read]


@pytest.mark.parametrize("table", [table for table in COLUMNS if table != "shortage"])
def test_a_shipped_edition_imports_as_itself(table: str) -> None:
    (edition, *_) = find_editions(DATA, table)
    rows = read_rows(edition, lambda cells: {column: cells[column].strip() for column in COLUMNS[table]})
    found = read_edition(table, sources([list(COLUMNS[table]), *([*row.values()] for row in rows)]))
    assert (found.rows, found.joined, found.passed_over) == (rows, (), ())
    assert changes(table, rows, found.rows).same == len(rows)


def test_rows_without_numbers_are_joined_only_where_a_page_ends() -> None:
    head, care = ["职业编码", "职业名称"], ["4-10-01-05", "养老护"]
    assert cells_of("dictionary", [head, care], [head, ["", "理员"]]) == [
        ["4-10-01-05", "养老护理员", "", "", ""]
    ]
    with pytest.raises(ReferenceTableError, match=r"f p.1:3: code ''"):
        read_edition("dictionary", sources([head, care, ["", "理员"]]))
    unit = ["单位名称", "类别", "别名"]
    with pytest.raises(ReferenceTableError, match=r"f p.2:3: kind is blank"):
        read_edition(
            "units",
            sources([unit, ["甲局", "municipal", "甲"]], [unit, ["乙局", "", "乙"], ["丙局", "", "丙"]]),
        )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("社会体育指导员(登山(山地户外))", ("社会体育指导员", "登山(山地户外)")),
        ("电子商务师（网商） ", ("电子商务师", "网商")),
        ("茶艺师", ("茶艺师", "")),
        ("（网商）", ("（网商）", "")),
    ],
)
def test_what_stands_in_the_outermost_bracket(name: str, parts: tuple[str, str]) -> None:
    assert bracketed(name) == parts


@pytest.mark.parametrize(
    ("column", "text", "stored"),
    [
        ("levels", "专项职业能力", "专项职业能力"),
        ("levels", "高级技师、技师", "1、2"),
        ("issued", "20260601", "2026-06-01"),
        ("issued", "2026.6", "2026.6"),
        ("code", " 4 -10—01-05", "4-10-01-05"),
        ("digital", "否", ""),
        ("digital", "不详", "不详"),
    ],
)
def test_cells_are_stored_in_the_tables_own_writing(column: str, text: str, stored: str) -> None:
    assert as_stored(column, text) == stored


def test_changes_against_the_edition_before() -> None:
    lower = {**row(ONE), "levels": "5、4、3、2"}
    found = changes("catalogue", [row(ONE)], [lower, row(TWO)])
    assert (found.added, found.removed, found.changed, found.same) == (
        (row(TWO),), (), ((row(ONE), lower),), 0,
    )  # fmt: skip
    assert changes("catalogue", [row(ONE), row(TWO)], [row(TWO)]).removed == (row(ONE),)
    assert len(changes("catalogue", [row(ONE)], [row(ONE), row(ONE)]).added) == 1
    pair = {"character": "未", "alike": "末", "source": "glyphs"}
    assert changes("lookalikes", [pair], [{**pair, "source": "OCR"}]).same == 1
