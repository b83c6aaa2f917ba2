"""`python -m benchmarks.desk [findings]`: each view of the staff's page over so many findings.

The samples are judged once, then every message with all that belongs to it is written again under other
ids, until there are so many findings. Statements are put together of this module's own names.
"""
# ruff: noqa: S608

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from starlette.testclient import TestClient

from flows.intake.pipeline import run_intake
from reference.settings import Settings
from review.app import create_app

SAMPLES = Path(__file__).parent.parent / "samples" / "export"
TABLES = ("messages", "submissions", "recommendations", "findings", "files")
IDS = frozenset({"message_id", "submission_id", "finding_id", "superseded_by"})
TIMES = 7


def main() -> int:
    """Print the median and the worst of each view's times."""
    wanted = next((int(word) for word in sys.argv[1:] if word.isdigit()), 50_000)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(db=Path(folder) / "z.duckdb", out=Path(folder))
        run_intake(SAMPLES, settings)
        name, findings = _multiplied(settings.db, wanted)
        page = TestClient(create_app(settings), base_url="http://127.0.0.1")
        page.get("/login")  # the templates are read once
        print(f"{findings} findings; milliseconds, median and worst of {TIMES}")
        for path in (
            "/",
            "/messages",
            "/messages?outcome=recorded",
            "/messages?q=教育&number=20",
            "/units",
            "/rows",
            "/rows?q=汽车",
            "/rows?status=needs_review&number=20",
            "/submissions",
            "/submissions?q=汽车",
            "/submissions?stage=office",
            "/findings?state=open",
            "/findings?q=局&number=200",
            "/findings?code=demand-invalid",
            f"/submission/{name}",
            f"/submission/{name}/places",
            f"/submission/{name}/changes",
        ):
            spent = []
            for _ in range(TIMES):
                began = time.perf_counter()
                page.get(path).raise_for_status()
                spent.append(1000 * (time.perf_counter() - began))
            print(f"{statistics.median(spent):6.0f} {max(spent):6.0f}  {path}")
    return 0


def _multiplied(db: Path, wanted: int) -> tuple[str, int]:
    """A submission's id, and how many findings there are now."""
    with duckdb.connect(str(db)) as store:
        count = store.execute("select count(*) from findings").fetchall()[0][0]
        for table in TABLES:
            columns = [row[0] for row in store.execute(f"describe {table}").fetchall()]
            picked = ", ".join(f"{c} || '-' || i" if c in IDS else f'"{c}"' for c in columns)
            store.execute(
                f"insert into {table} select {picked} from {table}, range(?) r(i)", [wanted // count]
            )
        (name,) = store.execute(
            "select min(submission_id) from submissions where unit is not null"
        ).fetchall()[0]
        return name, store.execute("select count(*) from findings").fetchall()[0][0]


if __name__ == "__main__":
    raise SystemExit(main())
