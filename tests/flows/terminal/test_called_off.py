"""A run that is stopped from outside ends as with Ctrl+C: told, nothing left, the next one completes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from flows.cli import main
from tests.flows.tiny import tiny_export

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_says_so_takes_unpacked_mail_away_and_the_next_completes_it(
    number: signal.Signals, tmp_path: Path
) -> None:
    export = tmp_path / "export.zip"
    with zipfile.ZipFile(export, "w") as archive:
        for file in tiny_export(tmp_path / "export").iterdir():
            archive.write(file, file.name)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arguments = [
        "run",
        str(export),
        "--db",
        str(tmp_path / "z.duckdb"),
        "--out",
        str(tmp_path / "out"),
        "--plain",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments],
        env=os.environ | {"TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        until = time.monotonic() + 60
        while not any(scratch.glob("zhengji-*/*")) and time.monotonic() < until:
            time.sleep(0.01)
        run.send_signal(number)
        said = run.communicate(timeout=60)[1]
    assert run.returncode == 128 + number
    assert said.strip().startswith("zhengji: interrupted")
    assert said.strip().count("\n") == 0
    assert list(scratch.glob("zhengji-*")) == []
    assert main(arguments) == 0
    assert main(["audit", "--mailbox", str(export), *arguments[2:6]]) == 0


def test_what_is_to_be_ignored_stays_ignored(tmp_path: Path) -> None:
    """As `nohup` has it: who logs out does not end the run."""
    code = (
        "import os, signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); import flows.cli as c;"
        "\nwith c._heeding() as came: os.kill(os.getpid(), signal.SIGHUP); print('goes on', came)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "goes on []\n"
