"""A reply to the sender as a draft: a mail program opens it, a person reads and sends it."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP

from outputs.notice import OFFICE, Notice, body
from reference.times import day_zh

_BREAKS = re.compile(r"[\r\n\x00-\x1f]+")
_RE = re.compile(r"^((re|回复|答复)\s*[:：]\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![^\s@<>,;:\"])[^\s@<>,;:\"]++@[^\s@<>,;:\"]+")
_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def reply_draft(
    notice: Notice, sender: str | None, thread: tuple[str | None, str | None], paper: bytes
) -> bytes:
    """The draft as .eml: in the thread of the message (its Message-ID and subject), the notice attached."""
    message_id, subject = thread
    draft = EmailMessage(policy=SMTP)
    found = _ADDRESS.search(sender or "")
    if found:
        draft["To"] = found[0]
    draft["Subject"] = "Re: " + _RE.sub("", _BREAKS.sub(" ", subject or "推荐表"))
    if message_id:
        draft["In-Reply-To"] = draft["References"] = f"<{_BREAKS.sub('', message_id).strip('<> ')}>"
    draft["X-Unsent"] = "1"
    draft.set_content(_text(notice))
    draft.add_attachment(paper, maintype=_WORD[0], subtype=_WORD[1], filename=notice.file_name)
    return draft.as_bytes()


def _text(notice: Notice) -> str:
    lines = [f"{notice.unit}：", "", *body(notice), ""]
    for section in notice.sections:
        lines.append(f"{section.title}：")
        for i, one in enumerate(section.entries, 1):
            field = "" if one.field == "—" else f"，{one.field}"
            lines.append(f"{i}. {_BREAKS.sub(' ', one.where)}{field}：{_BREAKS.sub(' ', one.what)}")
        lines.append("")
    if notice.accepted:
        lines += [f"{notice.accepted_title}：", *notice.accepted, ""]
    signed = [OFFICE, day_zh(notice.today), ""]
    return "\n".join([*lines, f"详见附件《{notice.title}》。{notice.closing}", "", *signed])
