"""People on the page beside a run: no error, no waiting, and the run comes to its end."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from reference.settings import Settings
from tests.flows.tiny import BUYER, XUHUI, message, word_form

ROOT = Path(__file__).parents[2]
MESSAGES, CLIENTS = 4, 3
PAGES = ("/", "/submissions", "/findings?state=open", "/messages")


def test_pages_beside_a_run_that_writes_message_by_message(
    address: str, desk: Settings, tmp_path: Path
) -> None:
    box = tmp_path / "more"
    box.mkdir()
    form = word_form(XUHUI, BUYER)
    for number in range(MESSAGES):
        (box / f"{number}.eml").write_bytes(message(number, ("推荐表.docx", form), text=f"第{number}份"))
    before = listed(address)
    done, failed, spent = threading.Event(), [], []

    def ask(number: int) -> None:
        while not done.is_set():
            began = time.monotonic()
            try:
                urllib.request.urlopen(address + PAGES[number % len(PAGES)], timeout=30).read()
            except urllib.error.URLError as error:
                failed.append(error)
            spent.append(time.monotonic() - began)
            done.wait(0.1)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for one in threads:
        one.start()
    where = ["--db", str(desk.db), "--out", str(desk.out), "--plain"]
    run = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", str(box), *where],
        cwd=ROOT, env={**os.environ, "ZHENGJI_BATCH": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    done.set()
    for one in threads:
        one.join()
    assert (run.returncode, run.stderr) == (0, "")
    assert failed == []
    assert statistics.quantiles(spent, n=20)[-1] < 10  # on a busy machine; nobody waits for the run's end
    assert listed(address) == before + MESSAGES


def listed(address: str) -> int:
    """Messages of the test's own subject that the page lists."""
    return int(urllib.request.urlopen(f"{address}/messages").read().decode().count("推荐表报送"))
