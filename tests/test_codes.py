"""Every finding code is declared once, implemented, tested and documented; nothing else is raised."""

from __future__ import annotations

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


def test_every_declared_code_is_raised_somewhere() -> None:
    raised = sources(*PRODUCT)
    f_strings = {f"{field}-missing" for field in ("contact", "phone")}
    assert [code for code in KINDS if f'"{code}"' not in raised and code not in f_strings] == []


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
