"""What tests of the flows share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reference.settings import Settings
from tests.conftest import share_readings


@pytest.fixture
def settings(judged: Settings, tmp_path: Path, readings: Path) -> Settings:
    """The database that a module judged once, copied for one test to change."""
    for part in ("z.duckdb", "z.originals"):
        source = judged.db.parent / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    share_readings(tmp_path / "z.duckdb", readings)
    return judged.model_copy(update={"db": tmp_path / "z.duckdb", "out": tmp_path})
