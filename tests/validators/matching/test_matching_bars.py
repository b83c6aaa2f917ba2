"""The bars of the matcher, on the test part of the labelled set (benchmarks/matching)."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.matching.__main__ import all_cases
from benchmarks.matching.cases import Case
from benchmarks.matching.rivals import Answer, zhengji
from reference.tables.load import load_tables

pytestmark = pytest.mark.xdist_group("matching bars")

BARS = {"real": 0.97, "made": 0.98}
WRONG_AND_SURE, ASKED = 0.001, 0.05


@pytest.fixture(scope="module")
def answered() -> list[tuple[Case, Answer]]:
    tables = load_tables(Path(__file__).parents[3] / "reference" / "data")
    cases = [case for case in all_cases(tables) if case.part == "test"]
    return list(zip(cases, zhengji(cases, tables), strict=True))


@pytest.mark.parametrize("group", BARS)
def test_bars(group: str, answered: list[tuple[Case, Answer]]) -> None:
    pairs = [(case, answer) for case, answer in answered if case.group == group]
    top = sum(bool({*answer.ranked[:1]} & case.expected) for case, answer in pairs)
    asked = sum(answer.resolved is None for _, answer in pairs)
    assert len(pairs) > 1_000
    assert top / len(pairs) >= BARS[group]
    assert asked / len(pairs) < ASKED


def test_wrong_and_confident(answered: list[tuple[Case, Answer]]) -> None:
    wrong = [
        (case.how, case.stated, answer.resolved)
        for case, answer in answered
        if answer.resolved is not None and answer.resolved not in case.expected
    ]
    assert len(wrong) / len(answered) < WRONG_AND_SURE, wrong
