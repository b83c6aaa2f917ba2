"""A Word file's styles, as far as they decide what text shows: hidden text and automatic numbers. Pure."""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset(("0", "false", "off"))
_DEEPEST = 20
"""Styles based on styles, at most: a damaged file may hold a circle of them."""


def w(name: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return _W + name


_VAL, _STYLE, _PPR, _PSTYLE, _NUMPR = map(w, ("val", "style", "pPr", "pStyle", "numPr"))
_RPR, _VANISH = w("rPr"), w("vanish")


def child(parent: Any | None, tag: str) -> Any | None:
    """The first child with this full name; None without it or without a parent.

    Several times as fast as lxml's own `find`, which parses a path.
    """
    return None if parent is None else next(parent.iterchildren(tag), None)


def child_value(parent: Any, name: str) -> str | None:
    """The `w:val` of the child with this name; None without child or value."""
    found = child(parent, _W + name)
    value: str | None = None if found is None else found.get(_VAL)
    return value


def whole(text: str | None, otherwise: int, most: int = 2**31) -> int:
    """A whole number out of an attribute, held between 0 and `most`; damage gives `otherwise`."""
    try:
        return min(max(int(text or ""), 0), most)
    except ValueError:
        return otherwise


def is_on(switch: Any) -> bool | None:
    """A switch such as `w:vanish`: on without a value; None where it does not stand."""
    return None if switch is None else switch.get(_VAL) not in _OFF


class Styles:
    """The styles of `styles.xml` by their ids; none where the file has no such part."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._default: str | None = None
        for style in () if root is None else root.iterchildren(_STYLE):
            name = style.get(w("styleId")) or ""
            self._styles[name] = style
            if style.get(w("type")) == "paragraph" and style.get(w("default")) in {"1", "true", "on"}:
                self._default = name
        self._hides: dict[str | None, bool] = {None: False}
        self._numbers: dict[str | None, tuple[str, str | None, str] | None] = {None: None}

    def of_paragraph(self, properties: Any | None) -> str | None:
        """The id of a paragraph's style by its `w:pPr`, the default where it names none."""
        named = child(properties, _PSTYLE)
        return self._default if named is None else named.get(_VAL)

    def hides(self, name: str | None) -> bool:
        """Whether a style hides the text that it is given to."""
        if name not in self._hides:
            switches = (is_on(child(child(style, _RPR), _VANISH)) for _, style in self._bases(name))
            self._hides[name] = next((switch for switch in switches if switch is not None), False)
        return self._hides[name]

    def number(self, name: str | None) -> tuple[str, str | None, str] | None:
        """The list id and level that a style numbers its paragraphs by, and the style that says so."""
        if name not in self._numbers:
            self._numbers[name] = None
            for base, style in self._bases(name):
                properties = child(child(style, _PPR), _NUMPR)
                list_id = None if properties is None else child_value(properties, "numId")
                if list_id is not None:
                    self._numbers[name] = (list_id, child_value(properties, "ilvl"), base)
                    break
        return self._numbers[name]

    def _bases(self, name: str | None) -> list[tuple[str, Any]]:
        """The style and those it is based on."""
        found: list[tuple[str, Any]] = []
        while name in self._styles and len(found) < _DEEPEST:
            style = self._styles[name]
            found.append((name, style))
            name = child_value(style, "basedOn")
        return found
