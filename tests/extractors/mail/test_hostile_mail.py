"""Messages made to stop the reader: each is read in a bound time, as far as a limit that it is told of."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mail import messages
from extractors.mail.charsets import CODECS, decode
from extractors.mail.html_body import html_text
from extractors.mail.messages import message_digest, read_message
from extractors.mail.mime import BODY_CHARACTERS, CUT
from extractors.mail.structure import DEEPEST
from extractors.mail.transfer import from_base64
from reference.model import Message
from reference.settings import Limits

HEAD = b"Received: from x by y; Thu, 26 Jun 2025 10:00:00 +0800\r\nFrom: a@b.invalid\r\nSubject: s\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
PDF = b"Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-1.7\r\n"


def read(data: bytes) -> Message:
    return read_message(data, "m.eml", Limits(), exported_at=None)


def codes(message: Message) -> set[str]:
    files = (found.code for file in message.attachments for found in file.findings)
    return {found.code for found in message.findings} | set(files)


NO_CHARSETS = [
    "undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "rot13", "zlib_codec", "hex",
    "base64", "uu", "bz2", "mbcs", "oem", "charmap", "no-such", "x" * 10_000, "utf-8\x00", "../ascii", "%",
]  # fmt: skip


@pytest.mark.parametrize("charset", NO_CHARSETS)
def test_what_is_no_charset_of_mail_loses_nothing(charset: str) -> None:
    data = (
        f"Subject: =?{charset}?Q?=FF=80a?=\r\nFrom: =?{charset}?B?/4Bh?= <a@b.invalid>\r\n"
        f'Content-Type: multipart/mixed; charset={charset}; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset={charset}\r\n\r\nabc\\x \r\n"
        f"--b\r\nContent-Disposition: attachment; filename*={charset}''%FF%80a.pdf\r\n\r\n%PDF\r\n--b--\r\n"
    ).encode()
    message = read(data)
    assert (message.subject or "").endswith("a")
    assert "\ufffd" in (message.subject or "")
    assert message.sender == "a@b.invalid"
    assert message.body == "abc\\x"
    assert (message.attachments[0].name or "").endswith("a.pdf")
    assert message.findings == ()


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("gb2312", "gb18030"), ("GBK", "gb18030"), ("x-gbk", "gb18030"), ("CP936", "gb18030"),
        ("hz-gb-2312", "hz"), ("Big5", "big5hkscs"), ("utf8", "utf-8"), ("unicode-1-1-utf-7", "utf-7"),
        ("utf-16", "utf-16"), ("ISO_8859-1", "latin-1"), ("windows-1251", "cp1251"), ("KOI8-R", "koi8-r"),
        ("iso-2022-jp", "iso-2022-jp"), ("ks_c_5601-1987", "euc-kr"), ("'gb18030'", "gb18030"),
    ],
)  # fmt: skip
def test_the_charsets_that_mail_uses(charset: str, codec: str) -> None:
    text = {"latin-1": "é", "cp1251": "Ж", "koi8-r": "Ж", "euc-kr": "한", "iso-2022-jp": "日"}.get(
        codec, "中"
    )
    assert decode(text.encode(codec), charset) == text


@given(st.binary(max_size=64), st.sampled_from(sorted(CODECS)) | st.text(max_size=20))
def test_no_bytes_and_no_name_raise_and_what_comes_can_be_stored(data: bytes, charset: str) -> None:
    decode(data, charset).encode("utf-8")


def nested_multiparts(count: int) -> bytes:
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(count))
    return HEAD + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nhi\r\n"


LARGE: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("an address of 50 kB", lambda: HEAD.replace(b"a@b", b"a" * 50_000) + b"\r\nx", set()),
    ("an address of 50,000 @", lambda: HEAD.replace(b"a@b", b"<" + b"@" * 50_000) + b"\r\nx", set()),
    ("300 messages inside each other", lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 300,
     {"archive-unsafe"}),
    ("10,000 nested parts", lambda: nested_multiparts(10_000), {"message-incomplete"}),
    ("a million headers", lambda: b"X-a: b\r\n" * 1_000_000 + HEAD + b"\r\nx", {"message-incomplete"}),
    ("a header of 10 MB", lambda: b"X: " + b"a" * 10**7 + b"\r\n" + HEAD + b"\r\nx", {"message-incomplete"}),
    ("a folded header of 10 MB", lambda: HEAD + b" a\r\n" * 2_500_000 + b"\r\nx", {"message-incomplete"}),
    ("a million encoded words", lambda: HEAD[:-2] + b"=?utf-8?B?5o6o?= " * 1_000_000 + b"\r\n\r\nx",
     {"message-incomplete"}),
    ("a million empty parts", lambda: MIXED + b"--b\r\n\r\n" * 1_000_000 + b"--b--\r\n",
     {"message-incomplete"}),
    ("lines that may be boundaries",
     lambda: MIXED + b"--b\r\n\r\n" + b"--\n" * 1_000_000 + b"--b--\r\n", set()),
    ("the same boundary at each depth", lambda: MIXED + b"--b\r\n" + MIXED[len(HEAD):] * 5_000,
     {"message-incomplete"}),
    ("1 MB of comments", lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 250_000, set()),
    ("1 MB of tags", lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a b='" * 170_000, set()),
    ("a name of 100,000 pieces",
     lambda: MIXED + b"--b\r\nContent-Disposition: attachment"
     + b"".join(b"; filename*%d=x" % i for i in range(100_000)) + b"\r\n\r\nx\r\n--b--",
     {"message-incomplete"}),
]  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), [case[1:] for case in LARGE], ids=[case[0] for case in LARGE])
def test_a_large_message_is_read_in_a_second(make: Callable[[], bytes], expected: set[str]) -> None:
    data = make()
    began = time.process_time()
    message = read(data)
    assert time.process_time() - began < 1
    assert (message.subject or "s").startswith("s")
    assert codes(message) == expected
    assert len(message.body) <= BODY_CHARACTERS + len(CUT) + 1


def test_a_number_of_5000_digits_in_a_name_only_orders_its_pieces() -> None:
    huge = b"9" * 5000
    part = (
        b"--b\r\nContent-Disposition: attachment; filename*"
        + huge
        + b"=.pdf; filename*1=a\r\n\r\n%PDF\r\n--b--"
    )
    assert [file.name for file in read(MIXED + part).attachments] == ["a.pdf"]
    assert read(b"Date: Fri, " + huge + b" Jun 2025 10:00 +0800\r\nSubject: s\r\n\r\n").subject == "s"


def test_a_long_body_is_cut_and_says_so() -> None:
    for kind, text in (("plain", "推荐表\r\n" * 100_000), ("html", "<p>推荐表</p>\r\n" * 100_000)):
        body = read(HEAD + f"Content-Type: text/{kind}; charset=utf-8\r\n\r\n{text}".encode()).body
        assert body.endswith(CUT)
        assert body.startswith("推荐表")
        assert "\ufffd" not in body
        assert len(body) <= BODY_CHARACTERS + len(CUT) + 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (MIXED + b"--b\r\n" + PDF, "before its last boundary"),
        (
            HEAD + b'Content-Type: message/partial; number=1; total=2; id="x"\r\n\r\nSubject: s\r\n\r\nx',
            "pieces",
        ),
    ],
)
def test_a_message_that_lacks_a_part_is_incomplete(data: bytes, reason: str) -> None:
    (found,) = read(data).findings
    assert found.code == "message-incomplete"
    assert reason in found.message_en


def test_what_lies_too_deep_is_kept_as_it_stands() -> None:
    (file,) = read(nested_multiparts(DEEPEST + 5)).attachments
    assert file.data.endswith(b"hi\r\n")


@pytest.mark.parametrize("spares", [1, 2])
def test_a_fault_of_the_reader_costs_the_parts_not_the_message(
    spares: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it trips over, the message stands with what its head says, at worst with its digest."""
    real, calls = messages.attachments_of, []

    def trips(*given: object) -> object:
        calls.append(given)
        if len(calls) <= spares:
            raise RecursionError
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(messages, "attachments_of", trips)
    data = MIXED + b"--b\r\n" + PDF + b"--b--\r\n"
    message = read(data)
    assert message.message_id == message_digest(data)
    assert message.subject == ("s" if spares == 1 else None)
    assert [found.code for found in message.findings] == ["message-incomplete"]


@given(
    st.lists(
        st.sampled_from(["<", ">", "!--", "-->", "/", "p", "script", "head", "'", '"', "=", "&#9;", "中"])
    )
)
def test_no_html_fails(pieces: list[str]) -> None:
    html_text("".join(pieces))


HTML = [
    ("a<!-- no <p> --><!-->b", "ab"),
    ("<script>if (1<2) '</p>'</script>a<STYLE>x</STYLE >b", "ab"),
    ("<a title='x>y'>a</a> 1 < 2 &amp; &#20013;&#99999999999;", "a 1 < 2 & 中\ufffd"),
    ("<head><title>t</title><body>a", "a"),
    ("a<br/>b<div>c", "a\nb\nc"),
]


@pytest.mark.parametrize(("html", "text"), HTML)
def test_what_a_reader_of_the_page_sees(html: str, text: str) -> None:
    assert html_text(html) == text


@given(st.binary(max_size=300), st.integers(0, 80))
def test_base64_comes_back_whatever_stands_between(data: bytes, at: int) -> None:
    plain = base64.b64encode(data)
    assert from_base64(plain[:at] + b"\r\n !" + plain[at:]) == data
    assert data.startswith(from_base64(plain[:at]))
