"""`python -m benchmarks.desk_beside_run [messages]`: 50 people on the staff's page beside a run.

Each asks for a page every 5 seconds over HTTP. The same export is run alone before and beside them, by the
command in a process of its own; the page is served by the command too.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.export import make_export

CLIENTS, EVERY_SECONDS = 50, 5.0
PAGES = ("/", "/submissions", "/findings?state=open", "/messages", "/rows", "/units", "/findings?q=局")


def main() -> int:
    """Print both runs' seconds, their ratio, and how long pages took meanwhile."""
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), 200)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_export(folder / "first", 5)
        make_export(folder / "box", count)
        for database in ("alone", "beside"):
            _run(folder / "first", folder, database)
        alone = _run(folder / "box", folder, "alone")
        spent: list[float] = []
        failed: list[str] = []
        with _served(folder / "beside.duckdb") as address, _asking(address, spent, failed):
            beside = _run(folder / "box", folder, "beside")
    spent.sort()
    cut = statistics.quantiles(spent, n=20)
    print(f"{count} messages: alone {alone[0]:.1f} s ({alone[1]:.1f} s of CPU)")
    print(f"beside {CLIENTS} clients {beside[0]:.1f} s ({beside[1]:.1f}), ratio {beside[0] / alone[0]:.2f}")
    print(
        f"{len(spent)} pages, {len(failed)} errors, median {1000 * statistics.median(spent):.0f} ms,"
        f" p95 {1000 * cut[-1]:.0f} ms, longest {1000 * spent[-1]:.0f} ms"
    )
    print(*failed[:5], sep="\n")
    return int(bool(failed))


def _run(box: Path, folder: Path, name: str) -> tuple[float, float]:
    """Seconds of the clock and of the processor that `zhengji run --plain` takes."""
    command = [sys.executable, "-m", "flows.cli", "run", str(box), "--plain"]
    where = ["--db", str(folder / f"{name}.duckdb"), "--out", str(folder / name)]
    began, before = time.monotonic(), os.times()
    subprocess.run([*command, *where], check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu


@contextmanager
def _served(db: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "flows.cli", "review", "--db", str(db), "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(address, timeout=30).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield address
        finally:
            server.kill()


@contextmanager
def _asking(address: str, spent: list[float], failed: list[str]) -> Iterator[None]:
    done = threading.Event()

    def ask(number: int) -> None:
        done.wait(EVERY_SECONDS * number / CLIENTS)
        turn = number
        while not done.is_set():
            began = time.monotonic()
            try:
                urllib.request.urlopen(address + _quoted(PAGES[turn % len(PAGES)]), timeout=60).read()
            except OSError as error:
                failed.append(f"{PAGES[turn % len(PAGES)]}: {error}")
            spent.append(time.monotonic() - began)
            turn += 1
            done.wait(max(0.0, EVERY_SECONDS - spent[-1]))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for one in threads:
        one.start()
    try:
        yield
    finally:
        done.set()
        for one in threads:
            one.join()


def _quoted(path: str) -> str:
    return urllib.parse.quote(path, safe="/?=&")


if __name__ == "__main__":
    raise SystemExit(main())
