"""Writing a database anew, so that nothing that was deleted is left in its file."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from outputs.store.database import Database, connected, migrate
from outputs.store.turn import STEP_SECONDS, busy, turn_at
from reference.errors import machine_error


def rewrite(path: Path, change: Callable[[Database], None], *, wait_seconds: float) -> None:
    """Change a database in a copy of it, and put a copy of that in its place at once.

    DuckDB leaves deleted rows in the free blocks of a file and in its log; a new file holds what stands
    alone. Nobody else has the database meanwhile. Killed before the end, it is as it was.

    Raises:
        StoreBusyError: others held it for all of `wait_seconds`.
        StoreError: it is damaged.
        MachineError: there is no room for two copies of it, or its folder cannot be written.
    """
    first, second = (path.with_name(f".{path.name}.{name}") for name in ("changed", "anew"))
    try:
        with turn_at(path).write(wait_seconds):
            with _opened(path, path, wait_seconds) as database:
                migrate(database, path, read_only=False)
                database.execute("checkpoint")
                _fresh(first)
                database.copy_into(first)
            with _opened(first, path, wait_seconds) as database:
                with database.transaction():
                    change(database)
                database.execute("checkpoint")
                _fresh(second)
                database.copy_into(second)
            shutil.copymode(path, second)
            second.replace(path)
            turn_at(path).wrote()
    except OSError as error:
        raise machine_error(error, f"the database {path} cannot be written anew") from error
    finally:
        for part in (first, second):
            with suppress(OSError):
                _fresh(part)


def _opened(file: Path, name: Path, wait_seconds: float) -> Database:
    """A connection that may write, once readers that were there before have left."""
    deadline = time.monotonic() + wait_seconds
    while (connection := connected(file, read_only=False, name=name)) is None:
        if time.monotonic() > deadline:
            raise busy(name, wait_seconds)
        time.sleep(STEP_SECONDS)
    database = Database(connection, name, ExitStack())
    database.execute("set TimeZone = 'Asia/Shanghai'")
    return database


def _fresh(part: Path) -> None:
    """Take away what an earlier try left."""
    for file in (part, part.with_name(f"{part.name}.wal")):
        file.unlink(missing_ok=True)
