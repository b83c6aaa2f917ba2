"""`zhengji erase`: nothing that names or reaches a person is left in a file, register and statistics stay."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import pytest

from flows.cli import main
from flows.desk.deciding import Choice, decide
from flows.desk.rerun import rerun_submission
from flows.intake.pipeline import run_intake
from flows.keeping import keep as keeping
from flows.keeping.auditing import audit
from outputs.keeping.audit import named_originals
from outputs.queries.desk import status_counts
from outputs.queries.window_report import window_report
from outputs.store.database import Database, open_database
from outputs.store.originals import originals_beside
from outputs.store.rewriting import rewrite
from outputs.store.store import Store
from reference.decisions import Action
from reference.errors import UsageError
from reference.settings import Settings
from tests.conftest import SAMPLES
from tests.contents import contents

FEW = ("M0018", "M0048", "M0049", "M0053")
NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
LATER = ["--before", "2026-01-01", "--yes"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Real messages, a decision whose note names the contact, a re-run, findings that name him, papers."""
    folder = tmp_path_factory.mktemp("erased")
    (folder / "export").mkdir()
    for name in FEW:
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", folder / "export")
    settings = Settings(db=folder / "z.duckdb", out=folder / "out", workers=1)
    run_intake(folder / "export", settings)
    with Store.open(settings.db, wait_seconds=5) as store:
        one = next(view for view in store.window_submissions("2025Q2") if view.superseded_by is None)
        told = store.submission(one.submission_id)
        view = store.findings_of(one.submission_id)[0]
        store.database.execute(
            "update findings set seen = ?, message_zh = ? where finding_id = ?",
            told.phone, f"联系人{told.contact}（{told.phone}）", view.finding_id,
        )  # fmt: skip
    rerun_submission(one.submission_id, settings, run_id="again", person="王敏", now=NOW)
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        view = store.findings_of(one.submission_id)[0]
    note = f"已电话联系{told.contact}，{told.phone}"
    decide([Choice(view.finding_id, Action.WAIVE, note=note)], one.submission_id, "王敏", NOW, settings)
    assert main(["report", "2025Q2", "--db", str(settings.db), "--out", str(settings.out)]) == 0
    return settings


@pytest.fixture
def kept(settings: Settings, judged: Settings) -> Settings:
    """A copy for one test to change, with the papers and a kept reading beside it."""
    settings = settings.model_copy(update={"out": settings.db.parent / "out"})
    shutil.copytree(judged.out, settings.out)
    scans = settings.db.with_suffix(".scans")
    if scans.is_symlink():  # to what tests share
        scans.unlink()
    scans.mkdir(exist_ok=True)
    (scans / "page.json").write_text("电话 021-55550000")
    return settings


def people(settings: Settings) -> set[str]:
    """Contacts, phones and senders as the tables hold them."""
    with open_database(settings.db, wait_seconds=5, read_only=True) as database:
        rows = database.rows(
            "select distinct told from (select unnest([contact, contact_raw, phone, phone_raw]) as told"
            " from submissions union all select unnest([sender, subject]) from messages)"
            " where length(told) > 1"
        )
    return {row["told"] for row in rows}


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, and those of the parts of workbooks and Word papers."""
    found = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in folder.rglob("zhengji-*"):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as paper:
                found |= {f"{path}!{name}": paper.read(name) for name in paper.namelist()}
    return found


def statistics(settings: Settings) -> dict[str, object]:
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        report = window_report(store, "2025Q2")
        return {
            "counts": status_counts(store.database),
            "submissions": [
                (one.submission.submission_id, one.submission.unit, one.submission.status, one.stage)
                for one in report.submissions
            ],
            "rows": store.database.rows(
                "select submission_id, row_no, code, occupation, industries, demand, status"
                " from recommendations order by all"
            ),
            "findings": store.database.rows(
                "select finding_id, code, outcome, state, row_no, field from findings order by all"
            ),
            "decisions": store.database.rows(
                "select decision_id, finding_id, action, person, decided_at from decisions order by all"
            ),
            "messages": store.database.value("select count(*) from messages"),
        }


def test_nothing_that_reaches_a_person_is_left_in_any_byte(kept: Settings) -> None:
    names = people(kept)
    assert len(names) >= 6
    folder = kept.db.parent
    assert {name for name in names if any(name.encode() in data for data in bytes_of(folder).values())}
    assert main(["erase", *LATER, "--db", str(kept.db), "--out", str(kept.out)]) == 0
    files = bytes_of(folder)
    assert {(name, path) for path, data in files.items() for name in names if name.encode() in data} == set()
    assert people(kept) == set()
    assert originals_beside(kept.db).sizes() == {}
    assert list(kept.db.with_suffix(".scans").glob("*")) == []
    for paper in kept.out.glob("zhengji-*"):
        assert paper.stat().st_size


def test_register_and_statistics_stay(kept: Settings) -> None:
    before = statistics(kept)
    assert main(["erase", *LATER, "--db", str(kept.db), "--out", str(kept.out)]) == 0
    assert statistics(kept) == before
    assert main(["report", "2025Q2", "--db", str(kept.db), "--out", str(kept.out)]) == 0


def test_what_was_erased_is_not_lost_and_does_not_come_back(kept: Settings, judged: Settings) -> None:
    export = judged.db.parent / "export"
    assert main(["erase", *LATER, "--db", str(kept.db), "--out", str(kept.out)]) == 0
    assert audit(kept, export).gaps == ()
    common = ["--db", str(kept.db), "--out", str(kept.out)]
    assert main(["run", str(export), "--plain", *common]) == 0
    assert people(kept) == set()
    assert originals_beside(kept.db).sizes() == {}
    with open_database(kept.db, wait_seconds=5, read_only=True) as database:
        assert database.value("select count(*) from erasures") == 4
        name = database.value("select submission_id from submissions order by 1 limit 1")
    with pytest.raises(UsageError, match="erased"):
        rerun_submission(name, kept, run_id="r", person="王敏", now=NOW)


def test_newer_messages_stay_whole_and_keep_the_originals_that_they_share(kept: Settings) -> None:
    with open_database(kept.db, wait_seconds=5) as database:
        newer = database.value("select message_id from submissions order by submission_id limit 1")
        database.execute(
            "update messages set received_at = received_at + interval 1 year where message_id = ?", newer
        )
        shared = database.value("select file_id from files where message_id = ? limit 1", newer)
        other = database.value("select message_id from files where message_id <> ? limit 1", newer)
        database.execute(
            "insert into files select * replace (? as message_id, 9 as position) from files"
            " where file_id = ? and message_id = ? limit 1",
            other, shared, newer,
        )  # fmt: skip
        before = database.rows("select * from messages where message_id = ?", newer)
    assert main(["erase", *LATER, "--db", str(kept.db), "--out", str(kept.out)]) == 0
    with open_database(kept.db, wait_seconds=5, read_only=True) as database:
        assert database.rows("select * from messages where message_id = ?", newer) == before
        assert named_originals(database).keys() == originals_beside(kept.db).sizes().keys()
    assert originals_beside(kept.db).read(shared)


def test_a_preview_and_a_no_erase_nothing(
    kept: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, common = kept.db.read_bytes(), ["--db", str(kept.db), "--out", str(kept.out)]
    assert main(["erase", "--before", "2026-01-01", "--dry-run", *common]) == 0
    assert "邮件4封，受理期 2025Q2" in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda *_: "n")
    assert main(["erase", "--before", "2026-01-01", *common]) == 0
    assert kept.db.read_bytes() == before


def test_the_retention_time_counts_from_today(kept: Settings) -> None:
    months = kept.model_copy(update={"retention_months": 12_000})
    assert keeping.to_erase(months, None).messages == ()
    assert len(keeping.to_erase(kept, dt.date(2026, 1, 1)).messages) == 4


def test_originals_that_a_killed_erasure_left_go_with_the_next(kept: Settings) -> None:
    digest, data = next(iter(originals_beside(kept.db).sizes())), b""
    data = originals_beside(kept.db).read(digest)
    common = ["--db", str(kept.db), "--out", str(kept.out)]
    assert main(["erase", *LATER, *common]) == 0
    originals_beside(kept.db).keep(data)
    assert [gap.check for gap in audit(kept).gaps] == ["original-erased"]
    assert main(["erase", *LATER, *common]) == 0
    assert audit(kept).gaps == ()


def test_files_that_may_still_hold_names_are_told(kept: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--db", str(kept.db), "--out", str(kept.out)]
    assert main(["export", *common]) == 0
    folder = kept.db.parent / "backup"
    assert main(["backup", str(folder), "--db", str(kept.db)]) == 0
    capsys.readouterr()
    assert main(["erase", *LATER, *common]) == 0
    told = capsys.readouterr().out
    assert str(folder) in told
    assert "zhengji-all-records" in told
    assert main(["backup", str(folder), "--db", str(kept.db)]) == 0
    assert list((folder / "originals").rglob("??*/*")) == []


def test_an_erasure_that_is_cut_off_leaves_the_database_as_it_was(kept: Settings) -> None:
    def cut_off(database: Database) -> None:
        database.execute("update messages set body = ''")
        raise KeyboardInterrupt

    before = contents(kept.db)
    with pytest.raises(KeyboardInterrupt):
        rewrite(kept.db, cut_off, wait_seconds=5)
    assert contents(kept.db) == before
    assert list(kept.db.parent.glob(".z.duckdb.*")) == []
