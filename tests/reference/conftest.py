import pytest

from reference.settings import DATA
from reference.tables.load import ReferenceTables, load_tables


@pytest.fixture(scope="session")
def tables() -> ReferenceTables:
    """The shipped tables, newest editions."""
    return load_tables(DATA)
