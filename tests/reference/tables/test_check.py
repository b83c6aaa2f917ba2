import dataclasses

from reference.tables.check import Severity, check_tables
from reference.tables.load import ReferenceTables


def errors(tables: ReferenceTables) -> list[tuple[str, str]]:
    return [
        (problem.table, problem.what)
        for problem in check_tables(tables)
        if problem.severity is Severity.ERROR
    ]


def test_the_shipped_tables_hold_no_error(tables: ReferenceTables) -> None:
    assert errors(tables) == []


def test_what_is_known_of_the_sources_is_information(tables: ReferenceTables) -> None:
    told = {problem.what for problem in check_tables(tables)}
    assert "98 marked digital, officially 97" in told
    assert "item 42 (人工智能数据标注) is 专项职业能力, in no Dictionary" in told
    assert "话务员 (2007年版) leads to no occupation of 2022" in told


def test_a_code_standing_twice(tables: ReferenceTables) -> None:
    twice = dataclasses.replace(tables, occupations=(*tables.occupations, tables.occupations[0]))
    assert ("dictionary", "the code 1-01-00-01 stands twice") in errors(twice)


def test_a_gap_in_the_catalogue(tables: ReferenceTables) -> None:
    gap = dataclasses.replace(tables, catalogue=tables.catalogue[1:])
    assert ("catalogue", "the item numbers are not 1, 2, 3 …") in errors(gap)


def test_a_catalogue_item_of_an_unknown_code(tables: ReferenceTables) -> None:
    wrong = dataclasses.replace(tables.catalogue[0], code="3-99-99-99")
    found = errors(dataclasses.replace(tables, catalogue=(wrong, *tables.catalogue[1:])))
    assert ("catalogue", "item 1 (政务服务办事员) has the code 3-99-99-99, which is in no table") in found


def test_a_licence_over_a_catalogued_occupation(tables: ReferenceTables) -> None:
    whole = tuple(dataclasses.replace(licence, work_types=None) for licence in tables.licences)
    found = errors(dataclasses.replace(tables, licences=whole))
    assert (
        "licences",
        "社会体育指导员 governs item 134 (社会体育指导员(健身教练)) of the catalogue",
    ) in found


def test_a_row_lost_from_an_edition(tables: ReferenceTables) -> None:
    editions = tuple(
        dataclasses.replace(edition, rows=edition.rows - 1) if edition.table == "standards" else edition
        for edition in tables.editions
    )
    assert errors(dataclasses.replace(tables, editions=editions)) == [
        ("standards", "701 rows, officially 702")
    ]


def test_one_name_for_two_units(tables: ReferenceTables) -> None:
    other = dataclasses.replace(tables.units[-1], aliases=("徐汇区人社局",))
    found = errors(dataclasses.replace(tables, units=(*tables.units[:-1], other)))
    assert [table for table, _ in found] == ["units"]
