"""Which occupation a row is about: code and name as witnesses, the decision as a table. Pure.

A witness that is missing is never a mismatch. The levels, from sure to none, are those of `LEVELS`;
matching by near writings, sound and shape belongs here too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reference.model import Candidate
from reference.tables import Occupation, ReferenceTables
from reference.text import fold
from validators import normalise
from validators.distance import closeness

LEVELS: dict[str, float] = {
    "agreed": 1.0,
    "legacy": 0.95,
    "near": 0.9,
    "name-only": 0.8,
    "code-only": 0.8,
    "conflict": 0.5,
    "unknown": 0.0,
}
"""How the witnesses stand to each other, with the score that the record carries."""

NEAR = 0.5
"""Closeness of a writing to the code's own name from which it counts as that name miswritten."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a row leads to, and why.

    `occupation` is None where the witnesses contradict each other or lead nowhere. `by_code` and
    `by_name` are what each witness alone says; `legacy_of` is the occupation for which the stated code
    is that of an earlier edition.
    """

    level: str
    occupation: Occupation | None
    by_code: Occupation | None
    by_name: tuple[Occupation, ...]
    legacy_of: Occupation | None
    code_means: str | None
    """The name that the stated code has in the current or, failing that, an earlier edition."""
    code_listed: bool
    """Whether the stated code stands in any edition or list."""
    work_type: str | None
    candidates: tuple[Candidate, ...]

    @property
    def score(self) -> float:
        """The level's score, between 0 and 1."""
        return LEVELS[self.level]


def resolve(
    *,
    code: str | None,
    name: str | None,
    work_type: str | None,
    standard_name: str | None,
    tables: ReferenceTables,
) -> Resolution:
    """Resolve a row by its code (normalised) and name, as stated; None is a missing witness."""
    by_code = tables.occupation(code) if code else None
    read = read_name(name, tables) if name else NameRead((), None, proper=False)
    legacy_of = _legacy_of(code, name, read.occupations, tables) if code else None
    level, occupation = _decide(code, name, by_code, read, legacy_of, tables)
    spoken = occupation or by_code
    miswritten = bool(level == "near" and name and by_code and _near(name, by_code.name))
    beside = None if miswritten else read.work_type
    said = beside if normalise.says_none(work_type) else fold(work_type or "")
    return Resolution(
        level=level,
        occupation=occupation,
        by_code=by_code,
        by_name=read.occupations,
        legacy_of=legacy_of,
        code_means=by_code.name if by_code else _earlier_name(code, tables),
        code_listed=bool(code and tables.is_listed_code(code)),
        work_type=None if said is None or (spoken and fold(spoken.name) == said) else said,
        candidates=_candidates(
            by_code, read.occupations, legacy_of, _standard_occupations(standard_name, tables)
        ),
    )


def _decide(
    code: str | None,
    name: str | None,
    by_code: Occupation | None,
    read: NameRead,
    legacy_of: Occupation | None,
    tables: ReferenceTables,
) -> tuple[str, Occupation | None]:
    """The decision table: the first line whose condition holds gives level and occupation."""
    by_name = read.occupations
    alone = by_name[0] if len(by_name) == 1 else None
    near = bool(by_code and name and not by_name and _near(name, by_code.name))
    lines: tuple[tuple[bool, str, Occupation | None], ...] = (
        (by_code is not None and by_code in by_name, "agreed" if read.proper else "near", by_code),
        (legacy_of is not None, "legacy", legacy_of),
        (near, "near", by_code),
        (by_code is not None and name is None, "code-only", by_code),
        (by_code is not None, "conflict", None),
        (bool(by_name) and bool(code and tables.legacy(code)), "conflict", None),
        (alone is not None, "name-only", alone),
        (True, "unknown", None),
    )
    return next((level, occupation) for holds, level, occupation in lines if holds)


@dataclass(frozen=True, slots=True)
class NameRead:
    """What a stated name alone leads to, with the work type that stood in the same cell.

    `proper` is False where the name is an earlier one, or that of a work type.
    """

    occupations: tuple[Occupation, ...]
    work_type: str | None
    proper: bool


_MARK = re.compile(r"\s*[(（]?\s*[SLＳＬ](\s*[/／、]\s*[SLＳＬ])?\s*[)）]?\s*$")
_TWO_IN_ONE = re.compile(r"^([^(（/／—–-]+?)\s*[(（/／—–-]+\s*([^)）]+?)\s*[)）]?$")


def read_name(name: str, tables: ReferenceTables) -> NameRead:
    """The occupations of a stated name: as written, without a standard's tail or S/L marks, split from a
    work type in the same cell, by an earlier name, or by the name of a work type that stands alone."""
    bare = _MARK.sub("", normalise.standard_name(name)) or name
    two = _TWO_IN_ONE.match(bare)
    for writing in (name, bare):
        if found := tables.occupations_named(writing):
            return NameRead(found, None, proper=True)
    if two and (found := tables.occupations_named(two[1])):
        return NameRead(found, fold(two[2]), proper=True)
    earlier = [tables.occupation(one.code) for one in tables.former_named(bare)]
    owners = [tables.occupation(one.occupation_code) for one in tables.work_type_owners(bare)]
    known = tuple(dict.fromkeys(one for one in (earlier or owners) if one))
    return NameRead(known, fold(bare) if owners and not earlier else None, proper=False)


def _near(name: str, proper: str) -> bool:
    """Whether a writing is a name miswritten: near by edits, or the same characters in another order."""
    one, other = fold(normalise.standard_name(name)), fold(proper)
    return closeness(one, other) >= NEAR or sorted(one) == sorted(other)


def _legacy_of(
    code: str, name: str | None, by_name: tuple[Occupation, ...], tables: ReferenceTables
) -> Occupation | None:
    """The named occupation whose earlier code this is; where no name speaks, the only one it can be."""
    olds = [(old, tables.occupation(old.code_2022)) for old in tables.legacy(code)]
    known = [(old, occupation) for old, occupation in olds if occupation is not None]
    if by_name:
        return next((found for _, found in known if found in by_name and found.code != code), None)
    alike = [found for old, found in known if name is None or _near(name, old.occupation)]
    return alike[0] if len(alike) == 1 and not tables.occupation(code) else None


def _earlier_name(code: str | None, tables: ReferenceTables) -> str | None:
    return next((old.occupation for old in tables.legacy(code)), None) if code else None


def _standard_occupations(standard_name: str | None, tables: ReferenceTables) -> tuple[Occupation, ...]:
    """The occupations that the stated standard is about, as further candidates."""
    if not standard_name:
        return ()
    return tables.occupations_named(normalise.standard_name(standard_name))


def _candidates(
    by_code: Occupation | None,
    by_name: tuple[Occupation, ...],
    legacy_of: Occupation | None,
    by_standard: tuple[Occupation, ...],
) -> tuple[Candidate, ...]:
    """Every reading that a witness gives, ranked by how many witnesses speak for it."""
    weights: dict[Occupation, float] = {}
    for occupation, weight in (
        *((named, 0.5) for named in by_name),
        *((standard, 0.25) for standard in by_standard),
        *((coded, 0.25) for coded in (by_code, legacy_of) if coded),
    ):
        weights[occupation] = weights.get(occupation, 0.0) + weight
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0].code))
    return tuple(Candidate(name=o.name, code=o.code, score=round(w, 3)) for o, w in ranked)
