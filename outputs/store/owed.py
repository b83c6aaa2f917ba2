"""What runs owe: written down in the transaction that causes it, taken away in the one that has done it.

Whoever holds the intake does what is owed, be it from a run that was killed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from enum import StrEnum

from outputs.store.database import Database
from outputs.store.stored import OwedView


class Owed(StrEnum):
    """What can be owed."""

    ACROSS = "across"
    """A window's submissions are to be held against each other."""
    REPORTS = "reports"
    """A window's reports are to be written into a folder."""
    REST = "rest"
    """An export of which not every message is stored: the same run again."""


def owe(
    database: Database,
    what: Owed,
    about: str,
    run_id: str,
    *,
    folder: str = "",
    detail: Mapping[str, float] | None = None,
) -> None:
    """Write down what is owed; what stands already stays as it is."""
    database.execute(
        "insert into owed select ?, ?, ?, ?, ?, ? where not exists"
        " (from owed where what = ? and about = ? and folder = ?)",
        str(what), about, folder, None if detail is None else json.dumps(dict(detail)), run_id,
        dt.datetime.now(tz=dt.UTC), str(what), about, folder,
    )  # fmt: skip


def paid(database: Database, what: Owed, about: str, *, folder: str = "") -> None:
    """Take away what has been done."""
    database.execute("delete from owed where what = ? and about = ? and folder = ?", str(what), about, folder)


def owed(database: Database) -> tuple[OwedView, ...]:
    """All that is owed, by kind and window."""
    return tuple(
        OwedView(
            str(row["what"]),
            row["about"],
            row["folder"],
            row["run_id"],
            row["since"],
            json.loads(row["detail"]) if row["detail"] else {},
        )
        for row in database.rows("select * from owed order by what, about, folder")
    )
