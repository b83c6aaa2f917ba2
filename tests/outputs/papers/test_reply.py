"""The reply draft, from senders who want to write its headers."""

from __future__ import annotations

import time
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.papers.reply import reply_draft
from tests.outputs.papers.test_notice import noticed

NOTICE = noticed()
HEADERS = {"to", "subject", "in-reply-to", "references", "x-unsent", "mime-version", "content-type"}
TWICE = "=?utf-8?q?a=0aBcc:_x=40example.invalid?="
"""What is left of a subject that was encoded twice: the e-mail library would decode it into two headers."""
SPITE = st.sampled_from(
    [TWICE, "\r\nBcc: x@y", "\u2028", "\x85", "a@[", "\ud800", "<", "@", '"', "推荐", "re: "]
)
TEXT = st.lists(SPITE | st.text(max_size=8), max_size=6).map("".join)


@settings(max_examples=40)
@given(TEXT, TEXT, TEXT)
def test_no_sender_writes_a_header(sender: str, message_id: str, subject: str) -> None:
    data = reply_draft(NOTICE, sender, (message_id, subject), b"PK")
    draft = message_from_bytes(data, policy=policy.compat32)
    assert {name.lower() for name in draft} <= HEADERS
    assert draft["Subject"] is not None
    assert len(draft.get_payload()) == 2


@pytest.mark.parametrize(
    ("sender", "message_id", "subject"),
    [
        ("a" * 50_000, "x", "y"),
        ("@" * 50_000, "x", "y"),
        ("a@b.c", "x" * 100_000, "y"),
        ("a@b.c", "x", "推荐" * 50_000),
        ("a@b.c", "x", "re: " * 50_000),
    ],
)
def test_none_takes_long(sender: str, message_id: str, subject: str) -> None:
    began = time.process_time()
    reply_draft(NOTICE, sender, (message_id, subject), b"PK")
    assert time.process_time() - began < 1  # a name of 50 kB took 29 s, a subject of 100,000 characters 11


def test_an_encoded_word_stays_a_text() -> None:
    data = reply_draft(NOTICE, f"{TWICE}@x.invalid, wang@example.invalid", ("a.b@c", TWICE), b"PK")
    draft = message_from_bytes(data, policy=policy.default)
    assert draft["Bcc"] is None
    assert draft["Subject"] == "Re: = ?utf-8?q?a=0aBcc:_x=40example.invalid?="
