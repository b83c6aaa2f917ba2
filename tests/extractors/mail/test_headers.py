"""Header values as mailers write them in, text and moments out."""

from __future__ import annotations

import base64
import datetime as dt
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mail import headers
from reference.times import SHANGHAI


def encoded(text: str, charset: str, form: str = "B") -> str:
    data = text.encode(charset)
    payload = base64.b64encode(data) if form == "B" else quopri.encodestring(data, header=True)
    return f"=?{charset}?{form}?{payload.decode().replace(chr(10), '')}?="


def surrogates(data: bytes) -> str:
    """Raw bytes as the stdlib's parser keeps them."""
    return data.decode("ascii", "surrogateescape")


CUT = "推荐表".encode("gbk")
TEXTS = [
    (encoded("推荐表报送", "utf-8"), "推荐表报送"),
    (encoded("推荐表报送", "gbk"), "推荐表报送"),
    (encoded("推荐表报送", "gb18030", "Q"), "推荐表报送"),
    (f"Fw: {encoded('推荐表', 'utf-8')} 2025", "Fw: 推荐表 2025"),
    (f"{encoded('推荐', 'utf-8')}\r\n {encoded('表', 'utf-8')}", "推荐表"),
    # A mailer that says gb2312 and means GBK: 镕 is not in GB 2312.
    (f"=?gb2312?B?{base64.b64encode('朱镕基'.encode('gbk')).decode()}?=", "朱镕基"),
    # Cut through the middle of a character, as fixed-width mailers do.
    (
        f"=?gbk?B?{base64.b64encode(CUT[:3]).decode()}?=\r\n =?gbk?B?{base64.b64encode(CUT[3:]).decode()}?=",
        "推荐表",
    ),
    (surrogates("推荐表".encode()), "推荐表"),
    (surrogates("推荐表".encode("gbk")), "推荐表"),
    ("=?no-such-charset?B?5o6o?=", "推"),
    ("=?utf\x00-8?B?5o6o?=", "推"),
    ("=?\udc80?B?5o6o?=", "推"),
    ("plain subject", "plain subject"),
    ("", ""),
]


@pytest.mark.parametrize(("value", "text"), TEXTS)
def test_texts(value: str, text: str) -> None:
    assert headers.text(value) == text


@given(st.text(min_size=1).filter(lambda text: text.strip() == text and text.isprintable()))
def test_every_text_comes_back_out_of_an_encoded_word(text: str) -> None:
    assert headers.text(encoded(text, "utf-8")) == text


@given(st.text())
def test_no_value_fails(value: str) -> None:
    headers.text(value)
    headers.parameter(value, "filename")
    headers.moment(value)


NAMES = [
    ('attachment; filename="a.pdf"', "a.pdf"),
    ("attachment; filename=a.pdf; size=3", "a.pdf"),
    (f'attachment; filename="{encoded("推荐表.docx", "gbk")}"', "推荐表.docx"),
    ("attachment; filename*=UTF-8''%E6%8E%A8%E8%8D%90%E8%A1%A8.pdf", "推荐表.pdf"),
    ("attachment; filename*=gbk''%CD%C6%BC%F6%B1%ED.pdf", "推荐表.pdf"),
    (
        "attachment; filename*0*=UTF-8''%E6%8E%A8%E8; filename*1*=%8D%90%E8%A1%A8; filename*2=.pdf",
        "推荐表.pdf",
    ),
    ('attachment;\r\n\tfilename*0="long";\r\n\tfilename*1="name.pdf"', "longname.pdf"),
    (surrogates(b'attachment; filename="' + "推荐表.pdf".encode("gbk") + b'"'), "推荐表.pdf"),
    (surrogates(b'attachment; filename="' + "推荐表.pdf".encode() + b'"'), "推荐表.pdf"),
    ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
    ("attachment", None),
]


@pytest.mark.parametrize(("value", "name"), NAMES)
def test_file_names(value: str, name: str | None) -> None:
    assert headers.parameter(value, "filename") == name


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=SHANGHAI)


MOMENTS = [
    (" Fri, 27 Jun 2025 10:53:45 +0800 (CST)", at(2025, 6, 27, 10, 53, 45)),
    ("Fri, 27 Jun 2025 02:53:41 +0000 (UTC)", at(2025, 6, 27, 10, 53, 41)),
    ("Fri, 27 Jun 2025 10:53:45 CST", at(2025, 6, 27, 10, 53, 45)),
    ("27 Jun 2025 10:53:45", at(2025, 6, 27, 10, 53, 45)),
    ("Fri, 27 Jun 2025 02:53:41 GMT", at(2025, 6, 27, 10, 53, 41)),
    ("yesterday", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "moment"), MOMENTS)
def test_moments(value: str, moment: dt.datetime | None) -> None:
    assert headers.moment(value) == moment
