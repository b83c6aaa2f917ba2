"""Backups and what comes back from them, as the commands ask for them; each is noted in the store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.version import code_version
from outputs import backup as backups
from outputs.backup import Manifest
from outputs.locks import Intake, person_here
from outputs.store import Store
from outputs.upkeep import WHOLE, Upkeep, note
from reference.errors import StoreBusyError
from reference.settings import Settings
from reference.times import SHANGHAI


def backup(folder: Path, settings: Settings) -> Manifest:
    """Back the database and its originals up; a run may be under way. See `outputs.backup.make`."""
    now = dt.datetime.now(tz=SHANGHAI)
    manifest = backups.make(
        settings.db, folder, wait_seconds=settings.wait_seconds, code_version=code_version(), now=now
    )
    outcome = f"{len(manifest.lacking)} lacking" if manifest.lacking else WHOLE
    _note(settings, Upkeep.BACKUP, folder, outcome)
    return manifest


def restore(folder: Path, settings: Settings, *, overwrite: bool) -> Manifest:
    """Put a backup in place, while no run takes in. See `outputs.backup.restore`.

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
            now=dt.datetime.now(tz=SHANGHAI),
        )
        _note(settings, Upkeep.RESTORE, folder, WHOLE)
    finally:
        intake.release()
    return manifest


def _note(settings: Settings, what: Upkeep, folder: Path, outcome: str) -> None:
    with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
        now = dt.datetime.now(tz=SHANGHAI)
        note(store.database, what, now, person_here(), folder=str(folder.resolve()), outcome=outcome)
