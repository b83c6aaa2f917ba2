"""A reply to the sender as a draft: a mail program opens it, a person reads and sends it."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP

from outputs.papers.notice import OFFICE, Notice, body
from reference.times import day_zh

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_RE = re.compile(r"^((re|回复|答复)\s*[:：]\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![^\s@<>()\[\],;:\\\"])[^\s@<>()\[\],;:\\\"]++@[^\s@<>()\[\],;:\\\"]+")
_ID = re.compile(r"[!-;=?-~]{1,250}")
"""A Message-ID's inside, which the thread hangs on; any other is left out."""
ENCODED = "=?"
"""What begins an encoded word. The e-mail library decodes it even in a header that is being set, line breaks
in it too: a sender who encodes a subject twice could write headers of the draft."""
MOST_SUBJECT = 200
"""Characters of a subject; folding one of 100,000 takes 11 s."""
_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def reply_draft(
    notice: Notice, sender: str | None, thread: tuple[str | None, str | None], paper: bytes
) -> bytes:
    """The draft as .eml: in the thread of the message (its Message-ID and subject), the notice attached."""
    message_id, subject = thread
    draft = EmailMessage(policy=SMTP)
    found = _ADDRESS.search(_BREAKS.sub(" ", (sender or "")[:MOST_SUBJECT]))
    if found and ENCODED not in found[0]:
        draft["To"] = found[0]
    about = _RE.sub("", _BREAKS.sub(" ", (subject or "推荐表")[:MOST_SUBJECT]))
    draft["Subject"] = "Re: " + about.replace(ENCODED, "= ?")
    inside = (message_id or "").strip("<> ")
    if _ID.fullmatch(inside) and ENCODED not in inside:
        draft["In-Reply-To"] = draft["References"] = f"<{inside}>"
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
