"""Rows of two readings of one form laid side by side: insertions and deletions of rows too. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reference.model import Field, FormRow
from reference.text import fold
from validators.text.distance import closeness

TOLD_BY = (Field.CODE, Field.OCCUPATION, Field.WORK_TYPE)
"""Columns that tell which row it is."""
UNLIKE = 0.35
"""Mean closeness of those columns below which two rows are not the same one."""


def aligned(
    one: Sequence[FormRow], other: Sequence[FormRow]
) -> Iterator[tuple[FormRow | None, FormRow | None]]:
    """Pairs in the order of the rows; None beside a row that the other reading lacks.

    The alignment of the greatest likeness, by dynamic programming over the two sequences.
    """
    best = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            both = best[i + 1][j + 1] + _likeness(one[i], other[j])
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(one) and j < len(other):
        likeness = _likeness(one[i], other[j])
        if likeness > 0 and best[i][j] == best[i + 1][j + 1] + likeness:
            yield one[i], other[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield one[i], None
            i += 1
        else:
            yield None, other[j]
            j += 1
    yield from ((row, None) for row in one[i:])
    yield from ((None, row) for row in other[j:])


def _likeness(one: FormRow, other: FormRow) -> float:
    """How surely two rows are the same one, 0 where they are not; the same place helps a little."""
    near = [closeness(fold(one.text(field) or ""), fold(other.text(field) or "")) for field in TOLD_BY]
    mean = sum(near) / len(near)
    return mean + 0.1 * (one.row_no == other.row_no) if mean >= UNLIKE else 0.0
