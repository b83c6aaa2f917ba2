"""`python -m benchmarks.matching [development|test] [--wrong]`: the matcher and its rivals on the set."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from benchmarks.matching.cases import Case
from benchmarks.matching.made import made_cases, traps
from benchmarks.matching.real import real_cases
from benchmarks.matching.rivals import RIVALS, Answer, Rival, zhengji
from reference.tables.load import ReferenceTables, load_tables
from validators.matching.resolve import resolve_many
from validators.matching.witnesses import Stated

DATA = Path(__file__).parents[2] / "reference" / "data"
GROUPS = ("real", "made", "trap")


def main() -> int:
    """Print, for each rival and group, top-1, top-3, wrong-and-confident, asked, and rows a second."""
    arguments = sys.argv[1:]
    part = next((word for word in arguments if not word.startswith("-")), "test")
    tables = load_tables(DATA)
    cases = [case for case in all_cases(tables) if case.part == part]
    zhengji(cases[:10], tables)  # the index is built once for each process
    print(f"{part} part: {len(cases)} cases")
    print(
        f"{'':12} {'group':5} {'cases':>6} {'top-1':>7} {'top-3':>7} {'wrong, sure':>11} {'asked':>7}"
        f" {'rows/s':>8}"
    )
    print(f"two processes, candidates and all: {two_processes(cases):.0f} rows/s")
    for name, rival in rivals().items():
        began = time.perf_counter()
        answers = rival(cases, tables)
        speed = len(cases) / (time.perf_counter() - began)
        for group in GROUPS:
            print(line(name, group, cases, answers, speed))
        if "--wrong" in arguments and name == "zhengji":
            show_wrong(cases, answers, tables)
    return 0


def two_processes(cases: Sequence[Case]) -> float:
    """Rows a second of the resolver in two processes, each on half of the cases, tables loaded before."""
    halves = [[case.stated for case in cases[start::2]] for start in (0, 1)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_resolve, [half[::20] for half in halves]))
        began = time.perf_counter()
        list(pool.map(_resolve, halves))
        return len(cases) / (time.perf_counter() - began)


@cache
def _tables() -> ReferenceTables:
    return load_tables(DATA)


def _resolve(rows: Sequence[Stated]) -> int:
    return len(resolve_many(rows, _tables()))


def rivals() -> dict[str, Rival]:
    """The rivals that are installed; Splink is in the `bench` extra."""
    try:
        from benchmarks.matching.splink_rival import splink
    except ImportError:
        print("Splink is not installed (pip install .[bench])")
        return dict(RIVALS)
    return {**RIVALS, "Splink": splink}


def all_cases(tables: ReferenceTables) -> list[Case]:
    """The whole set."""
    return [*real_cases(tables), *made_cases(tables), *traps(tables)]


def line(name: str, group: str, cases: Sequence[Case], answers: Sequence[Answer], speed: float) -> str:
    """One line of the table. A trap's top-1 is left out: only a question is right there."""
    pairs = [pair for pair in zip(cases, answers, strict=True) if pair[0].group == group]
    share = 100 / len(pairs)
    top1 = sum(bool({*answer.ranked[:1]} & case.expected) for case, answer in pairs) * share
    top3 = sum(bool({*answer.ranked[:3]} & case.expected) for case, answer in pairs) * share
    sure = sum(answer.resolved is not None and answer.resolved not in case.expected for case, answer in pairs)
    asked = sum(answer.resolved is None for _, answer in pairs) * share
    tops = f"{top1:6.2f}% {top3:6.2f}%" if group != "trap" else " " * 15
    return (
        f"{name:12} {group:5} {len(pairs):6} {tops} {sure:4} {sure * share:5.2f}% {asked:6.2f}% {speed:8.0f}"
    )


def show_wrong(cases: Sequence[Case], answers: Sequence[Answer], tables: ReferenceTables) -> None:
    """Every case that was resolved wrongly, missed, or asked."""
    for case, answer in zip(cases, answers, strict=True):
        right = answer.resolved in case.expected if case.expected else answer.resolved is None
        if not right:
            kind = "asked" if answer.resolved is None else "WRONG"
            if case.expected and not {*answer.ranked[:1]} & case.expected:
                kind += " missed"
            told = [
                f"{code} {found.name}" for code in answer.ranked[:2] if (found := tables.occupation(code))
            ]
            meant = [f"{code} {found.name}" for code in case.expected if (found := tables.occupation(code))]
            print(f"  {kind}: {case.how}: {case.stated} -> {told}, meant {meant}")


if __name__ == "__main__":
    sys.exit(main())
