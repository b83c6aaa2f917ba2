"""Rules on a row's code and name (填表说明2, 一(一)1)."""

from __future__ import annotations

from collections.abc import Iterator

from reference.model import Candidate, Field, Finding
from validators.facts import RowFacts

UNSKILLED_GROUPS = frozenset("1278")
"""Major groups of the Dictionary without skilled occupations (一(一)1)."""


def code_rules(row: RowFacts) -> Iterator[Finding]:
    """`code-missing`, `code-malformed`, `code-normalised`, `code-unknown`, `code-legacy`."""
    resolution = row.resolution
    if row.blank(Field.CODE):
        yield row.finding("code-missing", Field.CODE, candidates=resolution.candidates, **_hint(row, "code"))
        return
    if row.stated(Field.CODE) is None:
        return
    if row.code is None:
        yield row.finding(
            "code-malformed", Field.CODE, candidates=resolution.candidates, **_hint(row, "code")
        )
        return
    if row.code.changed:
        yield row.finding("code-normalised", Field.CODE, expected=row.code.value)
    if resolution.level == "legacy" and (occupation := resolution.occupation):
        yield row.finding(
            "code-legacy",
            Field.CODE,
            seen=row.code.value,
            expected=occupation.code,
            candidates=resolution.candidates,
            name=occupation.name,
        )
    elif not resolution.code_listed:
        yield row.finding(
            "code-unknown",
            Field.CODE,
            seen=row.code.value,
            candidates=resolution.candidates,
            **_hint(row, "code"),
        )


def name_rules(row: RowFacts) -> Iterator[Finding]:
    """`name-missing`, `name-corrected`, `name-ambiguous`, `code-name-mismatch`, `occupation-unknown`."""
    resolution = row.resolution
    if row.blank(Field.OCCUPATION):
        yield row.finding(
            "name-missing", Field.OCCUPATION, candidates=resolution.candidates, **_hint(row, "name")
        )
    elif resolution.level in ("near", "near-name") and (occupation := resolution.occupation):
        yield row.finding("name-corrected", Field.OCCUPATION, expected=occupation.name)
    elif resolution.level == "conflict" and row.code:
        yield _mismatch(row, row.code.value)
    elif resolution.level == "ambiguous":
        yield row.finding(
            "name-ambiguous",
            Field.OCCUPATION,
            expected="、".join(f"{c.name}（{c.code}）" for c in resolution.candidates) or None,
            candidates=resolution.candidates,
        )
    elif resolution.level == "unknown" and row.stated(Field.OCCUPATION):
        stated = (row.stated(Field.CODE), row.stated(Field.OCCUPATION))
        yield row.finding(
            "occupation-unknown",
            Field.OCCUPATION,
            seen=" ".join(text for text in stated if text),
            candidates=resolution.candidates,
        )


def _mismatch(row: RowFacts, code: str) -> Finding:
    """Both readings, ranked: the code's occupation and the name's."""
    resolution = row.resolution
    named = resolution.by_name[0] if resolution.by_name else None
    return row.finding(
        "code-name-mismatch",
        Field.CODE,
        seen=f"{code} {row.stated(Field.OCCUPATION) or ''}",
        expected="；".join(f"{c.code} {c.name}" for c in resolution.candidates) or None,
        candidates=resolution.candidates,
        code=code,
        code_name=resolution.code_means or "",
        name=row.stated(Field.OCCUPATION) or "",
        name_zh=f"的编码为{named.code}" if named else "不见于大典",
        name_en=f"has the code {named.code}" if named else "is in no edition of the Dictionary",
    )


def skilled_rule(row: RowFacts) -> Iterator[Finding]:
    """`not-skilled`: major groups 1, 2, 7 and 8 (一(一)1)."""
    resolution = row.resolution
    occupation = resolution.occupation or (resolution.by_code if not resolution.by_name else None)
    if occupation and occupation.code[0] in UNSKILLED_GROUPS:
        yield row.finding(
            "not-skilled",
            Field.CODE,
            seen=f"{occupation.code} {occupation.name}",
            group=occupation.code[0],
        )


def _hint(row: RowFacts, wanted: str) -> dict[str, str]:
    """What to write, where the witnesses leave no doubt: the code or name of the best candidate."""
    best: Candidate | None = next(iter(row.resolution.candidates), None)
    if best is None or best.code is None:
        return {"hint_zh": "", "hint_en": ""}
    value = f"{best.code}（{best.name}）" if wanted == "code" else f"{best.name}（{best.code}）"
    return {"hint_zh": f"，可能为{value}", "hint_en": f"; it may be {value}"}
