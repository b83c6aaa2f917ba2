"""The import of a reference table at the terminal: what changes, a question, what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table
from rich.text import Text

from flows.editions.import_edition import Description, Preview, preview_import, write_edition
from flows.terminal.console import Terminal
from flows.terminal.wording import Pair, pick
from reference.settings import Settings
from reference.tables.editions import COLUMNS
from reference.tables.import_layouts import TableRow
from reference.times import SHANGHAI

DONE = 0
SHOWN = 8
"""Rows of each kind of change, and remarks of each kind, that the preview lists."""

ADDED, REMOVED, CHANGED, SAME = ("新增", "added"), ("删除", "removed"), ("变更", "changed"), ("不变", "same")


def import_reference(
    table: str,
    file: Path,
    effective: dt.date,
    words: Mapping[str, str | None],
    settings: Settings,
    *,
    ask: bool,
) -> int:
    """Preview an import, ask, and write the edition; returns the exit status.

    `words` are the edition's name, title, source and completeness; None for what follows from the rest.
    """
    console, lang = Terminal(), settings.lang
    edition = words["edition"] or f"{effective:%Y-%m}"
    preview = preview_import(table, file, edition, effective, settings)
    before, rows = preview.against, preview.read.rows
    about = Description(
        edition=edition,
        effective=effective,
        title=words["title"] or (before.title if before else table),
        source=words["source"] or file.name,
        completeness=words["completeness"] or f"{len(rows)} rows, as in the file",
        compiled=dt.datetime.now(SHANGHAI).date(),
    )
    _show(console, preview, about, lang)
    if ask and not _confirmed(console, lang):
        console.print(pick(("未导入，没有写入任何内容。", "Nothing was written."), lang))
        return DONE
    path = write_edition(preview, about, settings)
    done = pick(("已导入", "imported"), lang)
    console.print(Text(f"{done} {table} {edition}（{len(rows)}）→ {path}"), soft_wrap=True)
    return DONE


def _confirmed(console: Console, lang: str) -> bool:
    """The answer to the question; no where nobody is there to answer."""
    try:
        return Confirm.ask(pick(("导入吗？", "Import it?"), lang), console=console, default=False)
    except EOFError:
        return False


def _show(console: Console, preview: Preview, about: Description, lang: str) -> None:
    before, changes = preview.against, preview.changes
    against = f"{before.edition}（{before.effective}）" if before else pick(("无", "none"), lang)
    console.print(
        Text(
            f"{preview.table} {about.edition}（{about.effective}，{len(preview.read.rows)}）"
            f" ← {pick(('对照版本', 'against'), lang)} {against}"
        ),
        soft_wrap=True,
    )
    counts = Table(*(pick(title, lang) for title in (ADDED, REMOVED, CHANGED, SAME)))
    counts.add_row(*map(str, (len(changes.added), len(changes.removed), len(changes.changed), changes.same)))
    console.print(counts)
    kinds: tuple[tuple[Pair, str, Sequence[tuple[TableRow, TableRow]]], ...] = (
        (ADDED, "green", [(row, row) for row in changes.added]),
        (REMOVED, "red", [(row, row) for row in changes.removed]),
        (CHANGED, "yellow", changes.changed),
    )
    for title, style, pairs in kinds:
        if pairs:
            console.print(_rows(preview.table, pairs, Text(f"{pick(title, lang)} {len(pairs)}", style=style)))
            _rest(console, len(pairs), lang)
    remarks: tuple[tuple[Pair, Sequence[str]], ...] = (
        (("续行，已并入上一行", "lines joined to the row above"), preview.read.joined),
        (("未作为数据读取", "not read as rows"), preview.read.passed_over),
        (
            ("核对发现", "found by reference check"),
            [f"{problem.severity}: {problem.table}: {problem.what}" for problem in preview.problems],
        ),
    )
    for said, lines in remarks:
        for line in lines[:SHOWN]:
            console.print(Text(f"{pick(said, lang)}: {line}", style="dim"), soft_wrap=True)
        _rest(console, len(lines), lang)


def _rows(table: str, pairs: Sequence[tuple[TableRow, TableRow]], title: Text) -> Table:
    """The first rows of a kind of change; where a cell changed, before and after."""
    shown = Table(*COLUMNS[table], title=title, title_justify="left")
    for column in shown.columns:
        column.overflow = "fold"
    for before, after in pairs[:SHOWN]:
        shown.add_row(*(_cell(before[column], after[column]) for column in COLUMNS[table]))
    return shown


def _cell(before: str, after: str) -> Text:
    if before == after:
        return Text(after)
    return Text.assemble((before, "red strike"), " → ", (after, "green"))


def _rest(console: Console, count: int, lang: str) -> None:
    if count > SHOWN:
        more = count - SHOWN
        console.print(pick((f"……另有 {more} 项", f"{more} more"), lang), highlight=False)
