"""A copy of the database as it stood once, open for reading by any number of threads."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TypeAlias

from outputs.store.database import Database, connected, migrate
from outputs.store.turn import busy, turn_at
from reference.errors import machine_error


class Copy:
    """A copy of a database file.

    Its own file goes when the copy is closed; at once where the system lets a file go that is open.
    """

    def __init__(self, source: Path, file: Path, wait_seconds: float) -> None:
        """Copy the database in a turn of its own, in which this process has it open nowhere.

        Raises:
            StoreBusyError: others had the database for all of `wait_seconds`.
            MachineError: its folder cannot be written.
            StoreError: it is not there, or no database of ours.
        """
        self._source, self._file = source, file
        try:
            with turn_at(source).write(wait_seconds):
                self.writes, self.stamp = turn_at(source).writes, stamp_of(source)
                file.parent.mkdir(parents=True, exist_ok=True)
                _copied(source, file)
                _copied(_log_of(source), _log_of(file))  # only where its last writer was killed
            connection = connected(file, read_only=True, name=source)
        except OSError as error:
            raise machine_error(error, f"{file} cannot be written") from None
        finally:
            if os.name != "nt":  # what is open stays readable without its name, and nothing is left behind
                self._remove()
        if connection is None:
            raise busy(source, wait_seconds)
        self._connection = connection
        with self.reading(ExitStack()) as database:
            migrate(database, source, read_only=True)

    def reading(self, turn: ExitStack) -> Database:
        """A connection of its own to the copy; `turn` ends once it is closed."""
        database = Database(self._connection.cursor(), self._source, turn)
        database.execute("set TimeZone = 'Asia/Shanghai'")
        return database

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()
        self._remove()

    def _remove(self) -> None:
        for file in (self._file, _log_of(self._file)):
            with suppress(OSError):
                file.unlink(missing_ok=True)


Stamp: TypeAlias = tuple[tuple[int, int, int], ...]


def stamp_of(path: Path) -> Stamp:
    """What changes whenever a database is written; empty where there is none."""
    found = []
    for file in (path, _log_of(path)):
        with suppress(FileNotFoundError):
            told = file.stat()
            found.append((told.st_ino, told.st_size, told.st_mtime_ns))
    return tuple(found)


def _log_of(path: Path) -> Path:
    """DuckDB's log of what is not in the file yet."""
    return path.with_name(f"{path.name}.wal")


def _copied(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.copyfile(source, target)
