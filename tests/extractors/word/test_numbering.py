"""Automatic numbers: what stands on the page and in no text of the file."""

from __future__ import annotations

import pytest

from extractors.word.numbering import FORMATS, chinese
from tests.extractors.word_samples import level, lists, numbered, p, shown, tbl, tc, tr, word_file


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (100, "一百"), (105, "一百零五"),
        (110, "一百一十"), (1005, "一千零五"), (9999, "九千九百九十九"), (0, "0"), (10_000, "10000"),
    ],
)  # fmt: skip
def test_counting_in_chinese(number: int, text: str) -> None:
    assert chinese(number) == text


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_writes_every_number(form: str) -> None:
    assert all(isinstance(FORMATS[form](number), str) for number in (0, 1, 10, 27, 300, 5000, 10**6))


class TestNumbers:
    def test_the_number_column(self) -> None:
        rows = (tr(tc(numbered("")), f"职业{i}") for i in range(3))
        (table,) = shown(word_file(tbl(*rows), numbering=lists(level(0, "decimal", "%1."))))
        assert table == [["1.", "职业0"], ["2.", "职业1"], ["3.", "职业2"]]

    @pytest.mark.parametrize(
        ("form", "text", "labels"),
        [
            ("decimal", "%1", ["1 x", "2 x", "3 x"]),
            ("decimalZero", "%1", ["01 x", "02 x", "03 x"]),
            ("chineseCounting", "（%1）", ["（一） x", "（二） x", "（三） x"]),
            ("japaneseCounting", "%1、", ["一、 x", "二、 x", "三、 x"]),
            ("ideographTraditional", "%1", ["甲 x", "乙 x", "丙 x"]),
            ("upperRoman", "%1", ["I x", "II x", "III x"]),
            ("lowerLetter", "%1)", ["a) x", "b) x", "c) x"]),
            ("decimalEnclosedCircle", "%1", ["① x", "② x", "③ x"]),
            ("bullet", "", ["x", "x", "x"]),
        ],
    )
    def test_formats(self, form: str, text: str, labels: list[str]) -> None:
        assert shown(word_file(numbered("x") * 3, numbering=lists(level(0, form, text)))) == labels

    def test_levels_count_inside_each_other(self) -> None:
        numbering = lists(level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
        body = numbered("a") + numbered("b", depth=1) * 2 + numbered("c") + numbered("d", depth=1)
        assert shown(word_file(body, numbering=numbering)) == ["一、 a", "1.1 b", "1.2 b", "二、 c", "2.1 d"]

    def test_a_list_goes_on_unless_it_says_where_it_starts(self) -> None:
        one = level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>')
        body = numbered("a") * 2 + numbered("b", 2) * 2
        assert shown(word_file(body, numbering=lists(one))) == ["1.a", "2.a", "3.b", "4.b"]
        start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        assert shown(word_file(body, numbering=lists(one, override=start))) == ["1.a", "2.a", "1.b", "2.b"]

    def test_a_style_numbers_its_paragraphs(self) -> None:
        numbers = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        style = f'<w:style w:type="paragraph" w:styleId="Row">{numbers}</w:style>'
        based = '<w:style w:type="paragraph" w:styleId="Two"><w:basedOn w:val="Row"/></w:style>'
        none = '<w:pStyle w:val="Row"/><w:numPr><w:numId w:val="0"/></w:numPr>'
        body = p("a", '<w:pStyle w:val="Row"/>') + p("b", none) + p("c", '<w:pStyle w:val="Two"/>')
        numbering = lists(level(0, "decimal", "%1."))
        assert shown(word_file(body, numbering=numbering, styles=style + based)) == ["1. a", "b", "2. c"]

    def test_deleted_rows_do_not_count(self) -> None:
        rows = tr(tc(numbered(""))), tr(tc(numbered("")), properties="<w:del/>"), tr(tc(numbered("")))
        assert shown(word_file(tbl(*rows), numbering=lists(level(0, "decimal", "%1")))) == [[["1"], ["2"]]]
