"""The program's own faults cost one message: the rest is complete, the fault is listed, the next run tries
again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.intake import reading
from flows.intake.pipeline import run_intake
from outputs.store.store import Store
from reference.records import Submission
from reference.settings import Settings
from tests.conftest import SAMPLES
from tests.flows.killers import VICTIM
from validators.assemble import Draft

NAMES = ("M0001", "M0018", "M0030")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=tmp_path / "t.duckdb", out=tmp_path / "out", workers=1)


def fail_on_word_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the judge meet a fault on the form of M0018, the one message without a PDF."""
    judge = reading.judge_submission

    def faulty(draft: Draft, *others: Any) -> Submission:
        if draft.pdf is None:
            raise ZeroDivisionError("a slip in a rule")
        return judge(draft, *others)

    monkeypatch.setattr(reading, "judge_submission", faulty)


def test_a_fault_costs_its_message_and_is_listed(
    export: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail_on_word_alone(patch)
        summary = run_intake(export, settings)
    assert [source for source, _ in summary.faults] == [VICTIM, "M0030.eml"][: len(summary.faults)]
    assert "a slip in a rule" in summary.faults[0][1]
    assert summary.added == 3
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:  # its head alone was read
        assert store.database.rows("select code from findings where submission_id is null") == []
    assert run_intake(export, settings).faults == ()
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        assert len(store.window_submissions("2025Q2")) == 3
        run = store.last_run()
        assert run is not None
        assert run.state == "complete"


def test_status_four_and_the_fault_on_the_terminal(
    export: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_on_word_alone(monkeypatch)
    status = main(["run", str(export), "--db", str(settings.db), "--out", str(settings.out), "--plain"])
    assert status == 4
    assert "a slip in a rule" in capsys.readouterr().out
