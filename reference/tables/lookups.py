"""Looking things up in the reference tables, by code and by folded name (`reference.text.fold`).

Indices are built when first asked for, once for each process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, TypeVar

from reference.tables.editions import Edition
from reference.tables.entries import (
    CatalogueItem,
    FormerName,
    Industry,
    LegacyCode,
    Licence,
    Occupation,
    OccupationGroup,
    RecommendingUnit,
    ShortageItem,
    Standard,
    WorkType,
)
from reference.tables.standards import read_code
from reference.text import fold
from reference.units import unit_key

T = TypeVar("T")
Index = dict[str, tuple[T, ...]]


@dataclass(frozen=True)
class ShortageTable:
    """An edition of Shanghai's shortage catalogue, imported from the office's own file."""

    edition: str
    items: tuple[ShortageItem, ...]

    def lists(self, code: str, occupation: str, work_type: str | None) -> bool:
        """Whether the catalogue holds the occupation as a whole, or this work type of it."""
        return any(
            (item.code == code or fold(item.occupation) == fold(occupation))
            and (
                item.work_type is None or (work_type is not None and fold(item.work_type) == fold(work_type))
            )
            for item in self.items
        )


@dataclass(frozen=True)
class ReferenceTables:
    """Every reference table, in one edition each, with its lookups."""

    editions: tuple[Edition, ...]
    """One for every table in use."""
    occupations: tuple[Occupation, ...]
    """The Dictionary's, then those announced since."""
    groups: tuple[OccupationGroup, ...]
    standards: tuple[Standard, ...]
    catalogue: tuple[CatalogueItem, ...]
    licences: tuple[Licence, ...]
    work_types: tuple[WorkType, ...]
    """From the table itself, Annex 2, the standards and the former names."""
    legacy_codes: tuple[LegacyCode, ...]
    """From the table itself and from the standards, each pair of code and name once."""
    former_names: tuple[FormerName, ...]
    industries: tuple[Industry, ...]
    units: tuple[RecommendingUnit, ...]
    lookalikes: frozenset[tuple[str, str]]
    """Pairs of characters that are taken for one another, both ways round."""
    shortage: ShortageTable | None
    """None: no shortage catalogue is loaded, and the flag cannot be checked."""

    def occupation(self, code: str) -> Occupation | None:
        """The occupation that bears a code of 2022, or one announced since."""
        return self._occupation_by_code.get(code)

    def occupations_named(self, name: str) -> tuple[Occupation, ...]:
        """The occupations of exactly this name, folded. Former names are not looked at."""
        return self._occupations_by_name.get(fold(name), ())

    def group(self, code: str) -> OccupationGroup | None:
        """The major, sub-major or minor group of a code such as `4`, `4-07` or `4-07-05`."""
        return self._group_by_code.get(code)

    def legacy(self, code: str) -> tuple[LegacyCode, ...]:
        """What a code meant in earlier editions, where that differs from today. With or without X."""
        return self._legacy_by_code.get(code.removeprefix("X"), ())

    def legacy_named(self, name: str) -> tuple[LegacyCode, ...]:
        """The earlier codes of an occupation, by the name it bore then."""
        return self._legacy_by_name.get(fold(name), ())

    def former_named(self, name: str) -> tuple[FormerName, ...]:
        """What an occupation of this former name is called since 2022."""
        return self._former_by_name.get(fold(name), ())

    def former_names_of(self, code: str) -> tuple[FormerName, ...]:
        """The former names of the occupation that bears a code of 2022."""
        return self._former_by_code.get(code, ())

    def is_listed_code(self, code: str) -> bool:
        """Whether a code stands in any edition known here: 2022, announced since, earlier, or listed
        with a standard."""
        return code in self._listed_codes

    def standards_of(self, occupation_code: str, occupation_name: str) -> tuple[Standard, ...]:
        """The standards of an occupation, those of its work types included.

        Joined by code and name together: the name is the occupation's of 2022 or a former one, else
        nothing is found; blank, the code alone decides. A standard of exactly the given name comes
        before one under another name of the occupation; then the newest first.
        """
        key = fold(occupation_name)
        found = self._standards_by_code.get(occupation_code, ())
        named = {fold(standard.occupation) for standard in found} | {
            fold(former.former_name) for former in self.former_names_of(occupation_code)
        }
        if occupation := self.occupation(occupation_code):
            named.add(fold(occupation.name))
        if key and key not in named:
            return ()
        return tuple(
            sorted(
                found, key=lambda standard: (fold(standard.occupation) != key, -standard.issued.toordinal())
            )
        )

    def versions_of(self, occupation_code: str) -> frozenset[str]:
        """The versions in force of an occupation's standards, its work types' included."""
        return self._versions_by_code.get(occupation_code, frozenset())

    def standards_named(self, name: str) -> tuple[Standard, ...]:
        """The standards whose occupation, work type or name as listed this is, folded; newest first."""
        return self._standards_by_name.get(fold(name), ())

    def catalogue_of(self, code: str) -> tuple[CatalogueItem, ...]:
        """The items of Annex 2 under a code, in the order of their numbers."""
        return self._catalogue_by_code.get(code, ())

    def licences_of(self, code: str, name: str) -> tuple[Licence, ...]:
        """The entry licences that govern an occupation, or some work types of it (`Licence.work_types`).

        The name decides where it is one the tables know, for an old code may be another's today.
        """
        key = fold(name)
        known = bool(self.occupations_named(name) or self.former_named(name))
        return tuple(
            licence
            for licence in self.licences
            if any(fold(governed) == key for governed in licence.names)
            or (not known and code in licence.codes)
        )

    def work_types_of(self, code: str) -> tuple[WorkType, ...]:
        """The known work types of an occupation. The list is partial: absent is unknown, not wrong."""
        return self._work_types_by_code.get(code, ())

    def work_type_owners(self, name: str) -> tuple[WorkType, ...]:
        """The occupations that have a work type of this name."""
        return self._work_types_by_name.get(fold(name), ())

    def unit(self, text: str) -> RecommendingUnit | None:
        """The recommending unit of this full, former or short name; see `reference.units`."""
        return self._unit_by_key.get(unit_key(text))

    def __getstate__(self) -> dict[str, Any]:
        """The tables without their indices, for worker processes."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def _occupation_by_code(self) -> dict[str, Occupation]:
        return {occupation.code: occupation for occupation in self.occupations}

    @cached_property
    def _occupations_by_name(self) -> Index[Occupation]:
        return _index(self.occupations, lambda occupation: (fold(occupation.name),))

    @cached_property
    def _group_by_code(self) -> dict[str, OccupationGroup]:
        return {group.code: group for group in self.groups}

    @cached_property
    def _legacy_by_code(self) -> Index[LegacyCode]:
        return _index(self.legacy_codes, lambda legacy: (legacy.code.removeprefix("X"),))

    @cached_property
    def _legacy_by_name(self) -> Index[LegacyCode]:
        return _index(self.legacy_codes, lambda legacy: (fold(legacy.occupation),))

    @cached_property
    def _former_by_name(self) -> Index[FormerName]:
        return _index(self.former_names, lambda former: (fold(former.former_name),))

    @cached_property
    def _former_by_code(self) -> Index[FormerName]:
        return _index(self.former_names, lambda former: (former.code,))

    @cached_property
    def _listed_codes(self) -> frozenset[str]:
        legacy = {legacy.code for legacy in self.legacy_codes}
        listed = (read_code(standard.code_as_listed) for standard in self.standards)
        return frozenset(
            {occupation.code for occupation in self.occupations}
            | legacy
            | {code.removeprefix("X") for code in legacy}
            | {code for code in listed if code}
        )

    @cached_property
    def _standards_by_code(self) -> Index[Standard]:
        return _index(
            self.standards,
            lambda standard: (standard.occupation_code or read_code(standard.code_as_listed) or "",),
        )

    @cached_property
    def _versions_by_code(self) -> dict[str, frozenset[str]]:
        return {
            code: frozenset(standard.version for standard in standards)
            for code, standards in self._standards_by_code.items()
        }

    @cached_property
    def _standards_by_name(self) -> Index[Standard]:
        newest_first = sorted(self.standards, key=lambda standard: standard.issued, reverse=True)
        return _index(
            newest_first,
            lambda standard: {
                fold(name)
                for name in (standard.occupation, standard.work_type, standard.name_as_listed)
                if name
            },
        )

    @cached_property
    def _catalogue_by_code(self) -> Index[CatalogueItem]:
        return _index(self.catalogue, lambda item: (item.code,))

    @cached_property
    def _work_types_by_code(self) -> Index[WorkType]:
        return _index(self.work_types, lambda work_type: (work_type.occupation_code,))

    @cached_property
    def _work_types_by_name(self) -> Index[WorkType]:
        return _index(self.work_types, lambda work_type: (fold(work_type.name),))

    @cached_property
    def _unit_by_key(self) -> dict[str, RecommendingUnit]:
        by_alias = {unit_key(alias): unit for unit in self.units for alias in unit.aliases}
        return by_alias | {unit_key(unit.name): unit for unit in self.units}


def _index(rows: Iterable[T], keys: Callable[[T], Iterable[str]]) -> Index[T]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        for key in keys(row):
            found[key].append(row)
    return {key: tuple(values) for key, values in found.items()}
