"""Backups, what comes back from them, and erasing what is kept long enough; each is noted in the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from flows.intake.reports import write_reports
from flows.intake.version import code_version
from outputs.keeping import backup as backups
from outputs.keeping import erasing
from outputs.keeping.audit import PAPERS
from outputs.keeping.backup import Manifest
from outputs.store.database import Database
from outputs.store.locks import Intake, person_here
from outputs.store.originals import originals_beside
from outputs.store.rewriting import rewrite
from outputs.store.store import Store
from outputs.store.upkeep import WHOLE, Upkeep, last_of_each, note
from reference.errors import StoreBusyError
from reference.settings import Settings
from reference.times import SHANGHAI


def backup(folder: Path, settings: Settings) -> Manifest:
    """Back the database and its originals up; a run may be under way. See `outputs.keeping.backup.make`."""
    now = dt.datetime.now(tz=SHANGHAI)
    manifest = backups.make(
        settings.db, folder, wait_seconds=settings.wait_seconds, code_version=code_version(), now=now
    )
    outcome = f"{len(manifest.lacking)} lacking" if manifest.lacking else WHOLE
    _note(settings, Upkeep.BACKUP, folder, outcome)
    return manifest


def restore(folder: Path, settings: Settings, *, overwrite: bool) -> Manifest:
    """Put a backup in place, while no run takes in. See `outputs.keeping.backup.restore`.

    Raises:
        StoreBusyError: a run is under way.
    """
    intake = Intake(settings.db, f"restore {folder}")
    if not intake.acquire():
        raise StoreBusyError(
            f"a run takes in to {settings.db}.", "Wait until it has finished, then restore again."
        )
    try:
        manifest = backups.restore(
            folder,
            settings.db,
            wait_seconds=settings.wait_seconds,
            overwrite=overwrite,
            person=person_here(),
            now=dt.datetime.now(tz=SHANGHAI),
        )
    finally:
        intake.release()
    return manifest


def _note(settings: Settings, what: Upkeep, folder: Path, outcome: str) -> None:
    with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
        now = dt.datetime.now(tz=SHANGHAI)
        note(store.database, what, now, person_here(), folder=str(folder.resolve()), outcome=outcome)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure concerns, or concerned."""

    before: dt.datetime
    messages: tuple[str, ...]
    windows: tuple[str, ...]
    originals: int = 0
    """Originals that were taken away."""
    reports: tuple[Path, ...] = ()
    """Papers that were written again without names."""
    others: tuple[Path, ...] = ()
    """Further files that may still hold names: exports, earlier databases, backups."""


def to_erase(settings: Settings, before: dt.date | None) -> Erasure:
    """What an erasure would concern: all received before a day, by the retention time unless it is named."""
    day = before or _months_before(dt.datetime.now(tz=SHANGHAI).date(), settings.retention_months)
    moment = dt.datetime.combine(day, dt.time(), tzinfo=SHANGHAI)
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        return Erasure(
            moment,
            tuple(erasing.chosen(store.database, moment)),
            erasing.windows_before(store.database, moment),
            others=_others(store, settings),
        )


def erase(told: Erasure, settings: Settings) -> Erasure:
    """Erase the personal data of the messages, their originals and kept readings, and write papers again.

    Killed on the way it is as before, or wants the same command once more: the originals go last.

    Raises:
        StoreBusyError: a run is under way, or others hold the database.
        MachineError: there is no room for two copies of the database.
    """
    intake = Intake(settings.db, "erase")
    if not intake.acquire():
        raise StoreBusyError(f"a run takes in to {settings.db}.", "Wait until it has finished, then erase.")
    try:
        now, person = dt.datetime.now(tz=SHANGHAI), person_here()

        def change(database: Database) -> None:
            erasing.erase(database, told.messages, told.before, person, now)
            outcome = f"{len(told.messages)} messages"
            note(database, Upkeep.ERASE, now, person, folder=None, outcome=outcome)

        if told.messages:
            rewrite(settings.db, change, wait_seconds=settings.wait_seconds)
        with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
            gone = erasing.erased_originals(store.database)
        originals = originals_beside(settings.db)
        present = gone & originals.sizes().keys()
        for digest in present:
            originals.discard(digest)
        originals.sweep()
        for ending in (".scans", ".snapshots"):  # made again where they are needed
            for path in settings.db.with_suffix(ending).glob("*"):
                path.unlink(missing_ok=True)
        reports = tuple(path for window in told.windows for path in _papers_again(window, settings))
    finally:
        intake.release()
    return replace(told, originals=len(present), reports=reports)


def _papers_again(window: str, settings: Settings) -> tuple[Path, ...]:
    """The papers of a window anew, those kinds that there are."""
    stem = f"zhengji-{window}"
    more = any((settings.out / f"{stem}{ending}").exists() for ending in ("-register.csv", "-panel.docx"))
    if not more and not any((settings.out / f"{stem}{ending}").exists() for ending in PAPERS):
        return ()
    return write_reports([window], settings, papers=more)


def _others(store: Store, settings: Settings) -> tuple[Path, ...]:
    """Files of ours that may hold names and are not written again."""
    exports = (
        path
        for ending in ("records", "findings", "submissions")
        for path in settings.out.glob(f"zhengji-*{ending}.*")
    )
    aside = settings.db.parent.glob(f"{settings.db.name}.before-*")
    kept = last_of_each(store.database).get(Upkeep.BACKUP)
    backups_there = [Path(kept["folder"])] if kept and Path(kept["folder"]).exists() else []
    return (*sorted(exports), *sorted(aside), *backups_there)


def _months_before(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(years, month + 1, min(day.day, 28))
