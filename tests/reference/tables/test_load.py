"""What the shipped tables say: literal questions, literal answers."""

import pickle
import time

import pytest

from reference.settings import DATA
from reference.tables.load import ReferenceTables, load_tables
from reference.tables.standards import read_code


def test_a_code_means_what_the_2022_edition_says(tables: ReferenceTables) -> None:
    occupation = tables.occupation("4-07-05-03")
    assert occupation is not None
    assert (occupation.name, occupation.edition, occupation.announced) == ("消防设施操作员", "2022", None)
    group = tables.group("4-07-05")
    assert group is not None
    assert group.name.startswith("安全保护")


def test_an_old_code_keeps_its_old_meanings(tables: ReferenceTables) -> None:
    assert [(old.occupation, old.code_2022) for old in tables.legacy("4-07-05-03")] == [
        ("智能楼宇管理员", "4-06-01-04")
    ]
    assert [(old.occupation, old.code_2022) for old in tables.legacy("4-07-05-04")] == [
        ("消防设施操作员", "4-07-05-03")
    ]
    assert tables.legacy("6-31-01-03") == ()


def test_no_standard_is_joined_by_a_code_that_another_occupation_has_taken(tables: ReferenceTables) -> None:
    moved = [
        standard
        for standard in tables.standards
        if (code := read_code(standard.code_as_listed)) != standard.occupation_code
        and standard.occupation_code
        and code
        and tables.occupation(code)
    ]
    assert len({read_code(standard.code_as_listed) for standard in moved}) == 49
    assert all(old.code_2022 != old.code for old in tables.legacy_codes)


def test_obsolete_codes_are_found_with_and_without_their_x(tables: ReferenceTables) -> None:
    assert tables.legacy("X2-10-07-23") == tables.legacy("2-10-07-23") != ()
    assert {old.code for old in tables.legacy_named("企业培训师")} == {"X2-02-34-08"}
    assert tables.is_listed_code("X2-10-07-23")
    assert tables.is_listed_code("2-10-07-23")


@pytest.mark.parametrize(
    ("code", "listed"),
    [
        ("6-31-01-03", True),  # 2022
        ("4-13-01-10", True),  # announced in 2024
        ("4-13-05-03", True),  # 2015, 电子竞技运营师
        ("6-30-05-01", True),
        ("4-14-03-96", False),
        ("9-99-99-99", False),
    ],
)
def test_listed_codes(tables: ReferenceTables, code: str, listed: bool) -> None:
    assert tables.is_listed_code(code) is listed


def test_occupations_announced_since_carry_their_year(tables: ReferenceTables) -> None:
    occupation = tables.occupation("4-11-01-07")
    assert occupation is not None
    assert (occupation.name, occupation.announced, occupation.digital, occupation.green) == (
        "电力聚合运营员",
        2025,
        True,
        True,
    )


def test_names_are_compared_folded(tables: ReferenceTables) -> None:
    assert [found.code for found in tables.occupations_named(" 电\u3000工 ")] == ["6-31-01-03"]
    assert [found.code for found in tables.occupations_named("军官（警官）")] == ["7-01-00-00"]
    assert tables.occupations_named("电") == ()


@pytest.mark.parametrize(
    ("former", "code", "name"),
    [
        ("公共营养师", "4-14-02-01", "营养师"),
        ("评茶员", "6-02-06-11", "评茶师"),
        ("眼镜验光员", "4-14-03-03", "眼镜验光师"),
        ("企业培训师", "4-07-03-05", "职业培训师"),
        ("育婴员", "4-10-01-01", "婴幼儿发展引导员"),
    ],
)
def test_former_names(tables: ReferenceTables, former: str, code: str, name: str) -> None:
    assert [(found.code, found.name) for found in tables.former_named(former)] == [(code, name)]


def versions(tables: ReferenceTables, code: str, name: str) -> list[tuple[str, str | None]]:
    return [(standard.version, standard.work_type) for standard in tables.standards_of(code, name)]


def test_standards_are_joined_by_code_and_name(tables: ReferenceTables) -> None:
    assert versions(tables, "4-07-05-03", "消防设施操作员") == [("2026年版", None), ("2019年版", None)]
    assert versions(tables, "4-07-05-03", "智能楼宇管理员") == []
    assert versions(tables, "4-06-01-04", "智能楼宇管理员") == [("2018年版", None)]
    assert versions(tables, "3-01-03-02", "劳动人事争议仲裁员") == []


def test_a_standard_under_a_former_name_belongs_to_todays_occupation(tables: ReferenceTables) -> None:
    assert versions(tables, "4-14-02-01", "营养师") == [("2021年版", None)]
    assert versions(tables, "4-14-02-01", "公共营养师") == [("2021年版", None)]


def test_the_standard_of_exactly_that_name_comes_first(tables: ReferenceTables) -> None:
    assert [standard.occupation for standard in tables.standards_of("6-20-01-01", "装配钳工")] == [
        "装配钳工",
        "钳工",
    ]
    assert [standard.occupation for standard in tables.standards_of("6-20-01-01", "钳工")] == [
        "钳工",
        "装配钳工",
    ]


def test_standards_split_by_work_type(tables: ReferenceTables) -> None:
    assert versions(tables, "4-09-04-00", "灌区管理工") == [
        ("2026年版", work_type) for work_type in ("灌排泵站运行工", "灌区供水工", "渠道维护工", "灌排工程工")
    ]
    assert [standard.occupation for standard in tables.standards_named("薪税师")] == ["企业人力资源管理师"]


def test_the_slips_of_annex_2_stand_as_printed(tables: ReferenceTables) -> None:
    items = {item.item_no: item for item in tables.catalogue}
    assert items[31].name == "网络与信息安全管理师（数据安全安全管理师）"
    assert items[31].work_type == "数据安全安全管理师"
    assert [items[number].work_type for number in (152, 154)] == ["裁剪服装制版", "裁剪服装制版师"]
    assert items[133].work_type == "登山(山地户外)"
    assert (items[42].code, items[42].levels) == ("4-04-05-Z1", ("专项职业能力",))
    assert items[5].levels == ("4", "3", "2")
    assert [item.item_no for item in tables.catalogue_of("4-10-01-06")] == [93, 94, 95, 96]


def governing(tables: ReferenceTables, code: str, name: str, work_type: str | None = None) -> list[int]:
    return [licence.item for licence in tables.licences_of(code, name) if licence.governs(work_type)]


@pytest.mark.parametrize(
    ("code", "name", "work_type", "items"),
    [
        ("4-07-05-03", "消防设施操作员", None, [80]),
        ("4-07-05-04", "消防设施操作员", None, [80]),  # under its code of 2015
        ("4-07-05-03", "智能楼宇管理员", None, []),  # whose code that was in 2015
        ("4-02-01-01", "轨道列车司机", None, [85]),
        ("4-07-05-02", "安检员", "民航安全检查员", [76]),
        ("4-07-05-02", "安检员", "邮件快件安检员", []),
        ("4-14-05-01", "社会体育指导员", "游泳", [82]),
        ("4-14-05-01", "社会体育指导员", "羽毛球", []),
        ("4-14-05-01", "社会体育指导员", None, []),
        ("6-18-02-04", "焊工", "电焊工", []),
        ("6-18-02-04", "焊工", "民用核安全设备焊工", [73, 74]),
        ("6-31-01-03", "电工", None, []),
        ("5-03-01-02", "家禽繁殖员", None, []),
        ("3-02-03-08", "", None, [79]),
    ],
)
def test_licences(
    tables: ReferenceTables, code: str, name: str, work_type: str | None, items: list[int]
) -> None:
    assert governing(tables, code, name, work_type) == items


def test_no_item_of_the_catalogue_is_licensed(tables: ReferenceTables) -> None:
    assert [
        item.item_no
        for item in tables.catalogue
        if governing(tables, item.code, item.occupation, item.work_type)
    ] == []


def test_work_types_and_their_owners(tables: ReferenceTables) -> None:
    assert [owner.occupation_code for owner in tables.work_type_owners("置业顾问")] == ["4-06-02-02"]
    assert "低代码开发员" in {work_type.name for work_type in tables.work_types_of("4-04-05-01")}
    assert not any(work_type.name == "试行" for work_type in tables.work_types)


def test_the_eleven_labels(tables: ReferenceTables) -> None:
    assert [label.label for label in tables.industries if label.group == "3+6"] == (
        [
            "集成电路",
            "生物医药",
            "人工智能",
            "电子信息",
            "生命健康",
            "汽车",
            "高端装备",
            "先进材料",
            "时尚消费品",
        ]
    )
    assert [label.label for label in tables.industries if label.group == "民生"] == ["养老护理", "家政服务"]


def test_loading_is_quick_enough_for_one_rerun() -> None:
    started = time.perf_counter()
    load_tables(DATA)
    assert time.perf_counter() - started < 0.5  # 25 ms on two idle cores; the bar is 150


def test_worker_processes_get_the_tables(tables: ReferenceTables) -> None:
    assert tables.occupation("6-31-01-03")
    copy = pickle.loads(pickle.dumps(tables))
    assert copy == tables
    assert copy.occupation("6-31-01-03").name == "电工"
