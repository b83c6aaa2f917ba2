"""补正通知: what a recommending unit must mend, row by row, and what was accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outputs.views import FindingView
from outputs.word_paper import WordPaper
from reference.model import FIELD_TITLES, Finding, Outcome, Place
from reference.records import Recommendation, Submission
from reference.times import SHANGHAI

OFFICE = "上海市职业技能鉴定中心"
HOLDING = ("open", "upheld")
"""States of findings that the sender is told of."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to mend or one refusal: where, what was seen, what is expected, by which clause."""

    row: str
    field: str
    seen: str
    place: str
    what: str
    expected: str
    clause: str


@dataclass(frozen=True, slots=True)
class Notice:
    """All that the notice says, ready to be laid out."""

    submission_id: str
    unit: str
    received: str
    to_mend: tuple[Mend, ...]
    refused: tuple[Mend, ...]
    accepted: tuple[str, ...]
    due: dt.date
    today: dt.date


def notice_of(
    submission: Submission, views: Sequence[FindingView], *, today: dt.date, due: dt.date
) -> Notice:
    """What to tell the unit: findings to mend and refusals that hold, and the rows that were accepted."""
    rows = {row.row_no: row for row in submission.recommendations}
    holding = [view.finding for view in views if view.state in HOLDING]
    holding.sort(key=lambda one: one.row_no or 0)
    local = submission.received_at.astimezone(SHANGHAI)
    return Notice(
        submission_id=submission.submission_id,
        unit=submission.unit or "推荐单位",
        received=f"{day(local.date())}{local:%H:%M}",
        to_mend=tuple(_mend(one, rows) for one in holding if one.outcome is Outcome.CORRECT),
        refused=tuple(_mend(one, rows) for one in holding if one.outcome is Outcome.REJECT),
        accepted=tuple(_named(row) for row in submission.recommendations if row.status == "accepted"),
        due=due,
        today=today,
    )


def _mend(finding: Finding, rows: dict[int, Recommendation]) -> Mend:
    row = rows.get(finding.row_no or 0)
    return Mend(
        row=f"第{row.row_no}行\n{row.raw_occupation or row.occupation or ''}".strip() if row else "全表",
        field=FIELD_TITLES.get(finding.field or "", ("—", ""))[0],
        seen=finding.seen if finding.seen else "（空）",
        place=_place(finding.evidence),
        what=finding.message_zh,
        expected=finding.expected or "",
        clause=finding.clause or "",
    )


def _place(place: Place | None) -> str:
    if place is None:
        return ""
    if place.page is not None:
        return f"PDF第{place.page}页"
    if place.table is not None:
        return f"Word第{place.table}个表第{place.row}行"
    return ""


def _named(row: Recommendation) -> str:
    work_type = f"（{row.work_type}）" if row.work_type else ""
    return f"第{row.row_no}行 {row.code or ''} {row.occupation or ''}{work_type}".replace("  ", " ")


def day(date: dt.date) -> str:
    """A date as official papers write it."""
    return f"{date.year}年{date.month}月{date.day}日"


def body(notice: Notice) -> list[str]:
    """The paragraphs before the tables: the reply says the same."""
    begins = f"贵单位报送的推荐表（受理编号{notice.submission_id}）已于{notice.received}收悉，感谢支持。"
    if notice.to_mend:
        middle = (
            f"经核对，有{len(notice.to_mend)}处需要补正，详见下表。"
            f"请于{day(notice.due)}前修改推荐表，加盖公章后连同WORD版一并发送至原邮箱。"
        )
    elif notice.refused:
        middle = "经核对，下列内容按规定不予受理，原因如下。"
    else:
        middle = "经核对，所报内容齐全，无需补正。"
    return [begins, middle]


def write_notice(notice: Notice, path: Path, office: str = OFFICE) -> None:
    """Lay the notice out as a Word file."""
    paper = WordPaper()
    paper.title("补正通知" if notice.to_mend else "受理情况告知")
    paper.paragraph(f"{notice.unit}：", indent=False)
    for text in body(notice):
        paper.paragraph(text)
    if notice.to_mend:
        paper.heading("一、需要补正的内容")
        _table(paper, notice.to_mend)
    if notice.refused:
        paper.heading("二、不予受理的内容" if notice.to_mend else "一、不予受理的内容")
        _table(paper, notice.refused)
    if notice.accepted:
        number = "一二三"[bool(notice.to_mend) + bool(notice.refused)]
        paper.heading(f"{number}、已接收的内容")
        for text in notice.accepted:
            paper.paragraph(text)
    paper.paragraph("如有疑问，请回复本邮件。特此告知。")
    paper.paragraph(office, indent=False, right=True)
    paper.paragraph(day(notice.today), indent=False, right=True)
    paper.save(path)


def _table(paper: WordPaper, entries: Sequence[Mend]) -> None:
    rows = [
        [
            str(i),
            one.row,
            one.field,
            "\n".join(filter(None, (one.seen[:200], one.place))),
            "\n".join(filter(None, (one.what, f"（依据：{one.clause}）" if one.clause else ""))),
        ]
        for i, one in enumerate(entries, 1)
    ]
    paper.table(["序号", "位置", "栏目", "来件所填", "问题与补正要求"], rows, [0.09, 0.17, 0.13, 0.2, 0.41])
