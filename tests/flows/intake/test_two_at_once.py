"""Two runs at once: one holds the intake, the other waits and says so, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows.intake.pipeline import run_intake
from flows.intake.progress import Progress, Waiting
from outputs.store.locks import Intake
from outputs.store.store import Store
from reference.settings import Settings
from tests.flows.tiny import BUYER, JINSHAN, XUHUI, message, word_form

ROOT = Path(__file__).parents[3]
TAKES_ITS_TIME = """
import sys, time
from pathlib import Path
from flows.intake.pipeline import judge_here, run_intake
from reference.settings import Settings

box, db, out, go = map(Path, sys.argv[1:])

def judge(batches, settings, usual):
    for outcomes in judge_here(batches, settings, usual):
        yield outcomes
        print("stored one", flush=True)
        while not go.exists():
            time.sleep(0.02)

run_intake(box, Settings(db=db, out=out, batch=1), judge=judge)
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two messages with a form each."""
    folder = tmp_path / "box"
    folder.mkdir()
    for number, unit in enumerate((XUHUI, JINSHAN)):
        data = message(number, ("推荐表.docx", word_form(unit, BUYER)))
        (folder / f"{number}.eml").write_bytes(data)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=tmp_path / "z.duckdb", out=tmp_path / "out", workers=1)


@contextmanager
def under_way(export: Path, settings: Settings) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A run in a process of its own that has stored one message, and goes on once the file is there."""
    go = settings.db.with_name("go")
    command = [sys.executable, "-c", TAKES_ITS_TIME, *map(str, (export, settings.db, settings.out, go))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        assert run.stdout.readline() == "stored one\n"  # it was asked for the next
        try:
            yield run, go
        finally:
            run.kill()


def command(export: Path, settings: Settings, *more: str, **environment: str) -> subprocess.Popen[str]:
    where = ["--db", str(settings.db), "--out", str(settings.out), "--workers", "1", *more]
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", str(export), *where],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def stored(settings: Settings) -> tuple[int, int, list[str]]:
    """Messages, submissions, and the runs' states in their order."""
    with Store.open(settings.db, wait_seconds=20, read_only=True) as store:
        states = [row["state"] for row in store.database.rows("select state from runs order by started_at")]
        count = store.database.value(
            "select count(*) from submissions where not contains(submission_id, '~')"
        )
        return len(store.known_message_ids()), int(count), states


def test_who_comes_second_waits_says_for_whom_and_adds_nothing(export: Path, settings: Settings) -> None:
    with under_way(export, settings) as (first, go):
        second = command(export, settings, "--plain")
        assert second.stdout
        said = second.stdout.readline()
        go.touch()
        out, err = second.communicate(timeout=60)
        assert (second.returncode, err, first.wait(60)) == (0, "", 0)
    assert "holds the intake" in said
    assert str(export) in said
    assert f"process {first.pid}" in said
    assert "没有新增" in out
    assert stored(settings) == (2, 2, ["complete", "complete"])


def test_who_waited_in_vain_says_so_in_one_line(export: Path, settings: Settings) -> None:
    with under_way(export, settings) as (first, _):
        second = command(export, settings, "--plain", ZHENGJI_WAIT_SECONDS="0.3")
        _, err = second.communicate(timeout=60)
    assert second.returncode == 3
    assert len(err.splitlines()) == 1
    assert "has held the intake since" in err
    assert str(first.pid) in err


def test_a_killed_run_holds_nothing_up_and_is_called_interrupted(export: Path, settings: Settings) -> None:
    with under_way(export, settings) as (first, _):
        first.kill()
        first.wait()
    assert stored(settings) == (1, 1, ["running"])
    intake = Intake(settings.db, "")
    owner = intake.owner()
    assert owner is not None
    assert (owner.pid, owner.doing, intake.held()) == (first.pid, str(export), False)
    said: list[Progress | Waiting] = []
    assert run_intake(export, settings, report=said.append).added == 1
    assert not any(isinstance(one, Waiting) for one in said)
    assert stored(settings) == (2, 2, ["interrupted", "complete"])
    assert intake.owner() is None


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["same", "other mailbox", "prefect"])
def test_runs_started_together_lose_nothing(
    kind: str, export: Path, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for number, unit in enumerate((JINSHAN, XUHUI), start=1):  # one message of each export is the other's
        data = message(number, ("推荐表.docx", word_form(unit, BUYER)))
        (other / f"{number}.eml").write_bytes(data)
    (other / "1.eml").write_bytes((export / "1.eml").read_bytes())
    boxes = (export, other if kind == "other mailbox" else export)
    modes: tuple[tuple[str, ...], ...] = (("--plain",), () if kind == "prefect" else ("--plain",))
    for turn in range(6):
        here = settings.model_copy(update={"db": tmp_path / f"{turn}.duckdb"})
        both = [command(box, here, *mode, ZHENGJI_BATCH="1") for box, mode in zip(boxes, modes, strict=True)]
        for one in both:
            _, err = one.communicate(timeout=120)
            assert (one.returncode, err) == (0, "")
        expected = 3 if kind == "other mailbox" else 2
        assert stored(here) == (expected, expected, ["complete", "complete"])
