"""The list of standards as the ministry writes it, slips included, line by line."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.tables.entries import FormerName, Occupation
from reference.tables.standards import ListedStandard, read_code, read_name, standards_of_line, version_year

WORKER = Occupation("6-09-03-01", "工艺品雕刻工", False, False, "2022", None)
BUILDING = Occupation("4-06-01-04", "智能楼宇管理员", False, False, "2022", None)
NUTRITION = Occupation("4-14-02-01", "营养师", False, False, "2022", None)
OCCUPATIONS = {occupation.name: occupation for occupation in (WORKER, BUILDING, NUTRITION)}
FORMER = {
    "木雕工": FormerName("木雕工", "6-09-03-01", "工艺品雕刻工", "work type", "test"),
    "公共营养师": FormerName("公共营养师", "4-14-02-01", "营养师", "occupation", "test"),
}


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ("4-07-05-03", "4-07-05-03"),
        ("X2-10-07-23", "2-10-07-23"),
        ("6-04-06-01（1999年版）", "6-04-06-01"),
        ("2-02-10-15  ", "2-02-10-15"),
        ("6-30-05-01-014", "6-30-05-01"),
        ("详见大典", None),
    ],
)
def test_codes(listed: str, code: str | None) -> None:
    assert read_code(listed) == code


@pytest.mark.parametrize(
    ("listed", "occupation", "work_types", "marks"),
    [
        ("电工", "电工", (), ""),
        ("用户增长运营师S", "用户增长运营师", (), "S"),
        ("环境监测员 L", "环境监测员", (), "L"),
        ("碳汇计量评估师 L/S", "碳汇计量评估师", (), "LS"),
        ("林草种苗工L（植物组织培养工）", "林草种苗工", ("植物组织培养工",), "L"),
        ("网络与信息安全管理员（数据安全管理员）S", "网络与信息安全管理员", ("数据安全管理员",), "S"),
        ("金属轧制工( 热压延工、冷压延工)", "金属轧制工", ("热压延工", "冷压延工"), ""),
        ("灌区管理工（渠道维护工 灌排工程工）", "灌区管理工", ("渠道维护工", "灌排工程工"), ""),
        ("（粮油）仓储管理员", "仓储管理员", ("粮油仓储管理员",), ""),
        ("鞋类设计师（试行）", "鞋类设计师", (), ""),
        ("道岔钳工修订", "道岔钳工", (), ""),
    ],
)
def test_names(listed: str, occupation: str, work_types: tuple[str, ...], marks: str) -> None:
    name = read_name(listed)
    assert (name.occupation, name.work_types, name.marks) == (occupation, work_types, frozenset(marks))


@pytest.mark.parametrize(
    ("document", "year"),
    [("人社厅发〔2019〕115号", 2019), ("人社厅发[2015]12号", 2015), ("人社厅发〔2025〕47 号", 2025)],
)
def test_the_version_is_the_year_of_the_document(document: str, year: int) -> None:
    assert version_year(document) == year


def test_a_document_without_a_year_is_refused() -> None:
    with pytest.raises(ValueError, match="no year"):
        version_year("人社厅发第5号")


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        # The 2015 code of 智能楼宇管理员, which the 2022 edition gave to 消防设施操作员.
        ("4-07-05-03", "智能楼宇管理员", ("智能楼宇管理员", None, "4-06-01-04", "name")),
        ("4-06-01-04", "智能楼宇管理员", ("智能楼宇管理员", None, "4-06-01-04", "code and name")),
        ("4-14-02-01", "公共营养师", ("公共营养师", None, "4-14-02-01", "former name")),
        ("6-15-03-03", "木雕工", ("工艺品雕刻工", "木雕工", "6-09-03-01", "former name")),
        ("3-03-02-02", "话务员", ("话务员", None, None, None)),
    ],
)
def test_joined_by_name_never_by_code_alone(
    code: str, name: str, expected: tuple[str, str | None, str | None, str | None]
) -> None:
    line = ListedStandard(code, name, dt.date(2018, 12, 26), "人社厅发〔2018〕145号")
    (standard,) = standards_of_line(line, OCCUPATIONS, FORMER)
    assert (
        standard.occupation,
        standard.work_type,
        standard.occupation_code,
        standard.resolved_by,
    ) == expected
    assert (standard.version, standard.name_as_listed) == ("2018年版", name)


def test_a_line_of_two_work_types_is_two_standards() -> None:
    line = ListedStandard(
        "6-17-09-02", "金属轧制工( 热压延工、冷压延工)", dt.date(2022, 6, 27), "人社厅发〔2022〕26号"
    )
    assert [standard.work_type for standard in standards_of_line(line, {}, {})] == ["热压延工", "冷压延工"]


@given(st.text())
def test_any_name_reads_as_some_occupation(text: str) -> None:
    name = read_name(text)
    assert isinstance(name.occupation, str)
    assert all(name.work_types)


@given(st.from_regex(r"[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}", fullmatch=True), st.sampled_from(["", "X"]))
def test_every_code_is_found_again(code: str, prefix: str) -> None:
    assert read_code(f" {prefix}{code} （1999年版）") == code
