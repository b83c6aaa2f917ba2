"""Readers of the tables' rows: the cells of a line, and its edition, in; an entry out.

Each raises ValueError, saying what is wrong with which cell; the loader adds file and line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Literal, cast, get_args

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
    WorkType,
)
from reference.tables.standards import ListedStandard
from reference.text import fold

Cells = dict[str, str]
Level = Literal["major", "sub-major", "minor"]
Scope = Literal["occupation", "work type"]

_CODE = re.compile(r"[1-8]-\d{2}-\d{2}-\d{2}")
_LEGACY_CODE = re.compile(r"X?[1-8]-\d{2}-\d{2}-\d{2}")
_CATALOGUE_CODE = re.compile(r"[1-8]-\d{2}-\d{2}-(?:\d{2}|Z\d)")
_CATALOGUE_LEVELS = ("5", "4", "3", "2", "1", "专项职业能力")
"""专项职业能力 is certified without levels."""
_GROUP_CODE = re.compile(r"[1-8](?:-\d{2}){0,2}")


def dictionary_row(cells: Cells, edition: str) -> Occupation:
    """A row of `dictionary` or of `new_occupations`, which has the year of announcement besides."""
    announced = _number(cells, "announced") if "announced" in cells else None
    return Occupation(
        code=_matched(cells, "code", _CODE),
        name=_filled(cells, "name"),
        digital=_yes(cells, "digital"),
        green=_yes(cells, "green"),
        edition=edition,
        announced=announced,
    )


def group_row(cells: Cells, _edition: str) -> OccupationGroup:
    """A row of `occupation_groups`."""
    level = cast("Level", _one_of(cells, "level", get_args(Level)))
    return OccupationGroup(_matched(cells, "code", _GROUP_CODE), level, _filled(cells, "name"))


def listed_standard_row(cells: Cells, _edition: str) -> ListedStandard:
    """A row of `standards`, verbatim; `reference.tables.standards` takes it apart."""
    return ListedStandard(
        code_as_listed=_filled(cells, "code_as_listed"),
        name_as_listed=_filled(cells, "name_as_listed"),
        issued=dt.date.fromisoformat(cells["issued"]),
        document=_filled(cells, "document"),
    )


def catalogue_row(cells: Cells, _edition: str) -> CatalogueItem:
    """A row of `catalogue`: the work type is what stands in the outermost brackets after the name."""
    name, occupation = _filled(cells, "name"), _filled(cells, "occupation")
    rest = fold(name).removeprefix(fold(occupation))
    whole = name.strip() == occupation.strip()
    if not whole and not (
        rest.startswith("(") and rest.endswith(")") and fold(name).startswith(fold(occupation))
    ):
        raise ValueError(f"{name!r} is neither {occupation!r} nor that with a work type in brackets")
    levels = tuple(_filled(cells, "levels").split("、"))
    if unknown := [level for level in levels if level not in _CATALOGUE_LEVELS]:
        raise ValueError(f"levels holds {'、'.join(unknown)!r}, and {'、'.join(_CATALOGUE_LEVELS)} are known")
    return CatalogueItem(
        item_no=_number(cells, "item_no"),
        code=_matched(cells, "code", _CATALOGUE_CODE),
        name=name,
        occupation=occupation,
        work_type=None if whole else rest[1:-1],
        levels=levels,
    )


def licence_row(cells: Cells, _edition: str) -> Licence:
    """A row of `licences`; several codes, occupations and words stand apart by `;`."""
    words = _several(cells, "work_types")
    return Licence(
        item=_number(cells, "item"),
        name=_filled(cells, "name"),
        codes=_several(cells, "codes"),
        names=_several(cells, "occupations"),
        work_types=words or None,
        note=cells["note"],
    )


def work_type_row(cells: Cells, _edition: str) -> WorkType:
    """A row of `work_types`."""
    return WorkType(_matched(cells, "occupation_code", _CODE), _filled(cells, "name"), cells["source"])


def legacy_row(cells: Cells, _edition: str) -> LegacyCode:
    """A row of `legacy_codes`; the day of issue may be blank."""
    return LegacyCode(
        code=_matched(cells, "code", _LEGACY_CODE),
        occupation=_filled(cells, "occupation"),
        code_2022=_matched(cells, "code_2022", _CODE),
        issued=dt.date.fromisoformat(cells["issued"]) if cells["issued"] else None,
    )


def former_name_row(cells: Cells, _edition: str) -> FormerName:
    """A row of `former_names`."""
    return FormerName(
        former_name=_filled(cells, "former_name"),
        code=_matched(cells, "code", _CODE),
        name=_filled(cells, "name"),
        scope=cast("Scope", _one_of(cells, "scope", get_args(Scope))),
        reason=_filled(cells, "reason"),
    )


def industry_row(cells: Cells, _edition: str) -> Industry:
    """A row of `industries`; aliases stand apart by `;`."""
    return Industry(_filled(cells, "label"), _filled(cells, "group"), _several(cells, "aliases"))


def unit_row(cells: Cells, _edition: str) -> RecommendingUnit:
    """A row of `units`; aliases stand apart by `;`."""
    return RecommendingUnit(_filled(cells, "name"), _filled(cells, "kind"), _several(cells, "aliases"))


def shortage_row(cells: Cells, _edition: str) -> ShortageItem:
    """A row of `shortage`; a blank work type means the whole occupation, a blank code any."""
    return ShortageItem(
        cells["code"].strip(), _filled(cells, "occupation"), cells["work_type"].strip() or None
    )


def lookalike_row(cells: Cells, _edition: str) -> tuple[str, str]:
    """A row of `lookalikes`: two characters that are taken for one another."""
    pair = _filled(cells, "character"), _filled(cells, "alike")
    if len(pair[0]) != 1 or len(pair[1]) != 1:
        raise ValueError(f"a look-alike is one character, not {pair!r}")
    return pair


READERS: dict[str, Callable[[Cells, str], object]] = {
    "dictionary": dictionary_row,
    "occupation_groups": group_row,
    "new_occupations": dictionary_row,
    "standards": listed_standard_row,
    "catalogue": catalogue_row,
    "licences": licence_row,
    "work_types": work_type_row,
    "legacy_codes": legacy_row,
    "former_names": former_name_row,
    "industries": industry_row,
    "units": unit_row,
    "shortage": shortage_row,
    "lookalikes": lookalike_row,
}
"""The reader of each table."""


def _filled(cells: Cells, column: str) -> str:
    if not cells[column].strip():
        raise ValueError(f"{column} is blank")
    return cells[column]


def _number(cells: Cells, column: str) -> int:
    if not cells[column].isdecimal():
        raise ValueError(f"{column} {cells[column]!r} is no number")
    return int(cells[column])


def _matched(cells: Cells, column: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(cells[column]):
        raise ValueError(f"{column} {cells[column]!r} is not of the form {form.pattern}")
    return cells[column]


def _one_of(cells: Cells, column: str, allowed: tuple[str, ...]) -> str:
    if cells[column] not in allowed:
        raise ValueError(f"{column} {cells[column]!r} is none of {', '.join(allowed)}")
    return cells[column]


def _yes(cells: Cells, column: str) -> bool:
    return _one_of(cells, column, ("yes", "")) == "yes"


def _several(cells: Cells, column: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cells[column].split(";") if part.strip())
