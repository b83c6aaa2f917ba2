"""Literal rows in, (row, field, code) out; each case differs from a good row in the cells named."""

from dataclasses import replace

import pytest

from reference.model import Outcome
from reference.tables.load import ReferenceTables, ShortageItem, ShortageTable
from tests.validators.rows import DAY, findings_of, row, told
from validators.facts import row_facts
from validators.rules import plausibility
from validators.rules.columns import shortage_flag

FORESTER = {"occupation": "造林更新工", "standard_name": "造林更新工", "standard_version": "2006年版"}
MANAGER = {
    "code": "4-06-01-01",
    "occupation": "物业管理师",
    "standard_name": "物业管理师",
    "standard_version": "2023年版",
}
MECHANIC = {
    "code": "4-12-01-01",
    "occupation": "汽车维修工",
    "standard_name": "汽车维修工",
    "standard_version": "2018年版",
}
PROGRAMMER = {
    "code": "4-04-05-01",
    "occupation": "计算机程序设计员",
    "standard_name": "《计算机程序设计员国家职业标准》",
    "standard_version": "2022年版",
}
PIPELINE = {
    "code": "6-16-02-12",
    "occupation": "油气管道维护工",
    "standard_name": "油气管道维护工",
    "standard_version": "2022年版",
}

ONE_ROW = [
    ({}, []),
    # code
    ({"code": ""}, [("code", "code-missing")]),
    ({"code": "＿＿ "}, [("code", "code-missing")]),
    ({"code": "6110301"}, [("code", "code-normalised")]),
    ({"code": "6—11—03—01"}, [("code", "code-normalised")]),
    ({"code": "详见大典"}, [("code", "code-malformed")]),
    ({"code": "6-11-03-96"}, [("code", "code-unknown")]),
    ({"code": "5-02-01-02", **FORESTER}, [("code", "code-legacy")]),
    ({"code": "6-01-01-02"}, [("code", "code-name-mismatch")]),
    # name
    ({"occupation": ""}, [("occupation", "name-missing")]),
    ({"occupation": "合成氦生产工"}, [("occupation", "name-corrected")]),
    (
        {"code": "", "occupation": "版画制作员", "standard_name": "", "standard_version": ""},
        [
            ("code", "code-missing"),
            ("occupation", "name-ambiguous"),
            ("standard_name", "standard-name-missing"),
            ("standard_version", "standard-version-missing"),
        ],
    ),
    ({"occupation": " 合 成 氨 生 产 工 "}, []),
    (
        {"code": "6-04-03-74", "occupation": "数据要素撮合员"},
        [("code", "code-unknown"), ("occupation", "occupation-unknown")],
    ),
    # occupation and work type in one cell, marks, standards' tails
    ({**MECHANIC, "occupation": "汽车维修工（汽车维修检验工）"}, [("work_type", "catalogue-duplicate")]),
    ({**MECHANIC, "occupation": "汽车维修工-汽车维修检验工"}, [("work_type", "catalogue-duplicate")]),
    ({"occupation": "合成氨生产工国家职业标准"}, []),
    ({"occupation": "合成氨生产工 L"}, []),
    # an earlier name, the code agreeing
    (
        {
            "code": "4-14-02-01",
            "occupation": "公共营养师",
            "standard_name": "公共营养师",
            "standard_version": "2021年版",
        },
        [("occupation", "name-corrected"), ("occupation", "catalogue-overlap")],
    ),
    # not skilled
    (
        {
            "code": "2-09-04-07",
            "occupation": "演出监督",
            "standard_name": "演出监督",
            "standard_version": "2006年版",
        },
        [("code", "not-skilled")],
    ),
    # standard
    ({"standard_name": ""}, [("standard_name", "standard-name-missing")]),
    ({"standard_version": " "}, [("standard_version", "standard-version-missing")]),
    # shortage flag
    ({"shortage_flag": ""}, [("shortage_flag", "shortage-flag-missing")]),
    ({"shortage_flag": "有"}, [("shortage_flag", "shortage-flag-invalid")]),
    # industries
    ({"industries": ""}, [("industries", "industry-missing")]),
    ({"industries": "高端装备/先进材料"}, [("industries", "industry-normalised")]),
    ({"industries": "城市更新"}, [("industries", "industry-other")]),
    # demand
    ({"demand": ""}, [("demand", "demand-missing")]),
    ({"demand": "500-800"}, [("demand", "demand-invalid")]),
    ({"demand": "二千五百"}, []),
    # reason
    ({"reason": "　"}, [("reason", "reason-missing")]),
    # catalogue
    (MANAGER, [("occupation", "catalogue-duplicate")]),
    ({**MECHANIC, "work_type": "汽车维修检验工"}, [("work_type", "catalogue-duplicate")]),
    ({**PROGRAMMER, "work_type": "低代码开发员"}, [("work_type", "catalogue-overlap")]),
    # work type
    ({"work_type": "无"}, []),
    ({"work_type": "/"}, []),
    ({"work_type": "样板间体验员"}, [("work_type", "work-type-unknown")]),
    ({"work_type": "合成氨生产工"}, [("work_type", "work-type-not-needed")]),
    ({"work_type": "置业顾问"}, [("work_type", "work-type-elsewhere")]),
    # standards and licences
    ({"standard_name": "《广播电视天线工国家职业标准》"}, [("standard_name", "standard-name-mismatch")]),
    ({"standard_name": "合成氨生产工国家职业技能标准（2019年版）"}, []),
    ({"standard_version": "2009年版"}, [("standard_version", "standard-version-outdated")]),
    ({"standard_version": "2025年版"}, [("standard_version", "standard-version-unknown")]),
    ({"standard_version": "最新版"}, [("standard_version", "standard-version-unknown")]),
    (
        {
            "code": "3-01-03-02",
            "occupation": "劳动人事争议仲裁员",
            "standard_name": "劳动人事争议仲裁员国家职业标准",
        },
        [("standard_name", "standard-not-issued")],
    ),
    (
        {"code": "4-07-05-03", "occupation": "消防设施操作员", "standard_name": "消防设施操作员"},
        [("occupation", "licensed-occupation")],
    ),
    # an absent column is the form's finding, not the row's
    ({"demand": None}, []),
]


@pytest.mark.parametrize(("texts", "expected"), ONE_ROW)
def test_one_row(
    texts: dict[str, str | None], expected: list[tuple[str, str]], tables: ReferenceTables
) -> None:
    assert told(findings_of(tables, row(**texts))) == [(1, *finding) for finding in expected]


@pytest.mark.parametrize(
    ("texts", "offered"),
    [
        ({"standard_version": " "}, ["2019年版"]),
        ({"standard_version": "2009年版"}, ["2019年版"]),
        ({"standard_name": ""}, ["合成氨生产工国家职业标准"]),
        ({"standard_name": "《广播电视天线工国家职业标准》"}, ["合成氨生产工国家职业标准"]),
    ],
)
def test_a_standard_in_force_is_offered_to_take(
    texts: dict[str, str | None], offered: list[str], tables: ReferenceTables
) -> None:
    (found,) = findings_of(tables, row(**texts))
    assert [candidate.name for candidate in found.candidates] == offered
    (field,) = texts
    assert findings_of(tables, row(**{field: offered[0]})) == []  # what is offered settles it


def test_the_same_item_twice_names_the_earlier_row(tables: ReferenceTables) -> None:
    found = findings_of(tables, row(1), row(2, **PIPELINE), row(3))
    assert told(found) == [(3, None, "form-duplicate")]
    assert "第1行" in found[0].message_zh


def test_a_mismatch_offers_both_readings_ranked(tables: ReferenceTables) -> None:
    (found,) = findings_of(tables, row(code="6-01-01-02"))
    names = [candidate.name for candidate in found.candidates]
    assert names[0] == "合成氨生产工"
    assert len(names) == 2
    assert [c.score for c in found.candidates] == sorted((c.score for c in found.candidates), reverse=True)


def test_a_finding_says_where_and_why(tables: ReferenceTables) -> None:
    (found,) = findings_of(tables, row(2, code="5-02-01-02", **FORESTER))
    assert (found.seen, found.expected, found.clause) == ("5-02-01-02", "5-02-02-00", "填表说明2")
    assert found.outcome is Outcome.CORRECT
    assert found.evidence is not None
    assert (found.evidence.table, found.evidence.row, found.evidence.column) == (1, 3, 2)
    assert (
        found.message_zh == "5-02-01-02是“造林更新工”在旧版大典中的编码，2022年版编码为5-02-02-00，请更正。"
    )


@pytest.mark.parametrize(
    ("demands", "rows"),
    [
        (["1000", "2000", "88888888"], [3]),
        (["1110", "88888888"], [2]),
        (["1000", "2000", "3000", "5"], [4]),
        (["1000", "300000", "2000"], [2]),
        (["10", "5000"], []),
        (["150", "4000", "900"], []),
    ],
)
def test_demand_far_outside_the_form(demands: list[str], rows: list[int], tables: ReferenceTables) -> None:
    facts = [row_facts(row(i, demand=demand), tables, DAY) for i, demand in enumerate(demands, 1)]
    assert told(list(plausibility.demands(facts, usual=None))) == [
        (i, "demand", "demand-implausible") for i in rows
    ]


def test_earlier_windows_say_what_is_usual(tables: ReferenceTables) -> None:
    facts = [row_facts(row(demand="900000"), tables, DAY)]
    assert told(list(plausibility.demands(facts, usual=2000))) == [(1, "demand", "demand-implausible")]
    assert told(list(plausibility.demands(facts, usual=None))) == []


def test_a_unloaded_shortage_catalogue_is_said_never_passed(tables: ReferenceTables) -> None:
    assert told(list(shortage_flag(row_facts(row(), tables, DAY), tables))) == [
        (1, "shortage_flag", "shortage-flag-not-checked")
    ]


@pytest.mark.parametrize(
    ("flag", "listed", "expected"),
    [("是", True, []), ("否", False, []), ("否", True, ["是"]), ("是", False, ["否"])],
)
def test_the_flag_against_an_imported_catalogue(
    flag: str, listed: bool, expected: list[str], tables: ReferenceTables
) -> None:
    items = (ShortageItem("6-11-03-01", "合成氨生产工", None),) if listed else ()
    loaded = replace(tables, shortage=ShortageTable("2024", items))
    found = findings_of(loaded, row(shortage_flag=flag))
    assert told(found) == [(1, "shortage_flag", "shortage-flag-wrong") for _ in expected]
    assert [f.expected for f in found] == expected


def test_a_name_that_leads_nowhere_is_no_work_type(tables: ReferenceTables) -> None:
    facts = row_facts(row(code="6-04-03-74", occupation="数据要素撮合员"), tables, DAY)
    assert (facts.resolution.occupation, facts.resolution.work_type) == (None, None)
