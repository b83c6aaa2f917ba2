import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.tables.load import ReferenceTables
from validators.text import normalise, phone

CODES = [
    ("4-10-01-05", "4-10-01-05", False),
    (" 4-10-01-05 ", "4-10-01-05", False),
    ("6120501", "6-12-05-01", True),
    ("6 - 04 - 06 - 04", "6-04-06-04", True),
    ("6—09—03—05", "6-09-03-05", True),
    ("６－２９－０２－０６", "6-29-02-06", True),
    ("4-10-1-5", "4-10-01-05", True),
    ("4.10.01.05", "4-10-01-05", True),
    ("4-04-05-05S", "4-04-05-05", True),
    ("L/S 4-04-05-05", "4-04-05-05", True),
    ("4-1O-01-05", "4-10-01-05", True),
    ("4-10-01-05（养老护理员）", "4-10-01-05", True),
]


@pytest.mark.parametrize(("text", "value", "changed"), CODES)
def test_codes(text: str, value: str, changed: bool) -> None:
    assert normalise.code(text) == normalise.Code(value, changed)


@pytest.mark.parametrize(
    "text",
    ["详见大典", "4-10-01", "410105", "4-10-01-05、4-10-01-06", "养老护理员", "4" * 40, "/", "x" * 10_000],
)
def test_what_is_no_code(text: str) -> None:
    assert normalise.code(text) is None


parts = st.integers(0, 99).map(lambda n: f"{n:02d}")


@given(st.integers(1, 8), parts, parts, parts, st.sampled_from(["-", "—", "－", " - ", "–", "."]))
def test_any_dash_gives_the_code(major: int, one: str, two: str, three: str, dash: str) -> None:
    read = normalise.code(dash.join([str(major), one, two, three]))
    assert read is not None
    assert read.value == f"{major}-{one}-{two}-{three}"
    assert read.changed == (dash != "-")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019年版", "2019年版"),
        ("2019", "2019年版"),
        ("（2019 版）", "2019年版"),
        ("二〇一九年版", "2019年版"),
        ("人社厅发〔2019〕92号", "2019年版"),
        ("最新版", None),
        ("", None),
    ],
)
def test_versions(text: str, value: str | None) -> None:
    assert normalise.version(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "养老护理员",
        "养老护理员国家职业标准",
        "《养老护理员国家职业技能标准》",
        "《养老护理员国家职业技能标准（2019年版）》",
        "国家职业技能标准——养老护理员",
        "养老护理员 国家职业技能标准 2019年版",
    ],
)
def test_standard_names(text: str) -> None:
    assert normalise.standard_name(text) == "养老护理员"


@pytest.mark.parametrize(
    ("text", "value"),
    [("是", True), ("否", False), (" 是 ", True), ("√是", True), ("有", None), ("是否", None)],
)
def test_flags(text: str, value: bool | None) -> None:
    assert normalise.flag(text) is value


INDUSTRIES = [
    ("先进材料、汽车", ("先进材料", "汽车"), (), False),
    ("城市更新", ("城市更新",), ("城市更新",), False),
    ("文化和旅游", ("文化和旅游",), ("文化和旅游",), False),
    ("高端装备/先进材料", ("高端装备", "先进材料"), (), True),
    ("先进材料，家政服务，电子信息", ("先进材料", "家政服务", "电子信息"), (), True),
    ("养老护理 家政服务", ("养老护理", "家政服务"), (), True),
    ("养老护理和家政服务", ("养老护理", "家政服务"), (), True),
    ("集成电路产业", ("集成电路",), (), True),
    ("时尚消费", ("时尚消费品",), (), True),
    ("“3+6”产业：集成电路", ("集成电路",), (), True),
    ("汽车、汽车", ("汽车",), (), False),
]


@pytest.mark.parametrize(("text", "values", "others", "changed"), INDUSTRIES)
def test_industries(
    text: str, values: tuple[str, ...], others: tuple[str, ...], changed: bool, tables: ReferenceTables
) -> None:
    assert normalise.industries(text, tables.industries) == normalise.Industries(values, others, changed)


@given(data=st.data())
def test_labels_joined_as_the_notice_wants_are_kept(data: st.DataObject, tables: ReferenceTables) -> None:
    labels = [item.label for item in tables.industries]
    chosen = data.draw(st.lists(st.sampled_from(labels), min_size=1, unique=True))
    read = normalise.industries("、".join(chosen), tables.industries)
    assert read == normalise.Industries(tuple(chosen), (), changed=False)


@pytest.mark.parametrize(
    "text",
    [
        "13800000160",
        "136 0000 6954",
        "189-0000-1343（手机）",
        "+86 138 0000 0160",
        "021-55552232",
        "（021）55550106",
        "021 60000519",
        "021—55552232",
        "021-55559666转8966",
        "021-60004991-2811",
        "0571-88001234",
        "021-55552232、13800000000",
        "张三 13800000000",
    ],
)
def test_phones_that_can_be_called(text: str) -> None:
    assert phone.valid(text)


@pytest.mark.parametrize(
    "text", ["办公室", "55552232", "1380000016", "138000001601", "021-555522", "400-820-8820", "12345", "/"]
)
def test_phones_that_cannot(text: str) -> None:
    assert not phone.valid(text)


@given(text=st.text())
def test_no_reader_fails_on_any_text(text: str, tables: ReferenceTables) -> None:
    normalise.code(text)
    normalise.version(text)
    normalise.standard_name(text)
    normalise.flag(text)
    normalise.industries(text, tables.industries)
    phone.valid(text)
