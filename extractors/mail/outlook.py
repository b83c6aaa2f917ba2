"""Outlook .msg files, taken apart like any other mail. The door to python-oxmsg."""

from __future__ import annotations

import struct
from email.parser import HeaderParser

from oxmsg import Message as OutlookMessage
from oxmsg.domain import constants

from extractors.mail.file_kinds import ole_is_sound
from extractors.mail.html_body import html_text
from extractors.mail.mime import Fault, Mail, Part, body_of

BROKEN = Fault("file-unreadable", "Outlook邮件文件损坏", "the Outlook file is damaged")


_FAULTS = (
    ValueError, KeyError, OSError, struct.error, IndexError, TypeError, LookupError, AttributeError,
    OverflowError, RecursionError, MemoryError,
)  # fmt: skip
"""What python-oxmsg and olefile raise over damaged files."""


def parse(data: bytes) -> Mail:
    """Take a .msg apart; a damaged one gives a mail with that fault."""
    if not ole_is_sound(data):
        return Mail((), "", (), faults=(BROKEN,))
    try:
        message = OutlookMessage.load(data)
        written = message.properties.str_prop_value(constants.PID_TRANSPORT_MESSAGE_HEADERS) or ""
        headers = [(name.lower(), value) for name, value in HeaderParser().parsestr(written).items()]
        known = {name for name, _ in headers}
        for name, value in (("subject", message.subject), ("from", message.sender)):
            if name not in known and value:
                headers.append((name, value))
        sent = message.sent_date
        if "date" not in known and sent is not None:
            headers.append(("date", sent.strftime("%a, %d %b %Y %H:%M:%S +0000")))
        body = message.body or html_text(message.html_body or "")
        parts = tuple(Part(one.file_name, one.file_bytes or b"", inline=False) for one in message.attachments)
    except _FAULTS:
        return Mail((), "", (), faults=(BROKEN,))
    return Mail(tuple(headers), body_of(body), parts)
