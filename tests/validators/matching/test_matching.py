"""Rows and where they lead: what is stated, the rule that decides, the occupation, or a question."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.tables.load import ReferenceTables, load_tables
from validators.matching.resolve import DECISIONS, resolve, resolve_many
from validators.matching.witnesses import POINTS, Stated, near_code

TABLES = load_tables(Path(__file__).parents[3] / "reference" / "data")


@pytest.fixture(scope="module")
def tables() -> ReferenceTables:
    return TABLES


LEADS: list[tuple[str | None, str | None, str, str]] = [
    ("4-10-01-05", "养老护理员", "code and name agree", "4-10-01-05"),
    ("4-10-01-05", "養老護理員", "code and name agree", "4-10-01-05"),
    ("4-10-01-05", "《养老护理员国家职业技能标准（2019年版）》", "code and name agree", "4-10-01-05"),
    ("4-10-01-05", "养老护理员 L", "code and name agree", "4-10-01-05"),
    ("4-10-01-05", "养老护理师", "code, and its name miswritten", "4-10-01-05"),
    ("4-10-01-05", "养老户理员", "code, and its name miswritten", "4-10-01-05"),
    ("4-10-01-05", "养老护理贝", "code, and its name miswritten", "4-10-01-05"),
    ("4-10-01-05", None, "code alone, in force", "4-10-01-05"),
    (None, "养老护理员", "name alone", "4-10-01-05"),
    (None, "眼镜验光员", "name alone", "4-14-03-03"),
    (None, "汽车维修工（汽车电器维修工）", "name alone", "4-12-01-01"),
    (None, "汽车维修工-汽车电器维修工", "name alone", "4-12-01-01"),
    (None, "汽车电器维修工", "name alone", "4-12-01-01"),
    ("4-12-01-01", "汽车电器维修工", "code, and an earlier or a work type's name", "4-12-01-01"),
    (None, "汽车维俢工", "name alone, miswritten", "4-12-01-01"),
    ("4-10-01-06", "养老护理员", "name alone", "4-10-01-05"),
]


@pytest.mark.parametrize(("code", "name", "rule", "leads_to"), LEADS)
def test_rows_that_lead_to_an_occupation(
    code: str | None, name: str | None, rule: str, leads_to: str, tables: ReferenceTables
) -> None:
    if code == "4-10-01-06" and tables.occupation(code):
        code = "4-10-91-05"
    found = resolve(Stated(code=code, name=name), tables)
    assert (found.rule[1], found.occupation and found.occupation.code) == (rule, leads_to)
    assert found.candidates[0].code == leads_to


ASKED = [
    ("4-10-01-05", "汽车维修工", "code and name of two occupations"),
    ("4-10-01-05", "汽车维俢工", "code and name of two occupations"),
    (None, "版画制作员", "name near to several"),
    (None, "网红带货达人", "nothing leads to an occupation"),
    ("9-99-99-99", None, "nothing leads to an occupation"),
    (None, None, "nothing leads to an occupation"),
]


@pytest.mark.parametrize(("code", "name", "rule"), ASKED)
def test_rows_that_a_person_decides(
    code: str | None, name: str | None, rule: str, tables: ReferenceTables
) -> None:
    found = resolve(Stated(code=code, name=name), tables)
    assert (found.rule[1], found.occupation) == (rule, None)


def test_every_earlier_code_with_its_name_leads_to_the_code_of_2022(tables: ReferenceTables) -> None:
    """Also where the code belongs to another occupation today."""
    for old in tables.legacy_codes:
        code = old.code.removeprefix("X")
        found = resolve(Stated(code=code, name=old.occupation), tables)
        assert found.occupation is not None, old
        assert found.occupation.code == old.code_2022, old


def test_contributions_sum_up_to_the_order_of_the_candidates(tables: ReferenceTables) -> None:
    found = resolve(Stated(code="4-10-01-05", name="汽车维修工", standard_name="汽车维修工"), tables)
    points = [sum(one.points for one in candidate.contributions) for candidate in found.candidates]
    assert points == sorted(points, reverse=True)
    assert found.margin == pytest.approx(points[0] - points[1], abs=0.01)
    assert {one.field for one in found.candidates[0].contributions} == {
        "code", "occupation", "work_type", "standard_name", "standard_version",
    }  # fmt: skip


def test_a_missing_witness_says_nothing(tables: ReferenceTables) -> None:
    best = resolve(Stated(name="养老护理员"), tables).candidates[0]
    silent = [one for one in best.contributions if one.field != "occupation"]
    assert {(one.level, one.points) for one in silent} == {("missing", 0.0)}


def test_every_line_of_the_decision_table_is_tried_here() -> None:
    tried = {rule for *_, rule, _ in LEADS} | {rule for *_, rule in ASKED}
    earlier = {"an earlier edition's code with its name", "an earlier code, and its name miswritten",
               "code alone, an earlier edition's"}  # fmt: skip
    assert {line.en for line in DECISIONS} - tried == earlier


def test_earlier_codes_with_a_slip_and_alone(tables: ReferenceTables) -> None:
    alone = next(
        old for old in tables.legacy_codes
        if not tables.occupation(old.code) and len(tables.legacy(old.code)) == 1 and len(old.occupation) > 4
    )  # fmt: skip
    slip = resolve(Stated(code=alone.code, name=alone.occupation[:-2] + "X" + alone.occupation[-1]), tables)
    only = resolve(Stated(code=alone.code), tables)
    assert slip.rule[1] == "an earlier code, and its name miswritten"
    assert only.rule[1] == "code alone, an earlier edition's"
    assert slip.occupation == only.occupation == tables.occupation(alone.code_2022)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("4-10-01-05", "4-10-01-06", True),
        ("4-10-01-05", "4-01-01-05", True),
        ("4-10-01-05", "4-10-10-05", True),
        ("4-10-01-05", "4-10-02-06", False),
    ],
)
def test_codes_one_slip_apart(one: str, other: str, near: bool) -> None:
    assert near_code(one, other) is near


BAD = {
    "ten thousand characters": "养" * 10_000,
    "control characters": "养老\x00\x07护理\x1b员",
    "marks of direction": "\u202e员理护老养\u202c",
    "emoji": "👷‍♀️🔧",
    "forty digits": "4" * 40,
    "brackets without end": "(" * 5_000,
    "a formula": "=HYPERLINK(\"x\")",
}  # fmt: skip


@pytest.mark.parametrize("how", BAD)
def test_bad_text_gives_a_resolution_in_bounded_time(how: str, tables: ReferenceTables) -> None:
    text = BAD[how]
    began = time.perf_counter()
    found = resolve(Stated(code=text, name=text, work_type=text, standard_name=text), tables)
    assert time.perf_counter() - began < 1
    assert found.rule[1] in {line.en for line in DECISIONS}


@given(st.text(max_size=40), st.none() | st.from_regex(r"\d-\d\d-\d\d-\d\d", fullmatch=True))
def test_any_text_has_an_answer(name: str, code: str | None) -> None:
    found = resolve(Stated(code=code, name=name), TABLES)
    assert 0 <= found.score <= 1
    assert all(0 <= candidate.score <= 1 for candidate in found.candidates)
    assert found.occupation is None or found.occupation.code in {one.code for one in found.candidates}


@given(st.lists(st.sampled_from([one.name for one in TABLES.occupations[:300]]), max_size=5))
def test_many_rows_together_are_as_each_alone(names: list[str]) -> None:
    rows = [Stated(name=name[:-1]) for name in names]
    assert resolve_many(rows, TABLES, workers=2) == [resolve(row, TABLES) for row in rows]


def test_points_favour_agreement() -> None:
    for levels in POINTS.values():
        assert levels["none"] < 0 < max(levels.values())
