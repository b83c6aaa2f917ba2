"""Whose turn it is at the database: writers wait in a queue, and readers that come later wait behind them.

DuckDB lets one process write, while nobody else has the file open. Readers that open it one after the other
would keep a writer out for ever; so everybody passes a gate, at which a writer that waits holds up those who
come after it until it had its turn.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outputs.store.locks import Lock, locks_beside
from reference.errors import MachineError, StoreBusyError

STEP_SECONDS = 0.01
"""Between two looks at a lock or file that others hold."""


class Turn:
    """The turn at one database file, among this process's threads and with other processes."""

    def __init__(self, path: Path) -> None:
        """Nobody's at first."""
        self._path = path
        self._changed = threading.Condition()
        self._writers: deque[object] = deque()
        self._readers = 0
        self.writes = 0
        """How often this process has written: it only grows."""

    @contextmanager
    def write(self, wait_seconds: float) -> Iterator[None]:
        """The file alone among all who keep to their turns.

        Raises:
            StoreBusyError: others had it for all of `wait_seconds`.
            MachineError: the database's folder cannot be written.
        """
        deadline = time.monotonic() + wait_seconds
        with self._first_of_threads(deadline, wait_seconds):
            turn = Lock(locks_beside(self._path) / "turn")
            self._pass(turn, deadline, wait_seconds)
            try:
                yield
            finally:
                turn.release()

    def wrote(self) -> None:
        """This process has written, and still has the turn."""
        self.writes += 1

    @contextmanager
    def read(self, wait_seconds: float) -> Iterator[None]:
        """The file beside other readers; no writer of this process has it meanwhile.

        Raises:
            StoreBusyError: a writer had it, or waited for it, for all of `wait_seconds`.
        """
        deadline = time.monotonic() + wait_seconds
        with self._changed:
            if not self._changed.wait_for(lambda: not self._writers, wait_seconds):
                raise busy(self._path, wait_seconds)
            self._readers += 1
        try:
            self.gate(deadline, wait_seconds)
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    def gate(self, deadline: float, wait_seconds: float) -> None:
        """Wait until no other process writes or waits to; a reader that met one asks again."""
        turn = Lock(locks_beside(self._path) / "turn")
        try:
            self._pass(turn, deadline, wait_seconds)
        except MachineError:  # a folder that cannot be written has no writer either
            return
        turn.release()

    def _pass(self, turn: Lock, deadline: float, wait_seconds: float) -> None:
        """Hold the turn. Who is next holds the queue until then, so that nobody takes two turns running."""
        queue = Lock(locks_beside(self._path) / "queue")
        if not queue.acquire(_left(deadline), STEP_SECONDS):
            raise busy(self._path, wait_seconds)
        try:
            if not turn.acquire(_left(deadline), STEP_SECONDS):
                raise busy(self._path, wait_seconds)
        finally:
            queue.release()

    @contextmanager
    def _first_of_threads(self, deadline: float, wait_seconds: float) -> Iterator[None]:
        me = object()
        with self._changed:
            self._writers.append(me)
            try:
                mine = self._changed.wait_for(
                    lambda: self._writers[0] is me and not self._readers, _left(deadline)
                )
                if not mine:
                    raise busy(self._path, wait_seconds)
            except BaseException:
                self._writers.remove(me)
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            with self._changed:
                self._writers.remove(me)
                self._changed.notify_all()


def busy(path: Path, wait_seconds: float) -> StoreBusyError:
    """What is said to one who waited in vain."""
    return StoreBusyError(
        f"{path} is in use by another program (waited {wait_seconds:g} s).",
        "Wait until it has finished, then run the same command again.",
        zh=f"数据库正被占用（已等待{wait_seconds:g}秒）。请稍候重试。",
    )


def turn_at(path: Path) -> Turn:
    """The turn at a database file: the same for all threads, by whatever name they call the file."""
    path = path.resolve()
    with _MAKING:
        return _TURNS.setdefault(path, Turn(path))


_TURNS: dict[Path, Turn] = {}
_MAKING = threading.Lock()


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
