"""The rows of the reference tables: what one line of each means. Plain frozen data, made thousands of
times at every start, hence dataclasses rather than pydantic models."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from reference.text import fold


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation (职业) of the Dictionary, or one announced after its edition."""

    code: str
    name: str
    digital: bool
    """Marked S: a digital occupation."""
    green: bool
    """Marked L: a green occupation."""
    edition: str
    announced: int | None
    """Year of the announcement; None for those that the Dictionary itself holds."""


@dataclass(frozen=True, slots=True)
class OccupationGroup:
    """A major (`4`), sub-major (`4-07`) or minor (`4-07-05`) group of the Dictionary."""

    code: str
    level: Literal["major", "sub-major", "minor"]
    name: str


ResolvedBy = Literal["code and name", "name", "former name"]
"""How a listed standard was joined to the Dictionary; see `reference.tables.standards.resolve`."""


@dataclass(frozen=True, slots=True)
class Standard:
    """A national occupational standard in force, for one occupation or one work type of it.

    A line of the list that covers two work types gives two of these.
    """

    name_as_listed: str
    code_as_listed: str
    """Verbatim: the code of the edition under which the standard was written."""
    occupation: str
    """The occupation as the standard calls it, perhaps by a former name."""
    work_type: str | None
    """None: the standard is for the whole occupation."""
    version: str
    """As a form must state it, such as 2019年版."""
    year: int
    """Year of the document number, which is the version's; not that of the issue date."""
    issued: dt.date
    document: str
    occupation_code: str | None
    """The 2022 code of the occupation; None where neither code nor name leads to one."""
    marks: frozenset[str] = frozenset()
    """L (green) and S (digital), as listed."""
    resolved_by: ResolvedBy | None = None


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item of Annex 2: an occupation or work type that is collected already."""

    item_no: int
    code: str
    name: str
    """As printed, slips included."""
    occupation: str
    work_type: str | None
    """None: the whole occupation is catalogued."""
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """An entry licence (准入类) of the national licence catalogue, and the occupations it governs."""

    item: int
    name: str
    codes: tuple[str, ...]
    """2022 codes; empty where the licence has no occupation of its own."""
    names: tuple[str, ...]
    """Names of those occupations, former ones included."""
    work_types: tuple[str, ...] | None
    """None: the whole occupation is licensed; else only work types that hold one of these words."""
    note: str

    def governs(self, work_type: str | None) -> bool:
        """Whether the licence reaches a row of its occupation that names this work type, or none."""
        if self.work_types is None:
            return True
        return work_type is not None and any(word in fold(work_type) for word in self.work_types)


@dataclass(frozen=True, slots=True)
class WorkType:
    """A work type (工种) and the occupation it belongs to."""

    occupation_code: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class LegacyCode:
    """A code of an earlier edition, what it meant, and that occupation's code of 2022."""

    code: str
    """As seen, an X prefix included."""
    occupation: str
    code_2022: str
    issued: dt.date | None
    """Day of issue of the standard it was seen in."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that an occupation bore, or that is now one of its work types."""

    former_name: str
    code: str
    """The 2022 code."""
    name: str
    """The occupation's name of 2022."""
    scope: Literal["occupation", "work type"]
    reason: str


@dataclass(frozen=True, slots=True)
class Industry:
    """One of the eleven industry labels of 填表说明5."""

    label: str
    group: str
    """3+6 or 民生."""
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecommendingUnit:
    """A body that may recommend occupations (一(二)1)."""

    name: str
    kind: str
    """district, municipal, party, people, central or zone; see docs/reference.md."""
    aliases: tuple[str, ...]
    """Former and short names."""


@dataclass(frozen=True, slots=True)
class ShortageItem:
    """An entry of the shortage catalogue (急需紧缺职业目录)."""

    code: str
    occupation: str
    work_type: str | None
