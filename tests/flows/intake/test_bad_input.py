"""Nothing that is sent aborts a run: each bad file ends as its finding, its neighbours complete."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from extractors.mail.mailbox import open_mailbox
from extractors.mail.messages import read_message
from flows.intake.pipeline import run_intake
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from reference.settings import Limits, Settings
from tests.conftest import SAMPLES

GOOD = SAMPLES / "export" / "2025-06" / "M0001.eml"


def sample_files() -> tuple[bytes, bytes]:
    """The Word and PDF form of a good message."""
    files = read_message(GOOD.read_bytes(), "m", Limits(), exported_at=None).attachments
    by_kind = {str(file.kind): file.data for file in files}
    return by_kind["docx"], by_kind["pdf"]


WORD, PDF = sample_files()


def mail(number: int, *files: tuple[str, bytes], subject: str = "推荐表报送") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.invalid", subject
    message["Message-ID"] = f"<bad{number}@example.invalid>"
    message["Received"] = f"from a by b; Mon, 23 Jun 2025 09:{number:02d}:00 +0800"
    message.set_content("请查收")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = zipped(("推荐表.docx", WORD))
    for level in range(depth - 1):
        data = zipped((f"{level}.zip", data))
    return data


def long_table(rows: int) -> bytes:
    """The good form with very many rows more."""
    document = docx.Document(io.BytesIO(WORD))
    last = document.tables[0]._tbl.tr_lst[-1].xml
    body = "".join([last] * rows)
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(WORD))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(b"</w:tbl>", body.encode() + b"</w:tbl>", 1)
            target.writestr(name, data)
    return out.getvalue()


STAMPED = ("推荐表（盖章）.pdf", PDF)
TYPED = ("推荐表.docx", WORD)
CASES: dict[str, tuple[Callable[[], tuple[tuple[str, bytes], ...]], set[str]]] = {
    "truncated PDF": (lambda: (("推荐表.pdf", PDF[: len(PDF) // 3]), TYPED), {"file-unreadable"}),
    "PDF that is text": (lambda: (("推荐表.pdf", b"dear office"), TYPED), {"file-unreadable"}),
    "docx that is no zip": (lambda: (STAMPED, ("推荐表.docx", b"not a zip at all")), {"file-unreadable"}),
    "truncated docx": (lambda: (STAMPED, ("推荐表.docx", WORD[:5000])), {"file-unreadable"}),
    "0 bytes": (lambda: (STAMPED, ("推荐表.docx", b"")), {"file-unreadable"}),
    "zip bomb": (lambda: (STAMPED, TYPED, ("x.zip", zipped(("a", bytes(300_000_000))))), {"archive-unsafe"}),
    "path that leaves": (
        lambda: (STAMPED, ("x.zip", zipped(("../../推荐表.docx", WORD)))),
        {"archive-unsafe"},
    ),
    "four deep": (lambda: (STAMPED, ("x.zip", nested(4))), {"archive-unsafe"}),
    "three deep": (lambda: (STAMPED, ("x.zip", nested(3))), set()),
    "rar": (lambda: (STAMPED, ("推荐表.rar", b"Rar!\x1a\x07\x01\x00" + bytes(60))), {"file-unsupported"}),
    "Excel": (lambda: (STAMPED, ("推荐表.xlsx", zipped(("xl/workbook.xml", b"<x/>")))), {"file-unsupported"}),
    "no table": (lambda: (STAMPED, ("推荐表.docx", plain_document())), {"form-not-found"}),
}


def plain_document() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("请见附件。")
    document.save(out)
    return out.getvalue()


OF_FILES = {
    "file-unreadable",
    "file-unsupported",
    "file-encrypted",
    "archive-unsafe",
    "form-not-found",
    "pdf-missing",
    "word-missing",
}


def test_each_bad_file_is_its_finding_and_its_neighbours_are_complete(tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for number, (files, _) in enumerate(CASES.values()):
        (export / f"{number:02d}.eml").write_bytes(mail(number, *files()))
    (export / "99.eml").write_bytes(GOOD.read_bytes())
    settings = Settings(db=tmp_path / "t.duckdb", out=tmp_path / "out", workers=1)
    summary = run_intake(export, settings)
    assert summary.faults == ()
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        report = window_report(store, "2025Q2")
    sources = {one.message.message_id: one.message.source for one in report.messages}
    got = {
        sources[one.submission.message_id]: {f.code for f in one.submission.findings} & OF_FILES
        for one in report.submissions
    }
    expected = {f"{number:02d}.eml": codes for number, (_, codes) in enumerate(CASES.values())}
    assert got == {**expected, "99.eml": set()}
    assert all(len(one.submission.recommendations) == 4 for one in report.submissions)


@pytest.mark.parametrize("rows", [500, pytest.param(2_000, marks=pytest.mark.nightly)])
def test_a_very_long_table_is_judged_whole(rows: int, tmp_path: Path) -> None:
    """Thousands of rows are read in `test_word.py`; here they go all the way."""
    export = tmp_path / "long.eml"
    export.write_bytes(mail(1, STAMPED, ("推荐表.docx", long_table(rows))))
    settings = Settings(db=tmp_path / "t.duckdb", out=tmp_path / "out", workers=1)
    assert run_intake(export, settings).faults == ()
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        (view,) = store.window_submissions("2025Q2")
    assert len(view.items) == rows + 4


def test_a_message_without_a_boundary_ends_as_its_finding(tmp_path: Path) -> None:
    export = tmp_path / "broken.eml"
    head = b"From: a@example.invalid\r\nReceived: from a by b; Mon, 23 Jun 2025 09:00:00 +0800\r\n"
    export.write_bytes(head + b"Subject: x\r\nContent-Type: multipart/mixed\r\n\r\nnothing like parts\r\n")
    with open_mailbox(export, Limits()) as box:
        (source,) = box.sources
        message = read_message(source.read(), "broken.eml", Limits(), exported_at=None)
    assert [f.code for f in message.findings] == ["file-unreadable"]
