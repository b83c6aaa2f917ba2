"""The owner's side: reading processes, each under watch, replaced when one dies or overruns."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import extractors
from extractors.means import FolderShelf
from extractors.overrun import Overrun
from extractors.reader.child import NO_MEMORY, Allowance, Ended
from extractors.reader.frames import BrokenPipe, Frame, Kind, read_frame, write_frame
from extractors.reader.jobs import AnyJob, Done, answer_of
from extractors.reader.sandbox import Promise, Rules
from reference.errors import ReaderError

LOG = logging.getLogger(__name__)
START_SECONDS = 60.0
"""How long a reader may take to start: a tenth of a second of work, on a machine that is busy with others."""
_ROOT = Path(str(extractors.__file__)).parent.parent
_INHERITED = frozenset(
    ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"]
)
"""Of the environment a reader gets this alone: it holds passwords otherwise."""
_SHELVED = re.compile(r"[0-9a-f]{64}\.json")


@dataclass(frozen=True, slots=True)
class Address:
    """Bytes that stand in a file: streamed to the reader, which cannot open it itself."""

    path: Path
    start: int = 0
    length: int | None = None

    def size(self) -> int:
        """How many bytes.

        Raises:
            OSError: the file is gone.
        """
        return self.path.stat().st_size - self.start if self.length is None else self.length

    def pieces(self, size: int) -> Iterator[bytes]:
        """The bytes, `size` of them, a piece at a time; zeros for what was cut off meanwhile."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            while size > 0:
                piece = file.read(min(size, 1024**2)) or bytes(min(size, 1024**2))
                size -= len(piece)
                yield piece


class _GaveUpError(Exception):
    """A reader ended without an answer."""

    def __init__(self, overrun: Overrun) -> None:
        super().__init__(overrun.why)
        self.overrun = overrun


class Reader:
    """One reading process. Used by one thread at a time."""

    def __init__(self, rules: Rules) -> None:
        """Start the process; what it has to load is loaded while the owner goes on.

        Raises:
            ReaderError: the system starts no process.
        """
        self.fresh = True
        self._promise: Promise | None = None
        self._deadline = 0.0
        self._late = False
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {name: value for name, value in os.environ.items() if name in _INHERITED}
        if rules.folder:
            environment |= dict.fromkeys(("HOME", "TMPDIR", "TMP", "TEMP"), rules.folder)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "extractors.reader.child", rules.model_dump_json()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "2"},
                cwd=_ROOT,
                start_new_session=True,
            )
        except OSError as error:
            raise ReaderError(
                f"no process can be started that reads files ({error.strerror}).", "Look at the machine."
            ) from None

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def promise(self) -> Promise:
        """What it has given up; waits until it has started.

        Raises:
            ReaderError: it does not start.
        """
        if self._promise is None:
            try:
                with self._watched(START_SECONDS):
                    self._promise = Promise.model_validate_json(read_frame(self._out).blobs[0])
            except (BrokenPipe, IndexError, ValueError):
                self.close()
                raise ReaderError(
                    "the process that reads files does not start.", "Its own words stand above, if any."
                ) from None
        return self._promise

    def do(
        self, job: AnyJob, data: bytes | Address, allowance: Allowance, shelf: FolderShelf | None
    ) -> tuple[Done[Any] | Overrun, Ended]:
        """Have a job done.

        Raises:
            _GaveUpError: the process died over it or was ended for it.
            ReaderError: it did not start.
        """
        self.promise()
        patience = job.limits.patience
        with self._watched(patience * allowance.seconds):
            try:
                self._send(job, data, allowance)
                while (frame := read_frame(self._out)).kind not in (Kind.DONE, Kind.OVER):
                    self._meanwhile(frame, shelf, patience * allowance.page_seconds)
                self.fresh = False
                return self._result(job, frame)
            except (BrokenPipe, ValueError, IndexError) as broken:
                raise _GaveUpError(self._why(broken)) from None

    def _send(self, job: AnyJob, data: bytes | Address, allowance: Allowance) -> None:
        told = job.model_dump_json().encode(), allowance.model_dump_json().encode()
        if isinstance(data, Address):
            size = data.size()
            write_frame(self._in, Kind.JOB, *told, (size, data.pieces(size)))
        else:
            write_frame(self._in, Kind.JOB, *told, data)

    def _meanwhile(self, frame: Frame, shelf: FolderShelf | None, more: float) -> None:
        """What a reader asks or tells before its answer."""
        if frame.kind is Kind.PAGE:
            self._deadline += more
        elif frame.kind is Kind.ASK:
            kept = shelf.take(_shelved(frame.blobs[0])) if shelf else None
            write_frame(self._in, Kind.KEPT, *([] if kept is None else [kept.encode()]))
        elif frame.kind is Kind.KEEP and shelf:
            shelf.put(_shelved(frame.blobs[0]), frame.blobs[1].decode())

    def _result(self, job: AnyJob, frame: Frame) -> tuple[Done[Any] | Overrun, Ended]:
        ended = Ended.model_validate_json(frame.blobs[0])
        if frame.kind is Kind.OVER:
            return Overrun.model_validate_json(frame.blobs[1]), ended
        return Done(answer_of(job, frame.blobs[1]), frame.blobs[2:]), ended

    def _why(self, broken: Exception) -> Overrun:
        """Why no answer came, once the process is ended."""
        if self._late:
            self.close()
            return Overrun(why="time", told="ended by its owner")
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        status = self._process.poll()
        self.close()
        if status == -getattr(signal, "SIGXCPU", 24):
            return Overrun(why="time", told="processor time")
        if status == NO_MEMORY:
            return Overrun(why="memory")
        return Overrun(why="crash", told=f"status {status}" if status is not None else repr(broken))

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """End the process when it is not done in time, in which `_deadline` may be put off."""
        self._deadline = time.monotonic() + seconds
        done = threading.Event()

        def watch() -> None:
            while not done.wait(max(0.0, self._deadline - time.monotonic())):
                if time.monotonic() >= self._deadline:
                    self._late = True
                    self._kill()
                    return

        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield
        finally:
            done.set()
            watching.join()

    def _kill(self) -> None:
        """End it with whatever it has started."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def close(self) -> None:
        """End the process and wait for it."""
        if self._process.poll() is None:
            self._kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()

    @property
    def _in(self) -> BinaryIO:
        return _pipe(self._process.stdin)

    @property
    def _out(self) -> BinaryIO:
        return _pipe(self._process.stdout)


def _pipe(stream: Any) -> BinaryIO:
    pipe: BinaryIO = stream
    return pipe


def _shelved(name: bytes) -> str:
    """A name on the shelf; a reader that asks for anything else is broken.

    Raises:
        ValueError: it is no such name.
    """
    told = name.decode()
    if not _SHELVED.fullmatch(told):
        raise ValueError("no name of a reading")
    return told
