"""What a database holds, told so that two of them can be compared: without the runs' ids and times."""

from __future__ import annotations

from pathlib import Path

from outputs.store.database import open_database

TABLES = (
    "messages",
    "sightings",
    "files",
    "submissions",
    "recommendations",
    "findings",
    "decisions",
    "steps",
)
OF_THE_RUN = frozenset({"run_id", "completed_at", "judged_at"})


def contents(path: Path) -> dict[str, list[str]]:
    """Every row of every table as text, in an order of its own."""
    with open_database(path, wait_seconds=5, read_only=True) as database:
        return {
            table: sorted(
                repr({name: value for name, value in row.items() if name not in OF_THE_RUN})
                for row in database.rows(f"select * from {table}")
            )
            for table in TABLES
        }
