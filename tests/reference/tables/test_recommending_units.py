import pytest

from reference.tables.load import ReferenceTables
from reference.units import unit_key


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("上海市徐汇区人力资源和社会保障局", "上海市徐汇区人力资源和社会保障局"),
        ("徐汇区人社局", "上海市徐汇区人力资源和社会保障局"),
        ("上海市 浦东新区\n人力资源社会保障局（盖章）", "上海市浦东新区人力资源和社会保障局"),
        ("市商务委", "上海市商务委员会"),
        ("上海市经信委", "上海市经济和信息化委员会"),
        ("上海市地方金融监督管理局", "上海市地方金融管理局"),
        ("上海市民防办公室", "上海市国防动员办公室"),
        ("上海市妇联", "上海市妇女联合会"),
        ("上海市税务局", "国家税务总局上海市税务局"),
        ("中国(上海)自由贸易试验区管理委员会", "中国（上海）自由贸易试验区管理委员会"),
    ],
)
def test_full_former_and_short_names(tables: ReferenceTables, text: str, name: str) -> None:
    unit = tables.unit(text)
    assert unit is not None
    assert unit.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "上海",
        "上海申能技工学校",
        "北京市商务委员会",
        "徐汇区商务委员会",
        "上海市职业技能鉴定中心",
        "人社局分局",
    ],
)
def test_others_are_unknown(tables: ReferenceTables, text: str) -> None:
    assert tables.unit(text) is None


def test_sixteen_districts(tables: ReferenceTables) -> None:
    assert len([unit for unit in tables.units if unit.kind == "district"]) == 16


def test_the_key_of_a_unit() -> None:
    assert unit_key("上海市徐汇区人力资源和社会保障局") == unit_key("徐汇区人社局") == "徐汇区人社局"
    assert unit_key("上海市") == "上海市"
