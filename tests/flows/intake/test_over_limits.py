"""A file that overruns its reader is `file-over-limits`: its message and its neighbours are complete."""

from __future__ import annotations

import shutil
from collections import Counter
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest

from flows.cli import main
from flows.intake.foreign import take_apart, unpacked
from flows.intake.reading import read_file
from outputs.store.store import Store
from reference.settings import Limits, Settings
from tests.conftest import SAMPLES
from tests.extractors import hostile

GOOD = SAMPLES / "export" / "2025-06"


def with_file(source: Path, name: str, data: bytes) -> bytes:
    """A sample's message with a further PDF."""
    message = BytesParser(policy=default).parsebytes(source.read_bytes())
    assert isinstance(message, EmailMessage)
    message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    shutil.copy(GOOD / "M0018.eml", folder)
    (folder / "bad.eml").write_bytes(with_file(GOOD / "M0030.eml", "慢.pdf", hostile.slow()))
    return folder


def test_it_costs_itself_alone_and_the_run_ends_well(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGJI_LIMITS__SECONDS", "3")
    db = tmp_path / "t.duckdb"
    assert main(["run", str(export), "--db", str(db), "--out", str(tmp_path / "out"), "--plain"]) == 0
    with Store.open(db, wait_seconds=5, read_only=True) as store:
        assert len(store.window_submissions("2025Q2")) == 2
        found = store.database.rows("select seen, message_zh from findings where code = 'file-over-limits'")
        assert [(row["seen"], "读取耗时过长" in str(row["message_zh"])) for row in found] == [
            ("慢.pdf", True)
        ]
        states = store.database.rows(
            "select name, state from files join messages using (message_id) where messages.source = 'bad.eml'"
        )
    assert Counter(row["state"] for row in states)["read"] >= 1
    assert ("慢.pdf", "refused") in {(row["name"], row["state"]) for row in states}


def test_a_message_that_cannot_be_taken_apart_in_time_is_listed_with_its_head(tmp_path: Path) -> None:
    """So little memory that its 60 MB cannot be held, and its head can."""
    head = (
        b"From: =?utf-8?B?5byg5LiJ?= <a@example.invalid>\r\nSubject: long\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
    )
    settings = Settings(db=tmp_path / "z.duckdb", limits=Limits(memory_bytes=75_000_000))
    message = take_apart(head + b"a\r\n" * 20_000_000, "long.eml", settings, None)
    assert (message.subject, message.sender, message.sender_name) == ("long", "a@example.invalid", "张三")
    assert [found.code for found in message.findings] == ["file-over-limits"]
    assert message.attachments == ()


@pytest.mark.parametrize("name", hostile.COSTLY)
def test_a_small_file_that_asks_for_much_is_told(name: str, tmp_path: Path) -> None:
    settings = Settings(db=tmp_path / "z.duckdb")
    (file,) = unpacked(name, hostile.COSTLY[name](), settings)
    codes = {found.code for found in read_file(file, settings).findings}
    assert codes & {"file-over-limits", "file-unreadable"}
