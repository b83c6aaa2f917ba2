"""What the desk shows: read-only queries, each answered in one pass however many findings there are.

Their text is put together of this module's own constants; what people asked for is bound.
"""
# ruff: noqa: S608

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outputs.database import Database, Row
from outputs.store import CLOSED
from reference.findings import KINDS

_CODE = re.compile(r"^(\d)-?(\d\d)-?(\d\d)-?(\d\d)$")
PAGE = 50
"""Entries of a list's page."""

_STANDING = "s.superseded_by is null and not contains(s.submission_id, '~')"
_STAGED = f"""
select s.submission_id, s.unit, s."window", s.received_at, s.status,
    count(distinct f.finding_id) filter (where f.outcome = 'review' and f.state = 'open') as reviews,
    count(distinct f.finding_id) filter (
        where f.outcome = 'correct' and f.state in ('open', 'upheld')) as corrections,
    (select count(*) from recommendations r where r.submission_id = s.submission_id) as items,
    (select count(*) from recommendations r
        where r.submission_id = s.submission_id and r.status = 'accepted') as accepted
from submissions s left join findings f using (submission_id)
where {_STANDING} group by all
"""
_STAGES = f"""
select *, case
    when status = 'rejected' then 'refused'
    when reviews > 0 then 'office'
    when corrections > 0 then 'sender'
    when items > 0 and accepted = 0 then 'refused'
    else 'accepted' end as stage
from ({_STAGED})
"""

STAGES: dict[str, tuple[str, str]] = {
    "office": ("待我方核定", "waits for us"),
    "sender": ("待单位补正", "waits for the sender"),
    "accepted": ("已接收", "accepted"),
    "refused": ("不予受理", "refused"),
}
"""Where a submission stands, Chinese then English."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how long the whole list is."""

    rows: list[Row]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Pages of the list, one at least."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class DeskView:
    """A window at a glance."""

    windows: list[str]
    window: str
    received: int
    stages: dict[str, int]
    rows: dict[str, int]
    by_code: list[Row]
    by_industry: list[Row]
    by_unit: list[Row]
    by_window: list[Row]
    last_run: Row | None
    waiting: list[Row] = field(default_factory=list)


def desk(database: Database, window: str | None) -> DeskView:
    """The desk of a window; of the newest where none is named."""
    windows = [row["name"] for row in database.rows(
        'select distinct coalesce("window", ?) as name from messages order by name desc', CLOSED
    )]  # fmt: skip
    named = [name for name in windows if name != CLOSED]
    chosen: str = window if window and window in windows else (named or windows or [CLOSED])[0]
    here = None if chosen == CLOSED else chosen
    # once for all that follows; a temporary table needs no right to write the database
    database.execute(
        "create or replace temp table staged as"
        f' select * from ({_STAGES}) where "window" is not distinct from ?',
        here,
    )
    stages = dict.fromkeys(STAGES, 0)
    for row in database.rows("select stage, count(*) as n from staged group by stage"):
        stages[row["stage"]] = row["n"]
    rows = database.rows(
        f"select r.status, count(*) as n from recommendations r join submissions s using (submission_id)"
        f' where s."window" is not distinct from ? and {_STANDING} group by r.status',
        here,
    )
    return DeskView(
        windows=windows,
        window=chosen,
        received=database.value('select count(*) from messages where "window" is not distinct from ?', here),
        stages=stages,
        rows={row["status"]: row["n"] for row in rows},
        by_code=database.rows(
            "select f.code, f.outcome, count(*) as n from findings f join messages m using (message_id)"
            " left join submissions s on s.submission_id = f.submission_id"
            " where m.\"window\" is not distinct from ? and f.state in ('open', 'upheld')"
            " and s.superseded_by is null and not contains(coalesce(f.submission_id, ''), '~')"
            " and f.outcome <> 'note' group by all order by n desc, f.code limit 16",
            here,
        ),
        by_industry=database.rows(
            "select industry as name, count(*) as n from (select unnest(r.industries) as industry"
            " from recommendations r join submissions s using (submission_id)"
            f' where s."window" is not distinct from ? and {_STANDING}) group by all'
            " order by n desc, name limit 12",
            here,
        ),
        by_unit=database.rows(
            "select coalesce(unit, '（未写单位）') as name, stage, count(*) as n from staged"
            " group by all order by name limit 60"
        ),
        by_window=database.rows(
            'select coalesce(s."window", ?) as name, count(distinct s.submission_id) as submissions,'
            " count(r.row_no) as items, count(r.row_no) filter ("
            "where r.status = 'accepted' and s.status <> 'rejected') as accepted"
            f" from submissions s left join recommendations r using (submission_id) where {_STANDING}"
            " group by all order by name desc limit 8",
            CLOSED,
        ),
        last_run=next(iter(database.rows("select * from runs order by started_at desc limit 1")), None),
        waiting=database.rows(
            "select * from staged where stage in ('office', 'sender')"
            " order by stage, received_at, submission_id limit 10"
        ),
    )


def stage_of(database: Database, submission_id: str) -> str:
    """Where a submission stands; of a superseded or earlier one, its own status decides."""
    found = database.rows(f"select stage from ({_STAGES}) where submission_id = ?", submission_id)
    return str(found[0]["stage"]) if found else ""


def submissions(database: Database, asked: Mapping[str, str], page: int) -> Listed:
    """Submissions by `q` (unit, id, code or name in a row), `window`, `stage` and `code` of a finding."""
    where: list[str] = ["true"]
    values: list[Any] = []
    if asked.get("window"):
        where.append("coalesce(\"window\", 'closed') = ?")
        values.append(asked["window"])
    if asked.get("stage"):
        where.append("stage = ?")
        values.append(asked["stage"])
    if asked.get("code"):
        where.append(
            "submission_id in (select submission_id from findings"
            " where code = ? and state in ('open', 'upheld'))"
        )
        values.append(asked["code"])
    for word in words_of(asked.get("q", "")):
        where.append(
            "(contains(lower(coalesce(unit, '')), lower(?)) or contains(lower(submission_id), lower(?))"
            " or submission_id in (select submission_id from recommendations where"
            " contains(coalesce(code, ''), ?) or contains(coalesce(occupation, ''), ?)"
            " or contains(coalesce(work_type, ''), ?))"
            " or submission_id in (select submission_id from findings where state in ('open', 'upheld')"
            " and code in (select unnest(?::varchar[]))))"
        )
        values += [word, word, word, word, word, _called(word)]
    return _listed(database, f"({_STAGES})", where, values, "received_at, submission_id", page)


def findings(database: Database, asked: Mapping[str, str], page: int) -> Listed:
    """Findings of what stands, by `q` (text, unit, id), `window`, `code`, `outcome` and `state`.

    Notes wait for nobody: of the open ones they are left out unless they are asked for.
    """
    where: list[str] = ["true"]
    values: list[Any] = []
    if asked.get("state") == "open" and not (asked.get("outcome") or asked.get("code")):
        where.append("outcome <> 'note'")
    for name in ("code", "outcome", "state"):
        if asked.get(name):
            where.append(f"{name} = ?")
            values.append(asked[name])
    if asked.get("window"):
        where.append("coalesce(\"window\", 'closed') = ?")
        values.append(asked["window"])
    for word in words_of(asked.get("q", "")):
        where.append(
            "(contains(coalesce(seen, ''), ?) or contains(coalesce(unit, ''), ?)"
            " or contains(submission_id, upper(?)) or contains(message_zh, ?)"
            " or code in (select unnest(?::varchar[])))"
        )
        values += [word, word, word, word, _called(word)]
    source = (
        "(select f.finding_id, f.submission_id, f.row_no, f.field, f.code, f.outcome, f.seen, f.expected,"
        ' f.message_zh, f.message_en, f.state, s.unit, s."window", s.received_at'
        f" from findings f join submissions s using (submission_id) where {_STANDING})"
    )
    return _listed(database, source, where, values, "received_at, submission_id, row_no, finding_id", page)


def words_of(asked: str) -> list[str]:
    """The words that are searched for, their width folded, a code's seven digits with its dashes."""
    return [_CODE.sub(r"\1-\2-\3-\4", word) for word in unicodedata.normalize("NFKC", asked).split()]


def _called(word: str) -> list[str]:
    """The finding codes that go by a word."""
    return [code for code, kind in KINDS.items() if word in kind.title_zh or word == code]


def _listed(
    database: Database, source: str, where: list[str], values: list[Any], order: str, page: int
) -> Listed:
    condition = " and ".join(where)
    total = int(database.value(f"select count(*) from {source} where {condition}", *values) or 0)
    last = max(1, -(-total // PAGE))
    page = min(max(page, 1), last)
    rows = database.rows(
        f"select * from {source} where {condition} order by {order} limit {PAGE} offset {(page - 1) * PAGE}",
        *values,
    )
    return Listed(rows, total, page)


def alike(database: Database, finding_id: str) -> list[Row]:
    """Open findings like one: of its code and field in its window, with the same text and first candidate.

    What concerns a form or file as a whole is alike whatever the file is called.
    """
    return database.rows(
        'with one as (select f.*, s."window" from findings f join submissions s using (submission_id)'
        " where finding_id = ?)"
        " select f.finding_id, f.submission_id, f.row_no, f.field, f.code, f.outcome, f.seen, f.expected,"
        " f.message_zh, f.message_en, s.unit from findings f join submissions s using (submission_id), one"
        f" where {_STANDING} and f.state = 'open' and f.code = one.code"
        ' and f.field is not distinct from one.field and s."window" is not distinct from one."window"'
        " and (one.row_no is null or f.seen is not distinct from one.seen)"
        " and f.candidates[1].name is not distinct from one.candidates[1].name"
        " order by s.received_at, f.submission_id, f.row_no limit 500",
        finding_id,
    )


def knows_file(database: Database, digest: str) -> Row | None:
    """A file that came with a message or as a correction; None for any other digest."""
    found = database.rows("select * from files where file_id = ? limit 1", digest)
    return found[0] if found else None


def earlier_results(database: Database, submission_id: str) -> list[str]:
    """The ids of a submission's earlier results, the newest first."""
    rows = database.rows(
        "select submission_id from submissions where starts_with(submission_id, ?)", f"{submission_id}~"
    )
    return sorted((row["submission_id"] for row in rows), key=lambda name: -int(name.split("~")[1]))
