"""Each submission is judged by the reference editions of the day it came; an old result can be had again."""

from __future__ import annotations

import io
import shutil
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from flows.cli import main
from flows.intake.pipeline import run_intake
from outputs.store.store import Store
from reference.records import Submission
from reference.settings import DATA, Settings

JUNE, SEPTEMBER = "Mon, 23 Jun 2025 09:00:00 +0800", "Mon, 22 Sep 2025 09:00:00 +0800"
BUYER = "203,4-01-01-00,采购员,采购员,5、4\n"
HEAD = (
    "序号", "职业编码", "职业", "工种", "国家职业标准名称", "国家职业标准版本", "是否已纳入急需紧缺职业目录",
    "产业类别", "预计评价人次", "推荐理由",
)  # fmt: skip
ROW = ("1", "4-01-01-00", "采购员", "", "采购员", "2019年版", "否", "汽车", "300", "行业规划")


def form() -> bytes:
    """A form that recommends 采购员."""
    document = docx.Document()
    document.add_paragraph("推荐单位：上海市徐汇区人力资源和社会保障局　联系人：周明　联系电话：021-55552232")
    table = document.add_table(rows=0, cols=10)
    for cells in (HEAD, ROW):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def send(export: Path, received: str) -> None:
    """The form in a message of that day, added to the export."""
    number = len(list(export.glob("*")))
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.invalid", "推荐表报送"
    message["Message-ID"], message["Received"] = f"<{number}@example.invalid>", f"from a by b; {received}"
    message.set_content("请查收")
    message.add_attachment(form(), maintype="application", subtype="octet-stream", filename="推荐表.docx")
    (export / f"{number}.eml").write_bytes(message.as_bytes())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped tables, in use by setting."""
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    monkeypatch.setenv("ZHENGJI_REFERENCE", str(copy))
    return copy


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> Settings:
    return Settings(db=tmp_path / "t.duckdb", out=tmp_path / "out", workers=1)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export of two messages with the same form, one of June and one of September."""
    export = tmp_path / "export"
    export.mkdir()
    send(export, JUNE)
    send(export, SEPTEMBER)
    return export


def import_with_buyer(folder: Path, effective: str) -> None:
    """A catalogue that holds 采购员, in force from a day."""
    shipped = (DATA / "catalogue" / "2025-03.csv").read_text(encoding="utf-8")
    file = folder.parent / "catalogue.csv"
    file.write_text(shipped + BUYER, encoding="utf-8")
    assert main(["reference", "import", "catalogue", str(file), "--effective", effective, "--yes"]) == 0


def stored(settings: Settings, window: str) -> Submission:
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        (one,) = store.window_submissions(window)
        return store.submission(one.submission_id)


def is_duplicate(submission: Submission) -> bool:
    return "catalogue-duplicate" in {finding.code for finding in submission.findings}


def test_one_run_judges_each_message_by_the_catalogue_of_its_day(
    folder: Path, export: Path, settings: Settings
) -> None:
    import_with_buyer(folder, "2025-09-01")
    run_intake(export, settings)
    june, september = stored(settings, "2025Q2"), stored(settings, "2025Q3")
    assert (is_duplicate(june), is_duplicate(september)) == (False, True)
    assert june.reference_editions["catalogue"] == "2025-03"
    assert september.reference_editions["catalogue"] == "2025-09"


def test_a_rerun_judges_by_the_editions_in_force_or_by_those_recorded(
    folder: Path, export: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_intake(export, settings)
    before = stored(settings, "2025Q2")
    assert not is_duplicate(before)
    import_with_buyer(folder, "2025-06-01")
    rerun = ["rerun", before.submission_id, "--db", str(settings.db)]

    assert main([*rerun, "--editions", "recorded"]) == 0
    assert "结果未变" in capsys.readouterr().out
    assert stored(settings, "2025Q2") == before

    assert main(rerun) == 0
    told = capsys.readouterr().out
    assert "参考表 catalogue: 2025-03 → 2025-06" in told
    assert "+ 第1行 occupation catalogue-duplicate" in told
    assert is_duplicate(stored(settings, "2025Q2"))

    first = f"{before.submission_id}~1"
    assert main(["rerun", first, "--db", str(settings.db)]) == 2
    assert "with --editions recorded" in capsys.readouterr().err
    assert main(["rerun", first, "--db", str(settings.db), "--editions", "recorded"]) == 0
    assert stored(settings, "2025Q2") == before


def test_recorded_editions_that_are_gone_stop_with_one_line(
    folder: Path, export: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_intake(export, settings)
    before = stored(settings, "2025Q2")
    import_with_buyer(folder, "2025-06-01")
    (folder / "catalogue" / "2025-03.csv").unlink()
    rerun = ["rerun", before.submission_id, "--db", str(settings.db), "--editions", "recorded"]
    assert main(rerun) == 3
    assert "The edition 2025-03 is not among those of its table: 2025-06." in capsys.readouterr().err
    assert stored(settings, "2025Q2") == before
