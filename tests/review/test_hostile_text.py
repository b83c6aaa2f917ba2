"""A sender's text is data in every page and paper: no markup, no formula, whatever it is called."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import docx
import openpyxl
import pytest

from flows.intake.reports import write_reports
from outputs.papers.export import export
from outputs.store.store import Store
from reference.model import Status
from reference.settings import Settings
from tests.outputs.outcomes import MISMATCH, outcome, recommendation, submission
from tests.review.test_guard import client

SAID = "=cmd|' /C calc'!A0<img src=x onerror=alert(1)>\"'&\u202e\x07"
"""A formula by its first sign, markup after it, and marks that nobody sees."""
NAME = "2025Q2-AAAAAA"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A desk whose one sender calls everything by one hostile text."""
    said, folder = SAID, tmp_path_factory.mktemp("hostile")
    settings = Settings(db=folder / "z.duckdb", out=folder)
    wrong = MISMATCH.model_copy(
        update={"seen": said, "expected": said, "message_zh": said, "message_en": said, "candidates": ()}
    )
    row = {f"raw_{name}": said for name in ("code", "occupation", "work_type", "industries", "reason")}
    row |= {"occupation": said, "work_type": said, "reason": said, "code": None, "industries": (said,)}
    form = {f"{name}{raw}": said for name in ("unit", "contact", "phone") for raw in ("", "_raw")}
    judged = submission(
        NAME,
        "m1",
        **form,
        findings=(wrong,),
        recommendations=(recommendation(1, status=Status.NEEDS_CORRECTION, **row), recommendation(2, **row)),
    )
    sent = outcome("m1", judged, subject=said, sender=f"{said}@x", sender_name=said, source=said, body=said)
    files = tuple(one.model_copy(update={"name": f"{said}.docx"}) for one in sent.message.files)
    sent = sent.model_copy(update={"message": sent.message.model_copy(update={"files": files})})
    with Store.open(settings.db, wait_seconds=5) as store:
        store.save_outcome(sent, "r1")
    return settings


def test_no_page_takes_it_for_markup(told: Settings) -> None:
    page = client(told)
    asked = dict.fromkeys(("q", "unit", "industry", "window", "code", "state"), SAID)
    for path in ("/", "/messages", "/submissions", "/rows", "/findings", "/units", f"/submission/{NAME}"):
        for query in ({"window": "2025Q2"}, asked):
            answer = page.get(path, params=query)
            assert answer.status_code == 200, path
            assert "<img src" not in answer.text, path
            assert query is asked or "\u202e" not in answer.text, path  # what is typed is echoed as it is
    answer = page.get(f"/submission/{quote(SAID, safe='')}")
    assert "<img src" not in answer.text


def test_no_report_and_no_export_takes_it_for_markup_or_a_formula(told: Settings, tmp_path: Path) -> None:
    out = told.model_copy(update={"out": tmp_path})
    written = list(write_reports(["2025Q2"], out, papers=True))
    with Store.open(told.db, wait_seconds=5, read_only=True) as store:
        for form in ("csv", "xlsx"):
            written += export(store, tmp_path, form, None)
    assert {path.suffix for path in written} == {".xlsx", ".html", ".csv", ".docx"}
    for path in written:
        if path.suffix == ".html":
            html = path.read_text(encoding="utf-8")
            assert "<img" not in html
            assert "<script" not in html
        else:
            for cell in cells(path):
                assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell), (path.name, cell)


def cells(path: Path) -> Iterator[str]:
    """The cells that a program might calculate: texts of a CSV, formulas of a workbook, none of Word."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (cell for row in csv.reader(file) for cell in row)
    elif path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                yield from (str(cell.value) for cell in row if cell.data_type == "f")
    else:
        docx.Document(str(path))


def test_notice_and_reply_hold_it_as_text(told: Settings) -> None:
    page = client(told)
    notice = page.get(f"/submission/{NAME}/notice.docx")
    document = docx.Document(io.BytesIO(notice.content))
    texts = [one.text for one in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert any("<img src=x onerror=alert(1)>" in text for text in texts)
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w%.-]+", notice.headers["content-disposition"])
    reply = page.get(f"/submission/{NAME}/reply.eml")
    assert reply.status_code == 200
    assert b"Subject: Re: =cmd" in reply.content
