"""Whether the reference tables agree with themselves, each other and the official counts.

Pure: tables in, problems out. An error makes judgements wrong; information is what a careful office
would want to know of the tables and can change nothing about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reference.tables.lookups import ReferenceTables
from reference.text import fold
from reference.units import unit_key


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a table: which, how grave, and what."""

    table: str
    severity: Severity
    what: str


OFFICIAL_ROWS = {("dictionary", "2022"): 1639, ("catalogue", "2025-03"): 202, ("standards", "2026-08"): 702}
"""Rows of the editions whose number is officially known."""

OFFICIAL_MARKS = {"2022": {"digital": 97, "green": 134, "digital and green": 23}}
"""Marked occupations of the Dictionary, by edition."""

LABELS, DISTRICTS = 11, 16
"""Industry labels of 填表说明5; districts of Shanghai."""

ERROR, INFORMATION = Severity.ERROR, Severity.INFORMATION


def check_tables(tables: ReferenceTables) -> tuple[Problem, ...]:
    """Every problem of the tables in use, table by table."""
    return tuple(problem for check in _CHECKS for problem in check(tables))


def _official_rows(tables: ReferenceTables) -> Iterator[Problem]:
    for edition in tables.editions:
        official = OFFICIAL_ROWS.get((edition.table, edition.edition))
        if official is not None and edition.rows != official:
            yield Problem(edition.table, ERROR, f"{edition.rows} rows, officially {official}")


def _dictionary(tables: ReferenceTables) -> Iterator[Problem]:
    for code in _repeated(occupation.code for occupation in tables.occupations):
        yield Problem("dictionary", ERROR, f"the code {code} stands twice")
    for name in _repeated(fold(occupation.name) for occupation in tables.occupations):
        yield Problem("dictionary", ERROR, f"the name {name} stands twice")
    for occupation in tables.occupations:
        if tables.group(occupation.code[:7]) is None:
            yield Problem("dictionary", ERROR, f"{occupation.code} {occupation.name} is in no minor group")
    dictionary = [occupation for occupation in tables.occupations if occupation.announced is None]
    counted = {
        "digital": sum(occupation.digital for occupation in dictionary),
        "green": sum(occupation.green for occupation in dictionary),
        "digital and green": sum(occupation.digital and occupation.green for occupation in dictionary),
    }
    for marks, official in OFFICIAL_MARKS.get(dictionary[0].edition, {}).items() if dictionary else ():
        if counted[marks] != official:
            yield Problem(
                "dictionary", INFORMATION, f"{counted[marks]} marked {marks}, officially {official}"
            )


def _standards(tables: ReferenceTables) -> Iterator[Problem]:
    scopes: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for standard in tables.standards:
        listed = f"{standard.name_as_listed} ({standard.version})"
        if standard.occupation_code is None:
            yield Problem("standards", INFORMATION, f"{listed} leads to no occupation of 2022")
        else:
            scopes[standard.occupation_code, fold(standard.work_type or "")].append(listed)
    for (code, _), listed_names in scopes.items():
        if len(listed_names) > 1:
            yield Problem(
                "standards", INFORMATION, f"{code} has several for one scope: {', '.join(listed_names)}"
            )


def _catalogue(tables: ReferenceTables) -> Iterator[Problem]:
    numbers = [item.item_no for item in tables.catalogue]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Problem("catalogue", ERROR, "the item numbers are not 1, 2, 3 …")
    for item in tables.catalogue:
        where = f"item {item.item_no} ({item.name})"
        occupation = tables.occupation(item.code)
        if "-Z" in item.code:
            yield Problem("catalogue", INFORMATION, f"{where} is 专项职业能力, in no Dictionary")
        elif occupation is None or occupation.edition == "Annex 2":
            yield Problem("catalogue", ERROR, f"{where} has the code {item.code}, which is in no table")
        elif fold(occupation.name) != fold(item.occupation):
            former = {fold(former.former_name) for former in tables.former_names_of(item.code)}
            severity = INFORMATION if fold(item.occupation) in former else ERROR
            yield Problem("catalogue", severity, f"{where} is called {occupation.name} in the Dictionary")
        for licence in tables.licences_of(item.code, item.occupation):
            if licence.governs(item.work_type):
                yield Problem("licences", ERROR, f"{licence.name} governs {where} of the catalogue")


def _licences(tables: ReferenceTables) -> Iterator[Problem]:
    for item in _repeated(licence.item for licence in tables.licences):
        yield Problem("licences", ERROR, f"item {item} stands twice")
    for licence in tables.licences:
        for code in licence.codes:
            if tables.occupation(code) is None:
                yield Problem("licences", ERROR, f"{licence.name} governs {code}, which is in no table")
        for name in licence.names:
            leads_to = {found.code for found in tables.occupations_named(name)}
            leads_to |= {former.code for former in tables.former_named(name)}
            if not leads_to & set(licence.codes):
                yield Problem(
                    "licences", ERROR, f"{licence.name} governs {name}, which has none of its codes"
                )


def _work_types(tables: ReferenceTables) -> Iterator[Problem]:
    for work_type in tables.work_types:
        if tables.occupation(work_type.occupation_code) is None and "-Z" not in work_type.occupation_code:
            yield Problem("work_types", ERROR, f"{work_type.name}: no occupation {work_type.occupation_code}")


def _legacy_codes(tables: ReferenceTables) -> Iterator[Problem]:
    for legacy in tables.legacy_codes:
        today = tables.occupation(legacy.code_2022)
        names = {fold(former.former_name) for former in tables.former_names_of(legacy.code_2022)}
        if today is None:
            yield Problem("legacy_codes", ERROR, f"{legacy.code} leads to {legacy.code_2022}, in no table")
        elif fold(legacy.occupation) not in names | {fold(today.name)}:
            yield Problem(
                "legacy_codes", ERROR, f"{legacy.code} {legacy.occupation} leads to {today.code} {today.name}"
            )


def _former_names(tables: ReferenceTables) -> Iterator[Problem]:
    for former in tables.former_names:
        today = tables.occupation(former.code)
        if today is None or today.name != former.name:
            yield Problem("former_names", ERROR, f"{former.former_name}: {former.code} is not {former.name}")
        if tables.occupations_named(former.former_name):
            yield Problem("former_names", ERROR, f"{former.former_name} is an occupation's name today")


def _industries(tables: ReferenceTables) -> Iterator[Problem]:
    if len(tables.industries) != LABELS:
        yield Problem("industries", ERROR, f"{len(tables.industries)} labels, the notice has {LABELS}")
    for alias in _repeated(
        fold(name) for label in tables.industries for name in (label.label, *label.aliases)
    ):
        yield Problem("industries", ERROR, f"{alias} stands twice")


def _units(tables: ReferenceTables) -> Iterator[Problem]:
    districts = sum(unit.kind == "district" for unit in tables.units)
    if districts != DISTRICTS:
        yield Problem("units", ERROR, f"{districts} districts, Shanghai has {DISTRICTS}")
    owners: dict[str, str] = {}
    for unit in tables.units:
        for name in (unit.name, *unit.aliases):
            owner = owners.setdefault(unit_key(name), unit.name)
            if owner != unit.name:
                yield Problem("units", ERROR, f"{name} is both {owner} and {unit.name}")


def _shortage(tables: ReferenceTables) -> Iterator[Problem]:
    if tables.shortage is None:
        yield Problem("shortage", INFORMATION, "no edition is loaded; 急需紧缺 is reported as not checked")
        return
    for item in tables.shortage.items:
        if not (
            tables.occupation(item.code)
            or tables.legacy(item.code)
            or tables.occupations_named(item.occupation)
        ):
            yield Problem("shortage", ERROR, f"{item.code} {item.occupation} is in no table")


def _repeated(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


_CHECKS: tuple[Callable[[ReferenceTables], Iterator[Problem]], ...] = (
    _official_rows,
    _dictionary,
    _standards,
    _catalogue,
    _licences,
    _work_types,
    _legacy_codes,
    _former_names,
    _industries,
    _units,
    _shortage,
)
