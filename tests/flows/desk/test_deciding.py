"""Decisions of the desk: a finding upheld, waived, a cell set, taken back; carried over a re-run."""

from __future__ import annotations

import datetime as dt
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.desk.deciding import Choice, decide, undo
from flows.desk.rerun import rerun_submission
from flows.intake.pipeline import run_intake
from outputs.store.decisions import decisions_of
from outputs.store.store import Store
from outputs.store.stored import FindingView
from reference.decisions import Action, Decision
from reference.errors import UsageError
from reference.records import Submission
from reference.settings import Settings
from tests.conftest import share_readings

NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
EXPORT = Path(__file__).parents[3] / "samples" / "export" / "2025-06"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, readings: Path) -> Settings:
    """Four samples: a code missing and one unknown; implausible demands; a PDF that differs; in order."""
    folder = tmp_path_factory.mktemp("deciding")
    box = folder / "box"
    box.mkdir()
    for name in ("M0001", "M0012", "M0002", "M0023"):
        shutil.copy(EXPORT / f"{name}.eml", box)
    settings = Settings(db=folder / "z.duckdb", out=folder)
    share_readings(settings.db, readings)
    run_intake(box, settings, report=lambda _: None)
    return settings


def the_finding(settings: Settings, code: str) -> FindingView:
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        rows = store.database.rows(
            "select finding_id, submission_id from findings where code = ? order by row_no limit 1", code
        )
        views = store.findings_of(rows[0]["submission_id"])
    return next(view for view in views if view.finding_id == rows[0]["finding_id"])


def stored(settings: Settings, view: FindingView) -> tuple[Submission, dict[str, FindingView]]:
    assert view.submission_id
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        found = {one.finding_id: one for one in store.findings_of(view.submission_id)}
        return store.submission(view.submission_id), found


def history(settings: Settings, view: FindingView) -> tuple[Decision, ...]:
    assert view.submission_id
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        return decisions_of(store.database, view.submission_id)


def choose(settings: Settings, view: FindingView, action: Action, candidate: int = 0, **told: str) -> None:
    assert view.submission_id
    decide([Choice(view.finding_id, action, candidate, **told)], view.submission_id, "王敏", NOW, settings)


def status(settings: Settings, view: FindingView) -> str:
    row = next(one for one in stored(settings, view)[0].recommendations if one.row_no == view.finding.row_no)
    return str(row.status)


@pytest.mark.parametrize(
    ("action", "note", "state", "becomes"),
    [
        (Action.WAIVE, "已电话核实", "waived", "accepted"),
        (Action.UPHOLD, "", "upheld", "needs_correction"),
        (Action.ASK, "请说明测算依据", "upheld", "needs_correction"),
        (Action.REFUSE, "需求不实", "upheld", "rejected"),
    ],
)
def test_a_review_is_decided_and_taken_back(
    action: Action, note: str, state: str, becomes: str, settings: Settings
) -> None:
    view = the_finding(settings, "demand-implausible")
    assert status(settings, view) == "needs_review"
    choose(settings, view, action, note=note)
    assert stored(settings, view)[1][view.finding_id].state == state
    assert status(settings, view) == becomes
    assert view.submission_id
    undo(view.submission_id, "李强", NOW + dt.timedelta(minutes=1), settings)
    assert stored(settings, view)[1][view.finding_id].state == "open"
    assert status(settings, view) == "needs_review"
    assert [(one.action, one.person) for one in history(settings, view)] == [
        (action, "王敏"),
        (Action.UNDO, "李强"),
    ]


@pytest.mark.parametrize("number", [0, 1])
def test_of_two_texts_that_differ_either_is_taken(number: int, settings: Settings) -> None:
    view = the_finding(settings, "pdf-word-mismatch")
    finding = view.finding
    assert [one.name for one in finding.candidates] == [finding.expected, finding.seen]
    choose(settings, view, Action.TAKE, candidate=number)
    assert stored(settings, view)[1][view.finding_id].state == "corrected"
    ((cell,),) = [one.cells for one in history(settings, view)]
    assert (cell.field, cell.was, cell.value) == (
        finding.field,
        finding.expected,
        finding.candidates[number].name,
    )


def test_a_candidate_is_taken_and_the_row_judged_at_once(settings: Settings) -> None:
    view = the_finding(settings, "code-unknown")
    candidate = view.finding.candidates[0]
    choose(settings, view, Action.TAKE)
    submission, findings = stored(settings, view)
    row = next(one for one in submission.recommendations if one.row_no == view.finding.row_no)
    assert (row.code, row.occupation) == (candidate.code, candidate.name)
    assert row.raw_code == view.finding.seen  # the sender's own text stays
    assert findings[view.finding_id].state == "corrected"


def test_a_decision_is_carried_over_a_rerun_until_the_cell_changes(settings: Settings) -> None:
    view = the_finding(settings, "code-unknown")
    choose(settings, view, Action.TAKE)
    assert view.submission_id
    after = rerun_submission(view.submission_id, settings, run_id="again", person="王敏", now=NOW).after
    row = next(one for one in after.recommendations if one.row_no == view.finding.row_no)
    assert row.code == view.finding.candidates[0].code
    assert "code-unknown" not in {f.code for f in after.findings if f.row_no == row.row_no}


@pytest.mark.parametrize("action", [Action.WAIVE, Action.REFUSE, Action.ASK])
def test_a_reason_is_wanted(action: Action, settings: Settings) -> None:
    view = the_finding(settings, "demand-implausible")
    with pytest.raises(UsageError, match="reason"):
        choose(settings, view, action)
    assert history(settings, view) == ()


def two_findings_of_a_row(settings: Settings) -> tuple[FindingView, FindingView]:
    """A mistaken code, and a name that is missing in another row of the same form."""
    return the_finding(settings, "code-unknown"), the_finding(settings, "code-missing")


def test_two_who_decide_at_once_both_count(settings: Settings) -> None:
    views = two_findings_of_a_row(settings)
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(choose, settings, view, Action.TAKE) for view in views]:
            done.result()
    for view in views:
        submission, findings = stored(settings, view)
        row = next(one for one in submission.recommendations if one.row_no == view.finding.row_no)
        assert row.code == view.finding.candidates[0].code
        assert findings[view.finding_id].state == "corrected"
    assert len(history(settings, views[0])) == 2


def test_a_decision_and_a_rerun_at_once_both_count(settings: Settings) -> None:
    view = the_finding(settings, "code-unknown")
    assert view.submission_id
    with ThreadPoolExecutor(2) as both:
        again = both.submit(
            rerun_submission, view.submission_id, settings, run_id="again", person="李强", now=NOW
        )
        taken = both.submit(choose, settings, view, Action.TAKE)
        again.result(), taken.result()
    submission, _ = stored(settings, view)
    row = next(one for one in submission.recommendations if one.row_no == view.finding.row_no)
    assert row.code == view.finding.candidates[0].code
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        assert store.superseded_by(f"{view.submission_id}~1") == view.submission_id


def test_the_same_words_twice_are_one_decision(settings: Settings) -> None:
    view = the_finding(settings, "demand-implausible")
    for _ in range(2):
        choose(settings, view, Action.UPHOLD)
    assert len(history(settings, view)) == 1


def test_a_decision_is_taken_back_once(settings: Settings) -> None:
    view = the_finding(settings, "demand-implausible")
    choose(settings, view, Action.UPHOLD)
    (made,) = history(settings, view)
    assert undo(made.submission_id, "李强", NOW, settings, made.decision_id)
    assert undo(made.submission_id, "李强", NOW, settings, made.decision_id) is None


def test_what_no_longer_stands_is_not_decided(settings: Settings) -> None:
    view = the_finding(settings, "demand-implausible")
    assert view.submission_id
    rerun_submission(view.submission_id, settings, run_id="again", person="王敏", now=NOW)
    earlier = f"{view.submission_id}~1"
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        archived = next(one for one in store.findings_of(earlier) if one.finding.code == "demand-implausible")
    with pytest.raises(UsageError, match="no longer stands"):
        decide([Choice(archived.finding_id, Action.UPHOLD)], earlier, "王敏", NOW, settings)


def test_a_rerun_is_no_decision_that_stands_or_is_taken_back(settings: Settings) -> None:
    view = the_finding(settings, "demand-implausible")
    assert view.submission_id
    choose(settings, view, Action.UPHOLD)
    rerun_submission(view.submission_id, settings, run_id="again", person="李强", now=NOW)
    undone = undo(view.submission_id, "王敏", NOW, settings)
    assert undone
    assert (undone.finding_id, stored(settings, view)[1][view.finding_id].state) == (view.finding_id, "open")
    assert [one.action for one in history(settings, view)] == [Action.UPHOLD, Action.RERUN, Action.UNDO]


def test_what_came_outside_a_window_is_not_waived(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    late = (EXPORT / "M0001.eml").read_bytes().replace(b"Jun 2025", b"Jul 2025")
    (box / "late.eml").write_bytes(late)
    settings = Settings(db=tmp_path / "z.duckdb", out=tmp_path)
    run_intake(box, settings, report=lambda _: None)
    view = the_finding(settings, "window-closed")
    with pytest.raises(UsageError, match="between 2025-09-20 and 2025-09-30") as refused:
        choose(settings, view, Action.WAIVE, note="已电话说明")
    assert "请单位于2025年9月20日至30日重新报送" in (refused.value.zh or "")
    assert history(settings, view) == ()
