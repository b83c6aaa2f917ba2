"""The text of a Word paragraph as a reader sees it, out of its XML. Pure; the XML comes from `word`.

Tracked changes count as accepted, hidden text and field instructions do not count, a content control
that still shows its prompt is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from extractors.word.styles import Styles, child, child_value, is_on, w

Element: TypeAlias = Any
"""An lxml element; the library has no types of its own and `word` alone imports it."""

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATIVES = f"{_MC}AlternateContent"
_SDT = w("sdt")
_OPENED = frozenset(
    map(w, ("sdtContent", "ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "dir", "bdo"))
)
"""Elements that only wrap what is read. Those that are not named here (`w:del`, `w:moveFrom`) are closed."""
_CHARACTERS = {
    w("br"): "\n", w("cr"): "\n", w("tab"): "\t", w("ptab"): "\t", w("noBreakHyphen"): "-",
}  # fmt: skip
_PICTURES = frozenset(map(w, ("drawing", "pict", "object")))
_BOX = w("txbxContent")
_R, _T, _SYM, _RUBY, _FIELD = map(w, ("r", "t", "sym", "ruby", "fldChar"))
_RPR, _VANISH, _FONTS, _ASCII = map(w, ("rPr", "vanish", "rFonts", "ascii"))
_PROMPT = re.compile(r"单击|点击|选择|輸入|输入|填写|click|tap|choose|select|enter", re.IGNORECASE)

_SYMBOL_FONTS: dict[str, dict[int, str]] = {
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0xA1: "○", 0xA7: "▪",
        0xA8: "□", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    },
    "wingdings 2": {
        0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x2A: "□", 0x30: "□", 0xA3: "□",
    },
    "symbol": {0x2D: "−", 0xA3: "≤", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xD7: "⋅", 0xB8: "÷"},
}  # fmt: skip
"""What the characters of symbol fonts look like, where a form may hold them: mostly boxes and ticks."""
_PRIVATE = 0xF000
"""Where Word puts the 256 characters of a symbol font."""


@dataclass(slots=True)
class ParagraphText:
    """A paragraph's text, breaks as newlines, and the text boxes anchored in it."""

    text: str = ""
    boxes: list[Element] = field(default_factory=list)


def opened(parent: Element, wanted: frozenset[str]) -> Iterator[Element]:
    """The children with the wanted tags, wrappers opened, in order."""
    for inner in parent:
        tag = inner.tag
        if tag in wanted:
            yield inner
        elif tag in _OPENED or (tag == _SDT and not shows_prompt(inner)):
            yield from opened(inner, wanted)
        elif tag == ALTERNATIVES and (branch := shown_branch(inner)) is not None:
            yield from opened(branch, wanted)


def shown_branch(alternatives: Element) -> Element | None:
    """One of the versions that the file offers of the same content: the modern one."""
    choice = child(alternatives, f"{_MC}Choice")
    return choice if choice is not None else child(alternatives, f"{_MC}Fallback")


def shows_prompt(control: Element) -> bool:
    """Whether nobody filled a content control: it says so, and its text asks for something.

    The mark alone is not enough, since programs that fill forms leave it standing.
    """
    if child(child(control, w("sdtPr")), w("showingPlcHdr")) is None:
        return False
    text = "".join(item.text or "" for item in control.iter(_T))
    return not text.strip() or bool(_PROMPT.search(text))


def paragraph_text(paragraph: Element, properties: Element | None, styles: Styles) -> ParagraphText:
    """What a reader sees of a `w:p` with this `w:pPr`, its automatic number apart."""
    reader = _Reader(styles, styles.hides(styles.of_paragraph(properties)))
    reader.inline(paragraph)
    return ParagraphText("".join(reader.texts), reader.boxes)


@dataclass(slots=True)
class _Reader:
    """Collects one paragraph's text. `fields` holds, for each open field, whether its result is reached."""

    styles: Styles
    hidden: bool
    texts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)

    def inline(self, parent: Element) -> None:
        """Read runs, whatever wraps them."""
        for inner in parent:
            tag = inner.tag
            if tag == _R:
                self._run(inner)
            elif tag in _OPENED or (tag == _SDT and not shows_prompt(inner)):
                self.inline(inner)
            elif tag == ALTERNATIVES and (branch := shown_branch(inner)) is not None:
                self.inline(branch)
            elif isinstance(tag, str) and tag.startswith(_MATH):
                self.texts += [item.text or "" for item in inner.iter(f"{_MATH}t")]

    def _run(self, run: Element) -> None:
        properties = child(run, _RPR)
        if not self._is_hidden(properties):
            self._items(run, "" if properties is None else _font(properties))

    def _is_hidden(self, properties: Element | None) -> bool:
        if properties is None:
            return self.hidden
        own = is_on(child(properties, _VANISH))
        return own if own is not None else self.styles.hides(child_value(properties, "rStyle")) or self.hidden

    def _items(self, parent: Element, font: str) -> None:
        for item in parent:
            tag = item.tag
            if tag == _T:
                self._add(_shown(item.text or "", font))
            elif tag in _CHARACTERS:
                self._add(_CHARACTERS[tag])
            elif tag == _FIELD:
                self._field(item)
            elif tag == _SYM:
                self._add(_symbol(item))
            elif tag == _RUBY:
                for base in item.iter(w("rubyBase")):
                    self.inline(base)
            elif tag in _PICTURES:
                self.boxes += _boxes(item)
            elif tag == ALTERNATIVES and (branch := shown_branch(item)) is not None:
                self._items(branch, font)

    def _add(self, text: str) -> None:
        if all(self.fields):
            self.texts.append(text)

    def _field(self, mark: Element) -> None:
        kind = mark.get(w("fldCharType"))
        if kind == "begin":
            self._add(_form_field(mark))
            self.fields.append(False)
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()


def _form_field(begin: Element) -> str:
    """What an old form's tick box or list shows: it is kept in the field's data, not in its result."""
    data = child(begin, w("ffData"))
    box = child(data, w("checkBox"))
    if box is not None:
        ticked = is_on(child(box, w("checked")))
        return "☒" if (is_on(child(box, w("default"))) if ticked is None else ticked) else "☐"
    choices = child(data, w("ddList"))
    if choices is None:
        return ""
    entries = [entry.get(w("val")) or "" for entry in choices.findall(w("listEntry"))]
    chosen = child_value(choices, "result") or child_value(choices, "default") or "0"
    return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""


def _boxes(picture: Element) -> Iterator[Element]:
    """The outermost text boxes of a drawing."""
    for inner in picture:
        if inner.tag == _BOX:
            yield inner
        elif inner.tag == ALTERNATIVES:
            branch = shown_branch(inner)
            yield from () if branch is None else _boxes(branch)
        else:
            yield from _boxes(inner)


def _font(properties: Element) -> str:
    fonts = child(properties, _FONTS)
    return "" if fonts is None else (fonts.get(_ASCII) or "").lower()


def _shown(text: str, font: str) -> str:
    """Text as its font shows it: in a symbol font a letter is a sign."""
    if font not in _SYMBOL_FONTS:
        return text
    return "".join(_SYMBOL_FONTS[font].get(ord(char) % _PRIVATE, char) for char in text)


def _symbol(symbol: Element) -> str:
    """A `w:sym`'s character; that of an unknown font stays as the file has it."""
    try:
        char = chr(int(symbol.get(w("char")) or "", 16))
    except (ValueError, OverflowError):
        return ""
    return _shown(char, (symbol.get(w("font")) or "").lower())
