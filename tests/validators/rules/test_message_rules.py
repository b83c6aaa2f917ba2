"""Messages as literals in, finding codes out."""

from __future__ import annotations

import datetime as dt

import pytest

from reference.model import Message, ReceivedFrom
from validators.rules.message import message_seen, no_form, receipt_rules


def message(received_at: str, received_from: ReceivedFrom = "received-header") -> Message:
    return Message(
        message_id="m",
        header_message_id=None,
        sender=None,
        sender_name=None,
        subject=None,
        received_at=dt.datetime.fromisoformat(received_at),
        received_from=received_from,
        date_header=None,
        source="m.eml",
        body="",
        automatic=False,
        attachments=(),
    )


@pytest.mark.parametrize(
    ("received_at", "received_from", "codes"),
    [
        ("2025-06-30T23:59:59+08:00", "received-header", []),
        ("2025-07-01T00:00:00+08:00", "received-header", ["window-closed"]),
        ("2025-06-19T16:00:00+00:00", "received-header", []),
        ("2025-06-25T09:00:00+08:00", "date-header", ["received-time-unsure"]),
        ("2025-05-25T09:00:00+08:00", "export", ["window-closed", "received-time-unsure"]),
    ],
)
def test_receipt(received_at: str, received_from: ReceivedFrom, codes: list[str]) -> None:
    assert [f.code for f in receipt_rules(message(received_at, received_from))] == codes


def test_a_closed_window_names_the_next_one() -> None:
    (found,) = receipt_rules(message("2025-07-01T00:00:00+08:00"))
    assert found.expected == "2025-09-20—2025-09-30"
    assert "收件时间为2025年7月1日00:00，" in found.message_zh
    assert "请在下一受理期（2025年9月20日至30日）重新报送" in found.message_zh


def test_messages_without_a_form_and_seen_before() -> None:
    assert no_form().code == "no-form"
    assert (message_seen("b.eml", "a.eml").seen, message_seen("b.eml", "a.eml").expected) == (
        "b.eml",
        "a.eml",
    )
