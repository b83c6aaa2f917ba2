"""Every pattern of the product takes time linear to the text it meets: 50 kB in an address took 40 s.

The patterns are found in the modules themselves, those in names and those written inline, and each is
tried as it is used on texts made to be its worst (`tests.pattern_attacks`). Nobody has to remember to add
a new one.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.pattern_attacks import attacks

# Modules are imported here that import Prefect: only after the tests that set its environment first.
pytestmark = pytest.mark.xdist_group("prefect")

ROOT = Path(__file__).parent.parent
PRODUCT = ("reference", "extractors", "validators", "outputs", "review", "flows")
METHODS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
USED_AS = {"extractors.form.head_and_foot:_WHOLE_LABEL": "fullmatch"}
"""How patterns are used that are reached by a loop; without an entry they are searched for."""
LENGTH = 2000
SLOW = 0.002
"""Seconds: 1 µs a character. A quadratic pattern takes 8 ms and more for 2,000 characters, a linear one
0.05 ms; the few with many choices at each character, up to 5 ms, are told by their ratio (measured on two
busy cores)."""
RATIO = 3.0
"""What takes more than this times as long for twice the text is not linear: 2 would be, 4 is quadratic."""


@dataclass(frozen=True)
class Used:
    """A pattern with the way in which the product uses it."""

    where: str
    pattern: re.Pattern[Any]
    method: str

    def run(self, text: Any) -> object:
        """Use it as the product does."""
        if self.method in {"sub", "subn"}:
            return self.pattern.sub(text[:0], text)
        found = getattr(self.pattern, self.method)(text)
        return sum(1 for _ in found) if self.method == "finditer" else found


def modules() -> Iterator[tuple[str, ModuleType, ast.Module]]:
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, importlib.import_module(name), ast.parse(path.read_text(encoding="utf-8"))


def patterns_in(value: object) -> Iterator[re.Pattern[Any]]:
    """The compiled patterns in a module's value: itself, or inside tuples, lists and dicts."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from patterns_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from patterns_in(one)


def inline(name: str, module: ModuleType, tree: ast.Module) -> Iterator[Used]:
    """Patterns given to `re.sub` and the like where they are used."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr=method), args=[first, *_]):
                if method in METHODS:
                    written = eval(compile(ast.Expression(first), name, "eval"), vars(module))
                    yield Used(f"{name}:{node.lineno}", re.compile(written), method)


def methods_of(tree: ast.Module) -> dict[str, set[str]]:
    """By name: how the patterns of that name are used in a module."""
    uses: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(name) | ast.Subscript(value=ast.Name(name)), attr=method):
                if method in METHODS:
                    uses.setdefault(name, set()).add(method)
    return uses


def all_patterns() -> list[Used]:
    """Each pattern of the product once for each of its uses."""
    found: dict[tuple[Any, int, str], Used] = {}
    for name, module, tree in modules():
        uses = methods_of(tree)
        for used in inline(name, module, tree):
            found[used.pattern.pattern, used.pattern.flags, used.method] = used
        for variable, value in vars(module).items():
            where = f"{name}:{variable}"
            for pattern in patterns_in(value):
                for method in sorted(uses.get(variable) or {USED_AS.get(where, "search")}):
                    found[pattern.pattern, pattern.flags, method] = Used(where, pattern, method)
    return list(found.values())


@pytest.fixture(scope="module")
def patterns() -> list[Used]:
    return all_patterns()


def seconds(used: Used, text: Any) -> float:
    began = time.process_time()
    used.run(text)
    return time.process_time() - began


def worst(used: Used) -> str | None:
    """A text for which a pattern takes more than its time, and more than thrice that for twice as much."""
    for short, long in zip(attacks(used.pattern, LENGTH), attacks(used.pattern, 2 * LENGTH), strict=True):
        if seconds(used, short) < SLOW or (once := min(seconds(used, short) for _ in range(3))) < SLOW:
            continue
        if min(seconds(used, long) for _ in range(2)) > RATIO * once:
            return repr(short[:40])
    return None


def test_the_patterns_are_found(patterns: list[Used]) -> None:
    """Those in names, in tables and inline: the search for them cannot come to nothing unseen."""
    names = {used.where.split(":")[1] for used in patterns}
    assert {"_ADDRESS", "_PARAMETER", "_WHOLE_LABEL", "_TITLES"} <= names
    assert len(patterns) > 120
    assert any(name.isdigit() for name in names)


@pytest.mark.parametrize("pattern", [r"a*$", r"<\s*([^<>\s]+@[^<>\s]+)\s*>", r"\s+\Z"])
def test_a_quadratic_pattern_would_be_told(pattern: str) -> None:
    assert worst(Used("here", re.compile(pattern), "search"))


def test_a_pattern_is_linear(patterns: list[Used]) -> None:
    slow = {f"{used.where} {used.method}": worst(used) for used in patterns}
    assert {where: text for where, text in slow.items() if text} == {}
