"""Ctrl+C in the middle of a statement, of which DuckDB makes an error of its own, is still Ctrl+C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from outputs.store.database import open_database

SOME_TIME = "select sum(range) from range(3000000)"


@pytest.mark.skipif(sys.platform == "win32", reason="no process sends itself Ctrl+C there")
@pytest.mark.parametrize("how", ["execute", "rows", "value"])
def test_ctrl_c_whenever_it_comes(how: str, tmp_path: Path) -> None:
    with open_database(tmp_path / "z.duckdb", wait_seconds=5) as database:
        for milliseconds in range(10, 60, 5):
            later = threading.Timer(milliseconds / 1000, os.kill, (os.getpid(), signal.SIGINT))
            with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - wherever in these it comes
                later.start()
                for _ in range(10_000):
                    getattr(database, how)(SOME_TIME)
            later.join()
        assert database.value("select 1") == 1
