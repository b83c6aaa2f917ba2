"""Texts on which a pattern may take quadratic time, made from the pattern itself.

Where a part of a pattern repeats without bound, the text repeats what that part takes, after what leads
there and before something that makes the match fail; and it repeats the whole way there, so that a
search begins anew at each.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

Node: TypeAlias = tuple[Any, Any]
UNBOUNDED = 40
"""Repeats up to this are no repeats that grow with the text."""
MOST_CHOICES = 8
"""Of a pattern's characters, and of the ways into it, so many are tried with each other."""
_CATEGORIES = {
    constants.CATEGORY_DIGIT: "1",
    constants.CATEGORY_NOT_DIGIT: "a",
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_NOT_SPACE: "a",
    constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_WORD: "-",
}


def attacks(pattern: re.Pattern[Any], length: int) -> Iterator[Any]:
    """Texts of about a length, of the pattern's own kind (str or bytes)."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    whole = _sample(tree)
    pumps = dict.fromkeys(_repeats(tree, "")) or {("", whole[:1] or "a"): None}
    literals = list(dict.fromkeys(_literals(tree)))[:MOST_CHOICES]
    pumped = list(dict.fromkeys(piece for pump in pumps for piece in (pump[1], "".join(pump))))
    firsts = list(dict.fromkeys(piece[:1] for piece in (*pumped, *literals) if piece))[:MOST_CHOICES]
    pairs = ["".join(two) for two in itertools.permutations(firsts, 2)]
    befores = list(dict.fromkeys(before for before, _ in pumps))[:MOST_CHOICES]
    led = [*pumps, *(("", piece) for piece in (*pumped[: 2 * MOST_CHOICES], whole, *pairs))]
    led += [(before, literal) for before in befores for literal in literals]
    texts = [
        before + piece * (length // len(piece)) + after
        for before, piece in dict.fromkeys(led)
        if piece
        for after in ("", "\x00", "a!")
    ]
    as_bytes = isinstance(pattern.pattern, bytes)
    for text in dict.fromkeys(texts):
        yield text.encode("utf-8", "replace") if as_bytes else text


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Each part that repeats without bound: what leads to it, and a text that it takes once."""
    for kind, value in tree:
        if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most is constants.MAXREPEAT or most > UNBOUNDED:
                for piece in dict.fromkeys((_sample(inner), _sample(inner, last=True))):
                    yield before, piece
            yield from _repeats(inner, before)
        elif kind is constants.SUBPATTERN:
            yield from _repeats(value[3], before)
        elif kind is constants.ATOMIC_GROUP:
            yield from _repeats(value, before)
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        elif kind in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _repeats(value[1], before)
        before += _sample([(kind, value)])


def _literals(tree: Any) -> Iterator[str]:
    """The characters that a pattern names: one that a class before it takes as well may be tried twice."""
    for kind, value in tree:
        if kind is constants.LITERAL:
            yield chr(value)
        elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            yield from _literals(value[2])
        elif kind is constants.SUBPATTERN:
            yield from _literals(value[3])
        elif kind is constants.BRANCH:
            for branch in value[1]:
                yield from _literals(branch)


def _sample(tree: Any, *, last: bool = False) -> str:
    """A text that a pattern takes; the `last` of its choices, or the first."""
    return "".join(_one(node, last) for node in tree)


def _one(node: Node, last: bool) -> str:
    kind, value = node
    if kind is constants.LITERAL:
        return chr(value)
    if kind is constants.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is constants.ANY:
        return "a"
    if kind is constants.IN:
        return _of_class(value, last)
    if kind is constants.SUBPATTERN:
        return _sample(value[3], last=last)
    if kind is constants.ATOMIC_GROUP:
        return _sample(value, last=last)
    if kind is constants.BRANCH:
        return _sample(value[1][-1 if last else 0], last=last)
    if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
        least, _, inner = value
        return _sample(inner, last=last) * min(max(least, 1), UNBOUNDED)
    return ""


def _of_class(items: list[Node], last: bool) -> str:
    """A character of a class."""
    negated = items[0][0] is constants.NEGATE
    if negated:
        taken = re.compile("".join(("[^", *(_written(item) for item in items[1:]), "]")))
        return next(char for char in "a1 -.中(\x00x" + "".join(map(chr, range(33, 127))) if taken.match(char))
    kind, value = items[-1 if last else 0]
    if kind is constants.RANGE:
        return chr(value[0])
    return _CATEGORIES[value] if kind is constants.CATEGORY else chr(value)


def _written(item: Node) -> str:
    kind, value = item
    if kind is constants.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if kind is constants.CATEGORY:
        letters = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}
        name = str(value).removeprefix("CATEGORY_")
        letter = letters[name.removeprefix("NOT_")]
        return "\\" + (letter.upper() if name.startswith("NOT_") else letter)
    return re.escape(chr(value))
