"""The process that reads: takes jobs from its owner until it is told to end, and can do nothing else.

Started as `python -m extractors.reader.child`. Its own output goes nowhere: what it has to say goes through
the pipe that was its standard output.
"""

from __future__ import annotations

import math
import os
import sys
import threading
import time
import traceback
from typing import BinaryIO

from extractors.means import Pace
from extractors.overrun import OverLimitsError, Overrun
from extractors.reader.frames import BrokenPipe, Kind, read_frame, write_frame
from extractors.reader.jobs import job_of
from extractors.reader.sandbox import Rules, give_up
from reference.model import Frozen

STALE_BYTES = 600_000_000
"""Memory that a reader may hold between two jobs before it is replaced; one that has read scans holds some
400 MB, most of it the engine's."""
NO_MEMORY = 77
"""Exit status of a reader that could not even take a job."""
HURRY = 0.5
"""Share of a job's time after which nothing new is begun that may be left."""


class Allowance(Frozen):
    """Processor seconds that a job may take, and what its pages earn."""

    seconds: float
    page_seconds: float = 0
    pages: int = 0


class Ended(Frozen):
    """How a job ended beside its answer: what it cost, and whether this reader reads on."""

    seconds: float
    last: bool


class _Earning(Pace):
    """The pace of one job: pages that were read as forms earn time, up to a number of them."""

    def __init__(self, allowance: Allowance, out: BinaryIO) -> None:
        self._began = time.process_time()
        self._left, self._each, self._out = allowance.pages, allowance.page_seconds, out
        self._seconds = allowance.seconds
        self._bound()

    @property
    def spent(self) -> float:
        return time.process_time() - self._began

    @property
    def hurry(self) -> bool:
        return self.spent > HURRY * self._seconds

    def page_read(self) -> None:
        if self._left <= 0:
            return
        self._left -= 1
        self._seconds += self._each
        self._bound()
        write_frame(self._out, Kind.PAGE)

    def _bound(self) -> None:
        """The system ends this process once the time is spent (SIGXCPU), whatever it is doing."""
        try:
            import resource
        except ImportError:  # Windows: the owner's watch alone
            return
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(self._began + self._seconds), hard))


class _OwnersShelf:
    """The shelf of earlier readings, which the owner holds."""

    def __init__(self, source: BinaryIO, out: BinaryIO) -> None:
        self._source, self._out = source, out

    def take(self, name: str) -> str | None:
        write_frame(self._out, Kind.ASK, name.encode())
        blobs = read_frame(self._source).blobs
        return blobs[0].decode() if blobs else None

    def put(self, name: str, text: str) -> None:
        write_frame(self._out, Kind.KEEP, name.encode(), text.encode())


def main(rules: str) -> None:
    """Serve until the owner ends."""
    source, out = _pipes()
    promise = give_up(Rules.model_validate_json(rules))
    threading.Thread(target=_end_with_owner, args=(source.fileno(),), daemon=True).start()
    write_frame(out, Kind.READY, promise.model_dump_json().encode())
    _quiet()
    while _serve(source, out):
        pass


def _serve(source: BinaryIO, out: BinaryIO) -> bool:
    """Do one job; whether another may follow."""
    told, allowed, data = read_frame(source).blobs
    pace = _Earning(Allowance.model_validate_json(allowed), out)
    try:
        done = job_of(told).done(data, _OwnersShelf(source, out), pace)
        answer = done.answer.model_dump_json().encode()
    except OverLimitsError as over:
        return _over(out, over.overrun, pace.spent)
    except MemoryError:
        _over(out, Overrun(why="memory"), pace.spent, last=True)
        return False
    except BrokenPipe:
        raise
    except Exception as fault:  # noqa: BLE001 - whatever a file makes a library stumble over is told
        return _over(out, Overrun(why="crash", told=_where(fault)), pace.spent)
    ended = Ended(seconds=pace.spent, last=_held() > STALE_BYTES)
    write_frame(out, Kind.DONE, ended.model_dump_json().encode(), answer, *done.blobs)
    return not ended.last


def _over(out: BinaryIO, overrun: Overrun, spent: float, *, last: bool = False) -> bool:
    ended = Ended(seconds=spent, last=last)
    write_frame(out, Kind.OVER, ended.model_dump_json().encode(), overrun.model_dump_json().encode())
    return True


def _where(fault: BaseException) -> str:
    """The fault and the last few places it came through."""
    return f"{type(fault).__name__}: {fault}\n{''.join(traceback.format_exception(fault)[-4:])}"[-4000:]


def _held() -> int:
    """Bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two ends that the owner holds the others of; what a library prints no longer meets them."""
    source, out = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return os.fdopen(source, "rb", buffering=1024**2), os.fdopen(out, "wb", buffering=1024**2)


def _quiet() -> None:
    """What libraries say of a damaged file is nothing for the terminal; the start's own faults were."""
    os.dup2(1, 2)


def _end_with_owner(source: int) -> None:
    """End at once when the owner ends, even killed, in the middle of a job."""
    import select

    if not hasattr(select, "poll"):  # Windows: the next frame cannot be read, which ends the loop
        return
    poll = select.poll()
    poll.register(source, 0)
    poll.poll()
    os._exit(0)


if __name__ == "__main__":
    status = 0
    try:
        main(sys.argv[1])
    except BrokenPipe:
        pass
    except MemoryError:  # what it was to read is more than it may hold
        status = NO_MEMORY
    # No handlers and no cleaning up: whatever a library still holds goes with the process.
    os._exit(status)
