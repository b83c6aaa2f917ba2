"""What a form chose, as the deciding flow takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.deciding import Choice
from reference.decisions import Action
from reference.errors import UsageError


def choices_of(form: Mapping[str, Any], finding: str | None = None) -> list[Choice]:
    """The choice about the form's finding, or about another one in the same words.

    Raises:
        UsageError: the form names no action that exists.
    """
    word, _, number = str(form.get("action", "")).partition(":")
    try:
        action = Action(word)
    except ValueError:
        raise UsageError(f"'{word}' is no decision.", "Load the page again.") from None
    return [
        Choice(
            finding_id=finding or str(form.get("finding", "")),
            action=action,
            candidate=int(number) if number.isdigit() else 0,
            value=str(form.get("value", "")),
            note=str(form.get("note", "")),
        )
    ]
