"""Doing what runs still owe: who holds the intake does it, be it from a run that was killed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from flows.intake.reports import write_reports
from flows.intake.run import look_across
from outputs.store.locks import Intake
from outputs.store.owed import Owed, paid
from outputs.store.store import Store
from outputs.store.stored import OwedView
from reference.errors import MachineError, ReportError, UsageError, ZhengjiError
from reference.settings import Settings


def make_up(settings: Settings, run_id: str, doing: str) -> None:
    """Do what an interrupted run left undone, unless a run is under way: that one does it.

    Reports that cannot be written stay owed. What is left of an export wants its run again.
    """
    if not settings.db.exists():
        return
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        left = [one for one in store.owed() if one.what != Owed.REST]
        if not left and not store.runs_under_way():
            return
    intake = Intake(settings.db, doing)
    if not intake.acquire():
        return
    try:
        with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
            store.end_killed_runs()
            look_across_owed(store, settings, run_id)
        with suppress(ReportError, MachineError):
            write_owed(settings)
    finally:
        intake.release()


def look_across_owed(store: Store, settings: Settings, run_id: str) -> None:
    """Hold the submissions of each window that is owed it against each other; who calls holds the intake."""
    for window in _about(store.owed(), Owed.ACROSS):
        look_across(store, window, settings, run_id)


def write_owed(settings: Settings) -> tuple[Path, ...]:
    """Write the reports that are owed, whatever folder they are owed to; who calls holds the intake.

    A window's are owed until all its files stand. What cannot be written into another folder than that of
    `settings` stays owed, and the audit tells of it.

    Raises:
        ReportError, MachineError: those that are owed to the folder of `settings` cannot be written.
    """
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        left = [one for one in store.owed() if one.what == Owed.REPORTS]
    paths: list[Path] = []
    failed: ZhengjiError | None = None
    for one in left:
        try:
            paths += write_reports([one.about], settings.model_copy(update={"out": Path(one.folder)}))
        except (ReportError, MachineError) as error:
            if one.folder == str(settings.out.resolve()):
                failed = error
            continue
        except UsageError:  # the window was taken out of the database meanwhile
            pass
        with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
            paid(store.database, Owed.REPORTS, one.about, folder=one.folder)
    if failed is not None:
        raise failed
    return tuple(paths)


def written_elsewhere(settings: Settings, window: str) -> None:
    """Call off a window's reports that are owed to any folder: somebody has just had them written."""
    with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
        for one in store.owed():
            if (one.what, one.about) == (Owed.REPORTS, window):
                paid(store.database, Owed.REPORTS, window, folder=one.folder)


def _about(owed: Iterable[OwedView], what: Owed) -> list[str]:
    return sorted(one.about for one in owed if one.what == what)
