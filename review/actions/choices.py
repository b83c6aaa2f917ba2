"""What a form chose, as the deciding flow takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flows.desk.deciding import Choice
from reference.decisions import ABOUT_FINDINGS, Action
from reference.errors import UsageError

_NUMBER = re.compile(r"[0-9]{1,3}")
MOST_TYPED = 5000
"""Characters of a value or a reason: a form's longest cell is its reason, of some hundred."""
_ACTIONS = {str(action): action for action in ABOUT_FINDINGS}


def choices_of(form: Mapping[str, Any], finding: str | None = None) -> list[Choice]:
    """The choice about the form's finding, or about another one in the same words.

    Raises:
        UsageError: the form names no action that exists, or what was typed is too long.
    """
    told = str(form.get("action", ""))
    word, _, number = told.partition(":")
    known = _ACTIONS.get(word)
    if known is None or (known is Action.TAKE) != bool(_NUMBER.fullmatch(number)):
        raise UsageError(f"'{told}' is no decision.", "Load the page again.", zh="没有这种处理。请刷新页面。")
    value, note = str(form.get("value", "")), str(form.get("note", ""))
    if max(len(value), len(note)) > MOST_TYPED:
        raise UsageError(
            f"what was typed is longer than {MOST_TYPED} characters.",
            "Shorten it.",
            zh=f"所填内容超过{MOST_TYPED}字。请缩短后再提交。",
        )
    return [
        Choice(
            finding_id=finding or str(form.get("finding", "")),
            action=known,
            candidate=int(number or 0),
            value=value,
            note=note,
        )
    ]
