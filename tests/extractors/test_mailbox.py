"""Exports of every form in, the messages' paths out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.mailbox import open_mailbox
from extractors.messages import message_digest
from reference.errors import MailboxError
from reference.settings import Limits


def mail(number: int, body: str = "body") -> bytes:
    return (
        f"Received: from a by b; Mon, 23 Jun 2025 09:00:{number:02d} +0800\r\nFrom: a@x.invalid\r\n"
        f"Subject: {number}\r\nMessage-ID: <{number}@x.invalid>\r\n\r\n{body}\r\n"
    ).encode()


ENVELOPE = b"From a@x.invalid Mon Jun 23 09:00:00 2025\r\n"


def mbox(*mails: bytes) -> bytes:
    return b"\r\n".join(ENVELOPE + one for one in mails)


def sources(path: Path) -> list[str]:
    with open_mailbox(path, Limits()) as box:
        for source in box.sources:
            assert message_digest(source.read()) == source.message_id
        return [source.source for source in box.sources]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def test_a_folder_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "一.eml").write_bytes(mail(1))
    (tmp_path / "a" / "no-ending").write_bytes(mail(2))
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "notes.txt").write_bytes("说明".encode())
    with open_mailbox(tmp_path, Limits()) as box:
        assert [one.source for one in box.sources] == ["a/b/一.eml", "a/no-ending"]
        assert [one.source for one in box.skipped] == ["notes.txt"]


def test_a_maildir(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "cur" / "1750640400.M1P1.host:2,S").write_bytes(mail(1))
    (tmp_path / "new" / "1750640401.M2P2.host").write_bytes(mail(2))
    assert sources(tmp_path) == ["cur/1750640400.M1P1.host:2,S", "new/1750640401.M2P2.host"]


def test_single_files(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(mail(1))
    assert sources(tmp_path / "one.eml") == ["one.eml"]


def test_an_mbox_splits_at_envelopes_only(tmp_path: Path) -> None:
    told = (
        "第一段\r\n\r\nFrom here on it is only text.\r\n\r\nFrom Monday 23 Jun 2025 on we write\r\nno header"
    )
    path = tmp_path / "box.mbox"
    path.write_bytes(mbox(mail(1, told), mail(2)))
    assert sources(path) == ["box.mbox#1", "box.mbox#2"]
    with open_mailbox(path, Limits()) as box:
        assert box.sources[0].read() == mail(1, told).rstrip()


def test_a_zip_of_any_of_these(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(a__1=mail(1), box=mbox(mail(2), mail(3)), inner=zipped(x=mail(4))))
    assert sources(path) == [
        "export.zip!a/1", "export.zip!box#1", "export.zip!box#2", "export.zip!inner!x",
    ]  # fmt: skip


def test_an_unsafe_zip_among_messages_is_skipped_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "good.eml").write_bytes(mail(1))
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("../evil.eml", mail(2))
    with open_mailbox(tmp_path, Limits()) as box:
        assert [one.source for one in box.sources] == ["good.eml"]
        assert [one.source for one in box.skipped] == ["bad.zip"]
    assert not (tmp_path.parent / "evil.eml").exists()


@pytest.mark.parametrize("make", ["nothing", "empty folder", "text"])
def test_what_is_no_export_stops_the_run(make: str, tmp_path: Path) -> None:
    path = tmp_path / "export"
    if make == "empty folder":
        path.mkdir()
    elif make == "text":
        path.write_text("dear office", encoding="utf-8")
    with pytest.raises(MailboxError), open_mailbox(path, Limits()):
        pass


LINES = st.sampled_from(
    ["From ", "From me to you", "From a@b Mon", ">From x", "", "text", "Subject: not a header", "From: x"]
)


@settings(deadline=None)
@given(bodies=st.lists(st.lists(LINES).map("\r\n".join), min_size=1, max_size=5))
def test_no_body_splits_an_mbox(bodies: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("box") / "box.mbox"
    path.write_bytes(mbox(*(mail(number, body) for number, body in enumerate(bodies))))
    assert len(sources(path)) == len(bodies)
