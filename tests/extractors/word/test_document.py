"""Word files: what a reader sees is what is read."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.table.grid import Grid, Line
from extractors.word.document import read_word, word_pieces
from reference.model import Field, Place
from reference.settings import Limits
from tests.extractors.word_samples import (
    level,
    lists,
    numbered,
    p,
    runs,
    shown,
    t,
    tbl,
    tc,
    tr,
    with_parts,
    word_file,
)

LIMITS = Limits()


def line(xml: str, **parts: str) -> str:
    (only,) = shown(word_file(runs(xml), **parts))
    assert isinstance(only, str)
    return only


def reasons(data: bytes, limits: Limits = LIMITS) -> list[tuple[str, str]]:
    found = word_pieces(data, "f", "推荐表.docx", limits).findings
    return [(one.code, one.message_zh) for one in found]


FORM = word_file(
    p("推荐单位：上海市气象局　联系人：张三　联系方式：021-12345678")
    + tbl(
        tr(
            "序号", "职业编码", "职业", "工种", "国家职业标准名称", "国家职业标准版本",
            "是否已纳入急需紧缺职业目录", "产业类别", "预计评价人次", "推荐理由",
        ),
        tr(
            "1", "4-08-01-01", "航空气象员", "无", "航空气象员国家职业标准", "2021年版",
            "是", "现代服务业", "120", "人才紧缺",
        ),
    )
)  # fmt: skip


def test_a_form_is_read() -> None:
    form = read_word(FORM, "f", "推荐表.docx", LIMITS).form
    assert form is not None
    assert (form.unit and form.unit.text, form.contact and form.contact.text) == ("上海市气象局", "张三")
    (row,) = form.rows
    assert row.text(Field.CODE) == "4-08-01-01"
    assert row.cells[Field.REASON].place == Place(file_id="f", table=1, row=2, column=10)


class TestText:
    @pytest.mark.parametrize(
        ("xml", "text"),
        [
            (t("4-10-") + "<w:r><w:br/></w:r>" + t("01-05"), "4-10-\n01-05"),
            (t("a") + "<w:r><w:tab/><w:noBreakHyphen/><w:softHyphen/></w:r>" + t("b"), "a\t-b"),
            ("<w:ins>" + t("新") + "</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新"),
            ("<w:moveTo>" + t("到") + "</w:moveTo><w:moveFrom>" + t("从") + "</w:moveFrom>", "到"),
            ("<w:ins><w:del>" + t("先加后删") + "</w:del></w:ins>" + t("留"), "留"),
            (t("看") + t("藏", "<w:vanish/>") + t("见", '<w:vanish w:val="0"/>'), "看见"),
            ("<w:hyperlink>" + t("链接") + "</w:hyperlink>", "链接"),
            ("<w:smartTag><w:customXml>" + t("上海") + "</w:customXml></w:smartTag>", "上海"),
            ("<w:sdt><w:sdtPr/><w:sdtContent>" + t("是") + "</w:sdtContent></w:sdt>", "是"),
            ("<w:fldSimple>" + t("12") + "</w:fldSimple>", "12"),
            ("<w:ruby><w:rt>" + t("pin") + "</w:rt></w:ruby>" + t("x"), "x"),
            (
                "<w:r><w:ruby><w:rt>"
                + t("zhí")
                + "</w:rt><w:rubyBase>"
                + t("职")
                + "</w:rubyBase></w:ruby></w:r>",
                "职",
            ),
            ("<m:oMath><m:r><m:t>≥100</m:t></m:r></m:oMath>", "≥100"),
            (t("甲") + '<w:r><w:footnoteReference w:id="2"/></w:r>', "甲"),
            ("<w:r><w:drawing/></w:r>", ""),
        ],
    )
    def test_as_a_reader_sees_it(self, xml: str, text: str) -> None:
        assert line(xml) == text

    def test_a_field_shows_its_result(self) -> None:
        begin, middle, end = (
            f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "separate", "end")
        )
        code = "<w:r><w:instrText>DATE \\@ yyyy</w:instrText></w:r>"
        assert line(t("于") + begin + code + middle + t("2025") + end + t("年")) == "于2025年"
        inner = begin + code + middle + t("内") + end
        assert line(begin + code + inner + middle + t("外") + end) == "外"

    def test_an_old_form_field_shows_its_state(self) -> None:
        mark = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{}</w:ffData></w:fldChar></w:r>'
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ticked = mark.format('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>') + end
        empty = mark.format('<w:checkBox><w:default w:val="0"/></w:checkBox>') + end
        entries = '<w:listEntry w:val="是"/><w:listEntry w:val="否"/>'
        chosen = mark.format(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>') + end
        assert line(ticked + t("是") + empty + t("否")) == "☒是☐否"
        assert line(chosen) == "否"

    @pytest.mark.parametrize(
        ("font", "char", "text"),
        [
            ("Wingdings", "F0FE", "☑"),
            ("Wingdings 2", "F052", "☑"),
            ("Symbol", "F0B3", "≥"),
            ("宋体", "2611", "☑"),
        ],
    )
    def test_symbols(self, font: str, char: str, text: str) -> None:
        assert line(f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>') == text

    def test_letters_in_a_symbol_font_are_signs(self) -> None:
        assert line(t("R", '<w:rFonts w:ascii="Wingdings 2"/>') + t("是")) == "☑是"

    def test_one_branch_of_alternatives(self) -> None:
        both = "<mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>".format(t("新"), t("旧"))
        assert line(f"<mc:AlternateContent>{both}</mc:AlternateContent>") == "新"

    def test_an_unfilled_control_is_empty(self) -> None:
        control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
        assert line(control.format(t("单击或点击此处输入文字。"))) == ""
        assert line(control.format(t("120"))) == "120"

    def test_text_hidden_by_a_style(self) -> None:
        style = '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
        based = '<w:style w:type="character" w:styleId="Too"><w:basedOn w:val="Gone"/></w:style>'
        assert line(t("甲", '<w:rStyle w:val="Too"/>') + t("乙"), styles=style + based) == "乙"

    def test_a_deleted_paragraph_mark_joins_two_paragraphs(self) -> None:
        gone = "<w:rPr><w:del/></w:rPr>"
        assert shown(word_file(p("推荐单位：", gone) + p("上海市气象局") + p("末"))) == [
            "推荐单位：上海市气象局",
            "末",
        ]


class TestPieces:
    def test_paragraphs_and_tables_in_order_with_places(self) -> None:
        read = word_pieces(
            word_file(p("一") + tbl(tr("a", "b")) + p("二") + tbl(tr("c"))), "f", None, LIMITS
        ).pieces
        assert [type(one) for one in read] == [Line, Grid, Line, Grid]
        assert isinstance(read[2], Line)
        assert isinstance(read[3], Grid)
        assert read[2].place == Place(file_id="f", row=2)
        assert read[3].rows[0][0] is not None
        assert read[3].rows[0][0].place == Place(file_id="f", table=2, row=1, column=1)

    def test_controls_around_blocks_rows_and_cells(self) -> None:
        def control(inner: str) -> str:
            return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

        body = control(p("标题") + tbl(control(tr("a", "b")), tr(control(tc("c")), tc(control(p("d"))))))
        assert shown(word_file(body)) == ["标题", [["a", "b"], ["c", "d"]]]

    def test_a_text_box_follows_its_paragraph(self) -> None:
        box = f"<w:txbxContent>{p('推荐单位：上海市气象局')}</w:txbxContent>"
        both = (
            f"<mc:Choice><w:drawing><wps:wsp>{box}</wps:wsp></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:shape>{box}</v:shape></w:pict></mc:Fallback>"
        )
        xml = t("附件1") + f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
        assert shown(word_file(runs(xml) + p("末"))) == ["附件1", "推荐单位：上海市气象局", "末"]
        assert shown(word_file(tbl(tr(tc(runs(xml)))))) == [[["附件1"]], "推荐单位：上海市气象局"]

    def test_a_table_inside_a_cell_is_text_of_the_cell_and_a_table(self) -> None:
        inner = tbl(tr("甲", "乙"))
        assert shown(word_file(tbl(tr(tc(p("外") + inner + p("")), "旁")))) == [
            [["外甲乙", "旁"]],
            [["甲", "乙"]],
        ]


class TestTables:
    def test_a_cell_joins_its_paragraphs_and_breaks(self) -> None:
        cell = tc(p("信息通信") + runs(t("网络") + "<w:r><w:br/></w:r>" + t("运行管理员")))
        code = tc(p("4-04-04-") + p("01"))
        assert shown(word_file(tbl(tr(cell, code)))) == [[["信息通信网络运行管理员", "4-04-04-01"]]]

    def test_deleted_rows_and_cells_are_gone(self) -> None:
        rows = (
            tr("1"),
            tr("2", properties="<w:del/>"),
            tr("3", properties="<w:ins/>"),
            tr(tc("x", "<w:cellDel/>"), "4"),
        )
        assert shown(word_file(tbl(*rows))) == [[["1"], ["3"], ["4"]]]

    def test_merges_across(self) -> None:
        rows = (
            tr(tc("题", '<w:gridSpan w:val="3"/>')),
            tr(tc("a", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), "b"),
        )
        assert shown(word_file(tbl(*rows))) == [[["题", "题", "题"], ["a", "a", "b"]]]

    def test_merges_down(self) -> None:
        start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
        rows = (
            tr(tc("甲", start), "1"),
            tr(tc("", on), "2"),
            tr(tc("", '<w:vMerge w:val="continue"/>'), "3"),
            tr(tc("乙", start), "4"),
            tr("丙", "5"),
            tr(tc("丁", on), "6"),
        )
        (table,) = shown(word_file(tbl(*rows)))
        assert [row[0] for row in table] == ["甲", "甲", "甲", "乙", "丙", "丁"]

    def test_a_merge_both_ways(self) -> None:
        wide = '<w:gridSpan w:val="2"/><w:vMerge{}/>'
        rows = (tr(tc("大", wide.format(' w:val="restart"')), "1"), tr(tc("", wide.format("")), "2"))
        assert shown(word_file(tbl(*rows))) == [[["大", "大", "1"], ["大", "大", "2"]]]

    def test_positions_without_a_cell(self) -> None:
        rows = (tr("a", "b", "c"), tr("d", properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'))
        (grid,) = word_pieces(word_file(tbl(*rows)), "f", None, LIMITS).pieces
        assert isinstance(grid, Grid)
        assert [cell and cell.text for cell in grid.rows[1]] == [None, "d", None]

    def test_a_wide_span_is_held(self) -> None:
        assert reasons(word_file(tbl(tr("a", tc("b", '<w:gridSpan w:val="99999999"/>'))))) == [
            ("file-unreadable", "附件“推荐表.docx”无法读取（表格超过256列，其后未读），请重新导出后再报送。")
        ]

    def test_rows_beyond_the_limit_are_reported(self) -> None:
        data = word_file(tbl(*(tr(str(i)) for i in range(5))))
        read = word_pieces(data, "f", "推荐表.docx", Limits(table_rows=3))
        assert isinstance(read.pieces[0], Grid)
        assert len(read.pieces[0].rows) == 3
        assert [one.message_zh for one in read.findings] == [
            "附件“推荐表.docx”无法读取（表格超过3行，其后未读），请重新导出后再报送。"
        ]

    @pytest.mark.parametrize("many", [3_000, pytest.param(10_000, marks=pytest.mark.nightly)])
    def test_ten_times_the_rows_take_about_ten_times_as_long(self, many: int) -> None:
        def seconds(rows: int) -> float:
            data = word_file(tbl(*[tr(*("0123456789"))] * rows))
            start = time.process_time()
            (grid,) = word_pieces(data, "f", None, Limits(archive_ratio=10_000)).pieces
            took = time.process_time() - start
            assert isinstance(grid, Grid)
            assert len(grid.rows) == rows
            return took

        seconds(10)
        few = min(seconds(many // 10) for _ in range(2))
        assert seconds(many) < 25 * few  # a ratio: machines differ


STRICT = {
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


class TestOtherKinds:
    """What Word opens and python-docx refuses."""

    def test_strict_open_xml(self) -> None:
        def strict(name: str, content: bytes) -> bytes:
            for old, new in STRICT.items():
                content = content.replace(old, new)
            return content

        numbering = lists(level(0, "decimal", "%1."))
        data = word_file(numbered("职业"), numbering=numbering)
        assert shown(with_parts(data, strict)) == ["1. 职业"]

    def test_macros_and_templates(self) -> None:
        main = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
        for kind in (
            b"ms-word.document.macroEnabled.main+xml",
            main.replace(b"document.main", b"template.main"),
        ):
            data = with_parts(word_file(p("职业")), lambda _, content, kind=kind: content.replace(main, kind))
            assert shown(data) == ["职业"]

    def test_a_reference_to_a_part_that_is_not_there(self) -> None:
        data = with_parts(word_file(p("职业")), lambda name, old: None if "theme" in name else old)
        assert shown(data) == ["职业"]


class TestDamage:
    DAMAGED = "附件“推荐表.docx”无法读取（文件损坏或不完整），请重新导出后再报送。"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"PK\x03\x04",
            b"not a Word file",
            FORM[: len(FORM) // 2],
            with_parts(FORM, lambda name, old: None if name == "word/document.xml" else old),
            with_parts(FORM, lambda name, old: old[:-40] if name == "word/document.xml" else old),
        ],
        ids=["empty", "head", "text", "half", "no-document", "bad-xml"],
    )
    def test_is_a_finding(self, data: bytes) -> None:
        assert reasons(data) == [("file-unreadable", self.DAMAGED)]

    def test_a_password(self) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        assert [code for code, _ in reasons(ole)] == ["file-encrypted"]

    def test_a_bomb(self) -> None:
        bomb = with_parts(FORM, lambda name, old: old + b" " * 2**23 if name == "word/document.xml" else old)
        assert reasons(bomb) == [
            (
                "file-over-limits",
                "“推荐表.docx”超出读取限制（压缩比异常），未能读取；请将推荐表重新导出为普通的PDF和WORD文件"
                "（图像不超过600 dpi，不含其他嵌入内容）后再报送。",
            )
        ]

    def test_entities_are_never_expanded(self) -> None:
        declared = b'<!DOCTYPE x [<!ENTITY e "xxxxxxxxxx">]>'

        def declare(name: str, content: bytes) -> bytes:
            if name != "word/document.xml":
                return content
            return declared + content.replace(b"120", b"&e;")

        assert reasons(with_parts(FORM, declare)) == [
            ("file-unreadable", "附件“推荐表.docx”无法读取（含有文档类型声明（DTD）），请重新导出后再报送。")
        ]

    def test_no_body(self) -> None:
        document = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
        data = with_parts(FORM, lambda name, old: document if name == "word/document.xml" else old)
        assert [code for code, _ in reasons(data)] == ["file-unreadable"]

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, len(FORM)), st.binary(max_size=30))
    def test_changed_bytes_never_raise(self, at: int, patch: bytes) -> None:
        for data in (FORM[:at], FORM[:at] + patch + FORM[at + len(patch) :]):
            read_word(data, "f", None, LIMITS)

    @settings(max_examples=80, deadline=None)
    @given(st.data())
    def test_changed_xml_never_raises(self, data: st.DataObject) -> None:
        part = data.draw(
            st.sampled_from(["word/document.xml", "word/numbering.xml", "word/_rels/document.xml.rels"])
        )
        rich = word_file(
            tbl(tr(tc(numbered("a"), '<w:gridSpan w:val="2"/>'), tc("b", '<w:vMerge w:val="restart"/>'))),
            numbering=lists(level(0, "decimal", "%1.")),
        )
        with zipfile.ZipFile(io.BytesIO(rich)) as archive:
            xml = archive.read(part)
        words = [
            b'"1"',
            b'"2"',
            b"w:tc",
            b"w:p>",
            b"restart",
            b"decimal",
            b"numId",
            b"Target",
            b"%1.",
            b"</w:tr>",
        ]
        old = data.draw(st.sampled_from([word for word in words if word in xml]))
        new = data.draw(st.sampled_from([*words, b'"-1"', b'"999999999999"', b'"x"', b"", b"w:sdt"]))
        changed = xml.replace(old, new, data.draw(st.integers(1, 5)))
        read_word(
            with_parts(rich, lambda name, content: changed if name == part else content), "f", None, LIMITS
        )
