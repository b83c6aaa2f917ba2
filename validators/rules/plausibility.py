"""Rules that hold a number against its neighbours (填表说明6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from reference.model import Field, Finding
from validators.facts import RowFacts

FAR = 100
"""Times more, or less, than the middle of the others: no occupation of one unit is so far from the rest."""
MOST = 1_000_000
"""More people than one occupation can have to certify in three years, whatever stands beside it."""
ENOUGH = 3
"""Rows a comparison needs: of two numbers far apart nobody can say which is wrong."""


def usual_before(window: str | None, medians: Mapping[str, float]) -> float | None:
    """The middle of the earlier windows' medians; None where there is no earlier window."""
    earlier = [middle for name, middle in medians.items() if window is not None and name < window]
    return median(earlier) if earlier else None


def demands(rows: Sequence[RowFacts], usual: float | None) -> Iterator[Finding]:
    """`demand-implausible`: far from the form's other rows and from `usual`, earlier windows' median."""
    possible = [row.demand for row in rows if row.demand and row.demand <= MOST]
    middle = median(possible) if len(possible) >= ENOUGH else usual
    compared = [value for value in (middle, usual) if value is not None]
    for row in rows:
        if row.demand is None or not (row.demand > MOST or _far_from_all(row.demand, compared)):
            continue
        yield row.finding(
            "demand-implausible", Field.DEMAND, expected="无可比" if middle is None else f"{middle:g}"
        )


def _far_from_all(demand: int, middles: Sequence[float]) -> bool:
    return bool(middles) and all(demand > FAR * middle or demand * FAR < middle for middle in middles)
