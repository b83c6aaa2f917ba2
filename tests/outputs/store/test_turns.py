"""Readers and one writer: a writer gets its turn however many read, and the page reads copies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outputs.store.snapshots import Snapshots
from outputs.store.store import Store
from reference.errors import StoreBusyError, StoreError
from tests.outputs.outcomes import outcome, submission

READERS = """
import sys, threading
from pathlib import Path
from outputs.store.store import Store

def read():
    while True:
        with Store.open(Path(sys.argv[1]), wait_seconds=30, read_only=True) as store:
            store.windows()

threads = [threading.Thread(target=read, daemon=True) for _ in range(int(sys.argv[2]))]
for one in threads:
    one.start()
print("reading", flush=True)
threads[0].join()
"""
WRITER = """
import sys, time
from pathlib import Path
from outputs.store.store import Store
while True:  # as a run does that has its next batch ready
    with Store.open(Path(sys.argv[1]), wait_seconds=30) as store:
        store.database.execute("insert into steps values ('S', 1, 'x', '2025-06-20', 'p', null)")
        print("written", flush=True)
        time.sleep(0.05)
"""
DIES = """
import os, sys
from pathlib import Path
from outputs.store.store import Store
from tests.outputs.outcomes import outcome, submission
with Store.open(Path(sys.argv[1]), wait_seconds=0) as store:
    store.save_outcome(outcome("m2", submission("2025Q2-BBBBBB", "m2")), "r1")
    os._exit(9)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one message."""
    path = tmp_path / "z.duckdb"
    save(path, "m1", "2025Q2-AAAAAA")
    return path


def save(path: Path, message: str, name: str, wait_seconds: float = 10) -> None:
    with Store.open(path, wait_seconds=wait_seconds) as store:
        store.save_outcome(outcome(message, submission(name, message)), "r1")


@contextmanager
def beside(script: str, *arguments: object) -> Iterator[None]:
    """Another process at work, once it has said its first word."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def test_a_writer_is_not_starved_by_processes_that_read_without_a_pause(path: Path) -> None:
    with beside(READERS, path, 6), beside(READERS, path, 6):
        for number in range(5):
            save(path, f"n{number}", f"2025Q2-CCCCC{number}")
    with Store.open(path, wait_seconds=5, read_only=True) as store:
        assert len(store.known_message_ids()) == 6


def test_a_decision_gets_its_turn_beside_a_run_that_always_wants_the_next(path: Path) -> None:
    with beside(WRITER, path):
        for number in range(3):
            save(path, f"n{number}", f"2025Q2-CCCCC{number}", wait_seconds=5)


def test_threads_that_write_have_their_turn_in_the_order_in_which_they_came(path: Path) -> None:
    order: list[int] = []

    def write(number: int) -> None:
        with Store.open(path, wait_seconds=20):
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    with Store.open(path, wait_seconds=5):
        for one in threads:
            one.start()
            time.sleep(0.05)
    for one in threads:
        one.join()
    assert order == [0, 1, 2, 3, 4]


def known(snapshots: Snapshots, wait_seconds: float = 5) -> set[str]:
    with snapshots.read(wait_seconds) as store:
        return store.known_message_ids()


def test_pages_read_while_another_process_writes_and_soon_see_it(path: Path) -> None:
    snapshots = Snapshots(path)
    known(snapshots)
    with beside(WRITER, path):
        began, longest, seen = time.monotonic(), 0.0, 0
        while seen < 5 and time.monotonic() - began < 30:
            asked = time.monotonic()
            with snapshots.read(0) as store:
                seen = store.database.value("select count(*) from steps")
            longest = max(longest, time.monotonic() - asked)
    assert seen >= 5
    assert longest < 2
    snapshots.close()


def test_what_the_page_wrote_is_in_what_it_reads_next(path: Path) -> None:
    snapshots = Snapshots(path)
    for number in range(5):
        save(path, f"n{number}", f"2025Q2-CCCCC{number}")
        assert f"n{number}" in known(snapshots)
    with Store.open(path, wait_seconds=5) as store:  # while it writes, what stood before answers
        store.save_outcome(outcome("m2", submission("2025Q2-BBBBBB", "m2")), "r1")
        assert "m2" not in known(snapshots, wait_seconds=0)
    assert "m2" in known(snapshots)
    snapshots.close()


def test_a_page_that_starts_while_somebody_writes_waits_and_says_so_in_the_end(path: Path) -> None:
    with Store.open(path, wait_seconds=5), pytest.raises(StoreBusyError):
        Snapshots(path).read(0.1)


def test_a_copy_is_read_to_its_end_though_a_newer_one_stands(path: Path) -> None:
    snapshots = Snapshots(path)
    with snapshots.read(5) as older:
        save(path, "m2", "2025Q2-BBBBBB")
        assert known(snapshots) == {"m1", "m2"}
        assert older.known_message_ids() == {"m1"}
    snapshots.close()
    assert list(path.with_suffix(".snapshots").iterdir()) == []


def test_a_copy_holds_what_a_killed_writer_had_committed(path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", DIES, str(path)], check=False).returncode == 9
    assert path.with_name("z.duckdb.wal").exists()
    snapshots = Snapshots(path)
    assert known(snapshots) == {"m1", "m2"}
    snapshots.close()


def test_many_threads_read_beside_one_that_writes(path: Path) -> None:
    snapshots, failed, seen = Snapshots(path), [], [0] * 8

    def read(number: int) -> None:
        try:
            while not done.is_set():
                found = len(known(snapshots))
                assert found >= seen[number]  # never back
                seen[number] = found
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failed.append(error)

    done = threading.Event()
    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for number in range(10):
        save(path, f"n{number}", f"2025Q2-CCCCC{number}")
    assert len(known(snapshots)) == 11
    done.set()
    for one in threads:
        one.join()
    assert failed == []
    snapshots.close()


def test_a_page_without_a_database_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database at"):
        Snapshots(tmp_path / "z.duckdb").read(0)
