"""Records and findings as Parquet, CSV or XLSX, with a data dictionary that says what each column means.

Queries are put together of this module's own constants; the window alone comes from outside, and is bound.
"""
# ruff: noqa: S608

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from outputs.layout.excel_sheets import Book, Column, Value, plain_cell
from outputs.store.store import CLOSED, Store

Format = Literal["parquet", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("parquet", "csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Told:
    """A column of an export: its name, where it comes from, its type, its meaning in both languages."""

    name: str
    source: str
    kind: str
    zh: str
    en: str


_OWNER = (
    Told("submission_id", "s.submission_id", "text", "推荐表编号，空为邮件本身的问题",
         "the submission's id; empty for a message's own finding"),
    Told("window", 's."window"', "text", "受理期，空为受理期外", "window of receipt; empty outside any"),
    Told("unit", "s.unit", "text", "推荐单位", "recommending unit"),
    Told("received_at", "timezone('Asia/Shanghai', s.received_at)", "time", "收件时间（上海）",
         "time of receipt, Asia/Shanghai"),
)  # fmt: skip
_RAW = tuple(
    Told(f"raw_{name}", f"r.raw_{name}", "text", f"{zh}（来件原文）", f"{en}, as the sender wrote it")
    for name, zh, en in (
        ("priority", "序号", "priority"),
        ("code", "职业编码", "code"),
        ("occupation", "职业", "occupation"),
        ("work_type", "工种", "work type"),
        ("standard_name", "国家职业标准名称", "standard"),
        ("standard_version", "国家职业标准版本", "version"),
        ("shortage_flag", "是否已纳入急需紧缺职业目录", "in the shortage catalogue"),
        ("industries", "产业类别", "industries"),
        ("demand", "预计评价人次", "expected candidates"),
        ("reason", "推荐理由", "reason"),
    )
)
EXPORTS: dict[str, tuple[str, str, tuple[Told, ...]]] = {
    "records": (
        "推荐职业（工种），每行一条 Recommendations, one a row",
        "recommendations r join submissions s using (submission_id)",
        (
            *_OWNER,
            Told("row_no", "r.row_no", "number", "表中第几行，从1起", "row of the form, from 1"),
            Told("status", "r.status", "text", "该行自身结果（是否已接收另看推荐表）",
                 "status of the row by itself"),
            Told("submission_status", "s.status", "text", "推荐表自身结果（各行另计）",
                 "status of the submission without its rows"),
            Told("priority", "r.priority", "number", "优先级", "priority"),
            Told("code", "r.code", "text", "职业编码（规范）", "code, normalised"),
            Told("occupation", "r.occupation", "text", "职业（规范）", "occupation, normalised"),
            Told("work_type", "r.work_type", "text", "工种（规范）", "work type, normalised"),
            Told("standard_name", "r.standard_name", "text", "国家职业标准名称", "national standard"),
            Told("standard_version", "r.standard_version", "text", "国家职业标准版本", "its version"),
            Told("shortage_flag", "r.shortage_flag", "yes/no", "是否已纳入急需紧缺目录",
                 "in the shortage catalogue"),
            Told("industries", "array_to_string(r.industries, '、')", "text", "产业类别，以“、”隔开",
                 "industries, parted by 、"),
            Told("demand", "r.demand", "number", "三年预计评价人次", "expected candidates in three years"),
            Told("reason", "r.reason", "text", "推荐理由", "reason"),
            Told("match_score", "r.match_score", "number", "匹配把握，0至1", "how sure the match is, 0 to 1"),
            *_RAW,
        ),
    ),
    "findings": (
        "问题，每条一行 Findings, one a row",
        'findings f join (select message_id, submission_id, "window", unit, received_at from submissions'
        ' union all select message_id, null, "window", null, received_at from messages) s'
        " on f.message_id = s.message_id and coalesce(f.submission_id, '') = coalesce(s.submission_id, '')",
        (
            Told("finding_id", "f.finding_id", "text", "问题编号，重新运行后不变",
                 "id of the finding, kept over re-runs"),
            *_OWNER,
            Told("row_no", "f.row_no", "number", "表中第几行，空为全表", "row of the form; empty: the form"),
            Told("field", "f.field", "text", "栏目", "field"),
            Told("code", "f.code", "text", "问题代码，见 docs/findings.md", "finding code, docs/findings.md"),
            Told("outcome", "f.outcome", "text", "结果：reject、correct、review、note",
                 "reject, correct, review or note"),
            Told("state", "f.state", "text", "处理：open、upheld、waived、corrected",
                 "open, upheld, waived or corrected"),
            Told("seen", "f.seen", "text", "所见", "what was seen"),
            Told("expected", "f.expected", "text", "应为", "what is expected"),
            Told("message_zh", "f.message_zh", "text", "说明（中文）", "what to do, in Chinese"),
            Told("message_en", "f.message_en", "text", "说明（英文）", "what to do, in English"),
            Told("clause", "f.clause", "text", "依据", "clause of the notice"),
            Told("message_id", "f.message_id", "text", "邮件SHA-256摘要", "SHA-256 of the message"),
        ),
    ),
    "submissions": (
        "推荐表，每份一行 Submissions, one a row",
        "submissions s join messages m using (message_id)",
        (
            *_OWNER,
            Told("status", "s.status", "text", "推荐表自身结果（各行另计）", "status without its rows"),
            Told("superseded_by", "s.superseded_by", "text", "被哪份取代", "the one that replaced it"),
            Told("contact", "s.contact", "text", "联系人", "contact"),
            Told("phone", "s.phone", "text", "联系方式", "phone"),
            Told("form_date", "s.form_date", "date", "填表日期", "date of the form"),
            Told("sender", "m.sender", "text", "发件人", "sender's address"),
            Told("subject", "m.subject", "text", "邮件主题", "subject of the message"),
            Told("message_id", "s.message_id", "text", "邮件SHA-256摘要", "SHA-256 of the message"),
            Told("source", "m.source", "text", "邮件在导出中的路径", "path of the message in the export"),
        ),
    ),
}  # fmt: skip
"""What is exported, by name: title, tables, columns."""


def export(store: Store, folder: Path, form: Format, window: str | None) -> tuple[Path, ...]:
    """Write what stands, of one window (`closed`: of none) or of all, and its dictionary."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"zhengji-{window or 'all'}"
    written = [folder / f"{name}-dictionary.csv"]
    _write_dictionary(written[0])
    book = Book(f"zhengji {window or '全部 all'}")
    for table, (title, source, columns) in EXPORTS.items():
        picked = ", ".join(f'{column.source} as "{column.name}"' for column in columns)
        order = "s.received_at, s.submission_id" + ("" if table == "submissions" else ", row_no")
        query = (
            f"select {picked} from {source} where not contains(coalesce(s.submission_id, ''), '~')"
            f' and ($1 is null or coalesce(s."window", $2) = $1) order by {order}'
        )
        path = folder / f"{name}-{table}.{form}"
        if form == "parquet":
            store.database.write_parquet(query, path, window, CLOSED)
            written.append(path)
            continue
        rows: list[list[Value]] = [list(row.values()) for row in store.database.rows(query, window, CLOSED)]
        if form == "csv":
            _write_csv(path, [column.name for column in columns], rows)
            written.append(path)
        else:
            book.sheet(table, [Column(column.name, 40) for column in columns], rows, note=title)
    if form == "xlsx":
        book.sheet("dictionary", [Column(title, 46) for title in _HEAD], _dictionary())
        written.append(folder / f"{name}-export.xlsx")
        book.save(written[-1])
    return tuple(written)


_HEAD = ("table", "column", "type", "meaning_zh", "meaning_en")


def _dictionary() -> list[list[Value]]:
    return [
        [table, column.name, column.kind, column.zh, column.en]
        for table, (_, _, columns) in EXPORTS.items()
        for column in columns
    ]


def _write_dictionary(path: Path) -> None:
    _write_csv(path, list(_HEAD), _dictionary())


def _write_csv(path: Path, head: list[str], rows: list[list[Value]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([plain_cell(value) for value in row] for row in rows)
