"""The fuzzer's targets on what they start from and on what once failed, and a few damaged samples."""

from __future__ import annotations

import pytest

from reference.settings import Settings
from tests.fuzz import damaged
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "pdf"])
def test_a_target_takes_its_seeds_and_what_once_failed(target: str) -> None:
    """`pdf` reads without recognition, which it turns off for the whole process: the fuzzer's own alone."""
    function, _ = TARGETS[target]
    for seed in seeds(target):
        function(seed)
        function(seed[: len(seed) // 2])


def test_damage_follows_from_its_number_alone() -> None:
    files, _ = damaged.originals(3)
    assert damaged.damaged(files, 7) == damaged.damaged(files, 7)
    assert damaged.damaged(files, 7).data != files[7].data


@pytest.mark.nightly
def test_no_damaged_sample_escapes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A thousand digital ones; `python -m tests.fuzz.damaged` goes on for as long as it is told to."""
    files, _ = damaged.originals()
    settings = Settings(db=tmp_path_factory.mktemp("damaged") / "z.duckdb", workers=1)
    assert damaged.sweep("digital", files, 1000, {}, settings) == []


def test_a_few_damaged_samples_are_read_or_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    files, _ = damaged.originals(3)
    settings = Settings(db=tmp_path_factory.mktemp("damaged") / "z.duckdb", workers=1)
    assert damaged.sweep("digital", files, 20, {}, settings) == []
