"""Which occupation a row is about: the witnesses heard, the candidates ranked, the decision a table. Pure.

A colleague elsewhere can use it by hand:

    >>> tables = load_tables(Path("reference/data"))
    >>> resolve(Stated(code="4-10-01-05", name="养老护理师"), tables).occupation.name
    '养老护理员'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reference.model import Candidate
from reference.tables.load import Occupation, ReferenceTables
from reference.text import fold
from validators.matching.names import SETTLED, NameIndex
from validators.matching.witnesses import Scored, Stated, Testimony, scored, testimonies
from validators.text import normalise

OFFERED = 5
"""Candidates that a finding or an explanation lists."""
AGREES = 0.5
"""Closeness above which a name is its code's own name miswritten, if no other name is nearer."""
ALONE = 0.65
"""Closeness from which a near name leads to an occupation without a code to agree."""
NEARER = 0.1
"""How much nearer another occupation's name must be to contradict the code."""
MARGIN = 3.0
"""Points by which a near name must lead the next candidate, else a person is asked."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a row leads to, and why.

    `occupation` is None where the witnesses contradict each other, are too close, or lead nowhere.
    `by_code` is what the code alone says, `by_name` what the name alone says where it is a known
    writing. `rule` names the line of `DECISIONS` that decided; `margin` is the lead of the best
    candidate over the second, in points (docs/matching.md).
    """

    level: str
    rule: tuple[str, str]
    """The line's name, Chinese and English."""
    occupation: Occupation | None
    by_code: Occupation | None
    by_name: tuple[Occupation, ...]
    code_means: str | None
    """The name that the stated code has in the current or, failing that, an earlier edition."""
    code_listed: bool
    """Whether the stated code stands in any edition or list."""
    work_type: str | None
    score: float
    """Of the occupation, or of the best candidate where none is settled; between 0 and 1."""
    margin: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What the decision table looks at."""

    heard: Testimony
    ranked: Sequence[Scored]
    settled: Sequence[Scored]
    """The occupations for which the name is a known writing."""
    code_known: bool
    """Whether the stated code is an occupation's, today or earlier."""

    @property
    def best(self) -> Scored:
        """The candidate that leads."""
        return self.ranked[0]

    @property
    def margin(self) -> float:
        """Points between the best candidate and the second."""
        return self.best.points - self.ranked[1].points if len(self.ranked) > 1 else self.best.points

    def coded(self, level: str) -> Scored | None:
        """The likeliest candidate for which the code speaks at a level."""
        return next((one for one in self.ranked if one.code_level == level), None)

    def both(self, level: str) -> Scored | None:
        """The likeliest candidate for which the code speaks at a level and the name is a known writing."""
        return next((one for one in self.settled if one.code_level == level), None)

    def near(self, level: str) -> Scored | None:
        """The candidate for which the code speaks, and whose own name the writing is a slip of."""
        one = self.coded(level)
        if one is None or self.settled or one.closeness <= AGREES:
            return None
        nearest = max(other.closeness for other in self.ranked)
        return one if one.closeness >= nearest - NEARER else None

    def only_code(self) -> Scored | None:
        """The code's occupation where no name is stated: today's, else the only one that bore it."""
        if self.heard.stated.name is not None:
            return None
        olds = [one for one in self.ranked if one.code_level == "legacy"]
        return self.coded("exact") or (olds[0] if len(olds) == 1 else None)

    def only_name(self) -> Scored | None:
        """The occupation of a known writing, which is one's alone or is told by the other witnesses."""
        if not self.settled:
            return None
        first, *others = self.settled
        return first if not others or first.points - others[0].points >= MARGIN else None

    def only_near(self) -> Scored | None:
        """The occupation that a near name leads to by a clear margin."""
        near = self.best.name_level not in SETTLED and self.best.closeness >= ALONE
        return self.best if near and self.margin >= MARGIN else None


def _proper(one: Scored | None) -> Scored | None:
    return one if one and one.name_level in ("exact", "folded") else None


def _current(one: Scored | None) -> Scored | None:
    return one if one and one.code_level == "exact" else None


def _told(case: Case) -> Scored | None:
    """The best candidate where a known code stands beside a name that is not its own."""
    return case.best if case.code_known and case.heard.stated.name is not None else None


def _guessed(case: Case) -> Scored | None:
    return case.best if case.settled or case.best.closeness >= ALONE else None


class Decision(NamedTuple):
    """A line of the decision table."""

    zh: str
    en: str
    level: str
    """How the witnesses stand to each other; the row rules and the record go by it."""
    follows: str
    """resolve: recorded without a word; note: recorded with a note; correct: the sender is told; ask."""
    find: Callable[[Case], Scored | None]
    """The candidate that the line is about; None where the line does not hold."""


DECISIONS: tuple[Decision, ...] = (
    Decision("编码与名称一致", "code and name agree",
             "agreed", "resolve", lambda case: _proper(case.both("exact"))),
    Decision("编码相符，名称为旧称或工种名", "code, and an earlier or a work type's name",
             "near", "note", lambda case: case.both("exact")),
    Decision("旧版编码与名称相符", "an earlier edition's code with its name",
             "legacy", "correct", lambda case: case.both("legacy")),
    Decision("编码相符，名称有误写", "code, and its name miswritten",
             "near", "note", lambda case: case.near("exact")),
    Decision("旧版编码，名称有误写", "an earlier code, and its name miswritten",
             "legacy", "correct", lambda case: case.near("legacy")),
    Decision("仅有编码", "code alone, in force",
             "code-only", "resolve", lambda case: _current(case.only_code())),
    Decision("仅有旧版编码", "code alone, an earlier edition's",
             "legacy", "correct", lambda case: case.only_code()),
    Decision("编码与名称分属两个职业", "code and name of two occupations", "conflict", "ask", _told),
    Decision("仅凭名称", "name alone", "name-only", "resolve", lambda case: case.only_name()),
    Decision("仅凭名称，名称有误写", "name alone, miswritten",
             "near-name", "note", lambda case: case.only_near()),
    Decision("名称与多个职业相近", "name near to several", "ambiguous", "ask", _guessed),
    Decision("查不到职业", "nothing leads to an occupation", "unknown", "ask", lambda case: case.best),
)  # fmt: skip
"""The decision table. The first line that finds a candidate decides."""


def resolve(stated: Stated, tables: ReferenceTables) -> Resolution:
    """Resolve one row to an occupation of the Dictionary.

    Args:
        stated: what the row states; None is a missing witness, never a mismatch.
        tables: the reference tables, of `reference.tables.load.load_tables`.

    Returns:
        The occupation, or None where a person must decide, with the ranked candidates, each field's
        points for each, and the rule that decided. Never raises on any text.
    """
    return resolve_many([stated], tables)[0]


def resolve_many(rows: Sequence[Stated], tables: ReferenceTables, workers: int = 1) -> list[Resolution]:
    """Resolve many rows, the distances of all their names taken in one batch on `workers` threads."""
    index = _index(tables)
    return [_resolved(heard, tables) for heard in testimonies(rows, index, workers)]


def _resolved(heard: Testimony, tables: ReferenceTables) -> Resolution:
    ranked = scored(heard, tables)
    stated = heard.stated
    by_code = tables.occupation(stated.code) if stated.code else None
    case = Case(
        heard,
        ranked,
        [one for one in ranked if one.name_level in SETTLED],
        code_known=bool(heard.code),
    )
    line, one = _decided(case)
    occupation = tables.occupation(one.code) if one and line.follows != "ask" else None
    lead = ranked[0].points - ranked[1].points if len(ranked) > 1 else ranked[0].points if ranked else 0.0
    return Resolution(
        level=line.level,
        rule=(line.zh, line.en),
        occupation=occupation,
        by_code=by_code,
        by_name=tuple(found for each in case.settled if (found := tables.occupation(each.code))),
        code_means=by_code.name if by_code else _earlier_name(stated.code, tables),
        code_listed=bool(stated.code and tables.is_listed_code(stated.code)),
        work_type=_work_type(heard, occupation or by_code),
        score=one.score if one else 0.0,
        margin=round(lead, 2),
        candidates=tuple(_candidate(each, tables) for each in ranked[:OFFERED]),
    )


def _decided(case: Case) -> tuple[Decision, Scored | None]:
    if case.ranked:
        for line in DECISIONS:
            if one := line.find(case):
                return line, one
    return DECISIONS[-1], None


def _candidate(one: Scored, tables: ReferenceTables) -> Candidate:
    occupation = tables.occupation(one.code)
    return Candidate(
        name=occupation.name if occupation else one.code,
        code=one.code,
        score=round(one.score, 3),
        contributions=one.contributions,
    )


def _work_type(heard: Testimony, occupation: Occupation | None) -> str | None:
    """The work type as stated, or as it stood in the occupation's cell; None where it says none."""
    if normalise.says_none(heard.stated.work_type):
        said = heard.name.work_type
    else:
        said = fold(heard.stated.work_type or "")
    return None if said is None or (occupation and fold(occupation.name) == said) else said


def _earlier_name(code: str | None, tables: ReferenceTables) -> str | None:
    return next((old.occupation for old in tables.legacy(code)), None) if code else None


_INDICES: list[NameIndex] = []


def _index(tables: ReferenceTables) -> NameIndex:
    """The names of these tables, indexed once; a handful of editions are kept."""
    for index in _INDICES:
        if index.tables is tables:
            return index
    _INDICES[4:] = []
    _INDICES.insert(0, NameIndex(tables))
    return _INDICES[0]
