"""What a run says while it works: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from outputs.store.locks import Owner


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: messages judged and stored out of those that are new."""

    done: int
    total: int
    source: str
    """The last message's path in the export."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run holds the intake, and this one waits for it."""

    owner: Owner | None
    """Who holds it; None where they have not said so yet."""

    def __str__(self) -> str:
        """A line for the terminal and the log."""
        who = self.owner
        if who is None:
            return "等待另一收件结束 waiting for another run of the intake"
        return (
            f"等待 waiting: {who.person or '?'} 自 since {who.started} 正在收件 holds the intake: {who.doing}"
            f" ({who.host}, process {who.pid})"
        )


Report: TypeAlias = Callable[[Progress | Waiting], None]

PLAIN_STEPS = 10
"""Plain lines a run prints at most, beside the last."""


@contextmanager
def shown(console: Console) -> Iterator[Report]:
    """A report that draws a bar on a terminal and prints a line per tenth elsewhere."""
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bar(*columns, console=console, transient=True) as bar:
            task = bar.add_task("读取邮件 Reading", total=None)

            def draw(said: Progress | Waiting) -> None:
                if isinstance(said, Waiting):
                    console.print(str(said), highlight=False, markup=False, soft_wrap=True)
                else:
                    bar.update(task, completed=said.done, total=said.total)

            yield draw
    else:
        yield lambda said: _line(console, said)


def _line(console: Console, said: Progress | Waiting) -> None:
    if isinstance(said, Waiting):
        console.print(str(said), highlight=False, markup=False, soft_wrap=True)
        return
    step = max(1, said.total // PLAIN_STEPS)
    if said.done % step == 0 or said.done == said.total:
        console.print(f"{said.done}/{said.total} {said.source}", highlight=False, soft_wrap=True)
