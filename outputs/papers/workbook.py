"""The exceptions workbook of a window: summary, what waits, what was accepted, everything received."""

from __future__ import annotations

from pathlib import Path

from outputs.layout.excel_sheets import Book, Column, Value
from outputs.papers import register
from outputs.papers.labels import STATES, Lang, Words
from outputs.papers.summary_sheet import write_summary
from outputs.queries.desk import Figures
from outputs.store.stored import FindingView, MessageReport, SubmissionReport, WindowReport
from reference.findings import KINDS
from reference.model import FIELD_TITLES, OUTCOME_TITLES, Outcome, Place
from reference.records import Recommendation


def write_workbook(report: WindowReport, figures: Figures, path: Path, lang: Lang) -> None:
    """Write a window's workbook; `en` puts English beside the Chinese."""
    words = Words(lang)
    name = words("受理期外来件", "outside the windows") if report.window == "closed" else report.window
    book = Book(words(f"职业技能等级认定征集 {name}", f"Collection {name}"))
    write_summary(book, report, figures, words)
    waiting = _findings(report, notes=False)
    _finding_sheet(book, words("待处理", "Findings"), report, waiting, words)
    _accepted(book, report, words)
    _received(book, report, words)
    _finding_sheet(book, words("提示", "Notes"), report, _findings(report, notes=True), words)
    book.save(path)


def _order(outcome: Outcome) -> int:
    return list(Outcome).index(outcome)


def _findings(report: WindowReport, *, notes: bool) -> list[FindingView]:
    """The findings that somebody must act on, or the notes: worst first, then by submission and row."""
    chosen = [view for view in report.findings if (view.finding.outcome is Outcome.NOTE) == notes]
    return sorted(
        chosen,
        key=lambda view: (_order(view.finding.outcome), view.submission_id or "~", view.finding.row_no or 0),
    )


def _finding_sheet(
    book: Book, name: str, report: WindowReport, views: list[FindingView], words: Words
) -> None:
    owners = {one.submission.submission_id: one for one in report.submissions}
    messages = {one.message.message_id: one for one in report.messages}
    files = report.file_names()
    columns = [
        Column(words("结果", "outcome"), 10, centred=True),
        Column(words("推荐单位", "unit"), 20),
        Column(words("编号", "submission"), 17),
        Column(words("行", "row"), 5, centred=True),
        Column(words("栏目", "field"), 12),
        Column(words("问题", "finding"), 14),
        Column(words("所见", "seen"), 20),
        Column(words("应为", "expected"), 18),
        Column(words("说明与处理", "what to do"), 42),
        Column(words("依据", "clause"), 12),
        Column(words("位置", "where"), 22),
        Column(words("状态", "state"), 8, centred=True),
        Column(words("联系人、发件人", "contact and sender"), 24),
    ]
    rows = [
        _finding_row(view, owners.get(view.submission_id or ""), messages.get(view.message_id), files, words)
        for view in views
    ]
    book.sheet(name, columns, rows, tones=[str(view.finding.outcome) for view in views])


def _finding_row(
    view: FindingView,
    owner: SubmissionReport | None,
    message: MessageReport | None,
    files: dict[str, str],
    words: Words,
) -> list[Value]:
    finding, kind = view.finding, KINDS[view.finding.code]
    submission = owner.submission if owner else None
    reach = " ".join(text for text in (submission.contact, submission.phone) if text) if submission else ""
    return [
        words.pair(OUTCOME_TITLES[finding.outcome]),
        submission.unit if submission else None,
        view.submission_id,
        finding.row_no,
        words.pair(FIELD_TITLES[finding.field]) if finding.field else None,
        words(kind.title_zh, kind.title_en),
        finding.seen,
        finding.expected,
        words.sentence(view),
        finding.clause,
        where(finding.evidence, files, words.lang),
        words.pair(STATES[view.state]),
        "\n".join(one for one in (reach, message.message.sender if message else None) if one),
    ]


def where(place: Place | None, files: dict[str, str], lang: Lang) -> str | None:
    """A place in words: 推荐表.docx 表1 第3行第2列, 推荐表.pdf 第1页（距左72 距上310）."""
    if place is None:
        return None
    words = Words(lang)
    said = [files.get(place.file_id, "")]
    if place.page is not None:
        said.append(words(f"第{place.page}页", f"page {place.page}"))
    if place.box is not None:
        left, top = round(place.box[0]), round(place.box[1])
        said.append(words(f"距左{left}点、距上{top}点", f"{left} pt from left, {top} pt from top"))
    if place.table is not None:
        said.append(
            words(
                f"表{place.table} 第{place.row}行第{place.column}列",
                f"table {place.table}, row {place.row}, column {place.column}",
            )
        )
    elif place.row is not None:
        said.append(words(f"第{place.row}段", f"paragraph {place.row}"))
    return " ".join(one for one in said if one)


def _accepted(book: Book, report: WindowReport, words: Words) -> None:
    titles = [
        Column(words("推荐单位", "unit"), 24),
        Column(words("编号", "submission"), 17),
        *(Column(words.pair(FIELD_TITLES[field]), width) for field, width in _ROW_COLUMNS.items()),
    ]
    rows = [
        [one.submission.unit, one.submission.submission_id, *_row_values(row, words)]
        for one in report.standing
        for row in one.submission.recommendations
        if one.states[row.row_no] == "accepted"
    ]
    note = words("本行无问题、所在推荐表本身亦无问题", "sound rows of forms that are themselves in order")
    book.sheet(words("已接收", "Accepted"), titles, rows, note=note)


_ROW_COLUMNS = {
    "priority": 6, "code": 13, "occupation": 18, "work_type": 14, "standard_name": 20, "standard_version": 12,
    "shortage_flag": 12, "industries": 18, "demand": 10, "reason": 50,
}  # fmt: skip


def _row_values(row: Recommendation, words: Words) -> list[Value]:
    flag = {True: words("是", "yes"), False: words("否", "no"), None: None}[row.shortage_flag]
    return [
        row.priority,
        row.code,
        row.occupation,
        row.work_type,
        row.standard_name,
        row.standard_version,
        flag,
        "、".join(row.industries or ()),
        row.demand,
        row.reason,
    ]


def _received(book: Book, report: WindowReport, words: Words) -> None:
    listed = list(register.entries(report, words))
    name = words("收件登记", "Register")
    note = words("按收件时间排列，每封邮件一行", "in the order of receipt, a line a message")
    book.sheet(
        name,
        register.columns(words),
        [one.values for one in listed],
        tones=[one.tone for one in listed],
        tone_column=3,
        note=note,
    )
