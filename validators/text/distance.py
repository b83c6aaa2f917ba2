"""Distances between writings, by rapidfuzz; the only module that imports it."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA, Levenshtein
from rapidfuzz.process import cdist

BLOCK = 512
"""Writings that are held against all others at once: bounds the matrix's memory."""


def within_one_edit(one: str, other: str) -> bool:
    """Whether one insertion, deletion or substitution at most parts the two."""
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1


def closeness(one: str, other: str) -> float:
    """1 for equal writings, 0 for nothing in common: edits over the longer's length."""
    return Levenshtein.normalized_similarity(one, other)


def edits(one: str, other: str, at_most: int | None = None) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours that part the two.

    More than `at_most` are not counted out: the answer is then one more than that.
    """
    return OSA.distance(one, other, score_cutoff=at_most)


def nearest(
    queries: Sequence[str], writings: Sequence[str], *, cutoff: float, limit: int, workers: int = 1
) -> list[list[int]]:
    """For each query the positions of the writings nearest to it, at most `limit`, best first.

    Only writings of a closeness of `cutoff` or more; all queries are compared in batches.
    """
    found: list[list[int]] = []
    for start in range(0, len(queries), BLOCK):
        matrix = cdist(
            queries[start : start + BLOCK],
            writings,
            scorer=OSA.normalized_similarity,
            score_cutoff=cutoff,
            workers=workers,
        )
        best = (-matrix).argpartition(min(limit, len(writings) - 1), axis=1)[:, :limit]
        for row, columns in zip(matrix, best, strict=True):
            ranked = sorted((-float(row[column]), int(column)) for column in columns if row[column] > 0)
            found.append([column for _, column in ranked])
    return found
