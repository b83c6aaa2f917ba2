"""Locks between processes, beside the database; who takes in holds the intake. The door to filelock.

A lock is the operating system's own on a file that stays where it is, so that it is free the moment its
process is gone, however that ended. Who holds it stands in a small file beside it, for people to read.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from reference.errors import MachineError, StoreBusyError, machine_error
from reference.times import SHANGHAI

_STEP_SECONDS = 0.05
_GLANCE_SECONDS = 0.2
"""Somebody who only asks whether the intake is held has it for less than this."""


class Lock:
    """A lock on a file; this process's threads exclude each other by it as processes do."""

    def __init__(self, path: Path) -> None:
        """Nothing is held before `acquire`."""
        self._path = path
        self._lock = FileLock(path, thread_local=False)

    def acquire(self, wait_seconds: float, step_seconds: float = _STEP_SECONDS) -> bool:
        """Hold the lock; False where somebody else held it all the while.

        Raises:
            MachineError: the file cannot be made where it is to stand.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=wait_seconds, poll_interval=step_seconds)
        except Timeout:
            return False
        except OSError as error:
            raise machine_error(error, f"{self._path} cannot be written") from None
        return True

    def release(self) -> None:
        """Free it for others."""
        self._lock.release()


def locks_beside(db: Path) -> Path:
    """The folder of a database's locks: `zhengji.locks/` beside `zhengji.duckdb`."""
    return db.resolve().with_suffix(".locks")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the intake."""

    person: str
    pid: int
    host: str
    started: str
    """When it began, ISO with zone."""
    doing: str
    """The export it takes in, or what else it does."""

    @classmethod
    def here(cls, doing: str) -> Owner:
        """This process, now."""
        now = dt.datetime.now(tz=SHANGHAI).isoformat(timespec="seconds")
        return cls(person_here(), os.getpid(), socket.gethostname(), now, doing)


def person_here() -> str:
    """The account that runs this process; empty where it has no name, as in containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


Waiting = Callable[["Owner | None"], None]
"""Told once that the intake is held by somebody else; None where they are not known yet."""


class Intake:
    """The right to take in: one run at a time holds it for a database."""

    def __init__(self, db: Path, doing: str) -> None:
        """`doing` is told to those who wait."""
        folder = locks_beside(db)
        self._lock = Lock(folder / "intake")
        self._facts = folder / "intake.json"
        self._doing = doing

    @contextmanager
    def hold(self, wait_seconds: float, waiting: Waiting) -> Iterator[None]:
        """Hold the intake for a while; `waiting` is told where somebody else has it.

        Raises:
            StoreBusyError: somebody else held it for all of `wait_seconds`.
            MachineError: the database's folder cannot be written.
        """
        deadline = time.monotonic() + wait_seconds
        if not self.acquire():
            waiting(self.owner())
            if not self.acquire(max(0.0, deadline - time.monotonic())):
                raise self._busy(wait_seconds)
        try:
            yield
        finally:
            self.release()

    def acquire(self, wait_seconds: float = 0.0) -> bool:
        """Hold the intake; False where somebody else held it for all of `wait_seconds`.

        Raises:
            MachineError: the database's folder cannot be written.
        """
        if not self._lock.acquire(max(wait_seconds, _GLANCE_SECONDS)):
            return False
        draft = self._facts.with_suffix(f".{os.getpid()}")
        with suppress(OSError):  # for people to read: what the lock is worth does not hang on it
            draft.write_text(json.dumps(asdict(Owner.here(self._doing))), encoding="utf-8")
            draft.replace(self._facts)
        return True

    def release(self) -> None:
        """Let the next one in."""
        with suppress(OSError):
            self._facts.unlink()
        self._lock.release()

    def owner(self) -> Owner | None:
        """Who wrote down that they hold it; of a process that was killed it stands until the next one."""
        try:
            return Owner(**json.loads(self._facts.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def held(self) -> bool:
        """Whether a process that lives holds it; False where the folder does not let us ask."""
        try:
            free = self._lock.acquire(0)
        except MachineError:
            return False
        if free:
            self._lock.release()
        return not free

    def _busy(self, wait_seconds: float) -> StoreBusyError:
        who = self.owner() or Owner("?", 0, "?", "?", "?")
        return StoreBusyError(
            f"{who.person or '?'} has held the intake since {who.started}: {who.doing}"
            f" (process {who.pid} on {who.host}; waited {wait_seconds:g} s).",
            "Wait until it has finished, then run the same command again.",
            zh=f"{who.person or '?'}自{who.started}起正在收件：{who.doing}"
            f"（{who.host}，进程{who.pid}；已等待{wait_seconds:g}秒）。请待其结束后重试。",
        )
