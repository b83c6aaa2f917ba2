"""Running one submission again, from the kept originals or with corrected files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.messages import read_message
from outputs.originals import originals_beside
from outputs.store import Store
from reference.records import Submission

from flows.reading import judge_message, tables_of
from flows.reports import write_reports
from flows.run import CLOSED, look_across
from reference.settings import Settings


@dataclass(frozen=True, slots=True)
class RerunSummary:
    """A submission before and after, and the reports written anew."""

    before: Submission
    after: Submission
    reports: tuple[Path, ...]


def rerun_submission(
    submission_id: str, settings: Settings, *, run_id: str, corrected: Sequence[Path] = ()
) -> RerunSummary:
    """Read, judge and store one submission again; its earlier result is kept as superseded.

    Corrected files take the place of the message's files of the same kind. The time of receipt stays
    that of the message.

    Raises:
        UsageError: no such submission, or a corrected file that cannot be read.
    """
    originals = originals_beside(settings.db)
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        before = store.submission(submission_id)
        source = store.message_record(before.message_id).source
    message = read_message(originals.read(before.message_id), source, settings.limits, exported_at=None)
    message = with_corrections(message, [_corrected_file(path) for path in corrected])
    tables = tables_of(settings.reference)
    outcome = judge_message(message, tables, settings)
    after = _same_submission(before, outcome)
    for file in message.attachments:
        originals.keep(file.data)
    with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
        store.supersede_and_save(after, outcome.message.files, run_id)
        if after.window:
            look_across(store, after.window, tables)
        after = store.submission(submission_id)
    return RerunSummary(before, after, write_reports([after.window or CLOSED], settings))
