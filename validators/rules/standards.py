"""Rules on the national standard and on entry licences (一(一)1, 填表说明3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reference.findings import offered
from reference.model import Field, Finding
from reference.tables.load import Occupation, ReferenceTables, Standard
from reference.text import fold
from validators.facts import RowFacts
from validators.text import normalise
from validators.text.distance import closeness

NEAR_TITLE = 0.75
"""Closeness from which a stated title is the right one miswritten, unless it is another standard's."""


def licensed(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`licensed-occupation`: an entry licence governs the occupation, or the work type stated (一(一)1)."""
    occupation = row.resolution.occupation
    if occupation is None:
        return
    for licence in tables.licences_of(occupation.code, occupation.name):
        if licence.governs(row.resolution.work_type):
            yield row.finding(
                "licensed-occupation",
                Field.OCCUPATION,
                seen=row.item_name,
                item=str(licence.item),
                licence=licence.name,
            )
            return


def stated(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`standard-name-missing`, `standard-version-missing` (填表说明3); the standard in force is offered."""
    standard = next(iter(_in_force(row, tables)), None)
    for field, code, value in (
        (Field.STANDARD_NAME, "standard-name-missing", title(standard) if standard else None),
        (Field.STANDARD_VERSION, "standard-version-missing", standard.version if standard else None),
    ):
        if row.blank(field):
            yield row.finding(
                code,
                field,
                expected=value,
                candidates=offered(value),
                hint_zh=f"，现行为“{value}”" if value else "",
                hint_en=f"; in force is {value}" if value else "",
            )


def issued(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`standard-not-issued`: none is listed for the occupation, nor for the work type stated (一(一)1)."""
    if row.resolution.occupation and not _in_force(row, tables):
        yield row.finding("standard-not-issued", Field.STANDARD_NAME, seen=row.item_name)


def name_agrees(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`standard-name-mismatch`: the stated title is another standard's, or nobody's (填表说明3)."""
    written, standards = row.stated(Field.STANDARD_NAME), _in_force(row, tables)
    occupation = row.resolution.occupation
    if written is None or occupation is None or not standards:
        return
    names = _names(occupation, _all_standards(occupation, tables), tables)
    about = fold(normalise.standard_name(written))
    if about in names or _is_list_of(about, names):
        return
    another = bool(tables.standards_named(about) or tables.occupations_named(about))
    if another or max(closeness(about, name) for name in names) < NEAR_TITLE:
        yield row.finding(
            "standard-name-mismatch",
            Field.STANDARD_NAME,
            expected=title(standards[0]),
            candidates=offered(title(standards[0])),
            name=occupation.name,
        )


def version_agrees(row: RowFacts, tables: ReferenceTables) -> Iterator[Finding]:
    """`standard-version-outdated`, `standard-version-unknown`, against the standard in force (填表说明3)."""
    standards = _in_force(row, tables)
    if row.stated(Field.STANDARD_VERSION) is None or not standards:
        return
    versions = {standard.version for standard in standards}
    newest = max(versions)
    if row.standard_version in versions:
        return
    code = "standard-version-unknown"
    if row.standard_version is not None and row.standard_version < newest:
        code = "standard-version-outdated"
    yield row.finding(code, Field.STANDARD_VERSION, expected=newest, candidates=offered(newest))


def title(standard: Standard) -> str:
    """A standard's title as a form should state it: 汽车维修工（汽车电器维修工）国家职业标准."""
    inside = f"（{standard.work_type}）" if standard.work_type else ""
    return f"{standard.occupation}{inside}国家职业标准"


def _all_standards(occupation: Occupation, tables: ReferenceTables) -> Sequence[Standard]:
    return tables.standards_of(occupation.code, occupation.name)


def _in_force(row: RowFacts, tables: ReferenceTables) -> Sequence[Standard]:
    """The standards that the row may state: the work type's own, else the whole occupation's, else,
    where the occupation's standards are split by work type and the row names none, any of them."""
    occupation, work_type = row.resolution.occupation, fold(row.resolution.work_type or "")
    if occupation is None:
        return ()
    standards = _all_standards(occupation, tables)
    own = [one for one in standards if work_type and fold(one.work_type or "") == work_type]
    whole = [one for one in standards if one.work_type is None]
    return own + whole or ([] if work_type else standards)


def _names(occupation: Occupation, standards: Sequence[Standard], tables: ReferenceTables) -> set[str]:
    """Every right writing of the standards of an occupation, folded."""
    names = {fold(occupation.name), *(fold(f.former_name) for f in tables.former_names_of(occupation.code))}
    for one in standards:
        names |= {fold(one.occupation), fold(normalise.standard_name(one.name_as_listed))}
        if one.work_type:
            names |= {fold(one.work_type), fold(f"{one.occupation}（{one.work_type}）")}
            names.add(fold(f"{occupation.name}（{one.work_type}）"))
    return names


def _is_list_of(about: str, names: set[str]) -> bool:
    """Whether a title adds a work type in brackets to a right name: the occupation's standard still."""
    return (about.partition("(")[0] if about.endswith(")") else about) in names
