"""`zhengji audit` on real messages: whole after a run, and each loss outside the tables told by its name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli import main
from flows.intake.pipeline import run_intake
from flows.keeping.auditing import audit
from outputs.store.database import open_database
from outputs.store.originals import originals_beside
from outputs.store.owed import Owed, owe
from reference.settings import Settings
from tests.conftest import SAMPLES

FEW = ("M0018", "M0048", "M0049", "M0052", "M0052b", "M0053")
"""A form without PDF, one that yields to another, a copy under the same bytes, an inquiry."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("audited")
    for name in FEW:
        (folder / "export").mkdir(exist_ok=True)
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", folder / "export")
    (folder / "export" / "readme.txt").write_text("no message")
    settings = Settings(db=folder / "z.duckdb", out=folder, workers=1)
    run_intake(folder / "export", settings)
    return settings


@pytest.fixture
def export(judged: Settings, tmp_path: Path) -> Path:
    return Path(shutil.copytree(judged.out / "export", tmp_path / "export"))


@pytest.fixture
def audited(settings: Settings, judged: Settings) -> Settings:
    """The copy with the papers beside it."""
    for paper in judged.out.glob("zhengji-*"):
        shutil.copy2(paper, settings.out)
    return settings


def gaps(settings: Settings, mailbox: Path | None = None) -> dict[str, str]:
    return {gap.check: gap.en for gap in audit(settings, mailbox).gaps}


def original(settings: Settings, role: str) -> Path:
    with open_database(settings.db, wait_seconds=5, read_only=True) as database:
        digest = database.value("select file_id from files where role = ? order by name limit 1", role)
    return originals_beside(settings.db).path(digest)


def test_a_run_leaves_nothing_unaccounted_for(
    audited: Settings, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--db", str(audited.db), "--out", str(audited.out), "--lang", "en"]
    assert main(["audit", "--mailbox", str(export), *common]) == 0
    told = capsys.readouterr().out
    assert "readme.txt" in told
    assert "all accounted for: 5 messages and 1 copies" in told


def test_the_last_runs_export_is_looked_at_unless_one_is_named(audited: Settings, judged: Settings) -> None:
    assert audit(audited).mailbox == judged.out / "export"


def change(path: Path) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def shorten(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("check", "damage"),
    [("original-missing", Path.unlink), ("original-size", shorten), ("original-damaged", change)],
)
def test_a_damaged_original_is_named_and_comes_back_from_the_export(
    check: str, damage: Callable[[Path], None], audited: Settings, export: Path
) -> None:
    path = original(audited, "word-form")
    damage(path)
    found = gaps(audited, export)
    assert found.keys() == {check}
    assert path.name in found[check]
    assert audit(audited, export, mend=True).gaps == ()
    assert originals_beside(audited.db).read(path.name)


def test_an_original_that_nothing_names(audited: Settings, export: Path) -> None:
    digest = originals_beside(audited.db).keep(b"of a message that a run was cut off over")
    found = gaps(audited, export)
    assert found.keys() == {"original-unnamed"}
    assert digest in found["original-unnamed"]


def test_papers_that_are_gone_or_older_than_the_last_change(audited: Settings, export: Path) -> None:
    (audited.out / "zhengji-2025Q2.xlsx").unlink()
    assert gaps(audited, export).keys() == {"paper-missing"}
    assert main(["report", "2025Q2", "--db", str(audited.db), "--out", str(audited.out)]) == 0
    with open_database(audited.db, wait_seconds=5) as database:
        database.execute("update submissions set judged_at = now() + interval 1 minute")
    assert gaps(audited, export).keys() == {"paper-stale"}
    assert audit(audited, export).whole, "a decision at the desk makes papers stale: that is no loss"


def test_what_the_mailbox_holds_and_the_tables_do_not(audited: Settings, export: Path) -> None:
    shutil.copy(SAMPLES / "export" / "2025-06" / "M0001.eml", export)
    shutil.copy(export / "M0018.eml", export / "copy.eml")
    found = gaps(audited, export)
    assert found.keys() == {"mailbox-unread", "mailbox-unnoted"}
    assert "M0001.eml" in found["mailbox-unread"]
    assert "copy.eml" in found["mailbox-unnoted"]


def test_a_file_of_a_message_that_is_not_listed(audited: Settings, export: Path) -> None:
    """Where no gap in the numbers shows it: the message itself is read again."""
    with open_database(audited.db, wait_seconds=5) as database:
        lost = "select file_id, message_id from files join messages using (message_id)"
        digest, message = database.rows(f"{lost} where name = 'logo.png' and source = 'M0018.eml'")[
            0
        ].values()
        database.execute("delete from files where file_id = ?", digest)
        database.execute("update files set position = 0 where message_id = ?", message)
        database.execute(
            "update submissions set file_ids = list_filter(file_ids, lambda one: one <> ?)", digest
        )
    found = gaps(audited, export)
    assert found.keys() == {"file-unlisted", "original-unnamed"}
    assert "'logo.png' of the message 'M0018.eml'" in found["file-unlisted"]


def test_a_gap_is_status_four_and_one_line(
    audited: Settings, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original(audited, "word-form").unlink()
    status = main(
        ["audit", "--mailbox", str(export), "--db", str(audited.db), "--out", str(audited.out), "--quick"]
    )
    assert status == 4
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if "original-missing" in line and "zhengji run" in line]
    assert "有1处缺口" in told[-1]


def test_a_run_over_the_same_export_keeps_lost_originals_again_and_says_what_there_is(
    audited: Settings, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = original(audited, "word-form")
    path.unlink()
    common = ["--db", str(audited.db), "--out", str(audited.out)]
    assert main(["run", str(export), "--plain", *common]) == 0
    assert "全部有据可查：邮件5封" in capsys.readouterr().out
    assert originals_beside(audited.db).read(path.name)


def test_a_run_that_finds_a_gap_says_so_and_ends_with_status_four(
    audited: Settings, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_database(audited.db, wait_seconds=5) as database:
        database.execute("delete from recommendations where row_no = 1")
        owe(database, Owed.REST, "elsewhere", "r0")
    common = ["--db", str(audited.db), "--out", str(audited.out)]
    assert main(["run", str(export), "--plain", *common]) == 4
    told = capsys.readouterr().out
    assert "row-missing" in told
    assert "owed-rest" in told


def test_an_export_that_was_not_finished_and_is_gone_is_advice(
    audited: Settings, export: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    for place, whole in ((export, False), (moved, True)):
        with open_database(audited.db, wait_seconds=5) as database:
            database.execute("delete from owed")
            owe(database, Owed.REST, str(place), "r0")
        assert audit(audited, export).whole is whole
