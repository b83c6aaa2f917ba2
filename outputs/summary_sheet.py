"""The workbook's first sheet: what came, whether the run was complete, what became of it, by whom."""

from __future__ import annotations

from collections import Counter

from outputs.labels import RUN_STATES, TONES_OF_STATUS, Pair, Words
from outputs.sheets import Block, Book, Column, Value
from outputs.views import WindowReport
from reference.findings import KINDS
from reference.model import OUTCOME_TITLES, STATUS_TITLES, Outcome, Status

WIDTHS = (36, 18, 14, 9, 9, 9, 9, 9)
"""Of the sheet's columns, in half-characters: a page across in portrait."""
_MEANINGS: dict[Status, Pair] = {
    Status.REJECTED: ("条款不允许受理，本期内无法补正", "the clause closes the door"),
    Status.NEEDS_CORRECTION: ("由报送单位按“说明与处理”更正", "the sender must fix it"),
    Status.NEEDS_REVIEW: ("由工作人员依据候选和证据核定", "a person decides"),
    Status.ACCEPTED: ("无需处理", "nothing to do"),
}


def write_summary(book: Book, report: WindowReport, words: Words) -> None:
    """Add the summary; the block of statuses is the legend of the colours too."""
    blocks = (
        _received(report, words),
        _run(report, words),
        _statuses(report, words),
        _codes(report, words),
        _units(report, words),
        _editions(report, words),
    )
    book.blocks(words("汇总", "Summary"), [block for block in blocks if block.rows], WIDTHS)


def _facts(words: Words) -> list[Column]:
    return [Column(words("项目", "item")), Column(words("内容", "value"))]


def _received(report: WindowReport, words: Words) -> Block:
    standing = report.standing
    superseded = len(report.submissions) - len(standing)
    rows: list[list[Value]] = [
        [words("收到邮件（封）", "messages"), len(report.messages)],
        [words("附件（个）", "files"), sum(len(one.message.files) for one in report.messages)],
        [words("推荐表（份）", "submissions"), len(standing)],
        [words("被后续报送取代（份）", "superseded"), superseded],
        [words("推荐职业（行）", "rows"), sum(len(one.submission.recommendations) for one in standing)],
        [words("程序故障（封）", "faults of the program"), sum(bool(one.fault) for one in report.messages)],
    ]
    return Block(words("收件", "Received"), _facts(words), rows)


def _run(report: WindowReport, words: Words) -> Block:
    run = report.last_run
    rows: list[list[Value]] = []
    if run:
        rows = [
            [words("最近运行", "last run"), run.started_at],
            [words("是否完整", "complete"), words.pair(RUN_STATES[run.state])],
            [words("邮箱导出", "mailbox export"), run.mailbox],
        ]
    return Block(words("运行", "Run"), _facts(words), rows, spread=True)


def _statuses(report: WindowReport, words: Words) -> Block:
    forms = Counter(one.submission.status for one in report.standing)
    lines = Counter(row.status for one in report.standing for row in one.submission.recommendations)
    columns = [
        Column(words("结果", "status")),
        Column(words("推荐表", "submissions")),
        Column(words("职业行", "rows")),
        Column(words("含义", "meaning")),
    ]
    rows: list[list[Value]] = [
        [words.pair(name), forms[status], lines[status], words.pair(_MEANINGS[status])]
        for status, name in STATUS_TITLES.items()
    ]
    tones = [TONES_OF_STATUS[status] for status in STATUS_TITLES]
    return Block(words("按结果", "By status"), columns, rows, tones=tones, spread=True)


def _codes(report: WindowReport, words: Words) -> Block:
    worst = list(Outcome)
    counted = Counter(view.finding.code for view in report.findings)
    codes = sorted(counted, key=lambda code: (worst.index(KINDS[code].outcome), -counted[code], code))
    columns = [
        Column(words("问题", "finding")),
        Column(words("结果", "outcome")),
        Column(words("数量", "count")),
    ]
    rows: list[list[Value]] = [
        [
            words(KINDS[code].title_zh, KINDS[code].title_en),
            words.pair(OUTCOME_TITLES[KINDS[code].outcome]),
            counted[code],
        ]
        for code in codes
    ]
    tones = [str(KINDS[code].outcome) for code in codes]
    return Block(words("按问题", "By finding"), columns, rows, tones=tones, tone_column=2)


def _units(report: WindowReport, words: Words) -> Block:
    columns = [
        Column(words("推荐单位", "unit")),
        Column(words("编号", "submission")),
        Column(words("推荐表", "form")),
        Column(words("行数", "rows")),
        *(Column(words.pair(name)) for name in reversed(STATUS_TITLES.values())),
    ]
    rows: list[list[Value]] = []
    for one in report.standing:
        lines = Counter(row.status for row in one.submission.recommendations)
        rows.append(
            [
                one.submission.unit or words("（未填）", "(blank)"),
                one.submission.submission_id,
                words.pair(STATUS_TITLES[one.submission.status]),
                lines.total(),
                *(lines[status] or None for status in reversed(STATUS_TITLES)),
            ]
        )
    tones = [TONES_OF_STATUS[one.submission.status] for one in report.standing]
    return Block(words("按单位", "By unit"), columns, rows, tones=tones, tone_column=3)


def _editions(report: WindowReport, words: Words) -> Block:
    """The editions that judged what stands; a window may see more than one of a table."""
    columns = [Column(words("基础数据", "reference table")), Column(words("版本", "edition"))]
    used: dict[str, set[str]] = {}
    for one in report.standing:
        for table, edition in one.submission.reference_editions.items():
            used.setdefault(table, set()).add(edition)
    rows: list[list[Value]] = [[table, "、".join(sorted(editions))] for table, editions in used.items()]
    return Block(words("所用基础数据", "Reference tables"), columns, rows)
