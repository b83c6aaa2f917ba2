"""Erasing personal data of old messages: names, addresses, phones, bodies, subjects, files' names.

Register and statistics stay: submissions with their units, rows, statuses and findings, decisions with who
made them. What is erased is told in `erasures`, and the message stays known by its digest.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from outputs.store.database import Database, Row
from outputs.store.store import CLOSED
from reference.findings import KINDS
from reference.model import Field

ERASED = "＊"
"""What stands where something was erased."""
PERSONAL_FIELDS = ("contact", "phone")
_REACHED_BY = re.compile(
    r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"  # a mobile phone
    r"|(?<!\d)0\d{2,3}[ -－—]?\d{7,8}(?!\d)"  # a landline
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"  # an address; each run of letters is tried once
)
"""What leads to a person wherever it stands in a text."""
_RAW = tuple(f"raw_{field}" for field in Field)


_BY_MESSAGE = (
    "update messages set header_message_id = null, sender = null, sender_name = null, subject = null,"
    " body = '', fault = null where message_id in (select unnest(?::varchar[]))",
    "update files set name = null, within = list_transform(within, lambda _: '＊')"
    " where message_id in (select unnest(?::varchar[]))",
    "update submissions set contact = null, phone = null, contact_raw = null, phone_raw = null"
    " where message_id in (select unnest(?::varchar[]))",
)


def chosen(database: Database, before: dt.datetime) -> list[str]:
    """The messages received before a time whose data are not erased yet."""
    rows = database.rows(
        "select message_id from messages where received_at < ? and completed_at is not null"
        " and message_id not in (select message_id from erasures) order by received_at",
        before,
    )
    return [row["message_id"] for row in rows]


def windows_before(database: Database, before: dt.datetime) -> tuple[str, ...]:
    """The windows of what was received before a time, `closed` for what came outside any."""
    rows = database.rows(
        'select distinct coalesce("window", ?) as name from submissions where received_at < ? order by name',
        CLOSED, before,
    )  # fmt: skip
    return tuple(row["name"] for row in rows)


def erase(
    database: Database, messages: Sequence[str], before: dt.datetime, person: str, now: dt.datetime
) -> None:
    """Erase the personal data of messages out of every table, in a transaction of the caller's."""
    names = list(messages)
    personal = _personal(database, names)
    for table, key, columns in (
        ("findings", "finding_id", ("seen", "expected", "message_zh", "message_en", "candidates")),
        ("decisions", "decision_id", ("value", "note", "cells")),
        ("recommendations", None, ("raw_reason", "reason")),
        ("steps", None, ("note",)),
        ("submissions", "submission_id", ("unit_raw", "form_date_raw")),
    ):
        _clean(database, table, key, columns, personal)
    _clean(database, "recommendations", None, _RAW, dict.fromkeys(names, ()))
    for statement in _BY_MESSAGE:
        database.execute(statement, names)
    database.execute("insert into erasures select unnest(?::varchar[]), ?, ?, ?", names, now, person, before)


def erased_originals(database: Database) -> set[str]:
    """The originals of erased messages that no other message holds."""
    rows = database.rows(
        "select message_id as digest from erasures"
        " union select file_id from files where message_id in (select message_id from erasures)"
        " except (select file_id from files where message_id not in (select message_id from erasures)"
        " union select message_id from messages where message_id not in (select message_id from erasures))"
    )
    return {row["digest"] for row in rows}


def erased_at(database: Database, message_id: str) -> dt.datetime | None:
    """When a message's data were erased; None where they are there."""
    found: dt.datetime | None = database.value(
        "select erased_at from erasures where message_id = ?", message_id
    )
    return found


def _personal(database: Database, messages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """By message, the texts that name or reach people, the longest first. What is part of its unit's name,
    as senders' names often are, stays: the register names units."""
    rows = database.rows(
        "select message_id, list(distinct told) as told from ("
        " select message_id, unnest([sender, sender_name, header_message_id]) as told from messages"
        " union all select message_id, unnest([contact, contact_raw, phone, phone_raw]) from submissions"
        " union all select message_id, name from files) texts"
        " where message_id in (select unnest(?::varchar[])) and length(trim(told)) >= 2"
        " and not exists (from submissions s where s.message_id = texts.message_id and contains(unit, told))"
        " group by message_id",
        list(messages),
    )
    found = dict.fromkeys(messages, ())
    told = {
        row["message_id"]: tuple(sorted(row["told"], key=lambda text: (-len(text), text))) for row in rows
    }
    return {**found, **told}


_OF_SUBMISSION = "join (select submission_id, message_id as owner from submissions) s using (submission_id)"
_OWNED = {
    table: f"select t.rowid as place, {owner}, {about}, t.* from {table} t {joined}"  # noqa: S608
    f" where {'owner' if joined else 't.message_id'} in (select unnest(?::varchar[]))"
    for table, owner, about, joined in (
        ("findings", "message_id as owner", "field as about", ""),
        ("submissions", "message_id as owner", "null as about", ""),
        ("decisions", "owner", "null as about", _OF_SUBMISSION),
        ("recommendations", "owner", "null as about", _OF_SUBMISSION),
        ("steps", "owner", "null as about", _OF_SUBMISSION),
    )
}
"""The rows of a table that belong to messages, each with its message and the field that it is about."""


def _clean(
    database: Database, table: str, key: str | None, columns: Sequence[str],
    personal: Mapping[str, Sequence[str]],
) -> None:  # fmt: skip
    """Take personal texts out of the columns of a table's rows that belong to the messages."""
    rows = database.rows(_OWNED[table], list(personal))
    for row in rows:
        changed = dict(_changed(row, columns, personal[row["owner"]]))
        if changed:
            told = ", ".join(f'"{column}" = ?' for column in changed)
            where = f'"{key}" = ?' if key else "rowid = ?"
            database.execute(
                f'update "{table}" set {told} where {where}',  # noqa: S608
                *changed.values(), row[key] if key else row["place"],
            )  # fmt: skip


def _changed(row: Row, columns: Iterable[str], personal: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """The columns of a row that hold something personal, without it."""
    about = row["about"] in PERSONAL_FIELDS
    for column in columns:
        value = row[column]
        if about and column in ("seen", "expected"):
            without: Any = None
        elif about and column in ("message_zh", "message_en"):
            kind = KINDS.get(row["code"])
            without = (kind.title_zh if column == "message_zh" else kind.title_en) if kind else ERASED
        elif about and column == "candidates":
            without = []
        elif column == "cells" and value:
            without = [
                {**cell, "was": ERASED, "value": ERASED}
                if cell["field"] in PERSONAL_FIELDS
                else _without(cell, personal)
                for cell in value
            ]
        else:
            without = _without(value, personal)
        if without != value:
            yield column, without


def _without(value: Any, personal: Sequence[str]) -> Any:
    """A value without personal texts, however it is put together."""
    if isinstance(value, str):
        for text in personal:
            value = value.replace(text, ERASED)
        return _REACHED_BY.sub(ERASED, value)
    if isinstance(value, list):
        return [_without(one, personal) for one in value]
    if isinstance(value, dict):
        return {name: _without(one, personal) for name, one in value.items()}
    return value
