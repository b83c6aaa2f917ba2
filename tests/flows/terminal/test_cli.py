"""The command line: help, exit statuses, one-line errors, and each command once on real data."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import main
from flows.intake.pipeline import RunSummary
from outputs.store.store import Store
from reference.settings import Settings
from tests.conftest import SAMPLES

pytestmark = pytest.mark.xdist_group("samples")


@pytest.fixture
def database(sample_run: RunSummary, sample_settings: Settings, tmp_path: Path) -> Path:
    """A copy of the samples' database with its originals."""
    path = tmp_path / "copy.duckdb"
    shutil.copy(sample_settings.db, path)
    shutil.copytree(sample_settings.db.with_suffix(".originals"), path.with_suffix(".originals"))
    return path


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["bogus"], 2, "No such command"),
        (["run"], 2, "Missing argument"),
        (["run", "x", "--workers", "0"], 2, "workers"),
        (["run", "/nowhere/at/all", "--plain"], 3, "no mailbox export at"),
        (["status", "--db", "/nowhere/x.duckdb"], 3, "no database at"),
        (["report", "2025Q2", "--db", "/nowhere/x.duckdb"], 3, "no database at"),
        (["rerun", "2025Q2-NOBODY", "--db", "/nowhere/x.duckdb"], 3, "no database at"),
    ],
)
def test_errors_are_one_line_with_their_status(
    arguments: list[str], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert error.startswith("zhengji: ")


def test_unknown_submission_and_window_are_wrong_use(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rerun", "2025Q2-NOBODY", "--db", str(database)]) == 2
    assert main(["report", "2019Q1", "--db", str(database)]) == 2
    assert "It holds 2025Q2, closed." in capsys.readouterr().err


def test_a_wrong_setting_names_the_places_that_were_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHENGJI_WORKERS", "many")
    assert main(["status"]) == 2
    assert "setting 'workers'" in capsys.readouterr().err


def test_settings_come_from_the_option_then_the_environment_then_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zhengji.toml").write_text('db = "file.duckdb"\nout = "file"\n[limits]\npages = 7\n')
    monkeypatch.setenv("ZHENGJI_OUT", "environment")
    settings = Settings()
    assert (str(settings.db), str(settings.out), settings.limits.pages) == ("file.duckdb", "environment", 7)
    assert str(Settings(out=Path("option")).out) == "option"


@pytest.mark.parametrize(
    "arguments",
    [[], ["run"], ["rerun"], ["status"], ["report"], ["reference"], ["reference", "list"], ["demo"]],
)
def test_help_helps(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--help"]) == 0
    assert "Usage: zhengji" in capsys.readouterr().out


def test_status_tells_what_waits_for_whom(
    database: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["status", "--db", str(database)]) == 0
    told = capsys.readouterr().out
    for words in (
        "2025Q2",
        "closed",
        "window-closed",
        "推荐单位",
        "经办人",
        "2025Q2-",
        "standard-version-outdated",
    ):
        assert words in told


def test_rerun_says_what_changed(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(database, wait_seconds=5, read_only=True) as store:
        (name,) = (
            one.submission_id for one in store.window_submissions("2025Q2") if one.unit and "金山" in one.unit
        )
    common = ["--db", str(database)]
    assert main(["rerun", name, *common]) == 0
    assert "结果未变" in capsys.readouterr().out
    word = tmp_path / "推荐表.docx"
    word.write_bytes(a_word_form(database))
    assert main(["rerun", name, *common, "--file", str(word)]) == 2, "another unit's form"
    assert "--anyway" in capsys.readouterr().err
    assert main(["rerun", name, *common, "--file", str(word), "--anyway"]) == 0
    assert "- file-unreadable" in " ".join(capsys.readouterr().out.split())
    assert main(["rerun", name, *common, "--file", str(tmp_path / "absent.docx")]) == 2


def a_word_form(database: Path) -> bytes:
    from outputs.store.database import open_database
    from outputs.store.originals import originals_beside

    with open_database(database, wait_seconds=5, read_only=True) as opened:
        digest = opened.value("select file_id from files where role = 'word-form' order by name limit 1")
    return originals_beside(database).read(digest)


def test_report_writes_the_workbook_again(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "closed", "--db", str(database), "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "zhengji-closed.xlsx").exists()


def test_reference_tables_are_listed_and_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference", "list"]) == 0
    assert "dictionary" in capsys.readouterr().out
    assert main(["reference", "check"]) == 0


def test_a_run_in_its_own_process_prints_plain_lines_and_where_to_look(tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    shutil.copy(SAMPLES / "export" / "2025-06" / "M0018.eml", export)
    arguments = [
        "run",
        str(export),
        "--db",
        str(tmp_path / "t.duckdb"),
        "--out",
        str(tmp_path / "out"),
        "--plain",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0
    assert "1/1 M0018.eml" in done.stdout
    assert "zhengji-2025Q2.xlsx" in done.stdout
    assert "zhengji status --db" in done.stdout
    again = subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "没有新增" in again.stdout
