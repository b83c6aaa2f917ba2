"""PDF against Word: true differences told, a reader's slips passed over, rows aligned."""

from __future__ import annotations

import pytest

from reference.model import Cell, Field, FileReading, FormRow, Place
from tests.validators.rows import form, row
from validators.matching.row_alignment import aligned
from validators.rules.pdf_against_word import differ, parts, unsure_cells, versus

BOX = (10.0, 10.0, 50.0, 20.0)


def cell(text: str) -> Cell:
    return Cell(text=text, place=Place(file_id="p", page=1, box=BOX))


def reading(*, scan: bool = True, doubtful: bool = False) -> FileReading:
    places = (Place(file_id="p", page=1, box=BOX),) if doubtful else ()
    return FileReading(file_id="p", pages=1, scanned_pages=(1,) if scan else (), doubtful=places)


def alike(one: str, other: str) -> bool:
    return {one, other} == {"未", "末"}


@pytest.mark.parametrize(
    ("typed", "stamped", "digital", "scanned"),
    [
        ("4-10-01-05", "４-10-01- 05", False, False),
        ("4-10-01-05", "4-10-01-06", True, True),
        ("养老护理员", "汽车维修工", True, True),
        ("养老护理员", "养老护理负", True, True),
        ("是", "否", True, True),
        ("384", "84", True, True),
        ("未成年人", "末成年人", True, False),
        ("行业规划，", "行业规划.", True, False),
        ("行业规划", "", True, True),
        ("1200人", "1500人", True, True),
    ],
)
def test_what_is_a_difference(typed: str, stamped: str, digital: bool, scanned: bool) -> None:
    assert differ(cell(typed), cell(stamped), reading(scan=False), alike) is digital
    assert differ(cell(typed), cell(stamped), reading(), alike) is scanned


@pytest.mark.parametrize(
    ("typed", "stamped", "doubtful", "found"),
    [
        ("1200", "1200", True, []),  # agreement settles a doubtful reading
        ("1200", "1500", True, [("ocr-unsure", "1500", "1200")]),
        ("1200", "1500", False, [("pdf-word-mismatch", "1500", "1200")]),
    ],
)
def test_a_doubtful_cell_that_disagrees_is_for_a_person(
    typed: str, stamped: str, doubtful: bool, found: list[tuple[str, str, str]]
) -> None:
    word, pdf = (
        form(FormRow(row_no=1, cells={Field.CODE: cell("4-10-01-05"), Field.DEMAND: cell(text)}))
        for text in (typed, stamped)
    )
    code_doubted = reading(doubtful=doubtful)
    findings = versus(word, pdf, code_doubted, alike)
    assert [(f.code, f.seen, f.expected) for f in findings] == found


def test_which_characters_differ() -> None:
    assert parts("4-10-01-05", "4-10-01-06") == "“5”→“6”"


def rows(*codes: str) -> list[FormRow]:
    names = {"4-10-01-05": "养老护理员", "4-12-01-01": "汽车维修工", "6-11-03-01": "合成氨生产工"}
    return [row(n, code=code, occupation=names[code]) for n, code in enumerate(codes, 1)]


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        (("4-10-01-05", "4-12-01-01"), ("4-10-01-05", "4-12-01-01"), [(1, 1), (2, 2)]),
        (("4-10-01-05", "4-12-01-01"), ("4-12-01-01",), [(1, None), (2, 1)]),
        (("4-12-01-01",), ("4-10-01-05", "4-12-01-01"), [(None, 1), (1, 2)]),
        ((), ("4-10-01-05",), [(None, 1)]),
    ],
)
def test_rows_are_aligned(
    one: tuple[str, ...], other: tuple[str, ...], pairs: list[tuple[int | None, int | None]]
) -> None:
    found = aligned(rows(*one), rows(*other))
    assert [(a and a.row_no, b and b.row_no) for a, b in found] == pairs


def test_a_changed_cell_and_a_lacking_row_are_told() -> None:
    word = form(row(1), row(2, code="4-10-01-05", occupation="养老护理员"))
    pdf = form(row(1, demand="1560"))
    found = list(versus(word, pdf, reading(scan=False), alike))
    assert [(f.row_no, f.field, f.code) for f in found] == [
        (1, "demand", "pdf-word-mismatch"),
        (2, "occupation", "pdf-word-mismatch"),
    ]
    assert [one.name for one in found[0].candidates] == ["1550", "1560"]  # Word's text first
    assert found[1].candidates == ()
    assert "“1560”" in found[0].message_zh
    assert "“1550”" in found[0].message_zh


def test_a_doubtful_cell_without_a_word_file_is_looked_at() -> None:
    doubted = FormRow(row_no=1, cells={key: cell("1") for key in row().cells})
    found = list(unsure_cells([doubted], reading(doubtful=True)))
    assert {(f.row_no, f.code) for f in found} == {(1, "ocr-unsure")}
    assert list(unsure_cells([doubted], reading())) == []
