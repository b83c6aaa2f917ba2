"""Lines of scanned pages: shreds of a seal beside a value go, what may be typed stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.form.find import find_form
from extractors.form.head_and_foot import in_text
from extractors.form.ocr_residue import in_scan, without_residue
from extractors.table.glyphs import Glyph, lines_of
from extractors.table.grid import Line
from reference.model import Place
from tests.extractors.form.test_find import ONE, TITLES, table

HERE = Place(file_id="f", page=1)


def said(text: str) -> dict[str, str]:
    return {one.name: one.cell.text for one in in_scan(text, HERE, 1)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系人：苏宗瑞\t风秋", {"contact": "苏宗瑞"}),
        ("联系人：奚生政\t上海市烟草专", {"contact": "奚生政"}),
        ("联系人·章希伟", {"contact": "章希伟"}),
        ("联系人．章希伟 电话.021-55552232", {"contact": "章希伟", "phone": "021-55552232"}),
        ("联系方式：17784118346\t海", {"phone": "17784118346"}),
        ("联系方式：17788363478\t曰、", {"phone": "17788363478"}),
        ("联系方式：021-43483817\t甲5单", {"phone": "021-43483817"}),
        ("联系方式：17784118346\t2025年6月21日\t海", {"phone": "17784118346", "form_date": "2025年6月21日"}),
        ("海\t联系人：周明", {"contact": "周明"}),
        ("2025.3.29\t局", {"form_date": "2025.3.29"}),
        ("2025.3.29 局", {"form_date": "2025.3.29"}),
        ("E1 2025年12月25日", {"form_date": "2025年12月25日"}),
        ("17\t2025年12月25日", {"form_date": "2025年12月25日"}),
        ("83a2025年12月20日", {"form_date": "2025年12月20日"}),
        ("2025年12月/20日", {"form_date": "2025年12月20日"}),
        ("联系人：周明\t202年3月22日", {"contact": "周明", "form_date": "202年3月22日"}),
        ("电话：17784118346\t2025.929\t局", {"phone": "17784118346", "form_date": "2025.929"}),
        ("电话：17784118346\t—", {"phone": "17784118346"}),
        ("电话：17784118346\t上海市统计局 2025.9.29", {"phone": "17784118346", "form_date": "2025.9.29"}),
        ("2025.929", {"form_date": "2025.929"}),
        ("202年3月22日", {"form_date": "202年3月22日"}),
        ("2025.$.29", {"form_date": "2025.$.29"}),
    ],
)
def test_shreds_are_no_part_of_a_value(text: str, expected: dict[str, str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "联系人：周  明",
        "联系人：张三 李四",
        "联系人：张三\t13800001111",
        "联系人：周明\t联系方式：021-55552232",
        "联系人：\t周明",
        "联系方式：\t021-55552232",
        "联系方式：张三 021-55552232（办）",
        "联系方式：021-60008255\t转25",
        "联系方式：021-60008255 海",
        "联系方式：021-60008255、13800001111",
        "推荐单位（加盖公章）：上海市统计局\t2025年6月23日",
        "上海市统计局  2025年6月20日",
        "2025年6月20日印发",
        "1.2025年6月20日",
        "请于2025年6月20日 前报送",
        "请按《职业分类大典》（2022年版）规范填写。",
        "2025-5555",
        "20250620",
        "年 月 日",
    ],
)
def test_what_may_be_written_stays(text: str) -> None:
    assert said(text) == {one.name: one.cell.text for one in in_text(text, HERE, 1)}


@pytest.mark.parametrize(
    ("scanned", "contact"), [((1,), "苏宗瑞"), ((), "苏宗瑞 风秋"), ((2,), "苏宗瑞 风秋")]
)
def test_only_lines_of_scanned_pages_are_cleared(scanned: tuple[int, ...], contact: str) -> None:
    pieces = [table(TITLES, ONE, page=1), Line("联系人：苏宗瑞\t风秋", HERE)]
    found = find_form(pieces, "f", "pdf", scanned)
    assert found is not None
    assert found.contact is not None
    assert found.contact.text == contact


def test_far_off_is_told_from_apart() -> None:
    def word(text: str, left: float) -> list[Glyph]:
        return [Glyph(one, left + 10 * i, 0, left + 10 * i + 10, 10) for i, one in enumerate(text)]

    line = [*word("联系人：周明", 0), *word("处长", 80), *word("海", 300)]
    assert [one.text for one in lines_of(line, tabs=True)] == ["联系人：周明 处长\t海"]


@given(st.text(alphabet=st.sampled_from("推荐单位联系人方式电话日期：·（章） _年月20五1-、及\t局a")))
def test_clearing_adds_nothing_and_is_done_at_once(text: str) -> None:
    plain = without_residue(text)
    assert set(plain) <= set(text) | {"："}
    assert without_residue(plain) == plain
