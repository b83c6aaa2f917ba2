"""The reports of windows, written from the database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from outputs.store import Store
from outputs.windows import window_report
from outputs.workbook import write_workbook
from reference.settings import Settings


def write_reports(windows: Iterable[str], settings: Settings) -> tuple[Path, ...]:
    """Write the exceptions workbook of each window; `closed` names what came outside any.

    Raises:
        UsageError: the database knows no such window.
    """
    paths = []
    for window in sorted(windows):
        with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
            report = window_report(store, window)
        path = settings.out / f"zhengji-{window}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(report, path, settings.lang)
        paths.append(path)
    return tuple(paths)
