"""A message's bytes to the domain's `Message`: who, what, when, and its files."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from extractors.mail import headers, mime, outlook
from extractors.mail.attachments import attachments_of, told
from extractors.mail.file_kinds import sniff
from extractors.mail.mime import Mail, Part
from extractors.mail.structure import HEAD_BYTES
from reference.findings import finding
from reference.model import FileKind, Message, ReceivedFrom
from reference.settings import Limits
from reference.times import SHANGHAI

UNDATED = dt.datetime(1970, 1, 1, tzinfo=SHANGHAI)
"""Stands where neither header nor export gives a time; no window holds it."""


def message_digest(data: bytes) -> str:
    """A message's identity: the sha-256 of its bytes. Never a mailbox's counter."""
    return hashlib.sha256(data).hexdigest()


def read_message(data: bytes, source: str, limits: Limits, *, exported_at: dt.datetime | None) -> Message:
    """Read a message (RFC 822 or .msg). Never raises for its content: what can be read is given.

    `exported_at` is the last resort for the time of receipt. What a reader of mail trips over all the same
    costs the message its parts, at worst its head, never itself: it is then `message-incomplete`.
    """
    tried = (data, _HEAD.split(data[:HEAD_BYTES], maxsplit=1)[0], b"")
    fault = ""
    for content in tried:
        try:
            message, mail = _read(content, source, exported_at)
            message = message.model_copy(update={"attachments": attachments_of(mail, limits)})
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - nothing in one message may cost it its place in the register
            fault = fault or type(error).__name__
        else:
            return _marked(message, message_digest(data), source, fault) if fault else message
    raise AssertionError("a message of no bytes is always read")


_HEAD = re.compile(rb"\r?\n\r?\n")


def _marked(message: Message, message_id: str, source: str, fault: str) -> Message:
    """A message of which the head alone could be read."""
    incomplete = finding(
        "message-incomplete",
        seen=source,
        reason_zh=f"系统未能读取其内容：{fault}",
        reason_en=f"its content could not be read: {fault}",
    )
    return message.model_copy(update={"message_id": message_id, "findings": (incomplete,)})


def read_bare(
    data: bytes, source: str, *, exported_at: dt.datetime | None
) -> tuple[Message, tuple[Part, ...]]:
    """A message and its parts, none of which is looked into. May raise whatever its content brings about."""
    message, mail = _read(data, source, exported_at)
    return message, mail.parts


def _read(data: bytes, source: str, exported_at: dt.datetime | None) -> tuple[Message, Mail]:
    kind, _ = sniff(data)
    mail = (outlook if kind is FileKind.MSG else mime).parse(data)
    sender, sender_name = _sender(mail)
    date_header = next((day for value in mail.all("date") if (day := headers.moment(value))), None)
    received_at, received_from = _receipt(mail, date_header, exported_at)
    message_id = mail.first("message-id")
    message = Message(
        message_id=message_digest(data),
        header_message_id=message_id.strip().strip("<>").strip() or None if message_id else None,
        sender=sender,
        sender_name=sender_name,
        subject=mail.first("subject"),
        received_at=received_at,
        received_from=received_from,
        date_header=date_header,
        source=source,
        body=mail.body,
        automatic=_automatic(mail),
        attachments=(),
        findings=told(mail.faults, source),
    )
    return message, mail


def _receipt(
    mail: Mail, date_header: dt.datetime | None, exported_at: dt.datetime | None
) -> tuple[dt.datetime, ReceivedFrom]:
    """When the office's own server took the message: each server puts its `Received` on top (一(三)1)."""
    for value in mail.all("received"):
        if moment := headers.moment(value.rpartition(";")[2]):
            return moment, "received-header"
    if date_header:
        return date_header, "date-header"
    return (exported_at.astimezone(SHANGHAI) if exported_at else UNDATED), "export"


_ADDRESS = re.compile(r"<\s*([^<>\s]+)\s*>|[^\s<>,;\"]+")
"""A text in brackets, or a word; which of them is an address, its @ tells: no pattern looks for both ends."""


def _sender(mail: Mail) -> tuple[str | None, str | None]:
    """The sender's address and name; the name decoded after the address is cut off, as mailers mean it."""
    value = next(iter(mail.all("from") or mail.all("sender") or mail.all("return-path")), None)
    if value is None:
        return None, None
    written = headers.text(value)
    found = list(_ADDRESS.finditer(written))
    # What stands in brackets is where the mail came from; an address before them is but a name.
    for match in sorted(found, key=lambda one: one[1] is None):
        address = match[1] or match[0]
        if "@" in address[1:-1] and "<" not in address:
            name = (written[: match.start()] + written[match.end() :]).strip(" \t\"'<>,")
            return address, name or None
    return None, written or None


def _automatic(mail: Mail) -> bool:
    """An auto-reply or a bounce, by the headers that such mail carries (RFC 3834)."""
    submitted = (mail.first("auto-submitted") or "no").lower()
    return (
        not submitted.startswith("no")
        or any(mail.all(name) for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress"))
        or (mail.first("return-path") or "").strip() == "<>"
    )
