"""`python -m tests.fuzz TARGET --seconds N --corpus DIR`: fuzz one reader, go on where the last run ended."""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS

LONGEST_INPUT = 40_000
SECONDS_AN_INPUT = 30
MEGABYTES = 2500


def main() -> None:
    """Fuzz for a time; totals stand in `totals.json` beside the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, default=Path(".fuzz"))
    asked = parser.parse_args()
    executions, seconds = fuzz(asked.target, asked.seconds, asked.corpus)
    totals = add_to_totals(asked.corpus, asked.target, executions, seconds)
    print(f"{asked.target}: {executions} executions in {seconds:.0f} s; in all {json.dumps(totals)}")
    for note in sorted((asked.corpus / "findings").glob(f"{asked.target}-*.txt")):
        print(f"  {note.stem}: {note.read_text(encoding='utf-8')}")


def fuzz(target: str, seconds: int, folder: Path) -> tuple[int, float]:
    """Run fuzzer processes until the time is over; one that ended over an input is followed by the next."""
    corpus, findings = folder / target, folder / "findings"
    for one in (corpus, findings):
        one.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    began = time.monotonic()
    executions = 0
    while (left := seconds - (time.monotonic() - began)) > 5:
        counter = folder / f"{target}.count"
        counter.write_text("0", encoding="ascii")
        words = [
            sys.executable, "-m", "tests.fuzz.child", target, str(folder),
            f"-max_total_time={int(left)}", f"-max_len={LONGEST_INPUT}", f"-timeout={SECONDS_AN_INPUT}",
            f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={findings}/{target}-native-", str(corpus),
        ]  # fmt: skip
        with (folder / f"{target}.log").open("ab") as log:
            subprocess.run(words, stdout=log, stderr=log, check=False)
        done = int(counter.read_text(encoding="ascii") or 0)
        executions += done
        if not done:
            sys.exit(f"the fuzzer of {target} does not start; see {folder / target}.log")
    return executions, time.monotonic() - began


def add_to_totals(folder: Path, name: str, executions: int, seconds: float) -> dict[str, float]:
    """Add a run to the totals, and give those of its name."""
    path = folder / "totals.json"
    totals = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    one = totals.setdefault(name, {"runs": 0, "executions": 0, "seconds": 0})
    one["runs"] += 1
    one["executions"] += executions
    one["seconds"] = round(one["seconds"] + seconds)
    found = [path for path in (folder / "findings").glob(f"{name}-*") if path.suffix != ".txt"]
    one["findings"] = len(found)
    path.write_text(json.dumps(totals, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    result: dict[str, float] = one
    return result


if __name__ == "__main__":
    main()
