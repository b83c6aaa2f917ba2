"""`python -m tests.flows.kills`: random kills until so many are done."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from pathlib import Path

from tests.flows import kills
from tests.flows.kills import counted, go_through


def main() -> int:
    """Go through random kills, print what was wrong and the counts."""
    asked = argparse.ArgumentParser(description=kills.__doc__)
    asked.add_argument("--tries", type=int, default=2000)
    asked.add_argument("--progress", type=Path, required=True)
    asked.add_argument("--jobs", type=int, default=1)
    told = asked.parse_args()
    jobs = [
        multiprocessing.get_context("spawn").Process(
            target=go_through, args=(told.tries, told.progress, (part, told.jobs))
        )
        for part in range(told.jobs)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    counts = counted(told.progress)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    return int(any(name.endswith("wrong") for name in counts) or any(job.exitcode for job in jobs))


if __name__ == "__main__":
    sys.exit(main())
