"""What the staff's page reads: copies of the database, so that no reader keeps a writer waiting.

A copy is made when a page is asked for and the database has changed, in a turn of its own and for at most a
tenth of the time, so that a page is a second behind at most; while a run has its turn, the copy before it
answers. After what this process itself wrote a page waits for a new one: people see what they decided.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from outputs.store.copies import Copy, stamp_of
from outputs.store.store import Store
from outputs.store.turn import turn_at
from reference.errors import MachineError, StoreBusyError, StoreError

MOST_REST_SECONDS = 1.0
REST = 10
"""Times as long as it took to make a copy pass before the next, a second at most: a writer so loses a tenth
of its time to copies, or less (`python -m benchmarks.desk_beside_run`)."""
_UNFINISHED_SECONDS = 600
"""A younger file may be the copy that another process makes just now; one takes a second for each GB."""
_KEPT = 2
"""Databases of which a copy is kept; a page reads one."""


class Snapshots:
    """The copies of one database, of which the newest is read."""

    def __init__(self, db: Path) -> None:
        """Nothing is copied before it is asked for."""
        self._db, self._folder = db, db.with_suffix(".snapshots")
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._current: Copy | None = None
        self._users: dict[Copy, int] = {}
        self._rested = 0.0
        self._names = itertools.count()
        for file in self._folder.glob("*"):  # of a page that was killed, where open files cannot be removed
            with suppress(OSError):
                if time.time() - file.stat().st_mtime > _UNFINISHED_SECONDS:
                    file.unlink()

    def read(self, wait_seconds: float) -> Store:
        """The store as it stands in the newest copy; itself where none can be made.

        Raises:
            StoreBusyError: a copy was needed, and others had the database for all of `wait_seconds`.
            StoreError: the database is not there, or not ours.
        """
        if not self._db.exists():
            raise StoreError(f"no database at {self._db}.", "Run `zhengji run MAILBOX` first.")
        try:
            return self._read(wait_seconds)
        except MachineError:  # no room for a copy, or no right to make one
            return Store.open(self._db, wait_seconds=wait_seconds, read_only=True)

    def _read(self, wait_seconds: float) -> Store:
        while True:
            copy = self._current
            if copy is None or copy.writes != turn_at(self._db).writes:  # this process wrote since
                with self._making:
                    self._renew(wait_seconds)
            elif time.monotonic() > self._rested and copy.stamp != stamp_of(self._db):
                self._try_to_renew()
            with self._lock:
                if self._current is not None:
                    return self._opened(self._current)

    def close(self) -> None:
        """Let go of the copies once nobody reads them."""
        with self._lock:
            self._put(None)

    def _renew(self, wait_seconds: float) -> None:
        """Make a copy, unless another thread made one meanwhile."""
        current = self._current
        written = current is None or current.writes != turn_at(self._db).writes
        if current is not None and not written and current.stamp == stamp_of(self._db):
            return
        began = time.monotonic()
        file = self._folder / f"{os.getpid()}-{next(self._names)}.duckdb"
        copy = Copy(self._db, file, wait_seconds)
        now = time.monotonic()
        self._rested = now + min(REST * (now - began), MOST_REST_SECONDS)
        with self._lock:
            self._put(copy)

    def _try_to_renew(self) -> None:
        """Make a copy where nobody has the database and no other thread does so already."""
        if not self._making.acquire(blocking=False):
            return
        try:
            with suppress(StoreBusyError):
                self._renew(0)
        finally:
            self._making.release()

    def _put(self, copy: Copy | None) -> None:
        before, self._current = self._current, copy
        if before is not None and not self._users.get(before):
            before.close()

    def _opened(self, copy: Copy) -> Store:
        self._users[copy] = self._users.get(copy, 0) + 1
        turn = ExitStack()
        turn.callback(self._left, copy)
        return Store(copy.reading(turn))

    def _left(self, copy: Copy) -> None:
        with self._lock:
            self._users[copy] -= 1
            if not self._users[copy]:
                del self._users[copy]
                if copy is not self._current:
                    copy.close()


_ALL: dict[Path, Snapshots] = {}
_ASKING = threading.Lock()


def snapshots_of(db: Path) -> Snapshots:
    """The copies of a database that this process reads."""
    with _ASKING:
        found = _ALL.pop(db, None) or Snapshots(db)
        _ALL[db] = found  # the last one asked for
        while len(_ALL) > _KEPT:
            _ALL.pop(next(iter(_ALL))).close()
        return found
