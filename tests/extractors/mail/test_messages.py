"""Messages as bytes in; who, when and which files out."""

from __future__ import annotations

import base64
import datetime as dt
import io
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.mail.messages import UNDATED, message_digest, read_message
from extractors.mail.structure import DEEPEST, MOST_PARTS
from reference.model import Message
from reference.settings import Limits
from reference.times import SHANGHAI
from tests.conftest import SAMPLES

PDF = b"%PDF-1.7\nnot much of one"
EXPORTED = dt.datetime(2025, 7, 2, tzinfo=SHANGHAI)


def read(data: bytes, exported_at: dt.datetime | None = None, limits: Limits | None = None) -> Message:
    return read_message(data, "m.eml", limits or Limits(), exported_at=exported_at)


def files(message: Message) -> list[tuple[str | None, str, tuple[str, ...], list[str]]]:
    return [(f.name, str(f.kind), f.within, [x.code for x in f.findings]) for f in message.attachments]


def raw(*lines: str, body: bytes = b"\r\nbody") -> bytes:
    return "\r\n".join(lines).encode() + b"\r\n" + body


OFFICE = "Received: from mx2 by mx.office; Fri, 27 Jun 2025 10:53:45 +0800 (CST)"
HOP = "Received: from pc by mx2; Mon, 30 Jun 2025 23:00:00 +0800"
DATE = "Date: Tue, 24 Jun 2025 08:00:00 +0800"
RECEIPTS = [
    ((OFFICE, HOP, DATE), "2025-06-27T10:53:45+08:00", "received-header"),
    (("Received: no date here", OFFICE, DATE), "2025-06-27T10:53:45+08:00", "received-header"),
    (
        ("Received: by x; Thu, 19 Jun 2025 16:00:00 +0000", DATE),
        "2025-06-20T00:00:00+08:00",
        "received-header",
    ),
    ((DATE,), "2025-06-24T08:00:00+08:00", "date-header"),
    (("Subject: x",), "2025-07-02T00:00:00+08:00", "export"),
]


@pytest.mark.parametrize(("lines", "moment", "source"), RECEIPTS)
def test_receipt_is_the_topmost_received_header(lines: tuple[str, ...], moment: str, source: str) -> None:
    message = read(raw(*lines), EXPORTED)
    assert (message.received_at, message.received_from) == (dt.datetime.fromisoformat(moment), source)


def test_without_any_time_no_window_holds_it() -> None:
    assert read(raw("Subject: x")).received_at == UNDATED


SENDERS = [
    ("曹芳琪 <a@x.invalid>", ("a@x.invalid", "曹芳琪")),
    ("=?UTF-8?B?5pu56Iqz55Cq?= <a@x.invalid>", ("a@x.invalid", "曹芳琪")),
    ("a@x.invalid", ("a@x.invalid", None)),
    ('"统计局, 办公室" <a@x.invalid>', ("a@x.invalid", "统计局, 办公室")),
    ("nobody", (None, "nobody")),
]


@pytest.mark.parametrize(("value", "sender"), SENDERS)
def test_senders(value: str, sender: tuple[str | None, str | None]) -> None:
    message = read(raw(f"From: {value}"))
    assert (message.sender, message.sender_name) == sender


def mail(*attachments: tuple[str | None, bytes, str]) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["Message-ID"] = "推荐表", "<1@x.invalid>"
    message.set_content("请查收")
    for name, data, disposition in attachments:
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name, disposition=disposition
        )
    return message


def test_files_are_what_their_bytes_are() -> None:
    message = mail(("推荐表.docx", PDF, "attachment"), (None, PDF, "inline"), ("空.pdf", b"", "attachment"))
    assert files(read(message.as_bytes())) == [
        ("推荐表.docx", "pdf", (), []),
        (None, "pdf", (), []),
        ("空.pdf", "empty", (), ["file-unreadable"]),
    ]


def test_identity_is_the_digest_of_the_bytes() -> None:
    data = mail().as_bytes()
    message = read(data)
    assert message.message_id == message_digest(data)
    assert message.header_message_id == "1@x.invalid"
    assert message.body == "请查收"


def forwarded(encode: bool) -> bytes:
    """A message that carries another as message/rfc822, plainly or in base64."""
    inner = mail(("推荐表.pdf", PDF, "attachment")).as_bytes()
    body = base64.encodebytes(inner) if encode else inner
    encoding = "base64" if encode else "7bit"
    return raw(
        "Subject: Fw",
        'Content-Type: multipart/mixed; boundary="BB"',
        body=b"\r\n--BB\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: "
        + encoding.encode() + b"\r\n\r\n" + body + b"\r\n--BB--\r\n",
    )  # fmt: skip


@pytest.mark.parametrize("encode", [False, True])
def test_a_forwarded_messages_files_are_the_messages(encode: bool) -> None:
    assert files(read(forwarded(encode))) == [
        (None, "message", (), []),
        ("推荐表.pdf", "pdf", ("（未命名）",), []),
    ]


def test_a_message_as_a_file_is_opened_too() -> None:
    outer = mail(("转发.eml", mail(("推荐表.pdf", PDF, "attachment")).as_bytes(), "attachment"))
    assert files(read(outer.as_bytes()))[1][:3] == ("推荐表.pdf", "pdf", ("转发.eml",))


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(("depth", "codes"), [(1, []), (3, []), (4, ["archive-unsafe"])])
def test_archives_inside_archives_at_most_three_deep(depth: int, codes: list[str]) -> None:
    data = PDF
    for level in range(depth):
        data = zipped("推荐表.pdf" if level == 0 else f"{level}.zip", data)
    found = files(read(mail(("包.zip", data, "attachment")).as_bytes()))
    assert [code for *_, each in found for code in each] == codes
    assert any(kind == "pdf" for _, kind, _, _ in found) == (not codes)


UNREAD = [(b"Rar!\x1a\x07\x00" + bytes(20), "rar"), (b"7z\xbc\xaf\x27\x1c" + bytes(20), "7z")]


@pytest.mark.parametrize(("data", "kind"), UNREAD)
def test_archives_that_are_not_unpacked_say_what_to_send(data: bytes, kind: str) -> None:
    (found,) = read(mail(("推荐表.rar", data, "attachment")).as_bytes()).attachments
    assert str(found.kind) == kind
    assert [f.code for f in found.findings] == ["file-unsupported"]
    assert "PDF" in found.findings[0].message_zh


def test_a_missing_boundary_is_found_in_the_parts() -> None:
    whole = mail(("推荐表.pdf", PDF, "attachment")).as_bytes()
    boundary = whole.split(b'boundary="')[1].split(b'"')[0]
    broken = whole.replace(b'; boundary="' + boundary + b'"', b"")
    assert files(read(broken))[0][:2] == ("推荐表.pdf", "pdf")


def test_a_missing_end_boundary_loses_nothing() -> None:
    whole = mail(("推荐表.pdf", PDF, "attachment")).as_bytes()
    assert files(read(whole[: whole.rindex(b"--", 0, -4)]))[0][:2] == ("推荐表.pdf", "pdf")


def test_parts_beyond_what_anybody_sends_are_said_not_dropped_in_silence() -> None:
    part = b"--BB\r\nContent-Type: application/pdf\r\n\r\n%PDF-1\r\n"
    head = raw('Content-Type: multipart/mixed; boundary="BB"', body=b"\r\n")
    message = read(head + part * (MOST_PARTS + 1) + b"--BB--\r\n")
    assert len(message.attachments) == MOST_PARTS
    assert [f.code for f in message.findings] == ["message-incomplete"]


def test_messages_inside_messages_end_somewhere() -> None:
    data = mail(("推荐表.pdf", PDF, "attachment")).as_bytes()
    for level in range(DEEPEST + 5):
        head = raw("Subject: Fw", f'Content-Type: multipart/mixed; boundary="B{level}"', body=b"\r\n")
        part = b"--B%d\r\nContent-Type: message/rfc822\r\n\r\n" % level
        data = head + part + data + b"\r\n--B%d--\r\n" % level
    found = files(read(data))
    assert found[-1][1] == "message"
    assert found[-1][3] == ["archive-unsafe"]


AUTOMATIC = [
    (("Auto-Submitted: auto-replied",), True),
    (("Auto-Submitted: no",), False),
    (("X-Autoreply: yes",), True),
    (("Return-Path: <>",), True),
    (("Subject: 自动回复",), False),
]


@pytest.mark.parametrize(("lines", "automatic"), AUTOMATIC)
def test_auto_replies(lines: tuple[str, ...], automatic: bool) -> None:
    assert read(raw(*lines)).automatic is automatic


BODIES = [
    (b"Content-Type: text/plain; charset=gbk\r\n\r\n" + "请查收".encode("gbk"), "请查收"),
    (b"Content-Type: text/plain; charset=x-none\r\n\r\n" + "请查收".encode(), "请查收"),
    (
        "Content-Type: text/html; charset=utf-8\r\n\r\n"
        "<style>p{}</style><p>请<b>查收</b></p><p>谢谢".encode(),
        "请查收\n谢谢",
    ),
    (b"\r\nplain", "plain"),
]


@pytest.mark.parametrize(("data", "body"), BODIES)
def test_bodies(data: bytes, body: str) -> None:
    assert read(data).body == body


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_messages_are_read_as_far_as_they_go(data: st.DataObject) -> None:
    sample = bytearray((SAMPLES / "export" / "2025-06" / "M0004.eml").read_bytes()[:40_000])
    for _ in range(data.draw(st.integers(1, 20))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    message = read(bytes(sample))
    assert message.message_id == message_digest(bytes(sample))


@given(st.binary(max_size=500))
def test_noise_is_a_message_without_anything(noise: bytes) -> None:
    read(noise)


@pytest.mark.parametrize("name", ["other@x.invalid", '"other@x.invalid"', "=?utf-8?q?other=40x=2Einvalid?="])
def test_a_name_that_looks_like_an_address_is_not_the_sender(name: str) -> None:
    """The reply would go to whomever the name says."""
    data = f"From: {name} <real@x.invalid>\r\n\r\nx".encode()
    message = read_message(data, "a.eml", Limits(), exported_at=None)
    assert (message.sender, message.sender_name) == ("real@x.invalid", "other@x.invalid")
