"""The workbook, written and opened again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from outputs.layout.excel_sheets import LONGEST, POINTS_A_LINE, TONES, lines_of, safe_text, shown_width
from outputs.papers.labels import TABLES
from outputs.papers.workbook import where, write_workbook
from outputs.queries.desk import Figures, desk
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from outputs.store.stored import WindowReport
from reference.findings import finding
from reference.model import Place, Status
from reference.tables.editions import COLUMNS
from tests.outputs.outcomes import MISMATCH, NO_PDF, RECEIVED, outcome, recommendation, submission


def report_of(tmp_path: Path, *outcomes: object) -> tuple[WindowReport, Figures]:
    with Store.open(tmp_path / "s.duckdb", wait_seconds=0) as store:
        for one in outcomes:
            store.save_outcome(one, "r1")  # type: ignore[arg-type]
        return window_report(store, "2025Q2"), desk(store.database, "2025Q2").figures


def rows_of(path: Path, sheet: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows(min_row=4)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "window.xlsx"


def test_findings_stand_worst_first_with_place_and_sentence(tmp_path: Path, path: Path) -> None:
    wrong = submission(
        findings=(
            finding("name-corrected", field="occupation", row_no=1, seen="合成氦", expected="合成氨生产工"),
            NO_PDF,
            MISMATCH,
            finding(
                "window-closed",
                seen="2025-07-01 09:00",
                seen_zh="2025年7月1日09:00",
                next_zh="2025年9月20日至30日",
            ),
        ),
        status=Status.REJECTED,
    )
    write_workbook(*report_of(tmp_path, outcome("m1", wrong)), path, "zh")
    rows = rows_of(path, "待处理")
    assert [(row[0], row[3], row[5]) for row in rows] == [
        ("不予受理", None, "逾期或未到受理时间"),
        ("需补正", None, "缺PDF版"),
        ("需补正", 1, "编码与职业不符"),
    ]
    assert rows[2][1] == "上海市统计局"
    assert rows[2][4] == "职业编码"
    assert rows[2][9:12] == ["填表说明2", "表1 第2行第2列", "未处理"]
    assert "6-11-03-01" in str(rows[2][8])
    assert [row[5] for row in rows_of(path, "提示")] == ["职业名称已更正"]


def test_accepted_rows_are_values_not_texts(tmp_path: Path, path: Path) -> None:
    rows = (recommendation(1), recommendation(2, status=Status.NEEDS_REVIEW))
    write_workbook(*report_of(tmp_path, outcome("m1", submission(recommendations=rows))), path, "zh")
    (row,) = rows_of(path, "已接收")
    assert row[2:12] == [
        1, "6-11-03-01", "合成氨生产工", None, "合成氨生产工", "2019年版", "是", "先进材料", 1550, "行业规划",
    ]  # fmt: skip


def test_everything_received_has_a_line(tmp_path: Path, path: Path) -> None:
    asked = outcome("m2", findings=(finding("no-form"),), subject="请教", files=())
    write_workbook(*report_of(tmp_path, outcome("m1", submission()), asked), path, "zh")
    rows = rows_of(path, "收件登记")
    assert [(row[0], row[2], row[5], row[6]) for row in rows] == [
        (1, "已接收", "已接收 1", "推荐表报送"),
        (2, "仅登记", None, "请教"),
    ]
    assert rows[0][1] == dt.datetime(2025, 6, 24, 9, 30)  # noqa: DTZ001 - a sheet's time has no zone


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x.invalid","y")']
)
def test_text_is_never_a_formula(text: str, tmp_path: Path, path: Path) -> None:
    row = recommendation(reason=text)
    write_workbook(*report_of(tmp_path, outcome("m1", submission(recommendations=(row,)))), path, "zh")
    cell = openpyxl.load_workbook(path)["已接收"].cell(4, 12)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_no_cell_can_hold_is_shown_or_said() -> None:
    assert safe_text("a\x00b\x1f") == "a\ufffdb\ufffd"
    assert safe_text("\ufffe\uffff\udcb5") == "\ufffd\ufffd\ufffd"
    assert safe_text("长" * (LONGEST + 5)).endswith(f"（共{LONGEST + 5}字，已截断）")
    assert safe_text("𠮷" * LONGEST).startswith("𠮷" * (LONGEST // 2) + "……")
    assert shown_width("职业A") == 5


def test_the_summary_says_what_came_whether_it_is_complete_and_what_became_of_it(
    tmp_path: Path, path: Path
) -> None:
    rows = (recommendation(1), recommendation(2, status=Status.REJECTED))
    wrong = submission(recommendations=rows, findings=(NO_PDF,), status=Status.NEEDS_CORRECTION)
    with Store.open(tmp_path / "s.duckdb", wait_seconds=0) as store:
        store.begin_run("r1", RECEIVED, "/export", {"dictionary": "2022"}, "0.1.0")
        store.save_outcome(outcome("m1", wrong), "r1")
        store.finish_run("r1", RECEIVED, "complete", {})
        report, figures = window_report(store, "2025Q2"), desk(store.database, "2025Q2").figures
    write_workbook(report, figures, path, "zh")
    sheet = openpyxl.load_workbook(path)["汇总"]
    said = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert ["推荐职业（行）", 2] in said
    assert ["是否完整", "完整"] in said
    assert ["待单位补正", 1, "由报送单位按“说明与处理”更正"] in said
    assert ["无问题，待全表受理", 1, "本行无问题，推荐表本身尚待补正或核定"] in said
    assert ["不予受理", 1, "条款不允许受理，或全表不予受理"] in said
    assert ["缺PDF版", "需补正", 1] in said
    assert ["上海市统计局", "2025Q2-AAAAAA", "待单位补正", 2, 1, 1] in said
    assert ["职业分类大典", "2022"] in said
    legend = next(row[0] for row in sheet.iter_rows() if row[0].value == "不予受理")
    assert legend.fill.fgColor.rgb.endswith(TONES["reject"][0])


def test_every_reference_table_has_a_name() -> None:
    assert list(TABLES) == list(COLUMNS)


def test_sheets_are_made_to_be_read(tmp_path: Path, path: Path) -> None:
    write_workbook(*report_of(tmp_path, outcome("m1", submission(findings=(NO_PDF,)))), path, "zh")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["汇总", "待处理", "已接收", "收件登记", "提示"]
    for name in book.sheetnames[1:4]:
        sheet = book[name]
        assert sheet.freeze_panes == "A4"
        assert sheet.auto_filter.ref is not None
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$3:$3"


def test_english_stands_beside_chinese(tmp_path: Path, path: Path) -> None:
    write_workbook(*report_of(tmp_path, outcome("m1", submission(findings=(NO_PDF,)))), path, "en")
    (row,) = rows_of(path, "待处理 Findings")
    assert row[0] == "需补正 to correct"
    assert str(row[8]).splitlines() == [NO_PDF.message_zh, NO_PDF.message_en]


def test_places_in_words() -> None:
    names = {"f": "推荐表.pdf"}
    assert where(Place(file_id="f", page=2, box=(72.0, 310.4, 100, 330)), names, "zh") == (
        "推荐表.pdf 第2页 距左72点、距上310点"
    )
    assert where(Place(file_id="f", table=1, row=3, column=4), names, "zh") == "推荐表.pdf 表1 第3行第4列"
    assert where(Place(file_id="f", row=3), names, "zh") == "推荐表.pdf 第3段"
    assert where(None, names, "zh") is None


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("十个汉字占二十半字宽", 20, 1),
        ("十个汉字占二十半字宽", 18, 2),
        ("两行\n第二行", 20, 2),
        ("推荐表 jyfz42@example.invalid", 26, 2),  # the address goes to the next line whole
        ("a" * 40, 20, 3),
        ("一二三四五。", 10, 2),  # a full stop begins no line, it takes the character before it along
    ],
)
def test_a_row_is_as_tall_as_its_text(text: str, width: int, lines: int) -> None:
    assert lines_of(text, width) == lines


def test_the_registers_digests_are_not_printed(tmp_path: Path, path: Path) -> None:
    write_workbook(*report_of(tmp_path, outcome("m1", submission(findings=(NO_PDF,)))), path, "zh")
    sheet = openpyxl.load_workbook(path)["收件登记"]
    titles = [cell.value for cell in sheet[3]]
    assert titles[9:] == ["原因", "来源", "邮件摘要值"]
    assert str(sheet.print_area) == f"'收件登记'!$A$1:$J${sheet.max_row}"
    across = sum(sheet.column_dimensions[letter].width for letter in "ABCDEFGHIJ")
    assert across <= 210  # on A4 across, 7 points and more


def test_the_summarys_rows_hold_their_texts_in_both_languages(tmp_path: Path, path: Path) -> None:
    write_workbook(*report_of(tmp_path, outcome("m1", submission(findings=(NO_PDF,)))), path, "en")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    width = sheet.column_dimensions["A"].width
    wrapped = [
        cell for cell in sheet["A"][2:] if cell.border.top.style and lines_of(cell.value or "", width) > 1
    ]
    assert wrapped
    for cell in wrapped:
        assert sheet.row_dimensions[cell.row].height >= POINTS_A_LINE * lines_of(cell.value, width)
