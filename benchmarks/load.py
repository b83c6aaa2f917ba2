"""Load: many small messages, an mbox of gigabytes, a message of 200 MB; peak memory and seconds.

`python -m benchmarks.load messages 10000`, `... mbox 2048` (MiB), `... message 200` (MiB). What is listed and
what a whole run does are told apart; each is measured in a process of its own, so that the peak is its own.
"""

from __future__ import annotations

import argparse
import base64
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MIB = 1024**2


def small(number: int) -> bytes:
    """A message without a form, unlike every other."""
    return (
        f"Received: from a by b; Mon, 23 Jun 2025 09:{number // 60 % 60:02d}:{number % 60:02d} +0800\r\n"
        f"From: a{number}@x.invalid\r\nSubject: {number}\r\nMessage-ID: <{number}@x.invalid>\r\n\r\n"
        f"No form, {number}.\r\n"
    ).encode()


def large(number: int, size: int) -> bytes:
    """A message with one attachment that makes it about a size."""
    head = small(number).replace(
        b"\r\n\r\n", b"\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n", 1
    )
    data = base64.encodebytes(f"{number:019d}\n".encode() * (size * 3 // 4 // 20))
    part = (
        b"--b\r\nContent-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head + part + data + b"--b--\r\n"


def make(kind: str, amount: int, folder: Path) -> None:
    """Write an export of a kind."""
    if kind == "messages":
        for number in range(amount):
            shelf = folder / f"{number // 1000:03d}"
            shelf.mkdir(exist_ok=True)
            (shelf / f"{number}.eml").write_bytes(small(number))
    elif kind == "message":
        (folder / "large.eml").write_bytes(large(0, amount * MIB))
    else:
        with (folder / "box.mbox").open("wb") as file:
            number = 0
            while file.tell() < amount * MIB:
                file.write(
                    b"From a@x.invalid Mon Jun 23 09:00:00 2025\r\n" + large(number, 2 * MIB) + b"\r\n"
                )
                number += 1


def measure(step: str, folder: Path) -> None:
    """List an export or run the intake over it, in this process; told in one line."""
    from extractors.mail.mailbox import open_mailbox
    from flows.intake.pipeline import run_intake
    from reference.settings import Settings

    began = time.monotonic()
    settings = Settings(db=folder.parent / "load.duckdb", out=folder.parent / "out", workers=1)
    if step == "list":
        with open_mailbox(folder, settings.limits) as box:
            count = len(box.sources)
    else:
        count = run_intake(folder, settings).added
    spent = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{step}: {count} messages, {spent:.1f} s, peak {peak} MiB", flush=True)


def main() -> None:
    """Make an export and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = ("messages", "mbox", "message")
    parser.add_argument("kind", choices=(*kinds, *(f"make-{kind}" for kind in kinds), "measure"))
    parser.add_argument("amount")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--list-only", action="store_true")
    asked = parser.parse_args()
    if asked.kind == "measure":
        measure(asked.amount, asked.folder)
        return
    if asked.kind.startswith("make-"):
        make(asked.kind.removeprefix("make-"), int(asked.amount), asked.folder)
        return
    with tempfile.TemporaryDirectory(prefix="zhengji-load-") as made:
        folder = Path(made) / "export"
        folder.mkdir()
        # Also made in a process of its own: what this one took would count as its children's peak.
        words = [sys.executable, "-m", "benchmarks.load"]
        subprocess.run([*words, f"make-{asked.kind}", asked.amount, str(folder)], check=True)
        for step in ("list",) if asked.list_only else ("list", "run"):
            subprocess.run(
                [sys.executable, "-m", "benchmarks.load", "measure", step, str(folder)], check=True
            )


if __name__ == "__main__":
    main()
