"""The workbook's first sheet: what came, whether the run was complete, what became of it, by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from outputs.layout.excel_sheets import Block, Book, Column, Value
from outputs.papers.labels import RUN_STATES, TABLES, TONES_OF_ITEM, TONES_OF_STAGE, Pair, Words
from outputs.queries.desk import Figures
from outputs.queries.lists import ITEM_STATES, MESSAGE_OUTCOMES, NO_UNIT_TITLE, STAGES
from outputs.store.stored import WindowReport
from reference.findings import KINDS
from reference.model import OUTCOME_TITLES, Outcome

WIDTHS = (40, 20, 14, 7, 8, 12, 8, 8, 10)
"""Of the sheet's columns, in half-characters: a page across in portrait."""
_FORMS: dict[str, Pair] = {
    "office": ("由工作人员依据候选和证据核定", "a person decides"),
    "sender": ("由报送单位按“说明与处理”更正", "the sender must fix it"),
    "accepted": ("全表及各行均无待办", "nothing of it waits"),
    "refused": ("条款不允许受理，本期内无法补正", "the clause closes the door"),
}
_ROWS: dict[str, Pair] = {
    "accepted": ("本行及推荐表本身均无问题", "nothing to do, and the form is in order"),
    "pending": ("本行无问题，推荐表本身尚待补正或核定", "the form itself waits"),
    "needs_review": ("由工作人员依据候选和证据核定", "a person decides"),
    "needs_correction": ("由报送单位更正", "the sender must fix it"),
    "rejected": ("条款不允许受理，或全表不予受理", "refused, or its form is"),
}
_SHORT: dict[str, Pair] = {"pending": ("待全表受理", "waits for its form")}
"""Heads of narrow columns."""


def write_summary(book: Book, report: WindowReport, figures: Figures, words: Words) -> None:
    """Add the summary; the blocks of forms and rows are the legend of the colours too."""
    blocks = (
        _received(report, figures, words),
        _run(report, words),
        _block(
            words("推荐表，按办理情况", "Submissions"), STAGES, figures.forms, _FORMS, TONES_OF_STAGE, words
        ),
        _block(
            words("推荐职业（行），按办理情况", "Rows"),
            ITEM_STATES,
            figures.rows,
            _ROWS,
            TONES_OF_ITEM,
            words,
        ),
        _codes(report, words),
        _units(report, words),
        _editions(report, words),
    )
    book.blocks(words("汇总", "Summary"), [block for block in blocks if block.rows], WIDTHS)


def _facts(words: Words) -> list[Column]:
    return [Column(words("项目", "item")), Column(words("内容", "value"))]


def _received(report: WindowReport, figures: Figures, words: Words) -> Block:
    outcomes: list[list[Value]] = [
        [words("　其中：", "of them ") + words.pair(name), figures.messages[outcome]]
        for outcome, name in MESSAGE_OUTCOMES.items()
    ]
    rows: list[list[Value]] = [
        [words("收到邮件（封）", "messages"), sum(figures.messages.values())],
        *outcomes,
        [words("附件（个）", "files"), sum(len(one.message.files) for one in report.messages)],
        [words("推荐表（份）", "submissions"), sum(figures.forms.values())],
        [words("推荐职业（行）", "rows"), sum(figures.rows.values())],
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


def _block(
    heading: str,
    titles: Mapping[str, Pair],
    counts: Mapping[str, int],
    meanings: Mapping[str, Pair],
    tones: Mapping[str, str],
    words: Words,
) -> Block:
    """How many stand where, with what that means."""
    columns = [
        Column(words("办理情况", "state")),
        Column(words("数量", "count")),
        Column(words("含义", "meaning")),
    ]
    rows: list[list[Value]] = [
        [words.pair(name), counts[key], words.pair(meanings[key])] for key, name in titles.items()
    ]
    return Block(heading, columns, rows, tones=[tones[key] for key in titles], spread=True)


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
        *(Column(words.pair(_SHORT.get(state, name))) for state, name in ITEM_STATES.items()),
    ]
    rows: list[list[Value]] = []
    for one in report.standing:
        lines = Counter(one.states.values())
        rows.append(
            [
                one.submission.unit or words.pair(NO_UNIT_TITLE),
                one.submission.submission_id,
                words.pair(STAGES[one.stage]),
                lines.total(),
                *(lines[state] or None for state in ITEM_STATES),
            ]
        )
    tones = [TONES_OF_STAGE[one.stage] for one in report.standing]
    return Block(words("按单位", "By unit"), columns, rows, tones=tones, tone_column=3)


def _editions(report: WindowReport, words: Words) -> Block:
    """The editions that judged what stands; a window may see more than one of a table."""
    columns = [Column(words("基础数据", "reference table")), Column(words("版本", "edition"))]
    used: dict[str, set[str]] = {}
    for one in report.standing:
        for table, edition in one.submission.reference_editions.items():
            used.setdefault(table, set()).add(edition)
    rows: list[list[Value]] = [
        [words.pair(TABLES.get(table, (table, table))), "、".join(sorted(editions))]
        for table, editions in used.items()
    ]
    return Block(words("所用基础数据", "Reference tables"), columns, rows)
