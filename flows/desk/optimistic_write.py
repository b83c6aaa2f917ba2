"""A turn at the database for what was judged before it: who finds the submission changed begins again.

Judging takes a second, with scans longer, and nobody holds the database meanwhile. Two people, or a person
and a run, may so work from the same state; the one who comes second to write must not undo the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from outputs.store.decisions import Mark, mark_of
from outputs.store.store import Store
from reference.errors import StoreBusyError
from reference.settings import Settings

TRIES = 6
T = TypeVar("T")


class MovedOnError(Exception):
    """The submission is no longer what the work began from."""


@contextmanager
def turn(settings: Settings, submission_id: str, mark: Mark) -> Iterator[Store]:
    """The store, open for writing, while the submission is still as `mark` says.

    Raises:
        MovedOnError: somebody decided about it, or it was run again.
        StoreBusyError: others held the database for too long.
    """
    with Store.open(settings.db, wait_seconds=settings.wait_seconds) as store:
        if mark_of(store.database, submission_id) != mark:
            raise MovedOnError
        yield store


def begun_again(work: Callable[[], T]) -> T:
    """What the work gives, begun anew as often as the submission moved on meanwhile.

    Raises:
        StoreBusyError: it moved on every time.
    """
    for _ in range(TRIES):
        try:
            return work()
        except MovedOnError:
            continue
    raise StoreBusyError(
        "others kept deciding about this submission.",
        "Look at what they decided, then repeat yours.",
        zh="其他人正在处理同一份推荐表。请查看其处理结果后再试。",
    )
