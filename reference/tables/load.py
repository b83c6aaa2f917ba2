"""The reference tables in use: loaded once, looked up everywhere. The way in to `reference`'s tables.

`load_tables` picks for each table the edition in force on a day, joins what belongs together, and
returns plain frozen data with its lookups (`reference.tables.lookups`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from reference.errors import ReferenceTableError
from reference.tables.editions import COLUMNS, OPTIONAL, Edition, edition_in_force, find_editions, read_rows
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
from reference.tables.entry_readers import (
    catalogue_row,
    dictionary_row,
    former_name_row,
    group_row,
    industry_row,
    legacy_row,
    licence_row,
    listed_standard_row,
    lookalike_row,
    shortage_row,
    unit_row,
    work_type_row,
)
from reference.tables.lookups import ReferenceTables, ShortageTable
from reference.tables.standards import ListedStandard, read_code, read_name, standards_of_line
from reference.text import fold

__all__ = [
    "CatalogueItem",
    "Edition",
    "FormerName",
    "Industry",
    "LegacyCode",
    "Licence",
    "Occupation",
    "OccupationGroup",
    "RecommendingUnit",
    "ReferenceTables",
    "ShortageItem",
    "ShortageTable",
    "Standard",
    "WorkType",
    "load_tables",
]

T = TypeVar("T")


def load_tables(
    folder: Path, on: dt.date | None = None, pinned: Mapping[str, str] | None = None
) -> ReferenceTables:
    """Load the edition of each table that is in force on a day (None: the newest).

    `pinned` names editions by table, to judge an old window again by the editions it recorded.

    Raises:
        ReferenceTableError: a table or a pinned edition is absent, unreadable or malformed; file and
            line are named.
    """
    wanted = pinned or {}
    in_use: list[Edition] = []

    def rows(table: str, read: Callable[[dict[str, str], str], T]) -> tuple[T, ...]:
        if pinned is not None and table in OPTIONAL and table not in pinned:
            return ()  # it was not loaded when the editions were recorded
        chosen = edition_in_force(find_editions(folder, table), on, wanted.get(table))
        if chosen is None:
            if table in OPTIONAL:
                return ()
            raise ReferenceTableError(
                f"No edition of the table {table} in {folder}.",
                "Set `reference` to the folder of the reference tables, or reinstall the package.",
            )
        read_in = read_rows(chosen, lambda cells: read(cells, chosen.edition))
        in_use.append(chosen.with_rows(len(read_in)))
        return read_in

    occupations = rows("dictionary", dictionary_row) + rows("new_occupations", dictionary_row)
    groups = rows("occupation_groups", group_row)
    former_names = rows("former_names", former_name_row)
    standards = _joined(rows("standards", listed_standard_row), occupations, former_names)
    catalogue = rows("catalogue", catalogue_row)
    work_types = _all_work_types(rows("work_types", work_type_row), catalogue, standards, former_names)
    legacy_codes = _all_legacy_codes(rows("legacy_codes", legacy_row), standards)
    occupations += _catalogued_only(catalogue, occupations)
    licences = rows("licences", licence_row)
    industries = rows("industries", industry_row)
    units = rows("units", unit_row)
    shortage = rows("shortage", shortage_row)
    lookalikes = rows("lookalikes", lookalike_row)
    shortage_edition = next((edition.edition for edition in in_use if edition.table == "shortage"), None)
    return ReferenceTables(
        editions=tuple(sorted(in_use, key=lambda edition: list(COLUMNS).index(edition.table))),
        occupations=occupations,
        groups=groups,
        standards=standards,
        catalogue=catalogue,
        licences=licences,
        work_types=work_types,
        legacy_codes=legacy_codes,
        former_names=former_names,
        industries=industries,
        units=units,
        lookalikes=frozenset(lookalikes) | {(other, one) for one, other in lookalikes},
        shortage=None if shortage_edition is None else ShortageTable(shortage_edition, shortage),
    )


def _catalogued_only(
    catalogue: Iterable[CatalogueItem], occupations: Iterable[Occupation]
) -> tuple[Occupation, ...]:
    """Items of Annex 2 under a code that no Dictionary holds (42 and 43: 专项职业能力, `4-04-05-Z1`)."""
    known = {occupation.code for occupation in occupations}
    return tuple(
        Occupation(item.code, item.name, digital=False, green=False, edition="Annex 2", announced=None)
        for item in catalogue
        if item.code not in known
    )


def _joined(
    lines: Iterable[ListedStandard], occupations: Iterable[Occupation], former_names: Iterable[FormerName]
) -> tuple[Standard, ...]:
    by_name = {fold(occupation.name): occupation for occupation in occupations}
    by_former_name = {fold(former.former_name): former for former in former_names}
    return tuple(standard for line in lines for standard in standards_of_line(line, by_name, by_former_name))


def _all_work_types(
    listed: Iterable[WorkType],
    catalogue: Iterable[CatalogueItem],
    standards: Iterable[Standard],
    former_names: Iterable[FormerName],
) -> tuple[WorkType, ...]:
    """The work types of the table, and those that the other tables in use name besides."""
    seen = [
        *listed,
        *(WorkType(item.code, item.work_type, "Annex 2") for item in catalogue if item.work_type),
        *(
            WorkType(standard.occupation_code, standard.work_type, "list of standards")
            for standard in standards
            if standard.occupation_code and standard.work_type
        ),
        *(
            WorkType(former.code, former.former_name, "former name")
            for former in former_names
            if former.scope == "work type"
        ),
    ]
    first: dict[tuple[str, str], WorkType] = {}
    for work_type in seen:
        first.setdefault((work_type.occupation_code, fold(work_type.name)), work_type)
    return tuple(first.values())


def _all_legacy_codes(listed: Iterable[LegacyCode], standards: Iterable[Standard]) -> tuple[LegacyCode, ...]:
    """The pairs of the table, and those of standards listed under a code that is no longer theirs."""
    pairs = {(legacy.code, fold(legacy.occupation)): legacy for legacy in listed}
    for standard in standards:
        code = read_code(standard.code_as_listed)
        if code is None or standard.occupation_code in (None, code):
            continue
        seen = f"X{code}" if fold(standard.code_as_listed).startswith("X") else code
        name = read_name(standard.name_as_listed).occupation
        legacy = LegacyCode(seen, name, standard.occupation_code, standard.issued)
        pairs.setdefault((seen, fold(name)), legacy)
    return tuple(pairs.values())
