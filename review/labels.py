"""What the page calls things, and how it shows them: Chinese, with English where it is switched on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from outputs.papers.labels import STATES
from outputs.queries.lists import ITEM_STATES, MESSAGE_OUTCOMES, NO_UNIT, NO_UNIT_TITLE, STAGES, WAITING
from reference.clauses import CLAUSES
from reference.decisions import ACTION_TITLES, Action
from reference.findings import KINDS
from reference.model import FIELD_TITLES, OUTCOME_TITLES, Candidate, Finding, Outcome, Place
from reference.times import SHANGHAI
from validators.matching.levels import FIELDS, LEVELS

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

HINTS: dict[Action, tuple[str, str]] = {
    Action.UPHOLD: ("问题成立，按其结果处理", "the finding stands"),
    Action.WAIVE: ("不作为问题，须写明理由", "it is no fault; say why"),
    Action.ASK: ("把所写的问题列入通知，请单位说明", "what you write is put to the sender in the notice"),
    Action.REFUSE: ("该行或全表不予受理，须写明理由", "the row, or the whole form, is refused; say why"),
}
"""What decisions do."""


class Words:
    """The words of one page in one language."""

    def __init__(self, lang: str) -> None:
        """`zh`, or `en` for English instead."""
        self.lang = lang

    def __call__(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return en if self.lang == "en" else zh

    def pair(self, pair: tuple[str, str]) -> str:
        """The same for a pair."""
        return self(*pair)

    def code(self, code: str) -> str:
        """A finding's title."""
        kind = KINDS.get(code)
        return self(kind.title_zh, kind.title_en) if kind else code

    def field(self, field: str | None) -> str:
        """A column's title."""
        return self.pair(FIELD_TITLES[field]) if field in FIELD_TITLES else ""

    def outcome(self, outcome: str) -> str:
        """What a finding means."""
        return self.pair(OUTCOME_TITLES[Outcome(outcome)])

    def level(self, level: str) -> str:
        """How well a candidate's field agrees."""
        return self.pair(LEVELS[level]) if level in LEVELS else level

    def matched(self, field: str) -> str:
        """A field of a comparison."""
        return self.pair(FIELDS[field]) if field in FIELDS else field

    def text_of(self, finding: Finding, candidate: Candidate) -> str:
        """Which of the two files a candidate's text stands in, where PDF and Word differ; else nothing."""
        if finding.code != "pdf-word-mismatch":
            return ""
        return "WORD" if candidate.name == finding.expected else "PDF"

    def clause(self, clause: str) -> str:
        """A clause in the notice's own words."""
        return CLAUSES.get(clause, "")

    def state(self, state: str) -> str:
        """A finding's state."""
        return self.pair(("未了结", "not settled") if state == WAITING else STATES[state])

    items = tuple(ITEM_STATES)
    """Where rows may stand, in the order in which they are told."""

    def item(self, status: str) -> str:
        """Where a row stands."""
        return self.pair(ITEM_STATES[status])

    def received(self, outcome: str) -> str:
        """What became of a message."""
        return self.pair(MESSAGE_OUTCOMES[outcome])

    def window(self, name: str | None) -> str:
        """A window's name."""
        return self("受理期外", "outside any") if name in (None, "closed") else str(name)

    def hint(self, action: str) -> str:
        """What a decision does, for who has not made it before."""
        return self.pair(HINTS[Action(action)])

    def unit(self, name: str | None) -> str:
        """A unit's name, or that the form names none."""
        return self.pair(NO_UNIT_TITLE) if name in (None, "", NO_UNIT) else str(name)

    def told(self, field: str | None, code: str) -> str:
        """A column and what was found in it, said once where the finding names the column itself."""
        named, found = self.field(field), self.code(code)
        return found if named.casefold() in found.casefold() else f"{named} {found}"

    def stage(self, stage: str) -> str:
        """Where a submission stands."""
        return self.pair(STAGES[stage])

    def action(self, action: str) -> str:
        """What was decided."""
        return self.pair(ACTION_TITLES[Action(action)])

    def place(self, place: Place | None) -> str:
        """A place in words."""
        if place is None:
            return ""
        if place.page is not None:
            return self(f"PDF第{place.page}页", f"PDF page {place.page}")
        if place.table is not None:
            zh = f"Word第{place.table}表第{place.row}行第{place.column}列"
            return self(zh, f"Word table {place.table}, row {place.row}, column {place.column}")
        if place.row is None:  # a label that the form lacks stands nowhere
            return ""
        return self("Word正文", "Word text")


def shown(text: Any) -> str:
    """A sender's text with what would be invisible, or turn the line about, made visible."""
    return _HIDDEN.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", "" if text is None else str(text))


def moment(when: dt.datetime | None) -> str:
    """A time in Shanghai, to the minute."""
    return when.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if when else "—"
