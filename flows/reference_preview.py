"""The import of a reference table at the terminal: what changes, a question, what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from flows.reference_import import Description, Preview, preview_import, write_edition
from flows.wording import pick
from reference.editions import COLUMNS
from reference.importing import TableRow
from reference.settings import Settings
from reference.times import SHANGHAI

SHOWN = 8
"""Rows of each kind of change that the preview lists."""


def import_reference(
    table: str,
    file: Path,
    effective: dt.date,
    words: Mapping[str, str | None],
    settings: Settings,
    *,
    ask: bool,
) -> int:
    """Preview an import, ask, and write the edition; returns the exit status."""
    console, lang = Console(), settings.lang
    preview = preview_import(table, file, effective, settings)
    _show(console, preview, lang)
    question = pick(("导入吗？", "Import it?"), lang)
    if ask and not Confirm.ask(question, default=False):
        console.print(pick(("未导入。", "Nothing was written."), lang))
        return 0
    before = preview.against
    about = Description(
        edition=words["edition"] or f"{effective:%Y-%m}",
        effective=effective,
        title=words["title"] or (before.title if before else table),
        source=words["source"] or file.name,
        completeness=words["completeness"] or f"{len(preview.rows)} rows, as in the file",
        compiled=dt.datetime.now(SHANGHAI).date(),
    )
    path = write_edition(preview, about, settings)
    done = pick(("已导入", "imported"), lang)
    console.print(Text(f"{done} {table} {about.edition}（{len(preview.rows)}）→ {path}"), soft_wrap=True)
    return 0


def _show(console: Console, preview: Preview, lang: str) -> None:
    before, changes = preview.against, preview.changes
    against = f"{before.edition}（{before.effective}）" if before else pick(("无", "none"), lang)
    console.print(
        Text(
            f"{preview.table}: {len(preview.rows)} {pick(('行', 'rows'), lang)}; "
            f"{pick(('现行版本', 'in force'), lang)} {against}: "
            f"+{len(changes.added)} −{len(changes.removed)} ~{len(changes.changed)} ={changes.same}"
        ),
        soft_wrap=True,
    )
    lines = [
        *(("+", "green", row, None) for row in changes.added[:SHOWN]),
        *(("−", "red", row, None) for row in changes.removed[:SHOWN]),
        *(("~", "yellow", after, earlier) for earlier, after in changes.changed[:SHOWN]),
    ]
    if not lines:
        return
    shown = Table()
    shown.add_column("")
    for column in COLUMNS[preview.table]:
        shown.add_column(column, overflow="fold")
    for sign, style, row, earlier in lines:
        cells = [_cell(row, earlier, column) for column in COLUMNS[preview.table]]
        shown.add_row(Text(sign, style=style), *cells)
    console.print(shown)


def _cell(row: TableRow, earlier: TableRow | None, column: str) -> Text:
    if earlier is None or earlier[column] == row[column]:
        return Text(row[column])
    return Text.assemble((earlier[column], "red strike"), " ", (row[column], "green"))
