"""The reports of windows, written from the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from outputs.desk import desk
from outputs.labels import Words
from outputs.page_report import write_page
from outputs.panel import write_panel
from outputs.register import write_register
from outputs.store import Store
from outputs.windows import window_report
from outputs.workbook import write_workbook
from reference.settings import Settings
from reference.times import SHANGHAI


def write_reports(windows: Iterable[str], settings: Settings, *, papers: bool = False) -> tuple[Path, ...]:
    """Write each window's workbook and page; with `papers` also its register and the panel's table.

    `closed` names what came outside any window.

    Raises:
        UsageError: the database knows no such window.
    """
    settings.out.mkdir(parents=True, exist_ok=True)
    today, words = dt.datetime.now(tz=SHANGHAI).date(), Words(settings.lang)
    paths: list[Path] = []
    for window in sorted(windows):
        with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
            report = window_report(store, window)
            view = desk(store.database, window)

        def path(ending: str, window: str = window) -> Path:
            paths.append(settings.out / f"zhengji-{window}{ending}")
            return paths[-1]

        write_workbook(report, view.figures, path(".xlsx"), settings.lang)
        write_page(report, view, path(".html"), settings.lang)
        if papers:
            write_register(report, path("-register.csv"), words)
            write_panel(report, path("-panel.docx"), today)
    return tuple(paths)
