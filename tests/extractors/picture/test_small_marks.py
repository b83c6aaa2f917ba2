"""Marks of a line of print: those that were read wrongly, and those that were not read at all."""

from __future__ import annotations

import io

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractors.picture.raster import pictures
from extractors.picture.small_marks import mended, with_pauses
from extractors.picture.straighten import Grey


def printed(text: str) -> Grey:
    """A line of type at 200 dpi."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, (595, 842))
    canvas.setFont("STSong-Light", 11)
    canvas.drawString(20, 742, text)
    canvas.save()
    (picture,) = pictures(buffer.getvalue(), (1,), 200)
    line = slice(round(88 * 200 / 72), round(106 * 200 / 72))
    return numpy.asarray(picture.pixels[line, 40:900].mean(axis=2), dtype=numpy.uint8)


@pytest.mark.parametrize(
    ("printed_text", "read", "text"),
    [
        ("电子信息、生", "电子信息生", "电子信息、生"),
        ("汽车、人工智能、生", "汽车人工智能生", "汽车、人工智能、生"),
        ("汽车、人工智能、生", "汽车、人工智能生", "汽车、人工智能、生"),
        ("电子信息、生", "电子信息、生", "电子信息、生"),
        ("产业链，供应", "产业链供应", "产业链供应"),  # a comma is another mark
        ("必须忠心小心", "必须忠心小心", "必须忠心小心"),  # dots of characters are no marks
        ("川州心少办公", "川州心少办公", "川州心少办公"),
    ],
)
def test_a_pause_that_was_not_read_is_put_where_it_stands(printed_text: str, read: str, text: str) -> None:
    assert with_pauses(printed(printed_text), read) == text


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("2025一2027年预计", "2025—2027年预计"),
        ("沪府办发[2021〕12号", "沪府办发〔2021〕12号"),
        ("〔2024]1号", "〔2024〕1号"),
        ("]12号文", "〕12号文"),
        ("（人社部发〔202262号）", "（人社部发〔2022〕62号）"),
        ("国办发[20248号", "国办发〔2024〕8号"),
        ("（2022—-2025年）", "（2022—2025年）"),
        ("2022-—2025年", "2022—2025年"),
        ("2022——2025年", "2022——2025年"),  # as people type it
        ("2022-2025年", "2022-2025年"),
        ("〔2022〕62号", "〔2022〕62号"),
        ("〔20226262", "〔20226262"),
        ("一级、二级", "一级、二级"),
        ("约[300]人", "约[300]人"),
    ],
)
def test_figures_betray_what_stands_between_them(read: str, text: str) -> None:
    assert mended(read) == text


@given(st.text(max_size=30))
def test_mending_twice_changes_nothing_more(text: str) -> None:
    assert mended(mended(text)) == mended(text)


@given(st.text(alphabet=st.sampled_from("工Il|一级类202519号〔〕、—年A（）"), max_size=12))
def test_ordinary_text_is_left_alone(text: str) -> None:
    """What has no bracket of a year, and between figures no doubtful dash, is nothing to mend."""
    plain = text.replace("〔", "").replace("〕", "").replace("一", "")
    assert mended(plain) == plain


@pytest.mark.parametrize(
    ("printed_text", "read", "text"),
    [
        ("工", "I", "工"),
        ("工", "l", "工"),
        ("I", "I", "I"),
        ("l", "l", "l"),
        ("|", "|", "|"),
        ("热处理工", "热处理I", "热处理工"),
        ("人造板饰面工", "人造板饰面|", "人造板饰面工"),
        ("特种设备类型I", "特种设备类型I", "特种设备类型I"),
        ("电子信息|", "电子信息|", "电子信息|"),  # what is left of a border
        ("系统API", "系统API", "系统API"),
        ("加工II", "加工II", "加工II"),
    ],
)
def test_work_is_told_from_a_latin_letter_by_its_width(printed_text: str, read: str, text: str) -> None:
    assert with_pauses(printed(printed_text), read) == text


@pytest.mark.parametrize("seed", [20, 21, 26, 36])
def test_pale_print_of_which_only_specks_are_ink_shows_no_pauses(seed: int) -> None:
    line = printed("汽车、人工智能、生")
    specks = numpy.random.default_rng(seed).random(line.shape) < 0.1
    pale = numpy.where((line < 170) & ~specks, 200, line).astype(numpy.uint8)
    assert with_pauses(pale, "汽车人工智能生") == "汽车人工智能生"


def test_an_empty_strip_is_left_alone() -> None:
    assert with_pauses(numpy.full((30, 200), 255, numpy.uint8), "电子信息") == "电子信息"
