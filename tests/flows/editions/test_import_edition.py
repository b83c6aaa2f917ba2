"""`zhengji reference import` on real files: the official Annex 2, the preview, what is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

from flows.cli import main
from flows.intake.reading import tables_on
from reference.tables.editions import find_editions, read_rows
from reference.tables.load import load_tables

DATA = Path(__file__).parents[3] / "reference" / "data"
HEAD = ["序号", "职业编码", "职业（工种）名称", "职业名称", "等级"]
SHORT_HEAD = ["序号", "职业编码", "职业（工种）名称", "技能等级"]
TITLE = "社会培训评价组织征集遴选职业（工种）目录（已发布）"
BUYER = ["203", "4-01-01-00", "采购员", "采购员", "5、4"]
SEPTEMBER = ("--effective", "2025-09-01", "--yes")

Cells = list[list[str]]


def shipped() -> Cells:
    """Annex 2 under its own columns."""
    (edition,) = find_editions(DATA, "catalogue")
    return [list(row.values()) for row in read_rows(edition, lambda cells: cells)]


def without_occupation(rows: Cells) -> Cells:
    return [[*cells[:3], cells[4]] for cells in rows]


def as_xlsx(path: Path, table: Cells) -> None:
    """With a merged title, numbers as numbers, and an older edition on a hidden sheet."""
    book = Workbook()
    old, sheet = book.create_sheet("旧版"), book.create_sheet("目录")
    book.remove(book["Sheet"])
    old.sheet_state = "hidden"
    old.append(table[0])
    sheet.append([TITLE])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(table[0]))
    for cells in table:
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in cells])
        old.append(table[1])
    book.save(path)


def as_csv(path: Path, table: Cells, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(table)


def as_docx(path: Path, table: Cells) -> None:
    """In the notice: its form before, a title row merged across above the header."""
    document = Document()
    document.add_paragraph("附件1")
    document.add_table(rows=2, cols=10)
    document.add_paragraph("附件2")
    inside = document.add_table(rows=1, cols=len(table[0]))
    inside.rows[0].cells[0].merge(inside.rows[0].cells[-1]).text = TITLE
    for cells in table:
        for cell, text in zip(inside.add_row().cells, cells, strict=True):
            cell.text = text
    document.save(str(path))


def as_pdf(path: Path, table: Cells) -> None:
    """Over several pages, its header again on each, long names broken in their cells."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=8, wordWrap="CJK")
    drawn = LongTable(
        [[Paragraph(text, style) for text in cells] for cells in table],
        colWidths=[30, 60, *([130] * (len(table[0]) - 3)), 60],
        repeatRows=1,
    )
    drawn.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    SimpleDocTemplate(str(path), pagesize=A4).build([Paragraph(TITLE, style), drawn])


WRITERS: dict[str, Callable[[Path, Cells], None]] = {
    "a.xlsx": as_xlsx,
    "a.csv": as_csv,
    "excel.csv": lambda path, table: as_csv(path, table, "utf-8-sig"),
    "chinese-windows.CSV": lambda path, table: as_csv(path, table, "gb18030"),
    "a.docx": as_docx,
    "a.pdf": as_pdf,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped tables, in use by setting."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    monkeypatch.setenv("ZHENGJI_REFERENCE", str(copy))
    monkeypatch.setenv("COLUMNS", "200")
    return copy


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def words(text: str) -> str:
    """What a terminal table says, without its lines."""
    return re.sub(r"[\s\u2500-\u257f]+", " ", text)


@pytest.mark.parametrize("head", [HEAD, SHORT_HEAD], ids=["as issued", "without 职业名称"])
@pytest.mark.parametrize("name", WRITERS)
def test_annex_2_from_a_document_gives_exactly_the_202_items(
    name: str, head: list[str], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = shipped() if head == HEAD else without_occupation(shipped())
    WRITERS[name](tmp_path / name, [head, *rows])
    june = ["--effective", "2025-06-20", "--yes"]
    assert main(["reference", "import", "catalogue", str(tmp_path / name), *june]) == 0
    assert "新增 删除 变更 不变 0 0 0 202" in words(capsys.readouterr().out)
    old, new = find_editions(folder, "catalogue")
    assert (old.edition, new.edition, new.effective) == ("2025-03", "2025-06", dt.date(2025, 6, 20))
    assert new.path.read_bytes() == old.path.read_bytes()


def test_the_preview_shows_what_changes_and_what_a_check_would_find(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *others = shipped()
    rows = [
        first,
        [*second[:4], "5、4"],
        *others[:-1],
        BUYER,
        ["204", "4-01-01-99", "某师", "某师", "5"],
    ]
    as_csv(tmp_path / "new.csv", [HEAD, *rows, ["注：等级自高至低。", "", "", "", ""]])
    assert main(["reference", "import", "catalogue", str(tmp_path / "new.csv"), *SEPTEMBER]) == 0
    shown = words(capsys.readouterr().out)
    assert "catalogue 2025-09（2025-09-01，203） ← 对照版本 2025-03（2025-03-20）" in shown
    assert "新增 删除 变更 不变 2 1 1 200" in shown
    for said in (
        "新增 2",
        "203 4-01-01-00 采购员",
        "删除 1",
        " ".join(others[-1]),
        "变更 1",
        "3、2、1 → 5、4",
    ):
        assert said in shown
    assert "未作为数据读取: new.csv:205 注：等级自高至低。" in shown
    assert "error: catalogue: item 204 (某师) has the code 4-01-01-99, which is in no table" in shown
    assert "error: catalogue: the item numbers are not 1, 2, 3 …" in shown


def test_an_edition_says_what_it_is(folder: Path, tmp_path: Path) -> None:
    as_csv(tmp_path / "s.csv", [["职业编码", "职业名称", "工种"], ["6-18-01-01", "车工", "数控车工"]])
    given = [
        "--edition",
        "2026-1",
        "--title",
        '急需紧缺"目录"',
        "--source",
        "C:\\新",
        "--completeness",
        "全\n部",
    ]
    arguments = ["reference", "import", "shortage", str(tmp_path / "s.csv"), "--effective", "2026-01-01"]
    assert main([*arguments, *given, "--yes"]) == 0
    (edition,) = find_editions(folder, "shortage")
    assert (edition.edition, edition.title, edition.source, edition.completeness) == (
        "2026-1", "急需紧缺\"目录\"", "C:\\新", "全\n部",
    )  # fmt: skip
    shortage = load_tables(folder).shortage
    assert shortage is not None
    assert [(item.occupation, item.work_type) for item in shortage.items] == [("车工", "数控车工")]


@pytest.mark.parametrize(("answer", "editions"), [("n\n", 1), ("\n", 1), ("", 1), ("y\n", 2)])
def test_nothing_is_written_without_a_yes(
    answer: str, editions: int, folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    as_csv(tmp_path / "new.csv", [HEAD, *shipped()[:-1]])
    before = files(folder)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    arguments = ["reference", "import", "catalogue", str(tmp_path / "new.csv"), "--effective", "2025-09-01"]
    assert main(arguments) == 0
    assert len(find_editions(folder, "catalogue")) == editions
    if editions == 1:
        assert "未导入" in capsys.readouterr().out
        assert files(folder) == before


@pytest.mark.parametrize(
    ("table", "name", "options", "status", "told"),
    [
        ("nothing", "a.csv", ["2025-09-01"], 2, "no table 'nothing'"),
        ("catalogue", "a.csv", ["2025-03-20"], 2, "has the edition 2025-03, in force from 2025-03-20"),
        ("catalogue", "a.csv", ["2025-03-25"], 2, "has the edition 2025-03, in force from 2025-03-20"),
        ("catalogue", "a.csv", ["2025-09-01", "--edition", "../x"], 2, "'../x' cannot name an edition"),
        ("catalogue", "a.csv", ["20.6.2025"], 2, "effective"),
        ("catalogue", "a.txt", ["2025-09-01"], 2, "no table that can be imported"),
        ("catalogue", "gone.csv", ["2025-09-01"], 2, "cannot be read"),
        ("units", "a.csv", ["2025-09-01"], 3, "No table with the columns of units"),
        ("catalogue", "bad.csv", ["2025-09-01"], 3, "No table with the columns"),
        ("catalogue", "bad.xlsx", ["2025-09-01"], 2, "no workbook"),
        ("catalogue", "bad.docx", ["2025-09-01"], 3, "cannot be read whole"),
        ("catalogue", "bad.pdf", ["2025-09-01"], 3, "cannot be read whole"),
        ("catalogue", "letter.docx", ["2025-09-01"], 3, "holds no table"),
        ("catalogue", "odd.csv", ["2025-09-01"], 3, "odd.csv:2: code '1-2' is not of the form"),
        ("dictionary", "few.csv", ["2025-09-01"], 3, "few.csv:2: name is blank"),
    ],
)  # fmt: skip
def test_refusals_are_one_line_and_write_nothing(
    table: str, name: str, options: list[str], status: int, told: str,
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    as_csv(tmp_path / "a.csv", [HEAD, *shipped()])
    as_csv(tmp_path / "odd.csv", [HEAD, ["1", "1-2", "甲", "甲", "5"]])
    as_csv(tmp_path / "few.csv", [["职业编码", "职业名称"], ["4-01-01-00", ""]])
    Document().save(str(tmp_path / "letter.docx"))
    for other in ("a.txt", "bad.xlsx", "bad.pdf", "bad.docx", "bad.csv"):
        (tmp_path / other).write_bytes(b"nothing of the kind")
    before = files(folder)
    arguments = ["reference", "import", table, str(tmp_path / name), "--yes", "--effective", *options]
    assert main(arguments) == status
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert files(folder) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    as_csv(tmp_path / "a.csv", [HEAD, *shipped()])
    (folder / "catalogue").chmod(0o555)
    assert main(["reference", "import", "catalogue", str(tmp_path / "a.csv"), *SEPTEMBER]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_write_that_fails_leaves_no_edition(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    as_csv(tmp_path / "a.csv", [HEAD, *shipped()])
    (folder / "catalogue" / "2025-09.toml").mkdir()  # where its description would stand
    assert main(["reference", "import", "catalogue", str(tmp_path / "a.csv"), *SEPTEMBER]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert [path.name for path in (folder / "catalogue").glob("2025-09*")] == ["2025-09.toml"]


def test_tables_that_do_not_load_with_the_edition_are_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    as_csv(tmp_path / "a.csv", [["职业编码", "职业名称"], ["4-01-01-00", "采购员"]])
    (folder / "catalogue" / "2025-03.toml").unlink()
    before = files(folder)
    assert main(["reference", "import", "dictionary", str(tmp_path / "a.csv"), *SEPTEMBER]) == 3
    assert "2025-03.toml cannot be read" in capsys.readouterr().err
    assert files(folder) == before


def test_a_new_item_counts_from_its_day_and_a_day_loads_once(folder: Path, tmp_path: Path) -> None:
    june, september = dt.date(2025, 6, 21), dt.date(2025, 9, 21)
    assert tables_on(folder, june) is tables_on(folder, september)
    as_csv(tmp_path / "new.csv", [HEAD, *shipped(), BUYER])
    assert main(["reference", "import", "catalogue", str(tmp_path / "new.csv"), *SEPTEMBER]) == 0
    items = [tables_on(folder, day).catalogue_of("4-01-01-00") for day in (june, september)]
    assert [len(found) for found in items] == [0, 1]
    assert tables_on(folder, dt.date(2025, 6, 25)) is tables_on(folder, june)
