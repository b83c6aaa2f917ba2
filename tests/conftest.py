"""Fixtures that every folder's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from flows.pipeline import RunSummary, run_intake
from reference.settings import DATA, Settings
from reference.tables import ReferenceTables, load_tables

# The same examples on every machine, however slow; `--hypothesis-profile=explore` looks further.
settings.register_profile("zhengji", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("zhengji")

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="session")
def tables() -> ReferenceTables:
    """The shipped reference tables."""
    return load_tables(DATA)


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings for a database of the samples, in a folder of its own."""
    folder = tmp_path_factory.mktemp("samples")
    return Settings(db=folder / "samples.duckdb", out=folder / "out", workers=1)


@pytest.fixture(scope="session")
def sample_run(sample_settings: Settings) -> RunSummary:
    """The samples, ingested once by the plain function."""
    return run_intake(SAMPLES / "export", sample_settings)
