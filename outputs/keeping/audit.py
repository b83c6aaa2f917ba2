"""Whether everything is accounted for, once: the tables against each other, the originals and the papers.

Nothing is changed. What does not hold is a gap: its name, and a sentence that says what is wrong, where, and
what to do. The mailbox itself is held against the tables by `flows.keeping.auditing`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from outputs.keeping.audit_checks import AGAIN_EN, AGAIN_ZH, CHECKS, RESTORE_EN, RESTORE_ZH
from outputs.store.database import Database, Row
from outputs.store.originals import Originals
from outputs.store.owed import Owed, owed
from outputs.store.store import CLOSED
from reference.decisions import Decision, standing, state_and_outcome
from reference.findings import KINDS

MEND_ZH = "请用同一邮箱导出运行 zhengji audit --mailbox EXPORT --mend。"
MEND_EN = "Run `zhengji audit --mailbox EXPORT --mend` with the same export."
PAPERS = (".xlsx", ".html")
"""The papers that every run writes of the windows that it touched."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not accounted for: the check that found it, and the sentence in both languages."""

    check: str
    zh: str
    en: str
    advice: bool = False
    """Nothing is lost: a paper to write again, as after every decision at the desk."""


@dataclass(frozen=True, slots=True)
class Original:
    """What the tables say of an original: its digest, its size where it is told, whose it is."""

    digest: str
    bytes: int | None
    source: str
    """The message that brought it, by its path in the export."""
    corrected: bool
    """Whether it came later as a correction, so that no export holds it."""


def read_whole(database: Database) -> None:
    """Read every column of every table, so that a damaged block is met here and not on the day it is needed.

    Raises:
        StoreError: the file is damaged.
    """
    for row in database.rows("select table_name from information_schema.tables order by table_name"):
        name = row["table_name"]
        database.value(f'select bit_xor(hash(every)) from "{name}" every')  # noqa: S608 - a table of ours


def table_gaps(database: Database) -> Iterator[Gap]:
    """What does not hold between the tables, check by check."""
    for check in CHECKS:
        for row in database.rows(check.sql):
            yield Gap(check.name, check.zh.format(**row), check.en.format(**row))


def decision_gaps(database: Database, passing: Collection[str]) -> Iterator[Gap]:
    """Decisions that stand without their finding, and findings whose state no decision bears out.

    `passing` are the codes of findings that come and go with a window's other submissions.
    """
    by_submission: defaultdict[str, list[Decision]] = defaultdict(list)
    for row in database.rows(
        "select * from decisions where submission_id is not null order by decided_at, rowid"
    ):
        by_submission[row["submission_id"]].append(Decision(**row))
    stands = {
        one.finding_id: one
        for decisions in by_submission.values()
        for one in standing(decisions)
        if one.finding_id is not None
    }
    concerned = database.rows(
        "select finding_id, submission_id, code, outcome, state from findings"
        " where state <> 'open' or split_part(finding_id, '~', 1) in (select unnest(?::varchar[]))",
        list(stands),
    )
    known = {row["finding_id"].partition("~")[0] for row in concerned}
    for finding_id, decision in stands.items():
        if finding_id not in known and decision.code not in passing:
            yield Gap(
                "decision-finding",
                f"处理记录{decision.decision_id}所针对的问题{finding_id}不在推荐表"
                f"{decision.submission_id}中。{RESTORE_ZH}",
                f"the decision {decision.decision_id} is about the finding {finding_id}, which submission"
                f" {decision.submission_id} lacks. {RESTORE_EN}",
            )
    yield from filter(None, (_state_gap(row, stands) for row in concerned))


def _state_gap(row: Row, stands: Mapping[str, Decision]) -> Gap | None:
    """A finding, but none of an earlier result, that is in another state than its decision puts it in."""
    if "~" in row["finding_id"] or row["code"] not in KINDS:
        return None
    state, _ = state_and_outcome(stands.get(row["finding_id"]), KINDS[row["code"]].outcome)
    if row["state"] == state:
        return None
    name, owner = row["finding_id"], row["submission_id"]
    return Gap(
        "finding-state",
        f"推荐表{owner}的问题{name}（{row['code']}）状态为{row['state']}，按处理记录应为{state}。"
        f"请运行 zhengji rerun {owner}。",
        f"the finding {name} ({row['code']}) of submission {owner} is {row['state']}, by its decisions it is"
        f" {state}. Run `zhengji rerun {owner}`.",
    )


def named_originals(database: Database) -> dict[str, Original]:
    """The originals that must be there, by digest: each message, and each file that came with one, but for
    those of messages that were erased."""
    rows = database.rows(
        "with kept as (select * from messages where message_id not in (select message_id from erasures))"
        " select message_id as digest, null::bigint as bytes, source, false as corrected from kept"
        " union all select file_id, max(bytes), any_value(m.source), bool_and(f.submission_id is not null)"
        " from files f join kept m using (message_id) group by file_id"
    )
    return {row["digest"]: Original(**row) for row in rows}


def files_by_message(database: Database) -> dict[str, frozenset[str]]:
    """The digests of the files that are listed of each message, corrections aside."""
    rows = database.rows(
        "select m.message_id, coalesce(list(f.file_id) filter (where f.file_id is not null), []) as files"
        " from messages m left join files f on f.message_id = m.message_id and f.submission_id is null"
        " where m.completed_at is not null and m.fault is null"
        " and m.message_id not in (select message_id from erasures) group by all"
    )
    return {row["message_id"]: frozenset(row["files"]) for row in rows}


def wrong_originals(
    named: Mapping[str, Original], originals: Originals, *, deep: bool
) -> dict[str, int | None]:
    """The originals that are gone (None), or of another size or (`deep`) of other bytes: their size now."""
    present = originals.sizes()
    wrong: dict[str, int | None] = {}
    for digest, told in named.items():
        size = present.get(digest)
        if (
            size is None
            or (told.bytes is not None and size != told.bytes)
            or (deep and _digest(originals.path(digest)) != digest)
        ):
            wrong[digest] = size
    return wrong


def original_gaps(named: Mapping[str, Original], originals: Originals, *, deep: bool) -> Iterator[Gap]:
    """Originals that are gone, of another size, or (`deep`) of other bytes."""
    for digest, size in wrong_originals(named, originals, deep=deep).items():
        told = named[digest]
        zh, en = (RESTORE_ZH, RESTORE_EN) if told.corrected else (AGAIN_ZH, AGAIN_EN)
        whose_zh, whose_en = (
            f"邮件“{told.source}”的原件 {digest}",
            f"the original {digest} of '{told.source}'",
        )
        if size is None:
            yield Gap("original-missing", f"{whose_zh} 不在了。{zh}", f"{whose_en} is gone. {en}")
        elif told.bytes is not None and size != told.bytes:
            yield Gap(
                "original-size",
                f"{whose_zh} 应有{told.bytes}字节，现为{size}字节。{zh}",
                f"{whose_en} is of {size} bytes instead of {told.bytes}. {en}",
            )
        else:
            zh, en = (zh, en) if told.corrected else (MEND_ZH, MEND_EN)
            yield Gap("original-damaged", f"{whose_zh} 的内容已改变。{zh}", f"{whose_en} was changed. {en}")


def unnamed_gaps(
    named: Mapping[str, Original], originals: Originals, erased: Collection[str]
) -> Iterator[Gap]:
    """Originals that nothing names: of a message that was erased, or, as a rule, over which a run was cut
    off."""
    for digest in sorted(originals.sizes().keys() - named.keys()):
        if digest in erased:
            yield Gap(
                "original-erased",
                f"原件 {digest} 属于已清除的邮件，但文件仍在。请再次运行 zhengji erase。",
                f"the original {digest} is of an erased message and still there. Run `zhengji erase` again.",
            )
            continue
        yield Gap(
            "original-unnamed",
            f"原件 {digest} 不属于任何邮件。{AGAIN_ZH}若仍如此，可将该文件移走。",
            f"the original {digest} belongs to no message. {AGAIN_EN} If it still does, move the file away.",
        )


def _digest(path: Path) -> str | None:
    """The sha-256 of a file's bytes; None of one that cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def owed_gaps(database: Database, out: Path) -> Iterator[Gap]:
    """What runs that were cut off, or could not write, still owe.

    Papers owed to another folder than `out` are no gap of who works with `out`: perhaps nobody wants them.
    """
    for one in owed(database):
        gone = one.what == Owed.REST and not Path(one.about).exists()
        zh, en = _GONE if gone else _OWED[Owed(one.what)]
        told = {"about": one.about, "folder": one.folder, "run": one.run_id}
        elsewhere = one.what == Owed.REPORTS and one.folder != str(out.resolve())
        yield Gap(f"owed-{one.what}", zh.format(**told), en.format(**told), advice=gone or elsewhere)


_OWED = {
    Owed.ACROSS: (
        f"受理期 {{about}} 尚未做跨表比对（运行 {{run}} 中断）。{AGAIN_ZH}",
        f"the submissions of {{about}} are not held against each other yet (run {{run}}). {AGAIN_EN}",
    ),
    Owed.REPORTS: (
        f"受理期 {{about}} 的报告尚未写入 {{folder}}。{AGAIN_ZH}如不再写入该处，"
        "请运行 zhengji report {about} --out 其他文件夹。",
        f"the reports of {{about}} are not written into {{folder}} yet (run {{run}}). {AGAIN_EN} If they are"
        " no longer wanted there, run `zhengji report {about} --out ANOTHER`.",
    ),
    Owed.REST: (
        "导出 {about} 尚未全部收录（运行 {run} 中断）。请再次运行 zhengji run {about}。",
        "not every message of {about} is stored (run {run}). Run `zhengji run {about}` again.",
    ),
}

_GONE = (
    "导出 {about} 未收完即中断（运行 {run}），且已不在原处。如已换处，请用新位置再运行 zhengji run。",
    "the run {run} over {about} was cut off, and the export is no longer there. If it was moved, run"
    " `zhengji run` over its new place.",
)


def paper_gaps(database: Database, out: Path) -> Iterator[Gap]:
    """Papers of windows with submissions that are not there, or older than the last change, unless owed."""
    told = {one.about for one in owed(database) if one.what == Owed.REPORTS and Path(one.folder) == out}
    changed = database.rows(
        'select coalesce(s."window", ?) as name, max(greatest(judged_at, coalesce(decided_at, judged_at)))'
        " as changed from submissions s left join decisions d using (submission_id)"
        " group by name order by name",
        CLOSED,
    )
    for row in changed:
        name = row["name"]
        if name in told:
            continue
        zh, en = f"请运行 zhengji report {name}。", f"Run `zhengji report {name}`."
        for path in (out / f"zhengji-{name}{ending}" for ending in PAPERS):
            written = _written(path)
            if written is None:
                yield Gap(
                    "paper-missing",
                    f"{name} 的报告 {path} 不在。{zh}",
                    f"the report {path} is not there. {en}",
                )
            elif written < row["changed"]:
                yield Gap(
                    "paper-stale",
                    f"报告 {path} 早于 {name} 最近一次变更。{zh}",
                    f"the report {path} is older than the last change of {name}. {en}",
                    advice=True,
                )


def _written(path: Path) -> dt.datetime | None:
    """When a file was written; None of one that is not there, or empty."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return dt.datetime.fromtimestamp(facts.st_mtime, tz=dt.UTC) if facts.st_size else None


def counted(database: Database) -> dict[str, int]:
    """How much there is of each kind, for the closing line."""
    (row,) = database.rows(
        "select (select count(*) from messages) as messages, (select count(*) from sightings) as sightings,"
        " (select count(*) from files) as files, (select count(*) from recommendations) as rows,"
        " (select count(*) from submissions where not contains(submission_id, '~')) as submissions,"
        " (select count(*) from findings) as findings, (select count(*) from decisions) as decisions"
    )
    return {name: int(count) for name, count in row.items()}
