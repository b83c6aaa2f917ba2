"""Rules on the message: when it came, and whether it holds anything (一(三)1)."""

from __future__ import annotations

from collections.abc import Iterator

from reference.findings import finding
from reference.model import Finding, Message
from reference.times import SHANGHAI, day_zh, days_zh
from validators.window import next_window, window_of

_TAKEN_FROM = {"date-header": "发件人的 Date 信头", "export": "邮箱导出文件的时间"}


def receipt_rules(message: Message) -> Iterator[Finding]:
    """`window-closed`, `received-time-unsure`: by the newest Received header, in Asia/Shanghai."""
    local = message.received_at.astimezone(SHANGHAI)
    stamp = f"{local:%Y-%m-%d %H:%M:%S}"
    if window_of(message.received_at) is None:
        first, last = next_window(message.received_at)
        yield finding(
            "window-closed",
            field="received_at",
            seen=stamp,
            expected=f"{first}—{last}",
            seen_zh=f"{day_zh(local.date())}{local:%H:%M}",
            next_zh=days_zh(first, last),
        )
    if message.received_from != "received-header":
        yield finding(
            "received-time-unsure",
            field="received_at",
            seen=stamp,
            expected=_TAKEN_FROM[message.received_from],
        )


def no_form() -> Finding:
    """`no-form`: an inquiry, an auto-reply."""
    return finding("no-form")


def message_seen(source: str, first_source: str) -> Finding:
    """`message-seen`: the same message at another path of the export, or re-sent as it was."""
    return finding("message-seen", seen=source, expected=first_source)
