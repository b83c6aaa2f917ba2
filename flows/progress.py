"""What a run says while it works: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: messages judged and stored out of those that are new."""

    done: int
    total: int
    source: str
    """The last message's path in the export."""


Report: TypeAlias = Callable[[Progress], None]

PLAIN_STEPS = 10
"""Plain lines a run prints at most, beside the last."""


@contextmanager
def shown(console: Console) -> Iterator[Report]:
    """A report that draws a bar on a terminal and prints a line per tenth elsewhere."""
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Bar(*columns, console=console, transient=True) as bar:
            task = bar.add_task("读取邮件 Reading", total=None)
            yield lambda p: bar.update(task, completed=p.done, total=p.total)
    else:
        yield lambda p: _line(console, p)


def _line(console: Console, progress: Progress) -> None:
    step = max(1, progress.total // PLAIN_STEPS)
    if progress.done % step == 0 or progress.done == progress.total:
        console.print(f"{progress.done}/{progress.total} {progress.source}", highlight=False, soft_wrap=True)
