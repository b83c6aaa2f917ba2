"""The form's table and the before-and-after page: what is in force, what went, what was carried over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.desk.deciding import Choice, decide
from flows.desk.rerun import rerun_submission, withdraw_correction
from outputs.store.decisions import decisions_of
from outputs.store.store import Store
from reference.decisions import Action, changes
from reference.findings import finding, offered
from reference.settings import Settings
from review.labels import Words
from review.pages.comparing import changes_of
from review.pages.form_table import ShownCell, form_table
from tests.review.conftest import NOW
from tests.review.test_browser import corrected_word, submission


def taken(desk: Settings, code: str) -> str:
    """The submission with the first candidate of a finding taken."""
    name = submission(desk, "上海市气象局")
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        (finding, *_) = [one for one in store.findings_of(name) if one.finding.code == code]
    decide([Choice(finding.finding_id, Action.TAKE)], name, "王敏", NOW, desk)
    return name


def cells(desk: Settings, name: str) -> dict[str, ShownCell]:
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        decided = changes(decisions_of(store.database, name))
        table = form_table(store.submission(name).recommendations, store.findings_of(name), decided)
    return {cell.name: cell for _, row in table for cell in row}


def test_the_decided_value_stands_beside_what_the_sender_wrote(desk: Settings) -> None:
    name = submission(desk, "上海市气象局")
    before = cells(desk, name)["2/code"]
    assert (before.raw, before.decided, before.tone) == ("6-01-01-02", False, "correct")
    taken(desk, "code-name-mismatch")
    after = cells(desk, name)["2/code"]
    assert (after.raw, after.value, after.decided, after.tone) == ("6-01-01-02", "4-12-03-01", True, "")


def test_a_value_that_is_the_senders_own_is_told_once(desk: Settings) -> None:
    shown = cells(desk, submission(desk, "上海市气象局"))
    assert shown["1/code"].value is None
    assert shown["1/code"].raw


def test_a_rerun_tells_what_was_decided_from_what_went(desk: Settings, tmp_path: Path) -> None:
    name = taken(desk, "code-name-mismatch")
    corrected = corrected_word(tmp_path)
    rerun_submission(name, desk, run_id="r", person="李强", now=NOW, corrected=[corrected])
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        told = changes_of(store, name)
    assert [view.finding.code for view in told["settled"]] == ["code-name-mismatch"]
    assert "code-name-mismatch" not in [view.finding.code for view in told["gone"]]
    assert [(one.action, one.person) for one in told["carried"]] == [(Action.TAKE, "王敏")]
    assert told["lapsed"] == []
    assert (told["event"].person, told["event"].value) == ("李强", "更正.docx")
    assert [(number, field) for number, field, _, _ in told["rows"]] == [(1, "reason")]
    assert {number: (old, new) for number, old, new in told["states"]}[2] == ("accepted", "accepted")


def test_a_decision_lapses_where_the_sender_wrote_something_else(desk: Settings, tmp_path: Path) -> None:
    name = taken(desk, "code-name-mismatch")
    corrected = corrected_word(tmp_path, number="2", column=1, text="4-12-03-01")
    rerun_submission(name, desk, run_id="r", person="李强", now=NOW, corrected=[corrected])
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        told = changes_of(store, name)
    assert [one.action for one in told["lapsed"]] == [Action.TAKE]
    assert told["carried"] == []


def test_the_two_texts_of_a_cell_are_told_apart() -> None:
    differs = finding(
        "pdf-word-mismatch", seen="1500", expected="1200", candidates=offered("1200", "1500"),
        where="第1行", where_en="row 1", parts="",
    )  # fmt: skip
    words = Words("zh")
    assert [words.text_of(differs, one) for one in differs.candidates] == ["WORD", "PDF"]
    other = finding("ocr-unsure", candidates=offered("1200"), hint_zh="", hint_en="")
    assert words.text_of(other, other.candidates[0]) == ""


def test_a_withdrawal_is_told_and_carries_decisions_over(desk: Settings, tmp_path: Path) -> None:
    name = taken(desk, "code-name-mismatch")
    rerun_submission(
        name, desk, run_id="r", person="李强", now=NOW, corrected=[corrected_word(tmp_path)]
    )  # fmt: skip
    withdraw_correction(name, desk, run_id="w", person="王敏", now=NOW + dt.timedelta(hours=1))
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        told = changes_of(store, name)
    assert (told["event"].action, told["event"].person, told["files"]) == (
        Action.WITHDRAW, "王敏", "更正.docx",
    )  # fmt: skip
    assert [one.action for one in told["carried"]] == [Action.TAKE]
    assert [(number, field) for number, field, _, _ in told["rows"]] == [(1, "reason")]
