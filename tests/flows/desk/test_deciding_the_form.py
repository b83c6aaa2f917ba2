"""Decisions about what the form says outside its table: the unit, the contact, the phone, the date."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from flows.desk.deciding import Choice, decide, undo
from flows.desk.rerun import rerun_submission
from flows.intake.pipeline import run_intake
from outputs.store.decisions import decisions_of
from outputs.store.store import Store
from outputs.store.stored import FindingView
from reference.decisions import Action
from reference.errors import UsageError
from reference.records import Submission
from reference.settings import Settings
from tests.conftest import share_readings
from tests.flows.desk.test_deciding import EXPORT, NOW, the_finding

OTHER = "上海市农业农村委员会"
"""The unit of M0001, which came a little earlier in the same window."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, readings: Path) -> Settings:
    """A blank unit, an unlisted one, a wrong phone, a late date, priorities out of order; one in order."""
    folder = tmp_path_factory.mktemp("form")
    box = folder / "box"
    box.mkdir()
    for name in ("M0001", "M0030", "M0031", "M0034", "M0036", "M0038"):
        shutil.copy(EXPORT / f"{name}.eml", box)
    settings = Settings(db=folder / "z.duckdb", out=folder)
    share_readings(settings.db, readings)
    run_intake(box, settings, report=lambda _: None)
    return settings


def name_of(view: FindingView) -> str:
    assert view.submission_id
    return view.submission_id


def set_to(settings: Settings, view: FindingView, value: str) -> None:
    decide([Choice(view.finding_id, Action.VALUE, value=value)], name_of(view), "王敏", NOW, settings)


def stored(settings: Settings, name: str) -> tuple[Submission, dict[str, str]]:
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        return store.submission(name), {one.finding.code: one.state for one in store.findings_of(name)}


@pytest.mark.parametrize(
    ("code", "value", "field", "kept"),
    [
        ("unit-missing", "上海市民政局", "unit", "上海市民政局"),
        ("unit-unknown", "上海市民政局", "unit", "上海市民政局"),
        ("phone-invalid", "021-60000874", "phone", "021-60000874"),
        ("form-date-after-receipt", "2025年6月20日", "form_date", dt.date(2025, 6, 20)),
    ],
)
def test_a_field_is_typed_judged_at_once_and_taken_back(
    code: str, value: str, field: str, kept: object, settings: Settings
) -> None:
    view = the_finding(settings, code)
    before, _ = stored(settings, name_of(view))
    set_to(settings, view, value)
    after, states = stored(settings, name_of(view))
    assert (getattr(after, field), after.as_sent(field)) == (kept, before.as_sent(field))
    assert states[code] == "corrected"
    undo(name_of(view), "李强", NOW + dt.timedelta(minutes=1), settings)
    back, states = stored(settings, name_of(view))
    assert getattr(back, field) == getattr(before, field)
    assert states[code] == "open"


@pytest.mark.parametrize(
    ("code", "value", "then"),
    [
        ("unit-missing", "上海某某协会", "unit-unknown"),
        ("phone-invalid", "传达室", "phone-invalid"),
        ("form-date-after-receipt", "下周一", "form-date-missing"),
    ],
)
def test_what_is_typed_is_judged_as_the_senders_own(
    code: str, value: str, then: str, settings: Settings
) -> None:
    view = the_finding(settings, code)
    set_to(settings, view, value)
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        found = store.findings_of(name_of(view))
    of_form = [one.finding for one in found if one.finding.row_no is None and one.state == "open"]
    told = {one.code: one.seen for one in of_form}
    seal = {"seal-unit-mismatch": "上海市民政局"} if then == "unit-unknown" else {}
    assert told == {then: value, **seal}


def test_the_unit_that_a_seal_bears_is_taken(settings: Settings) -> None:
    set_to(settings, the_finding(settings, "unit-missing"), "上海某某协会")
    view = the_finding(settings, "seal-unit-mismatch")
    decide([Choice(view.finding_id, Action.TAKE)], name_of(view), "王敏", NOW, settings)
    submission, states = stored(settings, name_of(view))
    assert (submission.unit, submission.unit_raw) == ("上海市民政局", "")
    assert states["seal-unit-mismatch"] == "corrected"
    assert states.get("unit-unknown", "corrected") == "corrected"


def test_nothing_typed_is_refused(settings: Settings) -> None:
    view = the_finding(settings, "unit-missing")
    with pytest.raises(UsageError) as refused:
        set_to(settings, view, "  ")
    assert refused.value.zh == "改值须填写内容。请填写该栏应有的内容。"


def test_what_is_about_no_single_field_is_not_set(settings: Settings) -> None:
    view = the_finding(settings, "priority-order")
    with pytest.raises(UsageError) as refused:
        set_to(settings, view, "1")
    assert "不能改值" in (refused.value.zh or "")


def test_it_is_carried_over_a_rerun(settings: Settings) -> None:
    view = the_finding(settings, "unit-unknown")
    set_to(settings, view, "上海市民政局")
    after = rerun_submission(name_of(view), settings, run_id="again", person="王敏", now=NOW).after
    assert (after.unit, after.unit_raw) == ("上海市民政局", view.finding.seen)
    assert "unit-unknown" not in {one.code for one in after.findings}


def test_a_submission_that_yields_over_a_mistyped_unit_is_given_back(settings: Settings) -> None:
    view = the_finding(settings, "unit-missing")
    set_to(settings, view, OTHER)
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        (other,) = store.database.rows(
            "select submission_id from submissions where unit = ? and submission_id <> ?",
            OTHER,
            name_of(view),
        )
        pair = (name_of(view), other["submission_id"])
        assert sum(store.superseded_by(name) in pair for name in pair) == 1  # the newer of the two stands
    undo(name_of(view), "王敏", NOW, settings)
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        assert [store.superseded_by(name) for name in pair] == [None, None]
        assert [one.action for one in decisions_of(store.database, pair[0])] == [Action.VALUE, Action.UNDO]
