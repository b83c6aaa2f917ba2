"""Word files for the tests: made by python-docx, their XML written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx

from extractors.table.grid import Line, texts
from extractors.word.document import word_pieces
from reference.settings import Limits

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}
_NAMES = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMESPACES.items())


def _blank() -> bytes:
    document = docx.Document()
    assert document.part.numbering_part
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


BLANK = _blank()


def word_file(body: str, numbering: str = "", styles: str = "") -> bytes:
    """A .docx with this content of its body; `numbering` replaces the lists, `styles` are added."""
    document = f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>".encode()
    lists = f"<w:numbering {_NAMES}>{numbering}</w:numbering>".encode()
    new = {"word/document.xml": document} | ({"word/numbering.xml": lists} if numbering else {})

    def change(name: str, content: bytes) -> bytes:
        if name == "word/styles.xml":
            return content.replace(b"</w:styles>", f"{styles}</w:styles>".encode())
        return new.get(name, content)

    return with_parts(BLANK, change)


def with_parts(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The file with each of its parts changed; None takes a part away."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def p(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def runs(xml: str) -> str:
    """A paragraph of these runs."""
    return f"<w:p>{xml}</w:p>"


def t(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(content: str, properties: str = "") -> str:
    """A cell; plain text becomes a paragraph."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; plain text becomes a cell."""
    inner = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def level(number: int, form: str, text: str, more: str = "") -> str:
    """A list's level, counted from 0."""
    kind = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}">{kind}</w:lvl>'


def lists(*levels: str, override: str = "") -> str:
    """List 1, and list 2 of the same kind."""
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{override}</w:num>'
    )


def numbered(text: str, list_id: int = 1, depth: int = 0) -> str:
    """A paragraph of a list."""
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>')


def shown(data: bytes) -> list[str | list[list[str]]]:
    """The pieces as texts: a paragraph as a string, a table as its rows."""
    read = word_pieces(data, "f", "推荐表.docx", Limits())
    assert read.findings == ()
    return [one.text if isinstance(one, Line) else [texts(row) for row in one.rows] for one in read.pieces]
