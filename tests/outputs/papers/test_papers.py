"""The register, the panel's table, the window's page and the export, from rows as literals."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import docx
import duckdb
import openpyxl
import pytest

from outputs.papers.export import EXPORTS, Format, export
from outputs.papers.labels import Words
from outputs.papers.page_report import write_page
from outputs.papers.panel import items_of, write_panel
from outputs.papers.register import write_register
from outputs.queries.desk import desk
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from reference.findings import finding
from reference.model import Status
from tests.outputs.outcomes import outcome, recommendation, submission

TODAY = dt.date(2025, 6, 27)
NO_PDF = finding("pdf-missing")
FORMULA = '=HYPERLINK("http://example.invalid")'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two units that recommend one occupation, and a message that only asks."""
    path = tmp_path / "z.duckdb"
    with Store.open(path, wait_seconds=1) as opened:
        for one in (
            outcome(
                "m1",
                submission(
                    "2025Q2-AAAAAA",
                    "m1",
                    unit="甲局",
                    findings=(NO_PDF,),
                    status=Status.NEEDS_CORRECTION,
                ),
            ),
            outcome(
                "m2",
                submission(
                    "2025Q2-BBBBBB",
                    "m2",
                    unit="乙局",
                    recommendations=(
                        recommendation(1, priority=2, demand=450, reason=FORMULA),
                        recommendation(2, status=Status.NEEDS_REVIEW),
                    ),
                ),
                subject=FORMULA,
            ),
            outcome("m3", findings=(finding("no-form"),), subject="<script>alert(1)</script>", files=()),
        ):
            opened.save_outcome(one, "r1")
    return path


def test_the_register_holds_everything_in_the_order_of_receipt(store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        write_register(window_report(opened, "2025Q2"), tmp_path / "r.csv", Words("zh"))
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["序号"], row["结果"], row["推荐单位"]) for row in rows] == [
        ("1", "待单位补正", "甲局"),
        ("2", "已接收", "乙局"),
        ("3", "仅登记", ""),
    ]
    assert rows[0]["原因"] == NO_PDF.message_zh
    assert rows[1]["主题"] == f"'{FORMULA}"  # no formula for a spreadsheet


def test_the_panel_sees_each_occupation_once(store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        report = window_report(opened, "2025Q2")
    (item,) = items_of(report)
    assert (item.code, item.units, item.demand) == (
        "6-11-03-01",
        [("甲局（表待补正）", 1), ("乙局", 2)],
        2000,
    )
    write_panel(report, tmp_path / "p.docx", TODAY)
    (table,) = docx.Document(str(tmp_path / "p.docx")).tables
    cells = [cell.text for cell in table.rows[1].cells]
    assert cells[:4] == ["1", "6-11-03-01", "合成氨生产工", "合成氨生产工（2019年版）"]
    assert cells[4:8] == ["①甲局（表待补正）\n②乙局", "是", "先进材料", "2000"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_needs_nothing_beside_it(lang: str, store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        write_page(
            window_report(opened, "2025Q2"),
            desk(opened.database, "2025Q2"),
            tmp_path / "w.html",
            "en" if lang == "en" else "zh",
        )
    html = (tmp_path / "w.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "http" not in html.replace('http-equiv="Content-Security-Policy"', "").replace(FORMULA, "")
    assert NO_PDF.message_zh in html
    counts = dict(re.findall(r"<tr><td>([^<]+)</td><td class=\"n\">(\d+)</td></tr>", html))
    told = {name.split(" ")[0]: int(count) for name, count in counts.items()}
    assert (told["已接收"], told["无问题，待全表受理"]) == (1, 1)  # as the desk counts them
    assert (NO_PDF.message_en in html) is (lang == "en")


@pytest.mark.parametrize("form", ["parquet", "csv", "xlsx"])
def test_exports_hold_the_same_in_every_format(form: Format, store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        paths = export(opened, tmp_path / "out", form, None)
    told = {path.name for path in paths}
    assert "zhengji-all-dictionary.csv" in told
    if form == "xlsx":
        sheet = openpyxl.load_workbook(tmp_path / "out" / "zhengji-all-export.xlsx")["records"]
        head, *rows = [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]
    else:
        path = tmp_path / "out" / f"zhengji-all-records.{form}"
        read = duckdb.read_parquet(str(path)) if form == "parquet" else duckdb.read_csv(str(path))
        head, rows = read.columns, [list(row) for row in read.fetchall()]
    assert head == [column.name for column in EXPORTS["records"][2]]
    at = {name: head.index(name) for name in ("unit", "code", "demand", "reason")}
    assert [[row[i] for i in at.values()] for row in rows][:2] == [
        ["甲局", "6-11-03-01", 1550, "行业规划"],
        ["乙局", "6-11-03-01", 450, FORMULA if form != "csv" else f"'{FORMULA}"],
    ]


@pytest.mark.parametrize("window", [None, "2025Q2"])
def test_a_messages_own_findings_are_exported(window: str | None, store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        export(opened, tmp_path, "csv", window)
        export(opened, tmp_path, "csv", "closed")
    told = tmp_path / f"zhengji-{window or 'all'}-findings.csv"
    with told.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["code"], row["submission_id"], row["message_id"], row["window"])
            for row in csv.DictReader(file)
        ]
    assert sorted(rows) == [("no-form", "", "m3", "2025Q2"), ("pdf-missing", "2025Q2-AAAAAA", "m1", "2025Q2")]
    with (tmp_path / "zhengji-closed-findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == []


def test_the_panels_opening_counts_forms_under_review_apart(store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        write_panel(window_report(opened, "2025Q2"), tmp_path / "p.docx", TODAY)
    opening = docx.Document(str(tmp_path / "p.docx")).paragraphs[1].text
    assert "已接收推荐1条，合并为职业（工种）1项，由1家单位推荐，三年预计评价450人次" in opening
    assert "另有1家单位的推荐1条，合并为1项（三年预计评价1550人次）" in opening
    assert opening.endswith("“①”等为该单位所列优先级。")


def test_every_exported_column_is_in_the_dictionary(store: Path, tmp_path: Path) -> None:
    with Store.open(store, wait_seconds=1, read_only=True) as opened:
        first, *_ = export(opened, tmp_path, "csv", "2025Q2")
    with first.open(encoding="utf-8-sig", newline="") as file:
        told = {(row["table"], row["column"]) for row in csv.DictReader(file) if row["meaning_zh"]}
    assert told == {(table, one.name) for table, (_, _, columns) in EXPORTS.items() for one in columns}
