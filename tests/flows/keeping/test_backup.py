"""Backups: consistent while a run goes, verified before anything is put in place, equal when restored."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.cli import main
from flows.intake.pipeline import run_intake
from flows.keeping import keep as keeping
from flows.keeping.auditing import audit
from outputs.keeping import backup
from outputs.keeping.backup import MANIFEST
from outputs.store.database import open_database
from outputs.store.locks import Lock, locks_beside
from outputs.store.originals import Originals, originals_beside
from outputs.store.upkeep import last_of_each
from reference.errors import StoreBusyError
from reference.settings import Settings
from tests.conftest import SAMPLES
from tests.contents import contents

FEW = ("M0018", "M0053")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("kept")
    (folder / "export").mkdir()
    for name in FEW:
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", folder / "export")
    settings = Settings(db=folder / "z.duckdb", out=folder, workers=1)
    run_intake(folder / "export", settings)
    return settings


def test_a_backup_restored_elsewhere_is_the_same_and_whole(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, db = tmp_path / "kept", tmp_path / "elsewhere" / "again.duckdb"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    assert main(["backup", str(kept), "--verify"]) == 0
    assert main(["restore", str(kept), "--db", str(db)]) == 0
    assert contents(db) == contents(settings.db)
    moved = settings.model_copy(update={"db": db})
    assert {gap.check for gap in audit(moved).gaps} <= {"paper-missing", "paper-stale"}
    with open_database(settings.db, wait_seconds=5, read_only=True) as database:
        assert last_of_each(database)["backup"]["folder"] == str(kept)
    capsys.readouterr()


def test_a_backup_of_another_database_is_not_written_over(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, other = tmp_path / "kept", tmp_path / "other.duckdb"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    run_intake(SAMPLES / "export" / "2025-06" / "M0018.eml", Settings(db=other, out=tmp_path, workers=1))
    before = sorted(path.name for path in kept.iterdir())
    assert main(["backup", str(kept), "--db", str(other)]) == 2
    assert "another database" in capsys.readouterr().err
    assert sorted(path.name for path in kept.iterdir()) == before
    moved = tmp_path / "moved" / "z.duckdb"
    assert main(["restore", str(kept), "--db", str(moved)]) == 0
    assert main(["backup", str(kept), "--db", str(moved)]) == 0


def test_a_second_backup_copies_what_is_new_alone(settings: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    before = {path: path.stat().st_mtime_ns for path in (kept / "originals").rglob("*") if path.is_file()}
    shutil.copy(SAMPLES / "export" / "2025-06" / "M0048.eml", tmp_path)
    run_intake(tmp_path / "M0048.eml", settings)
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    after = {path: path.stat().st_mtime_ns for path in (kept / "originals").rglob("*") if path.is_file()}
    assert before.items() < after.items()
    assert len(list(kept.glob("*.duckdb"))) == 1


@pytest.mark.parametrize("what", ["a database", "an original", "a lost original"])
def test_a_backup_that_is_not_whole_is_told_and_never_put_in_place(
    what: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    victim = next(kept.glob("*.duckdb")) if what == "a database" else next(
        path for path in (kept / "originals").rglob("*") if path.is_file()
    )  # fmt: skip
    victim.chmod(0o644)
    if what == "a lost original":
        victim.unlink()
    else:
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
    assert main(["backup", str(kept), "--verify"]) == 4
    assert victim.name in capsys.readouterr().out
    before = settings.db.read_bytes()
    assert main(["restore", str(kept), "--db", str(settings.db), "--yes"]) == 3
    assert victim.name in capsys.readouterr().err
    assert settings.db.read_bytes() == before


def test_a_database_that_stands_there_is_put_aside_only_when_told(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, common = tmp_path / "kept", ["--db", str(settings.db)]
    assert main(["backup", str(kept), *common]) == 0
    with open_database(settings.db, wait_seconds=5) as database:
        database.execute("delete from findings")
    damaged = originals_beside(settings.db).path(next(iter(backup.check(kept)[0].originals)))
    damaged.chmod(0o644)
    damaged.write_bytes(b"changed")
    assert main(["restore", str(kept), *common]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main(["restore", str(kept), *common, "--yes"]) == 0
    assert contents(settings.db)["findings"]
    assert not {gap.check for gap in audit(settings).gaps} - {"paper-missing", "paper-stale"}
    (aside,) = settings.db.parent.glob("z.duckdb.before-*")
    assert not contents(aside)["findings"]


def test_a_damaged_database_is_put_aside_too(settings: Settings, tmp_path: Path) -> None:
    kept, whole = tmp_path / "kept", contents(settings.db)
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    settings.db.write_bytes(b"garbage" * 1000)
    settings.db.with_name("z.duckdb.wal").write_bytes(b"garbage")
    assert main(["restore", str(kept), "--db", str(settings.db), "--yes"]) == 0
    assert contents(settings.db) == whole


def test_a_backup_that_is_cut_off_leaves_the_one_before_valid(settings: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    (kept / "zhengji-29990101T000000.duckdb").write_bytes(b"half")
    (kept / f".{MANIFEST}.part").write_text("{")
    assert backup.check(kept)[1] == ()


def test_a_folder_with_something_else_is_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("")
    assert main(["backup", str(tmp_path / "other"), "--db", str(settings.db)]) == 2
    assert main(["restore", str(tmp_path / "other"), "--db", str(tmp_path / "n.duckdb")]) == 2
    assert "holds no backup" in capsys.readouterr().err


def test_an_original_that_is_gone_is_told_when_it_is_backed_up(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = next(iter(originals_beside(settings.db).sizes()))
    originals_beside(settings.db).discard(digest)
    assert main(["backup", str(tmp_path / "kept"), "--db", str(settings.db)]) == 4
    assert digest in capsys.readouterr().out


def test_backups_while_a_run_writes_are_each_a_state_of_that_run(tmp_path: Path) -> None:
    """A run in another process, one message a batch; each backup is whole, and what it holds grows."""
    export, db = tmp_path / "export", tmp_path / "z.duckdb"
    export.mkdir()
    for name in ("M0018", "M0048", "M0049", "M0053"):
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", export)
    arguments = ["run", str(export), "--plain", "--db", str(db), "--out", str(tmp_path / "out")]
    run = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments],
        env={**os.environ, "ZHENGJI_BATCH": "1"},
        stdout=subprocess.DEVNULL,
    )
    seen: list[int] = []
    number = 0
    while run.poll() is None:
        time.sleep(0.25)
        if not db.exists():
            continue
        kept = tmp_path / f"kept{number}"
        number += 1
        assert main(["backup", str(kept), "--db", str(db)]) == 0
        manifest, wrong = backup.check(kept)
        assert wrong == ()
        copy = kept / manifest.database
        with open_database(copy, wait_seconds=5, read_only=True) as database:
            complete = database.value("select count(*) from messages where completed_at is not null")
            assert complete == database.value("select count(*) from messages")
            named = database.rows("select file_id from files union select message_id from messages")
        assert {row["file_id"] for row in named} <= Originals(kept / "originals").sizes().keys()
        seen.append(complete)
    assert run.returncode == 0
    assert seen == sorted(seen)
    assert any(0 < count < 4 for count in seen), seen


def test_a_log_left_of_a_database_that_is_gone_is_not_read_into_what_is_restored(
    settings: Settings, tmp_path: Path
) -> None:
    kept, db = tmp_path / "kept", tmp_path / "again.duckdb"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    db.with_name(f"{db.name}.wal").write_bytes(b"of another database")
    assert main(["restore", str(kept), "--db", str(db)]) == 0
    assert contents(db) == contents(settings.db)


def test_a_database_that_somebody_holds_is_not_put_aside(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    assert main(["backup", str(kept), "--db", str(settings.db)]) == 0
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(1, flush=True); input()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, settings.db], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        told = settings.model_copy(update={"wait_seconds": 0.1})
        with pytest.raises(StoreBusyError):
            keeping.restore(kept, told, overwrite=True)
    finally:
        holder.communicate("")
    assert not list(settings.db.parent.glob("*.before-*"))
    capsys.readouterr()


def test_two_backups_at_once_do_not_take_each_other_s_database(settings: Settings, tmp_path: Path) -> None:
    other = Lock(locks_beside(settings.db) / "backup")
    assert other.acquire(0)
    with pytest.raises(StoreBusyError):
        keeping.backup(tmp_path / "kept", settings.model_copy(update={"wait_seconds": 0}))
    other.release()
    assert keeping.backup(tmp_path / "kept", settings).lacking == ()


def test_a_link_leads_to_the_database_and_what_stands_beside_it(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "link.duckdb"
    link.symlink_to(settings.db)
    assert main(["backup", str(tmp_path / "kept"), "--db", str(link)]) == 0
    assert main(["restore", str(tmp_path / "kept"), "--db", str(link), "--yes"]) == 0
    assert link.is_symlink()
    assert not originals_beside(link).folder.exists()
    assert len(list(settings.db.parent.glob("*.before-*"))) == 1
    capsys.readouterr()
