"""The store on real DuckDB files: what is written once is read back, and nothing comes twice."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import textwrap
import threading
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from outputs.queries.window_report import window_report
from outputs.store.database import MIGRATIONS
from outputs.store.store import Store
from reference.errors import StoreBusyError, StoreError, UsageError
from reference.findings import finding
from reference.model import FileKind, Status
from reference.records import FileRecord
from tests.outputs.outcomes import MISMATCH, NO_PDF, RECEIVED, outcome, recommendation, submission

STEPS = sorted(MIGRATIONS.glob("*.sql"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.duckdb"


def opened(path: Path, **options: object) -> Store:
    return Store.open(path, wait_seconds=0, **options)  # type: ignore[arg-type]


def count(store: Store, table: str) -> int:
    return int(store.database.value(f"select count(*) from {table}"))


def test_what_is_saved_is_read_back_whole(path: Path) -> None:
    saved = submission(findings=(MISMATCH, NO_PDF), status=Status.NEEDS_CORRECTION)
    with opened(path) as store:
        store.save_outcome(outcome("m1", saved), "r1")
    with opened(path, read_only=True) as store:
        assert store.submission("2025Q2-AAAAAA") == saved
        assert store.message_record("m1") == outcome("m1").message
        assert store.known_message_ids() == {"m1"}


def test_absent_and_empty_stay_apart(path: Path) -> None:
    row = recommendation(raw_work_type="", raw_demand=None, demand=None, industries=None, shortage_flag=None)
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission(recommendations=(row,))), "r1")
        assert store.submission("2025Q2-AAAAAA").recommendations == (row,)


TABLES = ("messages", "files", "submissions", "recommendations", "findings")
KILLED = """
import os, sys
from pathlib import Path
from outputs.store.store import Store
from tests.outputs.outcomes import NO_PDF, outcome, submission
with Store.open(Path(sys.argv[1]), wait_seconds=0) as store:
    store.save_outcome(outcome("m1", submission("2025Q2-AAAAAA", "m1")), "r1")
    insert = store.database.insert
    def dying(table, rows):
        if table == "messages":
            os._exit(9)
        insert(table, rows)
    store.database.insert = dying
    store.save_outcome(outcome("m2", submission("2025Q2-BBBBBB", "m2", findings=(NO_PDF,))), "r1")
"""


def test_a_run_killed_while_writing_leaves_nothing_half_and_loses_nothing(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert killed.returncode == 9
    with opened(path) as store:
        assert store.known_message_ids() == {"m1"}
        assert [count(store, table) for table in TABLES] == [1, 2, 1, 1, 0]
        store.save_outcome(outcome("m2", submission("2025Q2-BBBBBB", "m2", findings=(NO_PDF,))), "r2")
        assert store.known_message_ids() == {"m1", "m2"}
        assert [count(store, table) for table in TABLES] == [2, 4, 2, 2, 1]


def test_a_message_that_the_program_failed_on_is_replaced(path: Path) -> None:
    failed = outcome("m1", submission(findings=(NO_PDF,))).model_copy(update={"fault": "KeyError: 'x'"})
    for again in (failed, failed, outcome("m1", submission())):
        with opened(path) as store:
            assert store.twin_of("<m1@example.invalid>", frozenset({"d1", "p1"})) is None
            store.save_outcome(again, "r1")
    with opened(path) as store:
        assert [count(store, table) for table in TABLES] == [1, 2, 1, 1, 0]
        assert store.known_message_ids() == {"m1"}


def test_a_complete_message_is_never_written_over(path: Path) -> None:
    whole = outcome("m1", submission(findings=(NO_PDF,)))
    bare = whole.model_copy(update={"submissions": ()})
    failed = bare.model_copy(update={"fault": "KeyError: 'x'"})
    with opened(path) as store:
        assert store.save_outcome(whole, "r1")
        for again in (whole, bare, failed):
            assert not store.save_outcome(again, "r2")
            assert [count(store, table) for table in TABLES] == [1, 2, 1, 1, 1]
        assert store.twin_of("<m1@example.invalid>", frozenset({"d1", "p1"}), "m1") is None
        assert store.database.value("select run_id from messages") == "r1"


def test_one_transaction_inside_another_is_a_part_of_it(path: Path) -> None:
    with opened(path) as store:
        with suppress(KeyError), store.database.transaction():
            store.save_outcome(outcome("m1", submission()), "r1")
            raise KeyError
        assert store.known_message_ids() == set()
        with store.database.transaction():
            store.save_outcome(outcome("m1", submission()), "r1")
        assert store.known_message_ids() == {"m1"}


def test_what_a_message_causes_is_owed_until_it_is_done(path: Path) -> None:
    with opened(path) as store:
        store.begin_run("r1", RECEIVED, "/export", {}, "0.1.0")
        store.save_outcome(outcome("m1", submission()), "r1", reports="/out")
        store.save_outcome(outcome("m2", submission("2025Q2-BBBBBB", "m2")), "r1", reports="/out")
        owes = [(one.what, one.about, one.folder) for one in store.owed()]
        assert owes == [("across", "2025Q2", ""), ("reports", "2025Q2", "/out"), ("rest", "/export", "")]
        store.replace_window_findings("2025Q2", {}, {}, "r1")
        store.finish_run("r1", RECEIVED, "complete", {})
        assert [one.what for one in store.owed()] == ["reports"]


def test_a_run_that_was_killed_is_called_interrupted_by_the_next_which_judges_as_it_did(path: Path) -> None:
    rows = tuple(recommendation(number, demand=100 * number) for number in (1, 2, 3))
    with opened(path) as store:
        assert store.begin_run("r1", RECEIVED, "/export", {}, "0.1.0") == {}
        store.save_outcome(outcome("m1", submission(recommendations=rows)), "r1")
        assert store.begin_run("r2", RECEIVED + dt.timedelta(1), "/export", {}, "0.1.0") == {}
        states = store.database.rows("select run_id, state from runs order by run_id")
        assert [tuple(row.values()) for row in states] == [("r1", "interrupted"), ("r2", "running")]
        store.finish_run("r2", RECEIVED, "complete", {})
        assert store.begin_run("r3", RECEIVED, "/export", {}, "0.1.0") == {"2025Q2": 200}


def test_bytes_that_were_no_text_do_not_stop_a_run(path: Path) -> None:
    raw = submission(unit="上海市\udcb5局", contact="a\x00b")
    with opened(path) as store:
        store.save_outcome(outcome("m1", raw, source="2025-06/\udcc4.eml"), "r1")
        kept = store.submission("2025Q2-AAAAAA")
        assert (kept.unit, kept.contact) == ("上海市\ufffd局", "a\x00b")
        assert not store.record_sighting("m1", "2025-06/\udcc4.eml", "r2", NO_PDF)


def test_a_run_asks_once_where_messages_were_seen(path: Path) -> None:
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        store.record_sighting("m1", "b.eml", "r1", finding("message-seen", seen="b.eml"))
        assert store.places() == {"m1": {"2025-06/m1.eml", "b.eml"}}


def test_a_failing_submission_leaves_nothing_half(path: Path) -> None:
    twice = submission(recommendations=(recommendation(1), recommendation(1)))
    with opened(path) as store:
        with pytest.raises(Exception, match=r"(?i)constraint|duplicate"):
            store.save_outcome(outcome("m1", twice), "r1")
        assert [count(store, t) for t in ("submissions", "recommendations")] == [0, 0]
        assert store.known_message_ids() == set()


def test_a_sighting_is_noted_once_per_path(path: Path) -> None:
    seen = finding("message-seen", seen="b.eml", expected="a.eml")
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        assert not store.record_sighting("m1", "2025-06/m1.eml", "r1", seen)
        assert store.record_sighting("m1", "b.eml", "r1", seen)
        assert not store.record_sighting("m1", "b.eml", "r2", seen)
        assert [f.code for f in store.message_record("m1").findings] == ["message-seen"]


def test_the_second_witness_is_message_id_and_files(path: Path) -> None:
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        assert store.twin_of("<m1@example.invalid>", frozenset({"d1", "p1"})) == "2025-06/m1.eml"
        assert store.twin_of("<m1@example.invalid>", frozenset({"d1"})) is None
        assert store.twin_of("<other@example.invalid>", frozenset({"d1", "p1"})) is None
        assert store.twin_of(None, frozenset({"d1", "p1"})) is None


def test_a_rerun_replaces_the_result_and_keeps_the_old_one(path: Path) -> None:
    before = submission(findings=(MISMATCH, NO_PDF), status=Status.NEEDS_CORRECTION)
    after = submission(findings=(MISMATCH,), status=Status.ACCEPTED)
    with opened(path) as store:
        store.save_outcome(outcome("m1", before), "r1")
        kept = store.findings_of("2025Q2-AAAAAA")[0].finding_id
        store.database.execute("update findings set state = 'waived' where finding_id = ?", kept)
        store.supersede_and_save(after, [], "r2")
        assert store.submission("2025Q2-AAAAAA") == after
        assert [f.code for f in store.submission("2025Q2-AAAAAA~1").findings] == [
            "code-name-mismatch",
            "pdf-missing",
        ]
        assert store.database.value(
            "select superseded_by from submissions where submission_id like '%~1'"
        ) == ("2025Q2-AAAAAA")
        assert [(v.finding_id, v.state) for v in store.findings_of("2025Q2-AAAAAA")] == [(kept, "waived")]
        store.supersede_and_save(before, [], "r3")
        assert count(store, "submissions") == 3
        assert [one.submission_id for one in store.window_submissions("2025Q2")] == ["2025Q2-AAAAAA"]


def test_looking_across_a_window_twice_gives_the_same(path: Path) -> None:
    older, newer = submission("2025Q2-OLDEST", "m1"), submission("2025Q2-NEWEST", "m2")
    note = finding("resubmission", seen="2025Q2-OLDEST")
    with opened(path) as store:
        store.save_outcome(outcome("m1", older), "r1")
        store.save_outcome(outcome("m2", newer), "r1")
        for _ in range(2):
            store.replace_window_findings(
                "2025Q2", {"2025Q2-NEWEST": (note,)}, {"2025Q2-OLDEST": "2025Q2-NEWEST"}, "r1"
            )
        assert count(store, "findings") == 1
        assert [(one.submission_id, one.superseded_by) for one in store.window_submissions("2025Q2")] == [
            ("2025Q2-NEWEST", None),
            ("2025Q2-OLDEST", "2025Q2-NEWEST"),
        ]
        report = window_report(store, "2025Q2")
        assert [one.submission.submission_id for one in report.standing] == ["2025Q2-NEWEST"]
        store.replace_window_findings("2025Q2", {}, {}, "r2")
        assert count(store, "findings") == 0
        assert all(one.superseded_by is None for one in store.window_submissions("2025Q2"))


def test_looking_across_again_keeps_what_people_decided(path: Path) -> None:
    note = finding("resubmission", seen="2025Q2-OLDEST")
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        store.replace_window_findings("2025Q2", {"2025Q2-AAAAAA": (note,)}, {}, "r1")
        store.database.execute("update findings set state = 'waived'")
        store.replace_window_findings("2025Q2", {"2025Q2-AAAAAA": (note, NO_PDF)}, {}, "r2")
        assert [(view.finding.code, view.state) for view in store.findings_of("2025Q2-AAAAAA")] == [
            ("resubmission", "waived"),
            ("pdf-missing", "open"),
        ]


def test_a_place_in_a_corrected_file_has_its_name(path: Path) -> None:
    corrected = FileRecord(
        file_id="w2", name="更正.docx", media_type="", kind=FileKind.DOCX, bytes=9, role="corrected",
        state="recorded",
    )  # fmt: skip
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        store.supersede_and_save(submission(), [corrected], "r2")
        assert store.files_of("m1", "2025Q2-AAAAAA") == [corrected]
        assert window_report(store, "2025Q2").file_names()["w2"] == "更正.docx"


def test_a_rerun_works_on_what_earlier_processes_wrote(path: Path) -> None:
    for run in range(3):
        with opened(path) as store:
            if run == 0:
                store.save_outcome(outcome("m1", submission(findings=(NO_PDF,))), "r0")
            else:
                store.supersede_and_save(submission(findings=(NO_PDF,)), [], f"r{run}")
    with opened(path, read_only=True) as store:
        names = store.database.rows("select submission_id, superseded_by from submissions order by 1")
        assert [tuple(row.values()) for row in names] == [
            ("2025Q2-AAAAAA", None),
            ("2025Q2-AAAAAA~1", "2025Q2-AAAAAA"),
            ("2025Q2-AAAAAA~2", "2025Q2-AAAAAA"),
        ]


@pytest.mark.parametrize("version", range(len(STEPS)))
def test_every_earlier_schema_is_brought_up_to_date(version: int, path: Path, tmp_path: Path) -> None:
    earlier = duckdb.connect(str(path))
    if version:
        earlier.execute("create table schema_versions (version integer, applied_at timestamptz)")
    for number, step in enumerate(STEPS[:version], 1):
        earlier.execute(step.read_text(encoding="utf-8"))
        earlier.execute("insert into schema_versions values (?, now())", [number])
    earlier.close()
    shape = "select table_name, column_name, data_type from information_schema.columns order by all"
    with opened(path) as migrated, opened(tmp_path / "fresh.duckdb") as fresh:
        assert migrated.database.rows(shape) == fresh.database.rows(shape)
        assert migrated.database.value("select max(version) from schema_versions") == len(STEPS)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [int(step.name.split("_")[0]) for step in STEPS] == list(range(1, len(STEPS) + 1))


def test_runs_are_recorded_with_their_end(path: Path) -> None:
    with opened(path) as store:
        store.begin_run("r1", RECEIVED, "/export", {"dictionary": "2022"}, "0.1.0")
        store.finish_run("r1", RECEIVED + dt.timedelta(seconds=9), "complete", {"added": 3})
        run = store.last_run()
        assert run is not None
        assert (run.run_id, run.state, run.reference_editions) == ("r1", "complete", {"dictionary": "2022"})


def test_an_unknown_submission_names_near_ones(path: Path) -> None:
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        with pytest.raises(UsageError, match="2025Q2-AAAAAA"):
            store.submission("2025q2-aaaaab")


def test_an_unknown_window_names_the_known_ones(path: Path) -> None:
    with opened(path) as store:
        store.save_outcome(outcome("m1", submission()), "r1")
        with pytest.raises(UsageError, match="2025Q2, closed"):
            window_report(store, "2024Q1")


HOLDER = """
import sys, time
from outputs.store.store import Store
from pathlib import Path
with Store.open(Path(sys.argv[1]), wait_seconds=0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def held(path: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(path), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_a_writer_waits_its_turn(path: Path) -> None:
    with held(path, 0.7) as process, Store.open(path, wait_seconds=20) as store:
        assert store.known_message_ids() == set()
        assert process.wait(timeout=5) == 0


def test_a_writer_that_waited_in_vain_says_so(path: Path) -> None:
    with held(path, 30) as process:
        with pytest.raises(StoreBusyError, match="in use by another program"):
            Store.open(path, wait_seconds=0.2)
        process.kill()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "letter.duckdb"
    text.write_text("dear office " * 1000, encoding="utf-8")
    with pytest.raises(StoreError, match=r"letter\.duckdb"):
        opened(text)
    with pytest.raises(StoreError, match="no database at"):
        opened(tmp_path / "absent.duckdb", read_only=True)


def test_a_newer_schema_and_a_foreign_database_are_refused(path: Path, tmp_path: Path) -> None:
    with opened(path) as store:
        store.database.execute("insert into schema_versions values (99, now())")
    with pytest.raises(StoreError, match="newer version"):
        opened(path)
    foreign = tmp_path / "foreign.duckdb"
    duckdb.connect(str(foreign)).execute("create table t (a int)").close()
    with pytest.raises(StoreError, match="another program"):
        opened(foreign)


def test_readers_and_a_writer_of_one_process_wait_for_each_other(tmp_path: Path) -> None:
    """The staff's page reads and writes in threads; DuckDB refuses either while the other has the file."""
    path = tmp_path / "z.duckdb"
    with Store.open(path, wait_seconds=0):
        pass
    failed: list[Exception] = []

    def work(read_only: bool) -> None:
        try:
            for _ in range(12):
                with Store.open(path, wait_seconds=20, read_only=read_only) as store:
                    store.windows()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
