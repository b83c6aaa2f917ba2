"""Real pairs: writings that official lists hold themselves, joined to the code of 2022 by those lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from benchmarks.matching.cases import Case
from reference.tables.load import ReferenceTables
from reference.text import fold
from validators.matching.witnesses import Stated


def real_cases(tables: ReferenceTables) -> Iterator[Case]:
    """Every pair of the lists, once with its code and once by name alone."""
    yield from _legacy(tables)
    yield from _former(tables)
    yield from _catalogue(tables)
    yield from _standards(tables)
    yield from _work_types(tables)


def _case(how: str, expected: Iterable[str], **stated: str | None) -> Case:
    return Case(Stated(**stated), frozenset(expected), "real", how)


def _legacy(tables: ReferenceTables) -> Iterator[Case]:
    """Codes of 2015 and 1999 with the names that they bore."""
    for old in tables.legacy_codes:
        code = old.code.removeprefix("X")
        yield _case("earlier code and name", [old.code_2022], code=code, name=old.occupation)
        now = tables.occupation(old.code_2022)
        if now and fold(now.name) != fold(old.occupation):
            yield _case("earlier code, today's name", [old.code_2022], code=code, name=now.name)


def _former(tables: ReferenceTables) -> Iterator[Case]:
    """Names that occupations bore, and occupations that are work types now."""
    for former in tables.former_names:
        right = {one.code for one in tables.former_named(former.former_name)}
        yield _case("former name, today's code", [former.code], code=former.code, name=former.former_name)
        yield _case("former name alone", right, name=former.former_name)


def _catalogue(tables: ReferenceTables) -> Iterator[Case]:
    """Annex 2's own writings, slips included."""
    by_name = defaultdict(set)
    for item in tables.catalogue:
        by_name[fold(item.name)].add(item.code)
    for item in tables.catalogue:
        yield _case("Annex 2, code and name", [item.code], code=item.code, name=item.name)
        yield _case("Annex 2, name alone", by_name[fold(item.name)], name=item.name)
        if item.work_type:
            yield _case(
                "Annex 2, work type in its own column",
                [item.code],
                name=item.occupation,
                work_type=item.work_type,
            )


def _standards(tables: ReferenceTables) -> Iterator[Case]:
    """The list of standards: its own names, under the codes of the editions they were written in."""
    for standard in tables.standards:
        if standard.occupation_code is None:
            continue
        right, listed = [standard.occupation_code], standard.name_as_listed
        yield _case("standard's name alone", right, name=listed)
        yield _case("standard's title alone", right, name=f"国家职业技能标准《{listed}》")
        yield _case(
            "standard beside today's code",
            right,
            code=standard.occupation_code,
            name=standard.occupation,
            standard_name=listed,
            standard_version=standard.version,
        )


def _work_types(tables: ReferenceTables) -> Iterator[Case]:
    """A work type in the occupation's own cell: alone, and behind the occupation's name."""
    for work_type in tables.work_types:
        occupation = tables.occupation(work_type.occupation_code)
        if occupation is None:
            continue
        right = {owner.occupation_code for owner in tables.work_type_owners(work_type.name)}
        code = occupation.code
        if not tables.occupations_named(work_type.name):
            yield _case("work type alone", right, name=work_type.name)
            yield _case("work type with the code", [code], code=code, name=work_type.name)
        if fold(work_type.name) != fold(occupation.name):
            yield _case(
                "occupation and work type in one cell", [code], name=f"{occupation.name}（{work_type.name}）"
            )
            yield _case(
                "occupation and work type in one cell", [code], name=f"{occupation.name}-{work_type.name}"
            )
