"""What was done to keep the store: backups, restorations, erasures. Append-only."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from outputs.store.database import Database, Row


class Upkeep(StrEnum):
    """What can be done."""

    BACKUP = "backup"
    RESTORE = "restore"
    ERASE = "erase"


WHOLE = "whole"
"""The outcome where nothing is wanting; else how much is."""


def note(
    database: Database, what: Upkeep, now: dt.datetime, person: str, *, folder: str | None, outcome: str
) -> None:
    """Write down that something was done."""
    database.execute("insert into upkeep values (?, ?, ?, ?, ?)", str(what), now, person, folder, outcome)


def last_of_each(database: Database) -> dict[str, Row]:
    """What was done last of each kind, whatever the clock said then."""
    rows = database.rows(
        "select * from upkeep qualify row_number() over (partition by what order by rowid desc) = 1"
    )
    return {row["what"]: row for row in rows}
