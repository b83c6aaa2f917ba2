"""What `zhengji status` says of runs, of what they owe, and of backups."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.cli import main
from outputs.store.locks import Intake
from outputs.store.owed import Owed, owe
from outputs.store.store import Store
from tests.outputs.outcomes import RECEIVED, outcome, submission


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "z.duckdb"
    with Store.open(path, wait_seconds=5) as store:
        store.begin_run("r1", RECEIVED, "/office/2025-06", {}, "0.1.0")
        store.save_outcome(outcome("m1", submission()), "r1")
    return path


def said(db: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["status", "--db", str(db), "--lang", "en"]) == 0
    return capsys.readouterr().out


def test_a_run_that_was_killed_and_what_it_owes(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(db, wait_seconds=5) as store:
        owe(store.database, Owed.REPORTS, "2025Q2", "r1", folder="/office/out")
    told = said(db, capsys)
    assert "Run `zhengji run /office/2025-06` again" in told
    assert "the reports of 2025Q2 are not written into /office/out yet (run r1)" in told


def test_a_run_under_way_is_no_run_that_was_cut_off(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Intake(db, "/office/2025-06").hold(5, lambda _: None):
        told = said(db, capsys)
    assert "a run is under way" in told
    assert "/office/2025-06" in told
    assert "cut off" not in told


def test_the_last_backup(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "no backup yet" in said(db, capsys)
    assert main(["backup", str(tmp_path / "kept"), "--db", str(db)]) == 4  # the literals have no originals
    capsys.readouterr()
    told = said(db, capsys)
    assert f"→ {tmp_path / 'kept'}" in told
    assert "lacking" in told


def test_the_last_backup_in_chinese(db: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["backup", str(tmp_path / "kept"), "--db", str(db)])
    capsys.readouterr()
    main(["status", "--db", str(db)])
    assert re.search(r"（缺\d个原件）", capsys.readouterr().out)
