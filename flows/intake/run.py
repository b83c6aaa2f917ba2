"""One run's dealings with the database: what is new, what was saved, what was seen again.

Connections are short: the file is held only while something is written, so that the staff's page can
read between two batches.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from extractors.mail.mailbox import Mailbox, MessageSource, Skipped
from flows.intake.progress import Progress, Report
from flows.intake.reading import tables_on
from flows.intake.version import code_version
from outputs.store.store import CLOSED, Store
from reference.records import Judged, MessageOutcome, NotRead
from reference.settings import Settings
from reference.tables.load import ReferenceTables
from reference.times import SHANGHAI
from validators.rules import across_submissions
from validators.rules.message import message_seen
from validators.window import first_day


class Run:
    """A run under way: counts what it does and writes it as it goes."""

    def __init__(self, settings: Settings, mailbox: Path, tables: ReferenceTables) -> None:
        """Prepare a run; nothing is written before `begin`."""
        self.run_id = uuid.uuid4().hex[:12]
        self.added = self.submissions = self.seen_again = self.done = 0
        self.windows: set[str] = set()
        self.faults: list[tuple[str, str]] = []
        self.skipped: list[Skipped] = []
        """Messages that were gone or changed when their turn came."""
        self.usual: Mapping[str, float] = {}
        """The median demand of each window stored before this run, or before one that it takes up."""
        self._settings, self._mailbox, self._tables = settings, mailbox, tables

    def store(self) -> Store:
        """A short connection that may write."""
        return Store.open(self._settings.db, wait_seconds=self._settings.wait_seconds)

    def begin(self, box: Mailbox) -> tuple[list[MessageSource], list[MessageSource]]:
        """Record the run's start; the export's new messages, and its copies of known ones."""
        editions = {edition.table: edition.edition for edition in self._tables.editions}
        with self.store() as store:
            known = store.known_message_ids()
            mailbox = str(self._mailbox.resolve())
            self.usual = store.begin_run(self.run_id, _now(), mailbox, editions, code_version())
        fresh: dict[str, MessageSource] = {}
        again: list[MessageSource] = []
        for source in box.sources:
            if source.message_id in known or source.message_id in fresh:
                again.append(source)
            else:
                fresh[source.message_id] = source
        return list(fresh.values()), again

    def save(self, outcomes: Sequence[Judged], report: Report, total: int) -> None:
        """Store a batch, one transaction a submission; a known message under other bytes is only noted."""
        with self.store() as store:
            for outcome in outcomes:
                if isinstance(outcome, NotRead):
                    self.skipped.append(Skipped(outcome.source, outcome.reason))
                    self.done += 1
                    continue
                message = outcome.message
                digests = frozenset(file.file_id for file in message.files)
                twin = store.twin_of(message.header_message_id, digests, message.message_id)
                if twin is not None:
                    seen = message_seen(message.source, twin)
                    outcome = MessageOutcome(  # noqa: PLW2901 - the message alone, its submission stands already
                        message=message.model_copy(update={"findings": (*message.findings, seen)}),
                        submissions=(),
                        fault=outcome.fault,
                    )
                if store.save_outcome(outcome, self.run_id, str(self._settings.out.resolve())):
                    self._count(outcome)
                self.done += 1
                report(Progress(self.done, total, message.source))

    def note_copies(self, again: Sequence[MessageSource]) -> None:
        """`message-seen` for each copy at a path where it was not seen before."""
        with self.store() as store:
            places = store.places()
            for source in again:
                if source.source in places.get(source.message_id, ()):
                    continue
                first = store.message_record(source.message_id).source
                noted = store.record_sighting(
                    source.message_id, source.source, self.run_id, message_seen(source.source, first)
                )
                self.seen_again += noted

    def read_of(self, sources: Sequence[MessageSource]) -> list[MessageSource]:
        """The messages without those that were gone or changed when their turn came."""
        gone = {one.source for one in self.skipped}
        return [source for source in sources if source.source not in gone]

    def finish(self, state: str) -> None:
        """Record how the run ended."""
        counts = {"added": self.added, "submissions": self.submissions, "seen_again": self.seen_again}
        with self.store() as store:
            store.finish_run(self.run_id, _now(), state, counts)

    def _count(self, outcome: MessageOutcome) -> None:
        self.added += 1
        self.submissions += len(outcome.submissions)
        self.windows |= {submission.window or CLOSED for submission in outcome.submissions}
        if outcome.fault:
            self.faults.append((outcome.message.source, outcome.fault))


def look_across(store: Store, window: str, settings: Settings, run_id: str) -> None:
    """Write anew what a window's submissions say about each other; the same again gives the same.

    Units are told apart by the tables in force when the window opens, for all its submissions alike.
    """
    tables = tables_on(settings.reference, first_day(window))

    def unit_key(unit: str) -> str:
        listed = tables.unit(unit)
        return listed.name if listed else unit

    earlier = [one for name in store.windows() if name < window for one in _sent(store, name, standing=True)]
    neighbours = across_submissions.look_across(_sent(store, window), earlier, unit_key)
    store.replace_window_findings(window, neighbours.findings, neighbours.superseded, run_id)


def _sent(store: Store, window: str, *, standing: bool = False) -> list[across_submissions.Sent]:
    """A window's submissions as the rules see them, without superseded ones where only standing count."""
    return [
        across_submissions.Sent(
            submission_id=view.submission_id,
            unit=view.unit,
            received_at=view.received_at,
            window=window,
            items=tuple(
                across_submissions.ItemSent(
                    row_no=item.row_no,
                    code=item.code,
                    work_type=item.work_type,
                    name=(item.occupation or "") + (f"（{item.work_type}）" if item.work_type else ""),
                    status=item.status,
                )
                for item in view.items
            ),
        )
        for view in store.window_submissions(window)
        if not (standing and view.superseded_by)
    ]


def _now() -> dt.datetime:
    return dt.datetime.now(tz=SHANGHAI)
