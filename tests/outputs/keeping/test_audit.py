"""Each kind of damage to the tables is told as that gap, and as no other; sound tables give none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from outputs.keeping.audit import decision_gaps, table_gaps
from outputs.keeping.audit_checks import CHECKS
from outputs.store.database import Database
from outputs.store.decisions import record, settle
from outputs.store.mapping import finding_rows
from outputs.store.store import Store
from reference.decisions import Action, Decision
from reference.findings import finding
from reference.model import Status
from reference.records import FileRecord, MessageOutcome
from tests.outputs.outcomes import MISMATCH, NO_PDF, outcome, recommendation, submission
from validators.judge import status_of

S1, S2 = "2025Q2-AAAAAA", "2025Q2-BBBBBB"
UPHELD = next(iter(finding_rows((NO_PDF,), submission_id=S1, message_id="m1", run_id="r")))["finding_id"]
PASSING = ("also-recommended",)


def sound() -> tuple[MessageOutcome, ...]:
    """A form with three rows and findings of form and row, one that yields to it, a message without form."""
    rows = (recommendation(1, status=Status.NEEDS_CORRECTION), recommendation(2), recommendation(3))
    first = submission(
        S1,
        file_ids=("d1", "p1"),
        recommendations=rows,
        findings=(NO_PDF, MISMATCH),
        status=Status.NEEDS_CORRECTION,
    )
    other = submission(S2, "m2", file_ids=("d2", "p2"))
    note = finding("no-form")
    return outcome("m1", first), outcome("m2", other), outcome("m3", findings=(note,))


def decision(name: str, action: Action, **facts: object) -> Decision:
    known = {
        "decision_id": name,
        "finding_id": None,
        "submission_id": S1,
        "row_no": None,
        "code": None,
        "action": action,
        "value": None,
        "person": "王敏",
        "note": None,
        "decided_at": dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC),
    }
    return Decision.model_validate({**known, **facts})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Sound tables: a run, copies, a correction, an earlier result, a decision and one taken back, a step."""
    path = tmp_path_factory.mktemp("audit") / "z.duckdb"
    with Store.open(path, wait_seconds=5) as store:
        for one in sound():
            store.save_outcome(one, "r")
        store.record_sighting("m3", "copy/m3.eml", "r", finding("message-seen", seen="copy", first="m3"))
        corrected = FileRecord(
            file_id="c1",
            name="更正.pdf",
            media_type="",
            kind="pdf",
            bytes=9,
            role="corrected",
            state="recorded",
        )
        store.supersede_and_save(sound()[0].submissions[0], [corrected], "again", "d1")
        record(store.database, [decision("d1", Action.RERUN)])
        record(store.database, [decision("d2", Action.UPHOLD, finding_id=UPHELD, code=NO_PDF.code)])
        record(store.database, [decision("d3", Action.WAIVE, finding_id=UPHELD, code=NO_PDF.code, note="x")])
        record(store.database, [decision("d4", Action.UNDO, value="d3")])
        settle(store.database, S1, status_of)
        store.database.execute("update submissions set superseded_by = ? where submission_id = ?", S1, S2)
        store.database.execute("insert into steps values (?, 1, 'panel', '2025-08-01', '王敏', null)", S1)
        yield store.database


def gaps(database: Database) -> dict[str, str]:
    """The gaps by the checks' names, with their sentences."""
    found = (*table_gaps(database), *decision_gaps(database, PASSING))
    return {gap.check: f"{gap.zh} {gap.en}" for gap in found}


def test_sound_tables_have_no_gap(whole: Database) -> None:
    assert gaps(whole) == {}


DAMAGE = {
    "message-unfinished": ("update messages set completed_at = null where message_id = 'm3'", "m3.eml"),
    "message-faulted": ("update messages set fault = 'slip' where message_id = 'm1'", "m1.eml"),
    "message-unexplained": ("delete from findings where message_id = 'm3'", "m3.eml"),
    "message-unerased": ("insert into erasures values ('m2', now(), '王敏', now())", "m2.eml"),
    "message-twice": (
        "update messages set header_message_id = 'x' where message_id in ('m1', 'm2');"
        "update files set file_id = replace(file_id, '2', '1') where message_id = 'm2';"
        "update submissions set file_ids = ['d1', 'p1'] where message_id = 'm2'",
        "m2.eml",
    ),
    "sighting-orphan": ("insert into sightings values ('gone', 'copy/x.eml', 'r')", "copy/x.eml"),
    "file-orphan": ("update files set submission_id = 'gone' where file_id = 'c1'", "更正.pdf"),
    "file-missing": ("delete from files where file_id = 'd3'", "m3.eml"),
    "file-unstated": ("update files set state = 'lost' where file_id = 'p3'", "推荐表.pdf"),
    "submission-file": (f"update submissions set file_ids = ['d1', 'zz'] where submission_id = '{S1}'", "zz"),
    "submission-empty": (f"delete from recommendations where submission_id = '{S2}'", S2),
    "submission-chain": (
        f"update submissions set superseded_by = '{S2}' where submission_id = '{S1}'",
        S1,
    ),
    "submission-status": (f"update submissions set status = 'accepted' where submission_id = '{S1}'", S1),
    "row-missing": (f"delete from recommendations where submission_id = '{S1}' and row_no = 2", S1),
    "row-orphan": (
        f"update recommendations set submission_id = 'gone' where submission_id = '{S2}'",
        "gone",
    ),
    "row-status": (
        f"update recommendations set status = 'rejected' where submission_id = '{S1}' and row_no = 3",
        "row 3",
    ),
    "finding-orphan": (
        "update findings set submission_id = 'gone' where code = 'pdf-missing'",
        "pdf-missing",
    ),
    "finding-row": (f"update findings set row_no = 9 where submission_id = '{S1}' and row_no = 1", "row 9"),
    "finding-missing": (
        f"delete from findings where submission_id = '{S1}' and code = 'pdf-missing'",
        S1,
    ),
    "finding-undeclared": ("update findings set code = 'no-such' where message_id = 'm3'", "no-such"),
    "finding-state": (
        f"update findings set state = 'waived' where submission_id = '{S1}' and code = 'pdf-missing'",
        UPHELD,
    ),
    "decision-orphan": ("update decisions set submission_id = 'gone' where decision_id = 'd1'", "d1"),
    "decision-undone": ("delete from decisions where decision_id = 'd3'", "d3"),
    "decision-finding": ("update decisions set finding_id = 'f0' where decision_id = 'd2'", "f0"),
    "step-orphan": ("update steps set submission_id = 'gone'", "panel"),
    "submission-earlier": (
        f"update submissions set submission_id = '{S1}~2' where submission_id = '{S1}~1'",
        S1,
    ),
    "submission-orphan": (f"update submissions set message_id = 'gone' where submission_id = '{S2}'", S2),
}
ALSO = {
    "row-orphan": {"submission-empty"},
    "finding-orphan": {"submission-status", "finding-missing"},
    "finding-row": {"row-status"},
    "finding-missing": {"submission-status"},
    "finding-state": {"submission-status"},
    "decision-finding": {"finding-state"},
    "submission-earlier": {"finding-orphan", "row-orphan", "submission-empty"},
    "submission-orphan": {"submission-file", "message-unexplained"},
}
"""What the same damage breaks besides, for it is about more than one thing."""


@pytest.mark.parametrize("check", DAMAGE)
def test_each_damage_is_told_by_its_name(check: str, whole: Database) -> None:
    sql, named = DAMAGE[check]
    whole.execute("begin")
    try:
        whole.execute(sql)
        found = gaps(whole)
    finally:
        whole.execute("rollback")
    assert found.keys() == {check} | ALSO.get(check, set())
    assert named in found[check]


def test_every_check_is_broken_once() -> None:
    assert {check.name for check in CHECKS} <= DAMAGE.keys()
