"""The plain composition of the stages, without Prefect: a mailbox export to judged rows.

export -> messages -> files -> forms -> rows -> findings -> database -> reports
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from extractors.mail.mailbox import MessageSource, Skipped, open_mailbox
from flows.intake.owed import look_across_owed, write_owed
from flows.intake.progress import Report, Waiting
from flows.intake.reading import judge_sources, tables_on
from flows.intake.run import Run
from flows.keeping.auditing import Audit, audit_shortly, lacking_originals
from outputs.store.locks import Intake
from outputs.store.store import Store
from reference.records import Judged
from reference.settings import Settings
from reference.times import SHANGHAI

Batch: TypeAlias = Sequence[MessageSource]
Judge: TypeAlias = Callable[[Iterable[Batch], Settings, Mapping[str, float]], Iterator[Sequence[Judged]]]
"""Judges batches, in this process or in others, and gives their outcomes in the batches' order.

The third argument is the median demand of each window stored before.
"""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run did. `faults` are faults of the program, by message source."""

    run_id: str
    found: int
    """Messages in the export."""
    added: int
    """Messages that were new."""
    seen_again: int
    """Copies of messages at other places of the export, noted for the first time."""
    submissions: int
    windows: tuple[str, ...]
    """Windows that the run touched; `closed` for submissions outside any."""
    reports: tuple[Path, ...]
    faults: tuple[tuple[str, str], ...]
    skipped: tuple[Skipped, ...]
    """Files of the export that are no messages, or could not be read, with the reason."""
    audit: Audit
    """Whether everything in the export is accounted for, shortly."""


def judge_here(
    batches: Iterable[Batch], settings: Settings, usual: Mapping[str, float]
) -> Iterator[Sequence[Judged]]:
    """Judge batch after batch in this process."""
    return (judge_sources(batch, settings, usual) for batch in batches)


def run_intake(
    mailbox: Path, settings: Settings, *, report: Report = lambda _: None, judge: Judge = judge_here
) -> RunSummary:
    """Ingest what is new in a mailbox export, then write the reports of the windows it touched.

    It holds the intake all the while; where another run does, `report` is told and it waits. What an
    interrupted run left undone is done too.

    Raises:
        StoreBusyError: another run held the intake for all of `wait_seconds`.
        ReportError: a report cannot be written; it stays owed, all else is done.
        ZhengjiError: the export, the database or a reference table cannot be read at all.
    """
    intake = Intake(settings.db, str(mailbox))
    with intake.hold(settings.wait_seconds, lambda owner: report(Waiting(owner))):
        return _run_intake(mailbox, settings, report, judge)


def _run_intake(mailbox: Path, settings: Settings, report: Report, judge: Judge) -> RunSummary:
    today = dt.datetime.now(tz=SHANGHAI).date()
    run = Run(settings, mailbox, tables_on(settings.reference, today))
    with open_mailbox(mailbox, settings.limits) as box:
        fresh, copies = run.begin(box)
        try:
            for outcomes in judge(_batches(fresh, settings.batch), settings, run.usual):
                run.save(outcomes, report, len(fresh))
            run.note_copies(copies)
            for _ in judge(
                _batches(lacking_originals(copies, settings), settings.batch), settings, run.usual
            ):
                pass  # judged before: what counts is that their originals are kept again
            with run.store() as store:
                look_across_owed(store, settings, run.run_id)
        except BaseException:
            run.finish("interrupted")
            raise
        run.finish("faults" if run.faults else "complete")
        reports = write_owed(settings)
        return RunSummary(
            run_id=run.run_id,
            found=len(fresh) + len(copies),
            added=run.added,
            seen_again=run.seen_again,
            submissions=run.submissions,
            windows=tuple(sorted(run.windows)),
            reports=reports,
            faults=tuple(run.faults),
            skipped=(*box.skipped, *run.skipped),
            audit=audit_shortly(settings, run.read_of(box.sources)),
        )


def anything_new(mailbox: Path, settings: Settings) -> bool:
    """Whether an export holds a message that the database does not.

    Raises:
        ZhengjiError: as `run_intake`.
    """
    if not settings.db.exists():
        return True
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        known = store.known_message_ids()
    with open_mailbox(mailbox, settings.limits) as box:
        return any(source.message_id not in known for source in box.sources)


def _batches(sources: Sequence[MessageSource], size: int) -> Iterator[Batch]:
    """The sources in tasks' portions."""
    return (sources[start : start + size] for start in range(0, len(sources), size))
