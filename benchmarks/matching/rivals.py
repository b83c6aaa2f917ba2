"""What else could be used: each ranks codes for every case and says whether it is sure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from benchmarks.matching.cases import Case
from reference.tables.load import ReferenceTables
from reference.text import fold
from validators.matching.resolve import resolve_many


@dataclass(frozen=True, slots=True)
class Answer:
    """Codes ranked; `resolved` is what would be recorded without a question, None where one is asked."""

    ranked: tuple[str, ...]
    resolved: str | None


Rival = Callable[[Sequence[Case], ReferenceTables], list[Answer]]


def zhengji(cases: Sequence[Case], tables: ReferenceTables) -> list[Answer]:
    """The product's resolver, on two threads."""
    return [
        Answer(
            tuple(candidate.code or "" for candidate in found.candidates),
            found.occupation.code if found.occupation else None,
        )
        for found in resolve_many([case.stated for case in cases], tables, workers=2)
    ]


def exact_join(cases: Sequence[Case], tables: ReferenceTables) -> list[Answer]:
    """The name, folded, equal to a name of the Dictionary; else the code."""

    def answer(case: Case) -> Answer:
        named = tables.occupations_named(case.stated.name or "")
        coded = tables.occupation(case.stated.code or "")
        found = named[0] if named else coded
        return Answer((found.code,), found.code) if found else Answer((), None)

    return [answer(case) for case in cases]


WRATIO_SURE = 85.0
"""Score from which practice takes a best match for granted."""


def wratio(cases: Sequence[Case], tables: ReferenceTables) -> list[Answer]:
    """rapidfuzz's WRatio over the names, the best match taken from a score of 85."""
    names = {one.code: fold(one.name) for one in tables.occupations}

    def answer(case: Case) -> Answer:
        if not case.stated.name:
            code = case.stated.code if tables.occupation(case.stated.code or "") else None
            return Answer((code,), code) if code else Answer((), None)
        best = process.extract(fold(case.stated.name), names, scorer=fuzz.WRatio, limit=3)
        sure = best[0][2] if best[0][1] >= WRATIO_SURE else None
        return Answer(tuple(code for _, _, code in best), sure)

    return [answer(case) for case in cases]


RIVALS: dict[str, Rival] = {"zhengji": zhengji, "exact join": exact_join, "WRatio": wratio}
