"""Real Outlook files in, the message and its files out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from extractors.mail.mailbox import open_mailbox
from extractors.mail.messages import read_message
from reference.settings import Limits
from tests.extractors.cfb_writer import message

HEADERS = (
    "Received: from a by mx.office; Fri, 27 Jun 2025 10:53:45 +0800\r\n"
    "From: =?UTF-8?B?5pu56Iqz55Cq?= <a@x.invalid>\r\nMessage-ID: <1@x.invalid>\r\n"
)
PDF, LONG = b"%PDF-1.7\nsmall", b"%PDF-1.7\n" + bytes(9000)
MSG = message("推荐表报送", HEADERS, "请查收", [("推荐表.pdf", PDF), ("推荐表（盖章）.pdf", LONG)])


def test_an_outlook_file_is_a_message_like_any_other() -> None:
    read = read_message(MSG, "a.msg", Limits(), exported_at=None)
    assert (read.subject, read.sender, read.sender_name, read.body) == (
        "推荐表报送", "a@x.invalid", "曹芳琪", "请查收",
    )  # fmt: skip
    assert read.received_at == dt.datetime.fromisoformat("2025-06-27T10:53:45+08:00")
    assert read.received_from == "received-header"
    assert [(f.name, f.data) for f in read.attachments] == [("推荐表.pdf", PDF), ("推荐表（盖章）.pdf", LONG)]


def test_outlook_files_stand_in_an_export(tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(MSG)
    with open_mailbox(tmp_path, Limits()) as box:
        assert [one.source for one in box.sources] == ["a.msg"]


def test_a_damaged_outlook_file_is_its_finding() -> None:
    for end in range(600, len(MSG), 1500):
        read_message(MSG[:end], "a.msg", Limits(), exported_at=None)
