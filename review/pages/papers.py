"""The papers of one submission, made when they are asked for."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from outputs.papers.notice import Notice, notice_of, write_notice
from outputs.papers.reply import reply_draft
from outputs.store.decisions import decisions_of
from outputs.store.snapshots import snapshots_of
from reference.records import MessageRecord
from reference.settings import Settings
from reference.times import SHANGHAI
from validators.window import days_to_send


def notice_file(settings: Settings, name: str, now: dt.datetime) -> tuple[bytes, str]:
    """What a submission's unit is told, as a Word file, and the file's name."""
    notice, _ = _notice(settings, name, now)
    return _written(notice), notice.file_name


def reply_file(settings: Settings, name: str, now: dt.datetime) -> tuple[bytes, str]:
    """The reply with the notice attached, as a draft that a mail program opens, and the draft's name."""
    notice, message = _notice(settings, name, now)
    thread = (message.header_message_id, message.subject)
    return reply_draft(notice, message.sender, thread, _written(notice)), f"回复-{name}.eml"


def _notice(settings: Settings, name: str, now: dt.datetime) -> tuple[Notice, MessageRecord]:
    with snapshots_of(settings.db).read(settings.wait_seconds) as store:
        submission = store.submission(name)
        notice = notice_of(
            submission,
            store.findings_of(name),
            decisions_of(store.database, name),
            superseded_by=store.superseded_by(name),
            today=now.astimezone(SHANGHAI).date(),
            taken=days_to_send(now),
        )
        return notice, store.message_record(submission.message_id)


def _written(notice: Notice) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notice.docx"
        write_notice(notice, path)
        return path.read_bytes()
