"""The papers of one submission, made when they are asked for."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from outputs.notice import Notice, notice_of, write_notice
from outputs.reply import reply_draft
from outputs.store import Store
from reference.settings import Settings
from reference.times import SHANGHAI
from validators.window import first_day, next_window, window_of


def notice_file(settings: Settings, name: str, now: dt.datetime) -> bytes:
    """The correction notice of a submission as a Word file."""
    notice, _, _ = _notice(settings, name, now)
    return _written(notice)


def reply_file(settings: Settings, name: str, now: dt.datetime) -> bytes:
    """The reply to the sender, with the notice attached, as a draft that a mail program opens."""
    notice, sender, thread = _notice(settings, name, now)
    return reply_draft(notice, sender, thread, _written(notice), f"补正通知-{name}.docx")


def _notice(
    settings: Settings, name: str, now: dt.datetime
) -> tuple[Notice, str | None, tuple[str | None, str | None]]:
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        submission = store.submission(name)
        views = store.findings_of(name)
        message = store.message_record(submission.message_id)
    notice = notice_of(submission, views, today=now.astimezone(SHANGHAI).date(), due=_due(now))
    return notice, message.sender, (message.header_message_id, message.subject)


def _due(now: dt.datetime) -> dt.date:
    """The last day of the window that is open, or of the next one."""
    here = window_of(now)
    return first_day(here).replace(day=30) if here else next_window(now)[1]


def _written(notice: Notice) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notice.docx"
        write_notice(notice, path)
        return path.read_bytes()
