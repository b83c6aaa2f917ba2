"""One fuzzer process: runs a target under libFuzzer, notes what it raises and goes on.

Called by `tests.fuzz`; a native crash, a timeout or too much memory ends it with an artifact.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib
import sys
import time
import traceback
from pathlib import Path

import atheris

SLOW = 5.0
"""Seconds of one input that are a finding, whatever comes of it."""


def main() -> None:
    """`child TARGET FOLDER [libFuzzer's arguments]`."""
    target, folder = sys.argv[1], Path(sys.argv[2])
    from tests.fuzz.targets import TARGETS

    function, packages = TARGETS[target]
    with atheris.instrument_imports(include=list(packages)):
        for package in packages:
            importlib.import_module(package)
        function(b"")
    counts = {"executions": 0}
    counter = folder / f"{target}.count"

    def note() -> None:
        counter.write_text(str(counts["executions"]), encoding="ascii")

    def once(data: bytes) -> None:
        began = time.process_time()
        try:
            function(data)
        except Exception as error:  # noqa: BLE001 - the finding that this is for
            frames = traceback.extract_tb(error.__traceback__)
            where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames[-4:]))
            found(folder, target, data, f"{type(error).__name__} at {where}: {str(error)[:200]}", where)
        spent = time.process_time() - began
        if spent > SLOW:
            found(folder, target, data, f"took {spent:.1f} s", f"slow-{len(data) // 1000}")
        counts["executions"] += 1
        if counts["executions"] % 64 == 0:
            note()

    atexit.register(note)
    atheris.Setup([sys.argv[0], *sys.argv[3:]], once)
    atheris.Fuzz()


def found(folder: Path, target: str, data: bytes, what: str, where: str) -> None:
    """Keep the first input of each kind of fault, with what happened."""
    name = hashlib.sha256(where.encode()).hexdigest()[:12]
    path = folder / "findings" / f"{target}-{name}"
    if not path.exists():
        path.write_bytes(data)
        path.with_suffix(".txt").write_text(what, encoding="utf-8")


if __name__ == "__main__":
    main()
