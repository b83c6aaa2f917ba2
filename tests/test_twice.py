"""Runs repeat safely: a second adds nothing, an interrupted one is finished by the next."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from PIL import Image

from flows.desk.rerun import rerun_submission
from flows.intake.pipeline import Batch, judge_here, run_intake
from outputs.queries.window_report import window_report
from outputs.store.database import open_database
from outputs.store.store import Store
from reference.errors import MailboxError, UsageError
from reference.model import Status
from reference.records import MessageOutcome
from reference.settings import Settings
from tests.conftest import SAMPLES, share_readings

NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
FEW = ("M0001", "M0018", "M0048", "M0049", "M0052", "M0052b", "M0053")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for name in FEW:
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", folder)
    return folder


@pytest.fixture
def settings(tmp_path: Path, readings: Path) -> Settings:
    share_readings(tmp_path / "t.duckdb", readings)
    return Settings(db=tmp_path / "t.duckdb", out=tmp_path / "out", batch=2, workers=1)


TABLES = ("messages", "sightings", "files", "submissions", "recommendations", "findings")


def counts(settings: Settings) -> dict[str, int]:
    with open_database(settings.db, wait_seconds=5, read_only=True) as database:
        return {table: int(database.value(f"select count(*) from {table}")) for table in TABLES}


def test_a_second_run_adds_nothing_and_says_so(export: Path, settings: Settings) -> None:
    first = run_intake(export, settings)
    before = counts(settings)
    second = run_intake(export, settings)
    assert (first.found, first.added, first.submissions, first.seen_again) == (7, 6, 5, 1)
    assert (second.found, second.added, second.submissions, second.seen_again) == (7, 0, 0, 0)
    assert counts(settings) == before


def test_the_export_is_only_read(export: Path, settings: Settings) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in export.rglob("*")}
    run_intake(export, settings)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in export.rglob("*")} == before


def test_a_run_cut_off_is_finished_by_the_next(export: Path, settings: Settings) -> None:
    def cut_off(
        batches: Iterable[Batch], of: Settings, usual: Mapping[str, float]
    ) -> Iterator[Sequence[MessageOutcome]]:
        outcomes = judge_here(batches, of, usual)
        yield next(outcomes)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_intake(export, settings, judge=cut_off)
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        run = store.last_run()
        assert run is not None
        assert run.state == "interrupted"
        assert len(store.known_message_ids()) == 2
    assert run_intake(export, settings).added == 4
    assert counts(settings)["submissions"] == 5


def test_a_later_message_replaces_a_units_earlier_one(export: Path, settings: Settings) -> None:
    (export / "M0049.eml").rename(export.parent / "M0049.eml")
    run_intake(export, settings)
    (export.parent / "M0049.eml").rename(export / "M0049.eml")
    assert run_intake(export, settings).added == 1
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        report = window_report(store, "2025Q2")
    older, newer = (
        one for one in report.submissions if one.submission.unit == "上海市住房和城乡建设管理委员会"
    )
    assert older.superseded_by == newer.submission.submission_id
    assert "resubmission" in [view.finding.code for view in newer.findings]


def test_one_submission_again_gives_the_same_and_keeps_the_old(export: Path, settings: Settings) -> None:
    run_intake(export, settings)
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        names = [one.submission_id for one in store.window_submissions("2025Q2")]
    for name in names:
        summary = rerun_submission(name, settings, run_id="again", person="王敏", now=NOW)
        assert summary.after == summary.before
    after = counts(settings)
    assert (after["submissions"], after["messages"]) == (10, 6)


def test_a_corrected_file_takes_the_place_of_what_lacked(
    export: Path, settings: Settings, tmp_path: Path
) -> None:
    run_intake(export, settings)
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        (name,) = (
            one.submission_id for one in store.window_submissions("2025Q2") if one.unit and "虹口" in one.unit
        )
    stamped = tmp_path / "推荐表（盖章）.pdf"
    stamped.write_bytes(a_scan())
    summary = rerun_submission(name, settings, run_id="mend", person="王敏", now=NOW, corrected=[stamped])
    assert summary.before.status is Status.NEEDS_CORRECTION
    assert "pdf-missing" in [f.code for f in summary.before.findings]
    assert "pdf-missing" not in [f.code for f in summary.after.findings]
    again = rerun_submission(name, settings, run_id="again", person="王敏", now=NOW)
    assert again.after.status == summary.after.status


def a_scan() -> bytes:
    """A sheet of paper with nothing that can be read: what counts here is that one came."""
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), (250, 249, 245)).save(buffer, "PDF")
    return buffer.getvalue()


def test_wrong_use_and_unreadable_input_stop_the_run(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(MailboxError):
        run_intake(tmp_path / "nothing", settings)
    (tmp_path / "empty").mkdir()
    with pytest.raises(MailboxError):
        run_intake(tmp_path / "empty", settings)
    Store.open(settings.db, wait_seconds=0).__exit__()
    with pytest.raises(UsageError):
        rerun_submission("2025Q2-NOBODY", settings, run_id="r", person="王敏", now=NOW)
