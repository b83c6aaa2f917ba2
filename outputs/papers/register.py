"""The register (收件登记): everything received, in the order of receipt, with outcome and reason."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outputs.layout.excel_sheets import Column, Value, plain_cell
from outputs.papers.labels import FILE_STATES, TONES_OF_STAGE, Words
from outputs.queries.lists import ITEM_STATES, STAGES
from outputs.store.stored import MessageReport, SubmissionReport, WindowReport
from reference.model import Outcome
from reference.times import SHANGHAI


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register, and the tone of its outcome."""

    values: list[Value]
    tone: str | None


def columns(words: Words) -> list[Column]:
    """The register's columns."""
    return [
        Column(words("序号", "no."), 6, centred=True),
        Column(words("收件时间", "received"), 17, centred=True),
        Column(words("结果", "outcome"), 12, centred=True),
        Column(words("推荐单位", "unit"), 20),
        Column(words("编号", "submission"), 17),
        Column(words("各行", "rows"), 14),
        Column(words("主题", "subject"), 22),
        Column(words("发件人", "sender"), 20),
        Column(words("附件", "files"), 38),
        Column(words("原因", "reason"), 38),
        Column(words("来源", "source"), 30, printed=False),
        Column(words("邮件摘要值", "digest of the message"), 68, printed=False),
    ]


def entries(report: WindowReport, words: Words) -> Iterator[Entry]:
    """A line a message, one a submission where a message holds several."""
    by_message: dict[str, list[SubmissionReport | None]] = {}
    for one in report.submissions:
        by_message.setdefault(one.submission.message_id, []).append(one)
    number = 0
    for message in report.messages:
        for submission in by_message.get(message.message.message_id, [None]):
            number += 1
            outcome, tone, reason = _outcome(message, submission, words)
            values: list[Value] = [
                number,
                message.message.received_at.astimezone(SHANGHAI),
                outcome,
                submission.submission.unit if submission else None,
                submission.submission.submission_id if submission else None,
                _rows_said(submission, words) if submission else None,
                message.message.subject,
                message.message.sender,
                _files(message, words),
                reason,
                message.message.source,
                message.message.message_id,
            ]
            yield Entry(values, tone)


def write_register(report: WindowReport, path: Path, words: Words) -> None:
    """The register as CSV: UTF-8 with a mark, as spreadsheets in Chinese want it; no cell is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.title for column in columns(words)])
        for entry in entries(report, words):
            writer.writerow([plain_cell(value) for value in entry.values])


def _rows_said(submission: SubmissionReport, words: Words) -> str:
    """How the rows of a form fared: a line a state."""
    lines = Counter(submission.states.values())
    return "\n".join(
        f"{words.pair(name)} {lines[state]}" for state, name in ITEM_STATES.items() if lines[state]
    )


def _outcome(
    message: MessageReport, submission: SubmissionReport | None, words: Words
) -> tuple[str, str | None, str]:
    """What became of a message: where its form stands, the tone, the reasons in sentences."""
    if message.fault:
        return words("程序故障", "fault"), "reject", message.fault.splitlines()[0]
    if submission is None:
        reasons = "\n".join(words.sentence(view) for view in message.findings)
        return words("仅登记", "recorded"), "note", reasons
    if submission.superseded_by:
        return words("已被取代", "superseded"), "note", words("见", "see") + f" {submission.superseded_by}"
    whole = [view for view in submission.findings if view.finding.row_no is None]
    refused = [
        view
        for view in submission.findings
        if view.finding.row_no is not None
        and view.finding.outcome is Outcome.REJECT
        and view.state in ("open", "upheld")
    ]
    reasons = "\n".join(
        [words.sentence(view) for view in (*whole, *message.findings)]
        + [
            words(f"第{view.finding.row_no}行：", f"Row {view.finding.row_no}: ") + words.sentence(view)
            for view in refused
        ]
    )
    return words.pair(STAGES[submission.stage]), TONES_OF_STAGE[submission.stage], reasons


def _files(message: MessageReport, words: Words) -> str:
    return "\n".join(
        f"{file.name or words('（未命名）', '(no name)')}（{words.pair(FILE_STATES[file.state])}）"
        for file in message.message.files
        if file.role != "body-image"
    )
