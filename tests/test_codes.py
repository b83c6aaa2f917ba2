"""Every finding code is declared once, implemented, tested and documented; nothing else is raised."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from reference.clauses import CLAUSES
from reference.findings import KINDS
from reference.findings_page import page
from reference.model import Outcome
from validators.rulebook import ELSEWHERE, FORM_RULES, ROW_RULES

ROOT = Path(__file__).parent.parent
PRODUCT = ("extractors", "validators", "flows", "outputs")


def sources(*folders: str) -> str:
    return "\n".join(p.read_text(encoding="utf-8") for f in folders for p in sorted((ROOT / f).rglob("*.py")))


def in_rulebook() -> list[str]:
    groups = [codes for _, codes in ROW_RULES] + [codes for _, codes in FORM_RULES] + list(ELSEWHERE.values())
    return [code for codes in groups for code in codes]


def test_the_rulebook_holds_every_declared_code_once() -> None:
    assert sorted(in_rulebook()) == sorted(KINDS)


class Module:
    """A module of the product: which codes each of its functions names, itself or through others of it."""

    def __init__(self, path: Path) -> None:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.tree = tree

    def codes_of(self, function: str, seen: frozenset[str] = frozenset()) -> set[str]:
        node = self.functions[function]
        codes = named_in(node)
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and one.id in self.functions and one.id not in seen | {function}:
                codes |= self.codes_of(one.id, seen | {function})
        return codes


def named_in(node: ast.AST) -> set[str]:
    """The codes that stand in a piece of code, each as a text of its own."""
    codes: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and one.value in KINDS:
            codes.add(one.value)
    return codes


def rules_in_the_rulebook() -> list[tuple[str, str, set[str]]]:
    """Module, function and declared codes of each rule over a row or a form."""
    tree = ast.parse((ROOT / "validators" / "rulebook.py").read_text(encoding="utf-8"))
    found = []
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") in {"ROW_RULES", "FORM_RULES"}:
            for rule, codes in (entry.elts for entry in node.value.elts):
                named = rule.body.func if isinstance(rule, ast.Lambda) else rule
                found.append((named.value.id, named.attr, set(ast.literal_eval(codes))))
    return found


def test_each_rule_raises_the_codes_that_the_rulebook_says_of_it() -> None:
    rules = rules_in_the_rulebook()
    assert len(rules) == len(ROW_RULES) + len(FORM_RULES)
    for module, function, declared in rules:
        raised = Module(ROOT / "validators" / "rules" / f"{module}.py").codes_of(function)
        assert (module, function, raised) == (module, function, declared)


def test_every_declared_code_is_raised_somewhere_and_no_other() -> None:
    raised: set[str] = set()
    for folder in PRODUCT:
        for path in (ROOT / folder).rglob("*.py"):
            if path.name != "rulebook.py":  # it quotes every code and raises none
                raised |= named_in(ast.parse(path.read_text(encoding="utf-8")))
    assert sorted(raised) == sorted(KINDS)


def test_no_finding_is_made_of_a_code_that_is_not_declared() -> None:
    for path in (path for folder in PRODUCT for path in (ROOT / folder).rglob("*.py")):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "finding":
                code = one.args[0]
                assert not isinstance(code, ast.JoinedStr), path  # a code that nobody could look for
                assert not isinstance(code, ast.Constant) or code.value in KINDS, (path, ast.dump(code))


def test_every_declared_code_is_tested() -> None:
    tested = sources("tests")
    assert [code for code in KINDS if f'"{code}"' not in tested] == []


def test_the_page_of_findings_is_the_declarations() -> None:
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == page()


def test_each_sentence_says_what_to_do() -> None:
    """A finding that somebody must act on ends with the act, in both languages."""
    acts = re.compile(r"请|不予受理|不在|不纳入|无需")
    for kind in KINDS.values():
        if kind.outcome is not Outcome.NOTE:
            assert acts.search(kind.zh), kind.code
        assert kind.zh.endswith("。"), kind.code
        assert kind.en.endswith("."), kind.code


def test_each_clause_is_quoted() -> None:
    assert {kind.clause for kind in KINDS.values() if kind.clause} == set(CLAUSES)
