"""Fixtures that every folder's tests share."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from flows.intake.pipeline import RunSummary, run_intake
from reference.settings import DATA, Settings
from reference.tables.load import ReferenceTables, load_tables

# The same examples on every machine, however slow; `--hypothesis-profile=explore` looks further.
settings.register_profile("zhengji", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("zhengji")

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="session")
def tables() -> ReferenceTables:
    """The shipped reference tables."""
    return load_tables(DATA)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: some tests wait for a server, a browser or one another."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what their module builds go to one worker: another one would build it again."""
    for item in items:
        built = getattr(item, "_fixtureinfo", None)
        shared = built and any(one[-1].scope == "module" for one in built.name2fixturedefs.values())
        if shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file's bytes are no name: they differ from run to run, and from worker to worker."""
    return argname if isinstance(val, bytes) and len(val) > 40 else None


@pytest.fixture(scope="session")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What came of reading files, in a folder of all workers: who needs a sample first reads it for all."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "readings"
    folder.mkdir(exist_ok=True)
    return folder


def share_readings(db: Path, readings: Path) -> None:
    """Let a database that is not there yet keep its readings with all others'."""
    with suppress(OSError):  # Windows lets few make links: there each reads for itself
        db.with_suffix(".scans").symlink_to(readings, target_is_directory=True)


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory, readings: Path) -> Settings:
    """Settings for a database of the samples, in a folder of its own."""
    folder = tmp_path_factory.mktemp("samples")
    share_readings(folder / "samples.duckdb", readings)
    return Settings(db=folder / "samples.duckdb", out=folder / "out", workers=1)


@pytest.fixture(scope="session")
def sample_run(sample_settings: Settings) -> RunSummary:
    """The samples, ingested once by the plain function."""
    return run_intake(SAMPLES / "export", sample_settings)
