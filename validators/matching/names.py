"""What a written name votes for: every writing known of an occupation, and those near to it. Pure.

A name is looked up as it stands, then without titles, marks and traditional characters, then split
from a work type in the same cell, then among earlier names and work types. Only where none of these
leads anywhere is it held against all writings for the nearest ones.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from reference.tables.load import ReferenceTables
from reference.text import fold
from reference.traditional import simplified
from validators.text import normalise
from validators.text.distance import edits, nearest
from validators.text.sound import sound, sounds

Key = TypeVar("Key", str, tuple[str, ...])
NameLevel = Literal["exact", "folded", "former", "work type", "order", "sound", "shape", "title", "edit"]
SETTLED: frozenset[str] = frozenset({"exact", "folded", "former", "work type"})
"""Levels at which the writing itself is a known one; the others are guesses."""

LONGEST = 60
"""Characters beyond which no name is looked for nearby: the longest known writing has half as many."""
CUTOFF, NEAREST = 0.34, 8
"""Closeness from which, and how many, writings are looked at more nearly."""
ALIKE = 0.4
"""What a character taken for one of the same sound or shape costs, an ordinary difference costing 1."""


@dataclass(frozen=True, slots=True)
class NameVote:
    """How a written name stands to an occupation: level, closeness 0 to 1, the writing it is near to."""

    level: NameLevel
    closeness: float
    writing: str


@dataclass(frozen=True, slots=True)
class NameReading:
    """The votes of a written name by occupation code, and the work type that stood in the same cell."""

    votes: Mapping[str, NameVote]
    work_type: str | None = None

    @property
    def settled(self) -> bool:
        """Whether the name is a known writing, not merely near to one."""
        return any(vote.level in SETTLED for vote in self.votes.values())


_MARK = re.compile(r"(?<!\s)\s*+[(（]?\s*+[SLＳＬ](\s*+[/／、]\s*+[SLＳＬ])?+\s*+[)）]?\s*+$")
_TWO_IN_ONE = re.compile(r"^([^(（/／—–-]+)[(（/／—–-]+(.+?)[)）]?$")
_TITLE = re.compile(r"(师|员|工|人员)$")
"""Endings that are taken for one another: 师, 员, 工."""


@dataclass
class NameIndex:
    """Every writing of the tables, ready to be asked; readings are kept, for names come again."""

    tables: ReferenceTables
    _kept: dict[str, NameReading] = field(default_factory=dict)

    KEPT = 50_000
    """Readings kept before all are forgotten."""

    def __post_init__(self) -> None:
        self._known: dict[str, dict[str, NameLevel]] = defaultdict(dict)
        self._written: list[str] = []
        for code, name, level in _writings(self.tables):
            self._known[fold(name)].setdefault(code, level)
        self._written = list(self._known)
        self._order_of = {writing: _order(writing) for writing in self._written}
        self._stem_of = {writing: _TITLE.sub("", writing) for writing in self._written}
        self._by_order = _grouped((order, writing) for writing, order in self._order_of.items())
        self._by_stem = _grouped((stem, writing) for writing, stem in self._stem_of.items())
        self._by_sound: dict[tuple[str, ...], list[str]] | None = None

    def read(self, name: str) -> NameReading:
        """What one name votes for."""
        return self.read_many([name])[name]

    def read_many(self, names: Iterable[str], workers: int = 1) -> dict[str, NameReading]:
        """What names vote for; those that are no known writing are compared with all in one batch."""
        wanted = dict.fromkeys(names)
        if len(self._kept) > self.KEPT:
            self._kept.clear()
        for name in wanted:
            if name not in self._kept and (settled := self._settled(name)):
                self._kept[name] = settled
        unsettled = [name for name in wanted if name not in self._kept]
        queries = [self._queries(name) for name in unsettled]
        flat = [query for several in queries for query in several]
        hits = iter(nearest(flat, self._written, cutoff=CUTOFF, limit=NEAREST, workers=workers))
        for name, several in zip(unsettled, queries, strict=True):
            self._kept[name] = self._near([(query, next(hits)) for query in several])
        return {name: self._kept[name] for name in wanted}

    def _settled(self, name: str) -> NameReading | None:
        """The reading of a known writing; None where it is none."""
        bare = _bare(name)
        plain = simplified(bare)
        two = _TWO_IN_ONE.match(plain)
        tried: list[tuple[str, NameLevel, str | None]] = [
            (name, "exact", None), (bare, "folded", None), (plain, "folded", None),
        ]  # fmt: skip
        if two:
            tried.append((two[1], "folded", fold(two[2])))
        for writing, level, work_type in tried:
            known = self._known.get(fold(writing), {})
            proper = {code: how for code, how in known.items() if how == "exact"}
            if proper:
                vote = NameVote(level, 1.0, fold(writing))
                return NameReading(dict.fromkeys(proper, vote), work_type)
        for writing, _, work_type in tried[1:]:
            known = self._known.get(fold(writing), {})
            for how in ("former", "work type"):
                codes = [code for code, level in known.items() if level == how]
                if codes:
                    beside = work_type or (fold(writing) if how == "work type" else None)
                    return NameReading(dict.fromkeys(codes, NameVote(how, 1.0, fold(writing))), beside)
        if two and (owners := self.tables.work_type_owners(two[2])):
            vote = NameVote("work type", 1.0, fold(two[2]))
            return NameReading({owner.occupation_code: vote for owner in owners}, fold(two[2]))
        return None

    def _queries(self, name: str) -> list[str]:
        """The writings to look for nearby: the name, and the part before a bracket."""
        plain = fold(simplified(_bare(name)))[:LONGEST]
        two = _TWO_IN_ONE.match(plain)
        return [plain, two[1]] if two else [plain] if plain else []

    def _near(self, queries: Sequence[tuple[str, list[int]]]) -> NameReading:
        votes: dict[str, NameVote] = {}
        for query, positions in queries:
            near = {self._written[position] for position in positions}
            order, stem = _order(query), _TITLE.sub("", query)
            near |= {*self._by_order.get(order, ()), *self._by_stem.get(stem, ())}
            near |= set(self._sounding(query))
            for writing in sorted(near):
                vote = self._compared(query, order, stem, writing)
                for code, level in self._known[writing].items():
                    given = vote if level == "exact" else _doubted(vote)
                    if code not in votes or votes[code].closeness < given.closeness:
                        votes[code] = given
        return NameReading(votes)

    def _sounding(self, query: str) -> Sequence[str]:
        """The writings that sound the same throughout."""
        if self._by_sound is None:
            self._by_sound = _grouped((sounds(writing), writing) for writing in self._written)
        return self._by_sound.get(sounds(query), ())

    def _compared(self, query: str, order: str, stem: str, writing: str) -> NameVote:
        """How near a writing is to a name, and what kind of slip parts the two."""
        if order == self._order_of[writing]:
            return NameVote("order", 0.9, writing)
        longer = max(len(query), len(writing))
        edit = 1 - edits(query, writing) / longer
        if len(query) == len(writing):
            cost, levels = 0.0, set[NameLevel]()
            for one, other in zip(query, writing, strict=True):
                if one != other:
                    level = self._alike(one, other)
                    cost += 1 if level is None else ALIKE
                    levels.add(level or "edit")
            if (alike := 1 - cost / longer) > edit:
                return NameVote(levels.pop() if len(levels) == 1 else "edit", alike, writing)
        if stem == self._stem_of[writing]:
            return NameVote("title", max(edit, 1 - ALIKE / longer), writing)
        return NameVote("edit", edit, writing)

    def _alike(self, one: str, other: str) -> NameLevel | None:
        if (one, other) in self.tables.lookalikes:
            return "shape"
        return "sound" if sound(one) == sound(other) else None


def _bare(name: str) -> str:
    """A name without a standard's title around it and S or L marks behind it."""
    return _MARK.sub("", normalise.standard_name(name[: 4 * LONGEST])) or name[: 4 * LONGEST]


def _order(text: str) -> str:
    return "".join(sorted(text))


def _doubted(vote: NameVote) -> NameVote:
    """Near to an earlier name or a work type is a little less than near to the name itself."""
    return NameVote(vote.level, vote.closeness - 0.02, vote.writing)


def _writings(tables: ReferenceTables) -> Iterable[tuple[str, str, NameLevel]]:
    """Every writing of an occupation, by code: the surest level first."""
    for occupation in tables.occupations:
        yield occupation.code, occupation.name, "exact"
    for former in tables.former_names:
        yield former.code, former.former_name, "former" if former.scope == "occupation" else "work type"
    for old in tables.legacy_codes:
        yield old.code_2022, old.occupation, "former"
    for item in tables.catalogue:
        yield item.code, item.occupation, "former"
    for standard in tables.standards:
        if standard.occupation_code:
            yield standard.occupation_code, standard.occupation, "former"
    for work_type in tables.work_types:
        yield work_type.occupation_code, work_type.name, "work type"


def _grouped(pairs: Iterable[tuple[Key, str]]) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = defaultdict(list)
    for key, writing in pairs:
        found[key].append(writing)
    return dict(found)
