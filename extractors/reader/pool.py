"""The readers of this process: started when first asked, kept, replaced; a job is done by one of them."""

from __future__ import annotations

import atexit
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

from extractors.means import FolderShelf
from extractors.overrun import Overrun
from extractors.reader.child import Allowance
from extractors.reader.jobs import AnyJob, Done
from extractors.reader.process import Address, Reader, _GaveUpError
from extractors.reader.sandbox import Promise, Rules
from reference.errors import ReaderError
from reference.settings import Limits

LOG = logging.getLogger(__name__)
STARTS = 3
"""Times that a reader is started before the start itself is taken to fail: one may be killed meanwhile."""
MEBIBYTES_A_SECOND = 8
"""Each so many MiB of a file grant a second more: a message of 200 MB takes some seconds to take apart."""
ENDED_FROM_OUTSIDE = frozenset(
    {f"status {-number}" for number in (signal.SIGTERM, getattr(signal, "SIGKILL", 9))}
)
"""How an overrun tells of a reader that ended by a signal which no fault of its own sends."""


class Readers:
    """Readers under the same rules. Any thread may ask; each job has a reader to itself."""

    def __init__(self, rules: Rules) -> None:
        """No process is started before the first job or `warm`."""
        self._rules = rules
        self._idle: list[Reader] = []
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start a reader that waits for the first job, while the owner does something else."""
        with self._lock:
            if not self._idle:
                self._idle.append(Reader(self._rules))

    def do(
        self,
        job: AnyJob,
        data: bytes | Address,
        *,
        seconds: float | None = None,
        shelf: FolderShelf | None = None,
    ) -> tuple[Done[Any] | Overrun, float]:
        """A job's answer, or why it was given up; and the processor seconds that it cost.

        A reader that dies, or leaves pages out, and had read other files before may have done so because of
        those: the job is done once more by a new one. So is one whose reader somebody else ended: whoever is
        short of memory ends processes that have not done anything.

        Raises:
            ReaderError: no reader can be started.
        """
        allowance = _allowance(job.limits, data, seconds)
        spared = False
        while True:
            with self._reader() as reader:
                fresh = reader.fresh
                try:
                    result, ended = reader.do(job, data, allowance, shelf)
                except _GaveUpError as gave_up:
                    overrun, spent = gave_up.overrun, allowance.seconds
                else:
                    if ended.last:
                        reader.close()
                    if not isinstance(result, Overrun):
                        if fresh or not _left_out(result):
                            return result, ended.seconds
                        reader.close()  # what earlier files left in it may have been the memory that lacked
                        continue
                    overrun, spent = result, ended.seconds
                    if overrun.why == "crash":
                        reader.close()  # it lives, and would be who is asked once more, without end
            if fresh and overrun.told in ENDED_FROM_OUTSIDE and not spared:
                spared = True
                continue
            if fresh or overrun.why not in ("crash", "memory"):
                LOG.warning("%s given up: %s %s", job.do, overrun.why, overrun.told)
                return overrun, spent

    @contextmanager
    def _reader(self) -> Iterator[Reader]:
        reader = self._started()
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        if reader.alive:
            with self._lock:
                self._idle.append(reader)

    def _started(self) -> Reader:
        """One that waits, or a new one, ready for a job."""
        for tried in range(STARTS):
            with self._lock:
                while self._idle and not self._idle[-1].alive:
                    self._idle.pop().close()
                reader = self._idle.pop() if self._idle else Reader(self._rules)
            try:
                reader.promise()
                break
            except ReaderError:
                if tried + 1 == STARTS:
                    raise
        return reader

    def promise(self) -> Promise:
        """What the readers have given up.

        Raises:
            ReaderError: no reader can be started.
        """
        with self._reader() as reader:
            return reader.promise()

    def processes(self) -> list[int]:
        """The processes that wait for a job."""
        with self._lock:
            return [reader.pid for reader in self._idle]

    def close(self) -> None:
        """End all that wait."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def _left_out(done: Done[Any]) -> bool:
    """Whether pages of a file were not read."""
    return bool(getattr(done.answer, "unread_pages", ()))


def _allowance(limits: Limits, data: bytes | Address, seconds: float | None) -> Allowance:
    size = data.size() if isinstance(data, Address) else len(data)
    base = limits.seconds if seconds is None else seconds
    return Allowance(
        seconds=base + size / (MEBIBYTES_A_SECOND * 1024**2),
        page_seconds=limits.page_seconds,
        pages=limits.earning_pages,
    )


@cache
def readers_with(memory_bytes: int) -> Readers:
    """The readers of this process, ended with it."""
    readers = Readers(Rules(memory_bytes=memory_bytes))
    atexit.register(readers.close)
    return readers


@contextmanager
def office_readers(limits: Limits, program: str) -> Iterator[Readers]:
    """Readers that may start LibreOffice, and write in a folder that goes with them."""
    with TemporaryDirectory(prefix="zhengji-reader-", ignore_cleanup_errors=True) as folder:
        readers = Readers(Rules(memory_bytes=limits.memory_bytes, folder=folder, program=program))
        try:
            yield readers
        finally:
            readers.close()


def readers_for(limits: Limits) -> Readers:
    """The readers of this process that keep to the limits."""
    return readers_with(limits.memory_bytes)
