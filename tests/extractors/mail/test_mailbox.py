"""Exports of every form in, the messages' paths out."""

from __future__ import annotations

import errno
import io
import os
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.mail import mailbox
from extractors.mail.mailbox import open_mailbox
from extractors.mail.messages import message_digest
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


def listed(path: Path) -> tuple[list[str], dict[str, str]]:
    with open_mailbox(path, Limits()) as box:
        return [one.source for one in box.sources], {one.source: one.reason for one in box.skipped}


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    """A pipe that nobody writes to would be waited for for ever."""
    (tmp_path / "good.eml").write_bytes(mail(1))
    os.mkfifo(tmp_path / "pipe.eml")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "door.eml"))
    (tmp_path / "null.eml").symlink_to("/dev/null")
    (tmp_path / "itself.eml").symlink_to("itself.eml")
    (tmp_path / "gone.eml").symlink_to("nowhere")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "one.eml").symlink_to("good.eml")
    found, skipped = listed(tmp_path)
    assert found == ["good.eml", "one.eml"]
    assert skipped.keys() == {"pipe.eml", "door.eml", "null.eml", "itself.eml", "gone.eml"}
    assert "not a regular file" in skipped["pipe.eml"]


def test_a_message_too_large_to_be_held_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty space that costs no disk; an Outlook file is told by its head, before it is read."""
    monkeypatch.setattr(mailbox, "LARGEST", 1_000_000)
    heads = {"a.eml": mail(1), "b.mbox": ENVELOPE + mail(2), "c.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
    for name, head in heads.items():
        with (tmp_path / name).open("wb") as file:
            file.write(head)
            file.truncate(1_000_100 + len(head))
    (tmp_path / "d.eml").write_bytes(mail(3))
    found, skipped = listed(tmp_path)
    assert found == ["d.eml"]
    assert skipped == {"a.eml": mailbox.TOO_LARGE, "b.mbox#1": mailbox.TOO_LARGE, "c.msg": mailbox.TOO_LARGE}


def test_what_may_not_be_read_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    for name in ("good.eml", "shut.eml", "shut/in.eml"):
        (tmp_path / name).write_bytes(mail(1))
    opened, listing = os.open, Path.iterdir

    def refuse(path: str, *given: int) -> int:  # root may read everything: the refusal is made here
        if "shut" in Path(path).name:
            raise PermissionError(13, "Permission denied")
        return opened(path, *given)

    def closed(path: Path) -> Iterator[Path]:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Path, "iterdir", closed)
    found, skipped = listed(tmp_path)
    assert found == ["good.eml"]
    assert skipped.keys() == {"shut", "shut.eml"}
    assert all("Permission denied" in reason for reason in skipped.values())


@pytest.mark.parametrize(("name", "found"), [("a.eml", ["b.eml"]), ("a.mbox", ["a.mbox#1", "b.eml"])])
def test_a_file_that_grows_while_it_is_read_waits_for_the_next_run(
    name: str, found: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an mbox all but the last message is there; the last may be half of one."""
    path = tmp_path / name
    path.write_bytes(mail(1) if name == "a.eml" else mbox(mail(1), mail(2)))
    (tmp_path / "b.eml").write_bytes(mail(3))
    digest = mailbox._digest

    def while_it_grows(file: BinaryIO, start: int, end: int) -> str:
        told = digest(file, start, end)
        if Path(str(file.name)).stem == "a":
            with path.open("ab") as more:
                more.write(b"more\r\n")
        return told

    monkeypatch.setattr(mailbox, "_digest", while_it_grows)
    sources, skipped = listed(tmp_path)
    assert sources == found
    assert [reason for reason in skipped.values() if "next run" in reason]
    monkeypatch.undo()
    assert len(listed(tmp_path)[0]) == len(found) + 1


def test_a_message_that_changed_since_the_listing_is_not_taken_for_another(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail(1))
    with open_mailbox(tmp_path, Limits()) as box:
        path.write_bytes(mail(2))
        with pytest.raises(MailboxError, match="changed"):
            box.sources[0].read()
        path.unlink()
        with pytest.raises(MailboxError, match="no longer"):
            box.sources[0].read()
        assert box.sources[0].exported_at.year == 1970


@pytest.mark.parametrize("block", [1024, 1025, 1500, 4096])
def test_an_mbox_is_split_alike_whatever_the_blocks(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = ["x" * length + "\r\n\r\nFrom here on\r\n" for length in (0, 700, 1010, 1020, 1024, 3000, 9000)]
    mails = [mail(number, body) for number, body in enumerate(bodies)]
    path = tmp_path / "box"
    path.write_bytes(mbox(*mails))
    monkeypatch.setattr(mailbox, "BLOCK", block)
    with open_mailbox(path, Limits()) as box:
        assert [one.read() for one in box.sources] == [one.rstrip(b"\r\n") for one in mails]


def test_a_large_mbox_is_listed_in_little_memory(tmp_path: Path) -> None:
    """200 MB in a process that may take 60 MB more than it has at its start."""
    path = tmp_path / "box.mbox"
    with path.open("wb") as file:
        for number in range(200):
            file.write(ENVELOPE + mail(number % 60, "x" * 76 + "\r\n") + b"y" * 1_000_000 + b"\r\n\r\n")
    code = (
        "import resource, sys; from pathlib import Path; from extractors.mail.mailbox import open_mailbox;"
        "from reference.settings import Limits;"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "before = peak(); box = open_mailbox(Path(sys.argv[1]), Limits()).__enter__();"
        "print(len(box.sources), (peak() - before) // 1024)"
    )
    told = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    count, megabytes = map(int, told.stdout.split())
    assert count == 200
    assert megabytes < 60


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is a text")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("推荐表.eml".encode("gb18030"), "推荐表.eml"),
        (b"a\xff.eml", "a\ufffd.eml"),
        (b"a\n\x1b[2Jb.eml", "a\ufffd\ufffd[2Jb.eml"),
        ("中　文.eml".encode(), "中　文.eml"),
    ],
)
def test_a_name_under_any_bytes_is_told_as_one_line_of_text(name: bytes, told: str, tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(mail(1))
    assert sources(tmp_path) == [told]
    told.encode()


def test_so_is_a_member_s_name(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(zipped(**{"a\n\x1b[2Jb.eml": mail(1)}))
    assert sources(tmp_path / "export.zip") == ["export.zip!a\ufffd\ufffd[2Jb.eml"]


def test_a_disk_that_is_full_is_not_the_zip_s_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passed over, its messages would be lacking in a run that ends well."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "a.eml").write_bytes(mail(1))
    (tmp_path / "b.zip").write_bytes(zipped(a=mail(2)))
    monkeypatch.setattr(mailbox, "members_to", full)
    with pytest.raises(OSError, match="space"), open_mailbox(tmp_path, Limits()):
        pass
