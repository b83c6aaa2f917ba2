"""An explanation in the terminal: candidates, each field's evidence as bars, the rule, the editions."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.terminal.explaining import Explanation
from flows.terminal.wording import Pair, pick
from reference.model import Candidate, Contribution
from validators.matching.levels import FIELDS, LEVELS

FULL = 13.0
"""Points that fill a bar."""
BAR = 6


def show(console: Console, explained: Explanation, lang: str) -> None:
    """Print an explanation."""
    found = explained.resolution
    console.print(Text(_short(explained.title), style="bold"))
    console.print(Text(_stated(explained, lang)))
    verdict = (
        f"{found.occupation.code} {found.occupation.name}"
        if found.occupation
        else pick(("需人工判断", "a person decides"), lang)
    )
    console.print(Text.assemble("→ ", (verdict, "bold green" if found.occupation else "bold yellow")))
    console.print(Text(f"  {pick(('规则', 'rule'), lang)}: {pick(found.rule, lang)}"))
    console.print(Text(f"  {pick(('领先', 'margin'), lang)}: {found.margin:+.1f}"))
    if found.work_type:
        console.print(Text(f"  {pick(FIELDS['work_type'], lang)}: {found.work_type}"))
    if found.candidates:
        console.print(_table(found.candidates, lang))
    editions = "  ".join(f"{one.table} {one.edition}" for one in explained.tables.editions)
    console.print(Text(f"{pick(('参考表版本', 'editions'), lang)}: {editions}", style="dim"))


def _stated(explained: Explanation, lang: str) -> str:
    stated = explained.stated
    values = {
        "code": stated.code,
        "occupation": stated.name,
        "work_type": stated.work_type,
        "standard_name": stated.standard_name,
        "standard_version": stated.standard_version,
    }
    said = [f"{pick(FIELDS[field], lang)} {_short(value)}" for field, value in values.items() if value]
    return "  " + " · ".join(said)


def _short(text: str) -> str:
    """A cell's text on one line of the terminal, what cannot be shown left out."""
    shown = "".join(sign for sign in text if sign.isprintable())
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _table(candidates: tuple[Candidate, ...], lang: str) -> Table:
    table = Table(show_lines=True)
    table.add_column(_two_lines(("候选", "candidate"), lang), overflow="fold", min_width=10)
    table.add_column(_two_lines(("把握", "score"), lang), justify="right")
    for title in FIELDS.values():
        table.add_column(_two_lines(title, lang), overflow="fold")
    for one in candidates:
        by_field = {told.field: told for told in one.contributions}
        cells = [_cell(by_field[field], lang) if field in by_field else Text("") for field in FIELDS]
        table.add_row(Text(f"{one.name}\n{one.code or ''}"), f"{one.score:.3f}", *cells)
    return table


def _two_lines(pair: Pair, lang: str) -> str:
    """Chinese, with English under it where it is asked for: columns are narrow."""
    return "\n".join(pair) if lang == "en" else pair[0]


def _cell(told: Contribution, lang: str) -> RenderableType:
    """The level in words, and its points as a bar: green speaks for the candidate, red against it."""
    words = Text(_two_lines(LEVELS[told.level], lang))
    if not told.points:
        return words
    length = max(1, round(min(abs(told.points) / FULL, 1.0) * BAR))
    bar = Text("█" * length, style="green" if told.points > 0 else "red")
    return Group(words, Text.assemble(bar, f" {told.points:+.1f}"))
