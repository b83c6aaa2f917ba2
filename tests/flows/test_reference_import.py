"""`zhengji reference import` on real files, and judging by the edition of the day."""

from __future__ import annotations

import csv
import datetime as dt
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
from flows.reading import tables_on
from reference.editions import find_editions, read_rows
from reference.tables import load_tables

DATA = Path(__file__).parents[2] / "reference" / "data"
HEAD = ["序号", "职业编码", "职业（工种）名称", "职业名称", "等级"]
COLUMNS = ["item_no", "code", "name", "occupation", "levels"]


def shipped() -> list[list[str]]:
    (edition,) = find_editions(DATA, "catalogue")
    return [[row[column] for column in COLUMNS] for row in read_rows(edition, lambda cells: cells)]


def as_xlsx(path: Path, rows: list[list[str]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["社会培训评价组织征集遴选职业（工种）目录"])
    for cells in [HEAD, *([int(cells[0]), *cells[1:]] for cells in rows)]:
        sheet.append(cells)
    book.save(path)


def as_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])


def as_docx(path: Path, rows: list[list[str]]) -> None:
    document = Document()
    document.add_paragraph("附件2")
    table = document.add_table(rows=0, cols=5)
    for cells in [HEAD, *rows]:
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.save(str(path))


def as_pdf(path: Path, rows: list[list[str]]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=8, wordWrap="CJK")
    body = [[Paragraph(text, style) for text in cells] for cells in rows]
    table = LongTable([HEAD, *body], colWidths=[30, 70, 230, 120, 80], repeatRows=1)
    table.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONT", (0, 0), (-1, -1), "STSong-Light", 8)])
    )
    SimpleDocTemplate(str(path), pagesize=A4).build([table])


WRITERS: dict[str, Callable[[Path, list[list[str]]], None]] = {
    "xlsx": as_xlsx, "csv": as_csv, "docx": as_docx, "pdf": as_pdf,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped tables, in use by setting."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    monkeypatch.setenv("ZHENGJI_REFERENCE", str(copy))
    return copy


@pytest.mark.parametrize("kind", WRITERS)
def test_annex_2_from_a_document_gives_exactly_the_202_items(
    kind: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"annex2.{kind}"
    WRITERS[kind](file, shipped())
    assert main(["reference", "import", "catalogue", str(file), "--effective", "2025-06-20", "--yes"]) == 0
    assert "+0 −0 ~0 =202" in capsys.readouterr().out
    assert load_tables(folder).catalogue == load_tables(DATA).catalogue
    assert [one.edition for one in find_editions(folder, "catalogue")] == ["2025-03", "2025-06"]


def test_a_new_item_counts_from_its_day(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "new.xlsx"
    as_xlsx(file, [*shipped()[1:], ["203", "4-01-01-01", "采购员", "采购员", "5、4"]])
    assert main(["reference", "import", "catalogue", str(file), "--effective", "2025-09-01", "--yes"]) == 0
    june, september = (tables_on(folder, dt.date(2025, month, 21)) for month in (6, 9))
    assert (bool(june.catalogue_of("4-01-01-01")), bool(september.catalogue_of("4-01-01-01"))) == (
        False,
        True,
    )
    assert tables_on(folder, dt.date(2025, 6, 25)) is june


def test_nothing_is_written_without_a_yes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.csv"
    as_csv(file, shipped()[:-1])
    monkeypatch.setattr("builtins.input", lambda *_: "n")
    assert main(["reference", "import", "catalogue", str(file), "--effective", "2025-09-01"]) == 0
    assert "未导入" in capsys.readouterr().out
    assert len(find_editions(folder, "catalogue")) == 1


@pytest.mark.parametrize(
    ("table", "name", "day", "status", "words"),
    [
        ("nothing", "a.csv", "2025-09-01", 2, "no table 'nothing'"),
        ("catalogue", "a.csv", "2025-03-20", 2, "side by side"),
        ("catalogue", "a.txt", "2025-09-01", 2, "no table that can be imported"),
        ("units", "a.csv", "2025-09-01", 3, "No table with the columns"),
        ("catalogue", "gone.csv", "2025-09-01", 2, "cannot be read"),
        ("catalogue", "bad.xlsx", "2025-09-01", 2, "no workbook"),
        ("catalogue", "bad.pdf", "2025-09-01", 3, "No table can be read"),
    ],
)
def test_refusals_are_one_line(
    table: str, name: str, day: str, status: int, words: str,
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    as_csv(tmp_path / "a.csv", shipped())
    for other in ("a.txt", "bad.xlsx", "bad.pdf"):
        (tmp_path / other).write_bytes(b"nothing of the kind")
    arguments = ["reference", "import", table, str(tmp_path / name), "--effective", day, "--yes"]
    assert main(arguments) == status
    assert words in capsys.readouterr().err
    assert len(find_editions(folder, "catalogue")) == 1


def test_an_old_window_judged_again_by_its_editions_gives_the_old_result(
    folder: Path, tmp_path: Path
) -> None:
    before = load_tables(folder)
    recorded = {one.table: one.edition for one in before.editions}
    shortage = tmp_path / "shortage.csv"
    shortage.write_text("code,occupation,work_type\n4-10-01-05,养老护理员,\n", encoding="utf-8")
    assert main(["reference", "import", "shortage", str(shortage), "--effective", "2026-01-01", "--yes"]) == 0
    assert load_tables(folder).shortage is not None
    again = load_tables(folder, pinned=recorded)
    assert again.shortage is None
    assert (again.editions, again.catalogue) == (before.editions, before.catalogue)
