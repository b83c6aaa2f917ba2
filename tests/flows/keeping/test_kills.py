"""A run, a re-run or a decision killed anywhere ends after the next run as if nothing had been."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.flows.kills import SCENARIOS, Prepared, counted, random_kills

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL and no fork")
QUICK = 20
"""Kills in `make test`, spread over the scenarios."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the scenarios are prepared; they share an intake."""
    return tmp_path_factory.mktemp("kills")


@pytest.mark.parametrize(("number", "name"), enumerate(SCENARIOS))
def test_a_kill_at_a_statement_is_mended_by_the_next_run(number: int, name: str, folder: Path) -> None:
    prepared = Prepared(name, folder)
    share = len(range(number, QUICK, len(SCENARIOS)))
    for statement in random.Random(name).sample(range(1, prepared.statements + 1), share):
        assert (statement, prepared.killed_at(statement)) == (statement, "")


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_kill_at_every_statement_is_mended_by_the_next_run(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    prepared = Prepared(name, tmp_path_factory.mktemp("every"))
    for statement in range(1, prepared.statements + 1):
        assert (statement, prepared.killed_at(statement)) == (statement, "")


@pytest.mark.nightly
def test_2000_kills_at_random_times_are_mended(tmp_path: Path) -> None:
    """KILLS_PROGRESS names a file by which a run of this test that was stopped is taken up again."""
    progress = Path(os.environ.get("KILLS_PROGRESS", tmp_path / "progress"))
    for number, name, wrong in random_kills(2000, tmp_path, progress):
        assert (number, name, wrong) == (number, name, "")
    counts = counted(progress)
    print(counts)
    assert sum(counts.values()) == 2000
    assert not any(name.endswith("wrong") for name in counts)
