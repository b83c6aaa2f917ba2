import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("汽车维修工（汽车电器维修工）", "汽车维修工(汽车电器维修工)"),
        ("汽车维修工〔汽车电器维修工〕", "汽车维修工(汽车电器维修工)"),
        ("６－２９－０２－０６", "6-29-02-06"),
        ("电 工\u3000", "电工"),
        ("电\u200b工\ufeff\u202e", "电工"),
        ("电\n工", "电工"),
        ("⼯程测量员", "工程测量员"),
        ("碳汇计量评估师 L/S", "碳汇计量评估师L/S"),
        ("", ""),
    ],
)
def test_what_folds_together(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_nothing_unseen_or_wide_is_left(text: str) -> None:
    folded = fold(text)
    assert not any(character.isspace() for character in folded)
    assert unicodedata.is_normalized("NFKC", folded)


@given(st.text(), st.text(alphabet=" \t\n\u3000\u200b\ufeff"))
def test_white_space_around_changes_nothing(text: str, space: str) -> None:
    assert fold(space + text + space) == fold(text)
