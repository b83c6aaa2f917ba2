"""Bytes of mail as text, by a list of the charsets that mail uses. Pure.

Python's own registry is not asked: it holds codecs that are none of mail's and raise what no reader of
text expects (`undefined`, `idna`, `punycode`, `unicode_escape`), or that turn bytes into bytes.
"""

from __future__ import annotations

import re

_LATIN = (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)
_WINDOWS = (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)
_NAMES: dict[str, tuple[str, ...]] = {
    # Mailers name gb2312 or GBK where they mean the wider charset that holds both.
    "gb18030": (
        "gb18030", "gb2312", "gb2312-80", "gb231280", "gb_2312-80", "csgb2312", "gbk", "x-gbk", "csgbk",
        "cp936", "ms936", "windows-936", "euc-cn", "euccn", "x-euc-cn", "cn-gb", "chinese", "936",
        "iso-ir-58", "csiso58gb231280", "gb18030-2000", "gb18030-2005", "gb18030-2022", "54936",
    ),
    "hz": ("hz", "hz-gb", "hz-gb-2312"),
    "iso2022_jp_2": ("iso-2022-jp-2", "csiso2022jp2"),
    "big5hkscs": ("big5", "big-5", "big5-hkscs", "big5hk", "x-big5", "cn-big5", "csbig5", "big5-tw"),
    "cp950": ("cp950", "ms950", "windows-950", "950"),
    "utf-8": ("utf-8", "utf8", "x-utf-8", "unicode-1-1-utf-8", "cp65001", "utf-8-sig", "utf8mb4", "65001"),
    "utf-7": ("utf-7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7", "csunicode11utf7", "65000"),
    "utf-16": ("utf-16", "unicode", "iso-10646-ucs-2", "ucs-2", "csunicode"),
    "utf-16-le": ("utf-16le", "unicodelittle", "1200"),
    "utf-16-be": ("utf-16be", "unicodefffe", "1201"),
    "utf-32": ("utf-32", "iso-10646-ucs-4", "ucs-4"),
    "utf-32-le": ("utf-32le",),
    "utf-32-be": ("utf-32be",),
    "cp1252": (
        "windows-1252", "cp1252", "x-cp1252", "1252", "iso-8859-1", "iso8859-1", "latin-1", "latin1", "l1",
        "iso-ir-100", "cp819", "ibm819",
    ),
    "iso2022_jp_ext": ("iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-ext", "csiso2022jp", "50220", "50221"),
    "iso2022_jp_3": ("iso-2022-jp-3",),
    "iso2022_jp_2004": ("iso-2022-jp-2004",),
    "cp932": ("shift-jis", "shiftjis", "sjis", "x-sjis", "ms-kanji", "windows-31j", "csshiftjis", "cp932"),
    "euc_jp": ("euc-jp", "eucjp", "x-euc-jp", "cseucpkdfmtjapanese", "51932", "20932"),
    "iso2022_kr": ("iso-2022-kr", "csiso2022kr"),
    "cp949": (
        "euc-kr", "euckr", "ks-c-5601-1987", "ks-c-5601-1989", "ksc5601", "ksc-5601", "ks-c-5601", "cseuckr",
        "korean", "windows-949", "cp949", "ms949", "uhc", "51949",
    ),
    "johab": ("johab", "cp1361"),
    "koi8_r": ("koi8-r", "cskoi8r", "koi8", "20866"),
    "koi8_u": ("koi8-u", "21866"),
    "mac_roman": ("macintosh", "mac", "macroman", "x-mac-roman"),
    "cp874": ("tis-620", "iso-8859-11", "windows-874"),
    **{f"cp{page}": (f"windows-{page}", f"cp{page}", f"x-cp{page}", f"{page}") for page in _WINDOWS},
    **{f"iso8859_{n}": (f"iso-8859-{n}", f"iso8859-{n}", f"iso8859{n}") for n in _LATIN},
    **{f"cp{page}": (f"cp{page}", f"ibm{page}", f"{page}") for page in (437, 850, 852, 855, 858, 866)},
}  # fmt: skip
"""Python's codec to the names under which mail asks for it (RFC 2978's register, Windows code pages, and
what mailers write). Latin-1 is read as Windows-1252, as browsers do."""

CODECS: dict[str, str] = {name: codec for codec, names in _NAMES.items() for name in names}
"""A charset's name in lower case, with hyphens, to Python's codec."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_NAME = 40


def codec(charset: str | None) -> str | None:
    """Python's codec for a charset as mail names it; None for none that mail uses, and for plain ASCII."""
    if charset is None or len(charset) > 4 * _LONGEST_NAME:
        return None
    named = charset.strip().strip("\"'").strip().lower().replace("_", "-")
    return CODECS.get(named)


def decode(data: bytes, charset: str | None = None) -> str:
    """Bytes as text: in the charset named, else UTF-8, else GB18030, at last with U+FFFD for what is lost.

    Never raises, whatever the name and the bytes.
    """
    named = codec(charset)
    for one in (named, "utf-8", "gb18030"):
        if one:
            try:
                return _sound(data.decode(one))
            except UnicodeError:
                continue
    return _sound(data.decode(named or "gb18030", errors="replace"))


def _sound(text: str) -> str:
    """Text without halves of characters, which UTF-7 can write and nothing can store."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)
