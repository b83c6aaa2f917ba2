"""A run on the shipped samples, held against their truth: every time, head, cell, value and finding."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from flows.intake.pipeline import RunSummary
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from outputs.store.stored import SubmissionReport, WindowReport
from reference.model import Field
from reference.settings import Settings
from tests.conftest import SAMPLES

pytestmark = pytest.mark.xdist_group("samples")

TRUTH: dict[str, Any] = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
MESSAGES = {message["id"]: message for message in TRUTH["messages"]}
ALWAYS = {"shortage-flag-not-checked", "name-corrected"}


@pytest.fixture(scope="module")
def reports(sample_run: RunSummary, sample_settings: Settings) -> tuple[WindowReport, ...]:
    with Store.open(sample_settings.db, wait_seconds=5, read_only=True) as store:
        return tuple(window_report(store, window) for window in sample_run.windows)


def folded(text: object) -> str:
    return "" if text is None else re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text)))


def found(reports: tuple[WindowReport, ...], key: str) -> SubmissionReport:
    """The submission by its message's name in the export."""
    stem = next(s["message"] for s in TRUTH["submissions"] if s["key"] == key)
    ids = {
        one.message.message_id
        for report in reports
        for one in report.messages
        if one.message.source.endswith(f"/{stem}.eml")
    }
    (hit,) = (one for report in reports for one in report.submissions if one.submission.message_id in ids)
    return hit


def test_every_message_is_there_once_with_its_time(reports: tuple[WindowReport, ...]) -> None:
    got = {
        one.message.source.split("/")[-1][:-4]: one.message.received_at
        for report in reports
        for one in report.messages
    }
    wanted = {
        key: dt.datetime.fromisoformat(message["received_at"])
        for key, message in MESSAGES.items()
        if not message.get("duplicate_of")
    }
    assert got == wanted


def test_nothing_is_too_many(reports: tuple[WindowReport, ...]) -> None:
    assert sum(len(report.submissions) for report in reports) == len(TRUTH["submissions"])


@pytest.mark.parametrize("truth", TRUTH["submissions"], ids=lambda truth: truth["key"])
def test_a_submission(truth: dict[str, Any], reports: tuple[WindowReport, ...]) -> None:
    report = found(reports, truth["key"])
    got = report.submission
    assert got.window == truth["window"]
    head = {name: folded(getattr(got, f"{name}_raw")) for name in ("unit", "contact", "phone", "form_date")}
    assert head == {name: folded(truth[f"{name}_raw"]) for name in head}
    assert (got.form_date.isoformat() if got.form_date else None) == truth["form_date"]
    cells = [[folded(getattr(row, f"raw_{field}")) for field in Field] for row in got.recommendations]
    assert cells == [[folded(row["raw"][field]) for field in Field] for row in truth["rows"]]
    assert list(findings_apart(truth, report)) == []


def findings_apart(truth: dict[str, Any], report: SubmissionReport) -> Iterator[tuple[str, str, int | None]]:
    """Findings missed and findings unexpected, as (what, code, row)."""
    message = MESSAGES[truth["message"]]
    expected = [
        *message["expected"],
        *truth["expected"],
        *(e for row in truth["rows"] for e in row["expected"]),
    ]
    got = [(view.finding.code, view.finding.row_no) for view in report.findings]
    allowed = ALWAYS | set(truth["also_allowed"]) | set(message["also_allowed"])
    for wanted in expected:
        codes = wanted.get("codes_ok", [wanted["code"]])
        rows_free = wanted["row_no"] is None or "rows_ok" in wanted
        hit = [one for one in got if one[0] in codes and (rows_free or one[1] == wanted["row_no"])]
        if not hit:
            yield "missed", wanted["code"], wanted["row_no"]
        got = [one for one in got if not hit or one[0] != hit[0][0] or one[1] != hit[0][1]]
    for code, row_no in got:
        row = next((row for row in truth["rows"] if row["row_no"] == row_no), None)
        if code not in allowed | set(row["also_allowed"] if row else ()):
            yield "unexpected", code, row_no


@pytest.mark.parametrize("truth", TRUTH["submissions"], ids=lambda truth: truth["key"])
def test_normalised_values(truth: dict[str, Any], reports: tuple[WindowReport, ...]) -> None:
    rows = found(reports, truth["key"]).submission.recommendations
    for wanted, got in zip(truth["rows"], rows, strict=True):
        if wanted["defect"] == "occupation-unknown":
            continue  # nothing settles what an invented occupation's values are
        for name, value in wanted["values"].items():
            rights = [value, *wanted["alternatives"].get(name, [])]
            read = getattr(got, name)
            read = sorted(read or ()) if name == "industries" else read
            rights = [sorted(one or ()) if name == "industries" else one for one in rights]
            if name not in wanted["unscored"]:
                assert any(read == right or folded(read) == folded(right) for right in rights), (
                    name,
                    read,
                    rights,
                )


def test_messages_without_a_form_say_so(reports: tuple[WindowReport, ...]) -> None:
    own = {
        one.message.source.split("/")[-1][:-4]: [view.finding.code for view in one.findings]
        for report in reports
        for one in report.messages
        if one.findings
    }
    assert own == {"M0052": ["message-seen"], "M0053": ["no-form"], "M0054": ["no-form"]}
