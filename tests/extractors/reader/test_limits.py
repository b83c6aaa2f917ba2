"""Reading processes: limits that hold, and a reader that dies costs the file it read, nothing else."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from extractors.overrun import Overrun
from extractors.reader.jobs import Done, ReadFile, TakeApart
from extractors.reader.pool import Readers
from extractors.reader.process import Address
from extractors.reader.sandbox import Rules
from reference.model import FileReading
from reference.settings import Limits
from tests.conftest import SAMPLES
from tests.extractors import hostile
from tests.extractors.word.test_document import FORM
from tests.extractors.word_samples import word_file

LIMITS = Limits()
GOOD = SAMPLES / "export" / "2025-06" / "M0001.eml"
RULES = Rules(memory_bytes=LIMITS.memory_bytes)


@pytest.fixture
def readers() -> Iterator[Readers]:
    pool = Readers(RULES)
    yield pool
    pool.close()


def job(reader: str, data: bytes, limits: Limits = LIMITS) -> ReadFile:
    return ReadFile(limits=limits, reader=reader, file_id=hashlib.sha256(data).hexdigest(), name="f")


def read(readers: Readers, reader: str, data: bytes, limits: Limits = LIMITS) -> Any:
    done, _ = readers.do(job(reader, data, limits), data)
    return done.answer if isinstance(done, Done) else done


def when_busy(pid: int, how: signal.Signals) -> None:
    """Send the signal once the process has worked for half a second more: it reads by then."""
    done = seconds_of(pid)

    def wait() -> None:
        with suppress(OSError):
            while seconds_of(pid) < max(done, 0.5) + 0.5:
                time.sleep(0.01)
            os.kill(pid, how)

    threading.Thread(target=wait, daemon=True).start()


def seconds_of(pid: int) -> float:
    """The processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_message_comes_back_with_its_files_byte_for_byte(readers: Readers) -> None:
    from extractors.mail.messages import read_message

    data = GOOD.read_bytes()
    for sent in (data, Address(GOOD), Address(GOOD, 0, len(data))):
        done, _ = readers.do(TakeApart(limits=LIMITS, source="m", exported_at=None), sent)
        assert isinstance(done, Done)
        assert TakeApart.taken(done)[0] == read_message(data, "m", LIMITS, exported_at=None)


def test_time_is_bounded_and_the_next_file_is_read(readers: Readers) -> None:
    began = time.monotonic()
    over = read(readers, "pdf", hostile.slow(), Limits(seconds=1))
    assert (over.why, over.told) == ("time", "processor time")
    assert time.monotonic() - began < 6 * 2
    assert read(readers, "docx", FORM).form is not None


def test_one_that_waits_for_ever_is_ended_from_outside(readers: Readers) -> None:
    """A stopped process uses no processor time: the wall clock ends it."""
    readers.warm()
    (pid,) = readers.processes()
    when_busy(pid, signal.SIGSTOP)
    over = read(readers, "pdf", hostile.slow(), Limits(seconds=2, patience=1))
    assert (over.why, over.told) == ("time", "ended by its owner")


def test_memory_is_bounded() -> None:
    small = Readers(Rules(memory_bytes=150_000_000))
    over = read(small, "docx", word_file("<w:p/>" * 2_000_000), Limits(archive_ratio=10_000))
    small.close()
    assert isinstance(over, Overrun)
    assert over.why == "memory"


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_costs_the_file_alone(readers: Readers, how: signal.Signals) -> None:
    readers.warm()
    (pid,) = readers.processes()
    when_busy(pid, how)
    assert read(readers, "pdf", hostile.slow()).why == "crash"
    assert read(readers, "docx", FORM).form is not None
    assert readers.processes() != [pid]


def test_a_new_reader_that_somebody_ends_is_no_fault_of_its_file(readers: Readers) -> None:
    readers.warm()
    (pid,) = readers.processes()
    when_busy(pid, signal.SIGKILL)
    assert isinstance(read(readers, "pdf", hostile.slow(100_000)), FileReading)


def test_a_reader_that_may_have_died_of_an_earlier_file_is_not_believed(readers: Readers) -> None:
    first = read(readers, "docx", FORM)
    (pid,) = readers.processes()
    when_busy(pid, signal.SIGKILL)
    again = read(readers, "pdf", hostile.slow(100_000))
    assert isinstance(again, FileReading)
    assert read(readers, "docx", FORM) == first


def test_the_readers_end_with_their_owner(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = (
        "import sys, time\n"
        "from extractors.reader.pool import Readers\n"
        "from extractors.reader.sandbox import Rules\n"
        f"pool = Readers(Rules(memory_bytes={RULES.memory_bytes}))\n"
        "pool.warm()\n"
        "print(pool.processes()[0], flush=True)\n"
        "time.sleep(60)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    owner.stdout.close()
    until = time.monotonic() + 20
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_fault_in_a_reader_that_lives_on_is_tried_once_more_and_no_more(readers: Readers) -> None:
    """The reader that had read other files before was asked again and again, for ever."""
    assert isinstance(read(readers, "docx", FORM), FileReading)
    told: list[Any] = []
    asking = threading.Thread(target=lambda: told.append(read(readers, "no such reader", b"x")), daemon=True)
    asking.start()
    asking.join(60)
    assert [(one.why, type(one)) for one in told] == [("crash", Overrun)]
    assert isinstance(read(readers, "docx", FORM), FileReading)
