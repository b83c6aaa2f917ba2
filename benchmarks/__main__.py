"""`make bench`: the figures of docs/design that speed is judged by, as ratios measured side by side.

Each pair runs A B A B … in one call and is given as the median of its ratios, because machines differ
and drift; absolute seconds are printed beside them for orientation only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.export import digital_samples, make_export
from benchmarks.pdf_cells import measure
from extractors.mail.messages import read_message
from flows.intake.pipeline import run_intake
from outputs.store.store import Store
from reference.model import FileKind
from reference.settings import Limits, Settings

SUBMISSIONS = 300
ZHENGJI = [sys.executable, "-m", "flows.cli"]


def main() -> int:
    """Measure and print, a line a figure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS
    print(f"{'what':58} {'ratio':>7} {'seconds':>16}  bar", flush=True)
    pdf_pages()
    with tempfile.TemporaryDirectory(prefix="zhengji-bench-") as name:
        folder = Path(name)
        make_export(folder / "export", count)
        end_to_end(folder, count)
        rerun(folder)
    return 0


def pdf_pages() -> None:
    """Digital PDFs to cells, against bare pdfplumber.extract_tables on the same pages."""
    pdfs = [
        file.data
        for path in digital_samples()
        for file in read_message(path.read_bytes(), path.name, Limits(), exported_at=None).attachments
        if file.kind is FileKind.PDF
    ]
    figures = measure(pdfs)
    line("a digital PDF's pages to cells / bare pdfplumber", figures["ratio"], "", "1.3 at most")


def end_to_end(folder: Path, count: int) -> None:
    """A run with Prefect, the plain run in one process, a second run that finds nothing new."""
    export = str(folder / "export")
    with_prefect = timed([*ZHENGJI, "run", export, *places(folder / "a")])
    plain = timed([*ZHENGJI, "run", export, *places(folder / "b"), "--plain"])
    again = timed([*ZHENGJI, "run", export, *places(folder / "a")])
    line(f"{count} submissions with Prefect / plain in one process", with_prefect / plain,
         f"{with_prefect:.1f} / {plain:.1f}", "45 s at 300 on two cores")  # fmt: skip
    line("the same run a second time / the first", again / with_prefect, f"{again:.1f}", "3 s at 1,000")


def rerun(folder: Path) -> None:
    """One submission again from a database of that size, and from a database of one."""
    few = folder / "few"
    make_export(folder / "one", 1)
    run_intake(folder / "one", Settings(db=few / "z.duckdb", out=few, workers=1))
    large, small = (one_again(folder / "a"), one_again(few))
    pairs = [(timed(large), timed(small)) for _ in range(5)]
    line("one submission again, of many / of one", median(a / b for a, b in pairs),
         f"{median(a for a, _ in pairs):.2f} / {median(b for _, b in pairs):.2f}", "2 s")  # fmt: skip


def one_again(folder: Path) -> list[str]:
    """The command that runs a database's first submission again."""
    with Store.open(folder / "z.duckdb", wait_seconds=5, read_only=True) as store:
        name = store.window_submissions("2025Q2")[0].submission_id
    return [*ZHENGJI, "rerun", name, "--db", str(folder / "z.duckdb")]


def places(folder: Path) -> list[str]:
    """The options that keep a run in a folder of its own."""
    return ["--db", str(folder / "z.duckdb"), "--out", str(folder)]


def timed(command: Sequence[str]) -> float:
    """Seconds that a process takes, its start included."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def line(what: str, ratio: float, seconds: str, bar: str) -> None:
    """Print a figure."""
    print(f"{what:58} {ratio:7.2f} {seconds:>16}  {bar}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
