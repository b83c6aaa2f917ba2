"""The reports of windows, written from the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from outputs.papers.labels import Words
from outputs.papers.page_report import write_page
from outputs.papers.panel import write_panel
from outputs.papers.register import write_register
from outputs.papers.workbook import write_workbook
from outputs.queries.desk import desk
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from reference.errors import ReportError
from reference.settings import Settings
from reference.times import SHANGHAI


def write_reports(windows: Iterable[str], settings: Settings, *, papers: bool = False) -> tuple[Path, ...]:
    """Write each window's workbook and page; with `papers` also its register and the panel's table.

    `closed` names what came outside any window. Each file takes the place of an earlier one at once, when
    it is whole.

    Raises:
        ReportError: a file cannot be written.
        UsageError: the database knows no such window.
    """
    today, words = dt.datetime.now(tz=SHANGHAI).date(), Words(settings.lang)
    paths: list[Path] = []

    def write(name: str, writer: Callable[[Path], object]) -> None:
        paths.append(settings.out / name)
        _write(paths[-1], writer)

    for window in sorted(windows):
        with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
            report = window_report(store, window)
            view = desk(store.database, window)
        stem = f"zhengji-{window}"
        write(f"{stem}.xlsx", partial(write_workbook, report, view.figures, lang=settings.lang))
        write(f"{stem}.html", partial(write_page, report, view, lang=settings.lang))
        if papers:
            write(f"{stem}-register.csv", partial(write_register, report, words=words))
            write(f"{stem}-panel.docx", partial(write_panel, report, today=today))
    return tuple(paths)


def _write(path: Path, writer: Callable[[Path], object]) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writer(part)
        part.replace(path)
    except OSError as error:
        raise ReportError(
            f"{path} cannot be written ({error.strerror}).",
            "What was judged is stored; the next run, or `zhengji report`, writes it once there is room.",
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
