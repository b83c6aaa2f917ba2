"""Distances between writings, by rapidfuzz; the only module that imports it."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein


def within_one_edit(one: str, other: str) -> bool:
    """Whether one insertion, deletion or substitution at most parts the two."""
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1


def closeness(one: str, other: str) -> float:
    """1 for equal writings, 0 for nothing in common: edits over the longer's length."""
    return Levenshtein.normalized_similarity(one, other)
