"""Fixtures that every folder's tests share."""

from __future__ import annotations

import pytest

from reference.settings import DATA
from reference.tables import ReferenceTables, load_tables


@pytest.fixture(scope="session")
def tables() -> ReferenceTables:
    """The shipped reference tables."""
    return load_tables(DATA)
