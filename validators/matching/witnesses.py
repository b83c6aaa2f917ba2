"""The witnesses of a row: what code, name, work type, standard and version each say of an occupation.

Every comparison ends in a labelled level, and every level has its points of evidence, as in record
linkage. `missing` is never a mismatch and gives nothing. The points are binary orders of magnitude: ten
points make an occupation a thousand times likelier. They were set by hand from what the levels mean and
held against the development part of the labelled set (`benchmarks/matching`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from reference.model import Contribution
from reference.tables.load import ReferenceTables
from validators.matching.names import LONGEST, NameIndex, NameReading
from validators.text import normalise
from validators.text.distance import edits

Votes: TypeAlias = Mapping[str, str]
"""The level at which a witness speaks for each occupation, by code."""

POINTS: dict[str, dict[str, float]] = {
    "code": {"exact": 12, "legacy": 10, "near": 4, "none": -5},
    "name": {"exact": 13, "folded": 13, "former": 11, "work type": 10, "none": -8},
    "work_type": {"own": 4, "none": -1},
    "standard_name": {"exact": 6, "folded": 6, "former": 5, "work type": 5, "none": -3},
    "standard_version": {"own": 1, "none": -1},
}
"""Points by field and level. Levels that are near (order, sound, shape, title, edit) go by closeness."""

NEAR_POINTS = {"name": 24.0, "standard_name": 10.0}
"""Points of a near writing for every unit of closeness above one half."""
OFFSET = 8.0
"""Points at which a candidate is as likely right as wrong: chance agreements among 1,674 occupations."""
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Stated:
    """The witnesses of a row as the sender states them; None where a cell is blank or absent.

    `code` is normalised (`4-10-01-05`), `standard_version` too (`2019年版`).
    """

    code: str | None = None
    name: str | None = None
    work_type: str | None = None
    standard_name: str | None = None
    standard_version: str | None = None


@dataclass(frozen=True, slots=True)
class Testimony:
    """What each witness of a row votes for."""

    code: Votes
    name: NameReading
    work_type: Votes
    standard: NameReading
    version: str | None
    stated: Stated


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its points, field by field."""

    code: str
    name_level: str
    code_level: str
    closeness: float
    """Of the written name to the nearest writing of the occupation; 0 where no name is stated."""
    points: float
    contributions: tuple[Contribution, ...]

    @property
    def score(self) -> float:
        """The points as a likelihood between 0 and 1."""
        return 1 / (1 + 2 ** (OFFSET - self.points))


def code_votes(code: str | None, tables: ReferenceTables) -> dict[str, str]:
    """The occupations that bear a code today (exact) or bore it in an earlier edition (legacy)."""
    if code is None:
        return {}
    votes = {old.code_2022: "legacy" for old in tables.legacy(code)}
    if tables.occupation(code):
        votes[code] = "exact"
    return votes


def near_code(one: str, other: str) -> bool:
    """Whether one digit is wrong, or two neighbouring ones are swapped."""
    return len(one) == len(other) and edits(one.replace("-", ""), other.replace("-", ""), at_most=1) <= 1


def testimonies(rows: Sequence[Stated], index: NameIndex, workers: int) -> list[Testimony]:
    """Hear the witnesses of many rows: names and standards are looked up in one batch."""
    names = [row.name or "" for row in rows]
    standards = [_bare_standard(row.standard_name) if row.standard_name else "" for row in rows]
    read = index.read_many((*names, *standards), workers)
    tables = index.tables
    return [
        Testimony(
            code=code_votes(row.code, tables),
            name=read[name],
            work_type={
                owner.occupation_code: "own" for owner in tables.work_type_owners(row.work_type or "")
            },
            standard=read[standard],
            version=row.standard_version,
            stated=row,
        )
        for row, name, standard in zip(rows, names, standards, strict=True)
    ]


def scored(heard: Testimony, tables: ReferenceTables) -> list[Scored]:
    """Every occupation that a witness speaks for, the likeliest first."""
    codes = {
        *heard.code,
        *heard.name.votes,
        *heard.standard.votes,
        *(heard.work_type if heard.stated.name is None or not heard.name.settled else ()),
    }
    known = [_scored(code, heard, tables) for code in codes if tables.occupation(code)]
    return sorted(known, key=lambda one: (-one.points, one.code))


def _scored(code: str, heard: Testimony, tables: ReferenceTables) -> Scored:
    stated = heard.stated
    code_level = MISSING
    if stated.code is not None:
        code_level = heard.code.get(code) or ("near" if near_code(stated.code, code) else "none")
    name_level, name_points, closeness = _named("name", code, heard.name, stated.name)
    standard_level, standard_points, _ = _named("standard_name", code, heard.standard, stated.standard_name)
    work_level = heard.work_type.get(code, "none") if heard.work_type else MISSING
    version_level = MISSING
    if heard.version is not None and (versions := tables.versions_of(code)):
        version_level = "own" if heard.version in versions else "none"
    contributions = (
        _contribution("code", code_level, POINTS["code"].get(code_level, 0)),
        _contribution("occupation", name_level, name_points),
        _contribution("work_type", work_level, POINTS["work_type"].get(work_level, 0)),
        _contribution("standard_name", standard_level, standard_points),
        _contribution("standard_version", version_level, POINTS["standard_version"].get(version_level, 0)),
    )
    return Scored(
        code=code,
        name_level=name_level,
        code_level=code_level,
        closeness=closeness,
        points=sum(one.points for one in contributions),
        contributions=contributions,
    )


@lru_cache(maxsize=10_000)
def _contribution(field: str, level: str, points: float) -> Contribution:
    """The same few again and again: each is made once."""
    return Contribution(field=field, level=level, points=points)


@lru_cache(maxsize=10_000)
def _bare_standard(text: str) -> str:
    """The name that a standard's title is about; of a text of any length only the beginning counts."""
    return normalise.standard_name(text[: 4 * LONGEST])


def _named(field: str, code: str, reading: NameReading, text: str | None) -> tuple[str, float, float]:
    """Level, points and closeness of a written name or standard for an occupation."""
    if text is None:
        return MISSING, 0.0, 0.0
    vote = reading.votes.get(code)
    if vote is None or vote.closeness <= 0.5:
        return "none", POINTS[field]["none"], vote.closeness if vote else 0.0
    points = POINTS[field].get(vote.level)
    if points is None:
        points = round(NEAR_POINTS[field] * (vote.closeness - 0.5), 2)
    return vote.level, points, vote.closeness
