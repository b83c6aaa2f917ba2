"""The lists behind the desk: messages, submissions, rows, findings, units, each with its filters.

A number of the desk is counted from the same source as the list that it leads to, so that they agree. The
queries' text is put together of this module's own constants; what people asked for is bound.
"""
# ruff: noqa: S608

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outputs.store.database import Database, Row
from outputs.store.store import CLOSED
from reference.findings import KINDS
from reference.model import STATUS_TITLES, Status

_CODE = re.compile(r"^(\d)-?(\d\d)-?(\d\d)-?(\d\d)$")
PAGE = 50
"""Entries of a list's page."""
MOST_WORDS, LONGEST_SEARCH = 8, 200
"""Words, and characters, of a search that are looked for: each word is another look through the list, and 200
took over 100 s. Eight cost under 0.2 s of CPU over 9,000 submissions."""
NO_UNIT = "（未写单位）"
"""What a unit is called that the form does not name."""
NO_UNIT_TITLE = (NO_UNIT, "(no unit named)")

STANDING = "s.superseded_by is null and not contains(s.submission_id, '~')"
ITEM_STATE = """case
    when s.status = 'rejected' then 'rejected'
    when r.status = 'accepted' and s.status <> 'accepted' then 'pending'
    else r.status end"""
"""Where a row stands, of recommendations `r` and their submissions `s`: a row is accepted once its form is,
until then it is pending."""


def staged(which: str) -> str:
    """The submissions `s` of a condition, with where each of them is (`STAGES`) and how many rows wait."""
    return f"""
select *, case
    when status = 'rejected' then 'refused'
    when reviews > 0 then 'office'
    when corrections > 0 then 'sender'
    when items > 0 and accepted = 0 then 'refused'
    else 'accepted' end as stage
from (
    select s.submission_id, s.unit, s."window", s.received_at, s.status,
        coalesce(f.reviews, 0) as reviews, coalesce(f.corrections, 0) as corrections,
        coalesce(r.items, 0) as items, coalesce(r.accepted, 0) as accepted
    from submissions s
    left join (select submission_id, count(*) filter (where outcome = 'review' and state = 'open') as reviews,
        count(*) filter (where outcome = 'correct' and state in ('open', 'upheld')) as corrections
        from findings where state in ('open', 'upheld') group by submission_id) f using (submission_id)
    left join (select r.submission_id, count(*) as items,
        count(*) filter (where {ITEM_STATE} = 'accepted') as accepted
        from recommendations r join submissions s using (submission_id)
        group by r.submission_id) r using (submission_id)
    where {which}
)
"""


STAGED = staged(STANDING)
"""The submissions that stand, with where each of them is."""
STAGES: dict[str, tuple[str, str]] = {
    "office": ("待我方核定", "waits for us"),
    "sender": ("待单位补正", "waits for the sender"),
    "accepted": ("已接收", "accepted"),
    "refused": ("不予受理", "refused"),
}
"""Where a submission stands, Chinese then English: accepted is one of which nothing waits any more, neither
of the form nor of any row. This and `ITEM_STATES` are what people are told; the `status` columns say what
the form's, or the row's, own findings amount to."""

ITEMS = f"""
select r.submission_id, r.row_no, s.unit, coalesce(s.unit, '{NO_UNIT}') as unit_name, s."window",
    s.received_at, r.code, r.occupation, r.work_type, r.industries, r.demand, {ITEM_STATE} as status
from recommendations r join submissions s using (submission_id) where {STANDING}
"""
"""The rows of what stands, each with its state (`ITEM_STATES`) as `status`."""
_WORSE = (Status.NEEDS_REVIEW, Status.NEEDS_CORRECTION, Status.REJECTED)
ITEM_STATES: dict[str, tuple[str, str]] = {
    "accepted": ("已接收", "accepted"),
    "pending": ("无问题，待全表受理", "sound, waits for its form"),
    **{str(status): STATUS_TITLES[status] for status in _WORSE},
}
"""Where a row stands, Chinese then English: accepted is one without anything open whose form as such is in
order too; other rows of that form may still wait."""

FINDINGS = f"""
select f.finding_id, f.submission_id, f.message_id, f.row_no, f.field, f.code, f.outcome, f.seen, f.expected,
    f.message_zh, f.message_en, f.state, s.unit, m.subject,
    case when f.submission_id is null then m."window" else s."window" end as "window", m.received_at
from findings f join messages m using (message_id) left join submissions s using (submission_id)
where f.submission_id is null or ({STANDING})
"""
"""The findings of what stands, and of the messages themselves."""
WAITING = "waiting"
"""Findings that are open or upheld, as one state: they are not settled."""

MESSAGES = """
select m.message_id, m.sender, m.subject, m."window", m.received_at, m.source, m.fault, case
    when m.fault is not null then 'fault'
    when len(coalesce(s.names, [])) = 0 then 'recorded'
    when not s.standing then 'superseded'
    else 'read' end as outcome, coalesce(s.names, []) as names, s.units,
    coalesce(s.newer, []) as newer, coalesce(f.zh, []) as reasons_zh, coalesce(f.en, []) as reasons_en
from messages m
left join (select message_id, list(submission_id order by submission_id) as names,
    bool_or(superseded_by is null) as standing,
    list(distinct superseded_by) filter (where superseded_by is not null) as newer,
    list(distinct unit) as units
    from submissions where not contains(submission_id, '~') group by message_id) s using (message_id)
left join (select message_id, list(message_zh order by position) as zh,
    list(message_en order by position) as en
    from findings where submission_id is null group by message_id) f using (message_id)
"""
"""Everything received, with what became of it."""
MESSAGE_OUTCOMES: dict[str, tuple[str, str]] = {
    "read": ("已读取推荐表", "form read"),
    "recorded": ("无推荐表，仅登记", "no form, recorded"),
    "superseded": ("已被取代", "superseded"),
    "fault": ("程序故障", "fault of the program"),
}
"""What became of a message, Chinese then English."""

UNITS = f"""
select unit_name as name, count(*) as total, count(*) filter (where status = 'accepted') as accepted,
    count(*) filter (where status = 'pending') as pending,
    count(*) filter (where status = 'needs_review') as needs_review,
    count(*) filter (where status = 'needs_correction') as needs_correction,
    count(*) filter (where status = 'rejected') as rejected,
    count(*) filter (where status in ('pending', 'needs_review', 'needs_correction')) as waiting
from ({ITEMS}) where coalesce("window", '{CLOSED}') = ? group by name
"""
"""How the rows of each unit stand in a window."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how long the whole list is."""

    rows: list[Row]
    total: int
    page: int
    cut: str = ""
    """What was looked for, where it is less than was asked for (`MOST_WORDS`)."""

    @property
    def pages(self) -> int:
        """Pages of the list, one at least."""
        return max(1, -(-self.total // PAGE))


class _Asked:
    """The conditions of a list, and the values that they bind."""

    def __init__(self, asked: Mapping[str, str]) -> None:
        self.asked = asked
        self.where: list[str] = ["true"]
        self.values: list[Any] = []

    def add(self, condition: str, *values: object) -> None:
        self.where.append(condition)
        self.values += values

    def equal(self, **columns: str) -> None:
        """Columns that are to be what was asked for, where anything was."""
        for name, column in columns.items():
            if self.asked.get(name):
                self.add(f"{column} = ?", self.asked[name])

    def words(self, condition: str, *, titled: bool = False) -> None:
        """Each word of `q` is to meet the condition, in which `$word` stands for it.

        `titled` adds, at the condition's end, the finding codes that go by the word.
        """
        for word in words_of(self.asked.get("q", "")):
            more = [_called(word)] if titled else []
            self.add(condition.replace("$word", "?"), *[word] * condition.count("$word"), *more)


_WINDOW = f"coalesce(\"window\", '{CLOSED}')"


def submissions(database: Database, asked: Mapping[str, str], page: int) -> Listed:
    """Submissions by `q` (unit, id, code or name in a row), `window`, `stage`, `unit` and `code` of a
    finding."""
    told = _Asked(asked)
    told.equal(window=_WINDOW, stage="stage", unit=f"coalesce(unit, '{NO_UNIT}')")
    if asked.get("code"):
        told.add(
            "submission_id in (select submission_id from findings"
            " where code = ? and state in ('open', 'upheld'))",
            asked["code"],
        )
    source, values = _searched(words_of(asked.get("q", "")))
    told.values[:0] = values
    return _listed(database, source, told, "received_at, submission_id", page)


def _searched(words: Sequence[str]) -> tuple[str, list[Any]]:
    """The submissions that stand, each word of which is found in them, and what that binds.

    Rows and findings are gone through once, however many words there are.
    """
    if not words:
        return STAGED, []
    numbers = range(len(words))
    of_rows = (
        "bool_or(contains(coalesce(code, ''), ?) or contains(coalesce(occupation, ''), ?)"
        " or contains(coalesce(work_type, ''), ?))"
    )
    in_rows = ", ".join(f"{of_rows} as w{n}" for n in numbers)
    in_findings = ", ".join(f"bool_or(list_contains(?::varchar[], code)) as c{n}" for n in numbers)
    found = " and ".join(
        f"(coalesce(w{n}, false) or coalesce(c{n}, false) or contains(lower(coalesce(unit, '')), lower(?))"
        " or contains(lower(submission_id), lower(?)))"
        for n in numbers
    )
    source = f"""
        select t.* from ({STAGED}) t
        left join (select submission_id, {in_rows} from recommendations group by submission_id) r
            using (submission_id)
        left join (select submission_id, {in_findings} from findings where state in ('open', 'upheld')
            group by submission_id) f using (submission_id)
        where {found}"""
    return source, [
        *(word for word in words for _ in range(3)),
        *(_called(word) for word in words),
        *(word for word in words for _ in range(2)),
    ]


def findings(database: Database, asked: Mapping[str, str], page: int) -> Listed:
    """Findings by `q` (text, unit, id), `window`, `code`, `outcome` and `state`, `waiting` for what is not
    settled.

    Notes wait for nobody: of those not settled they are left out unless they are asked for.
    """
    told = _Asked(asked)
    state = asked.get("state")
    if state in ("open", WAITING) and not (asked.get("outcome") or asked.get("code")):
        told.add("outcome <> 'note'")
    told.equal(window=_WINDOW, code="code", outcome="outcome")
    if state:
        states = ["open", "upheld"] if state == WAITING else [state]
        told.add("state in (select unnest(?::varchar[]))", states)
    told.words(
        "(contains(coalesce(seen, ''), $word) or contains(coalesce(unit, ''), $word)"
        " or contains(coalesce(submission_id, ''), upper($word)) or contains(message_zh, $word)"
        " or list_contains(?::varchar[], code))",
        titled=True,
    )
    return _listed(database, FINDINGS, told, "received_at, submission_id, row_no, finding_id", page)


def items(database: Database, asked: Mapping[str, str], page: int) -> Listed:
    """Rows by `q` (unit, id, code, name), `window`, `status`, `unit` and `industry`."""
    told = _Asked(asked)
    told.equal(window=_WINDOW, status="status", unit="unit_name")
    if asked.get("industry"):
        told.add("list_contains(industries, ?)", asked["industry"])
    told.words(
        "(contains(coalesce(unit, ''), $word) or contains(submission_id, upper($word))"
        " or contains(coalesce(code, ''), $word) or contains(coalesce(occupation, ''), $word)"
        " or contains(coalesce(work_type, ''), $word))"
    )
    return _listed(database, ITEMS, told, "received_at, submission_id, row_no", page)


def messages(database: Database, asked: Mapping[str, str], page: int) -> Listed:
    """Messages by `q` (sender, subject, unit, digest), `window` and `outcome`, in the order of receipt."""
    told = _Asked(asked)
    told.equal(window=_WINDOW, outcome="outcome")
    told.words(
        "(contains(lower(coalesce(sender, '')), lower($word)) or contains(coalesce(subject, ''), $word)"
        " or contains(array_to_string(units, ' '), $word) or starts_with(message_id, $word))"
    )
    return _listed(database, MESSAGES, told, "received_at, message_id", page)


def units(database: Database, window: str, page: int) -> Listed:
    """The units of a window, those with most rows that wait first."""
    told = _Asked({})
    told.values.append(window)  # which the source itself binds
    return _listed(database, UNITS, told, "waiting desc, total desc, name", page)


def words_of(asked: str) -> list[str]:
    """The words that are searched for, their width folded, a code's seven digits with its dashes; no more of
    them than `MOST_WORDS` and `LONGEST_SEARCH`."""
    return [_CODE.sub(r"\1-\2-\3-\4", word) for word in _folded(asked)[:MOST_WORDS]]


def _folded(asked: str) -> list[str]:
    return list(dict.fromkeys(unicodedata.normalize("NFKC", asked[:LONGEST_SEARCH]).split()))


def _cut(asked: str) -> str:
    """What is looked for where it is not all that was asked for; else nothing."""
    taken = words_of(asked)
    cut = len(asked) > LONGEST_SEARCH or len(_folded(asked)) > len(taken)
    return " ".join(taken) if cut else ""


def _called(word: str) -> list[str]:
    """The finding codes that go by a word."""
    return [code for code, kind in KINDS.items() if word in kind.title_zh or word == code]


def _listed(database: Database, source: str, told: _Asked, order: str, page: int) -> Listed:
    condition = " and ".join(told.where)
    total = int(database.value(f"select count(*) from ({source}) where {condition}", *told.values) or 0)
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    cut = f"limit {PAGE} offset {(page - 1) * PAGE}"
    rows = database.rows(f"select * from ({source}) where {condition} order by {order} {cut}", *told.values)
    return Listed(rows, total, page, _cut(told.asked.get("q", "")))
