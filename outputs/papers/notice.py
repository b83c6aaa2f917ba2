"""补正通知: what a recommending unit must mend, what is refused, what is looked at, what was accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outputs.layout.word_paper import WordPaper
from outputs.store.stored import FindingView
from reference.decisions import Action, Changes, Decision, can_be_set, changes, standing
from reference.findings import KINDS
from reference.model import FIELD_TITLES, Finding, Outcome, Place, Status
from reference.records import Recommendation, Submission
from reference.times import SHANGHAI, day_zh, days_zh

OFFICE = "上海市职业技能鉴定中心"
CALL = "《关于开展2025年社会化职业技能等级认定征集遴选工作的通知》（沪人社职〔2025〕76号{}）"
"""What the units answer; clauses are its own. The braces take its short name where one is cited."""
HOLDING = ("open", "upheld")
"""States of findings that the sender is told of."""
LONG, NAME = 200, 40
"""Characters that a cell's text, or a name, may have before it is cut."""
_REQUEST = "；请"
"""Where a sentence for the sender turns from what is unclear to what is asked (`Kind.sender_zh`)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to mend, refused or looked at: where, what was seen, what is said of it, by which clause."""

    where: str
    field: str
    seen: str
    place: str
    what: str
    clause: str
    asked: bool = False
    """Whether the sender is asked to explain rather than told to mend."""


@dataclass(frozen=True, slots=True)
class Section:
    """A list of the notice: its title, the title of what is said in it, its entries."""

    title: str
    says: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """All that the notice says, ready to be laid out."""

    submission_id: str
    unit: str
    received: str
    to_mend: tuple[Entry, ...]
    refused: tuple[Entry, ...]
    in_review: tuple[Entry, ...]
    accepted: tuple[str, ...]
    waits_for: str
    """What the form as a whole still waits for, 补正 or 核定: until then no row is accepted."""
    rejected: bool
    """Whether the whole submission is refused."""
    superseded_by: str | None
    taken: tuple[dt.date, dt.date]
    """First and last day on which a correction is taken (一(三)1)."""
    today: dt.date

    @property
    def title(self) -> str:
        """The paper's title, by which its file is named too."""
        if self.rejected and not self.superseded_by:
            return "不予受理告知"
        return "补正通知" if self.to_mend else "受理情况告知"

    @property
    def file_name(self) -> str:
        """The name under which the paper is sent."""
        return f"{self.title}-{self.submission_id}.docx"

    @property
    def closing(self) -> str:
        """The last sentence."""
        return f"如有疑问，请回复本邮件。特此{self.title[-2:]}。"

    @property
    def sections(self) -> tuple[Section, ...]:
        """The lists that hold something, in their order."""
        asked = "或说明" if any(one.asked for one in self.to_mend) else ""
        lists = (
            Section(f"需要补正{asked}的内容", "问题与补正要求", self.to_mend),
            Section("不予受理的内容", "不予受理的原因", self.refused),
            Section("正在核定的内容", "正在核定的事项", self.in_review),
        )
        return tuple(one for one in lists if one.entries)

    @property
    def accepted_title(self) -> str:
        """What the rows without anything to say against them are called."""
        if self.waits_for:
            return f"暂无问题的内容（待全表{self.waits_for}后一并受理）"
        return "已接收的内容"


def notice_of(
    submission: Submission,
    views: Sequence[FindingView],
    decisions: Iterable[Decision],
    *,
    superseded_by: str | None,
    today: dt.date,
    taken: tuple[dt.date, dt.date],
) -> Notice:
    """What to tell the unit: the findings that hold, in the words of those who decided, and the rows.

    Of a refused submission only the refusal is told, of a superseded one only that; of a refused row
    nothing is asked.
    """
    given = tuple(decisions)
    clerk = _Clerk(
        {row.row_no: row for row in submission.recommendations},
        {one.finding_id: one for one in standing(given)},
        changes(given),
    )
    holding = [] if superseded_by else _holding(submission, views)
    to_mend, refused, in_review = (
        tuple(clerk.entry(view) for view in holding if view.finding.outcome is outcome)
        for outcome in (Outcome.CORRECT, Outcome.REJECT, Outcome.REVIEW)
    )
    of_form = {view.finding.outcome for view in holding if view.finding.row_no is None}
    rejected = submission.status is Status.REJECTED
    rows = () if rejected or superseded_by else submission.recommendations
    local = submission.received_at.astimezone(SHANGHAI)
    return Notice(
        submission_id=submission.submission_id,
        unit=_cut(submission.unit or "报送单位", NAME),
        received=f"{day_zh(local.date())}{local.hour}时{local:%M}分",
        to_mend=to_mend,
        refused=refused,
        in_review=in_review,
        accepted=tuple(_named(row) for row in rows if row.status is Status.ACCEPTED),
        waits_for="并".join(word for outcome, word in _WAITS.items() if outcome in of_form),
        rejected=rejected,
        superseded_by=superseded_by,
        taken=taken,
        today=today,
    )


_WAITS = {Outcome.CORRECT: "补正", Outcome.REVIEW: "核定"}


def _holding(submission: Submission, views: Iterable[FindingView]) -> list[FindingView]:
    """What holds, the form before its rows; of what is refused nothing but the refusal."""
    whole = submission.status is Status.REJECTED
    refused = {row.row_no for row in submission.recommendations if row.status is Status.REJECTED}

    def is_told(one: Finding) -> bool:
        if whole:
            return one.row_no is None and one.outcome is Outcome.REJECT
        return one.outcome is Outcome.REJECT or one.row_no not in refused

    holding = [view for view in views if view.state in HOLDING and is_told(view.finding)]
    return sorted(holding, key=lambda view: view.finding.row_no or 0)


@dataclass(frozen=True, slots=True)
class _Clerk:
    """Who puts a finding into words for the sender."""

    rows: Mapping[int, Recommendation]
    decided: Mapping[str | None, Decision]
    changed: Changes

    def entry(self, view: FindingView) -> Entry:
        finding = view.finding
        row = self.rows.get(finding.row_no or 0)
        decision = self.decided.get(view.finding_id)
        action = decision.action if decision else None
        note = (decision.note if decision else None) or ""
        what = _sentence(finding)
        if action is Action.REFUSE:
            what = note
        elif action is Action.ASK:
            what = _matter(finding) + note
        elif finding.outcome is Outcome.REVIEW:
            what = _matter(finding)
        return Entry(
            where=_where(finding, row),
            field=FIELD_TITLES.get(finding.field or "", ("—", ""))[0],
            seen=self._seen(finding, row),
            place=_page(finding.evidence),
            what=what,
            clause=finding.clause or "",
            asked=action is Action.ASK,
        )

    def _seen(self, finding: Finding, row: Recommendation | None) -> str:
        """The sender's own text; what staff put in its place is said to be theirs."""
        if finding.field is None or not can_be_set(finding.row_no, finding.field):
            return _cell(finding.seen, "—")
        change = self.changed.get((finding.row_no, finding.field))
        if row is not None:
            raw = _cell(row.as_sent(finding.field), "（无此栏）")
        elif change is not None and finding.code != "seal-unit-mismatch":
            raw = _cell(change.was, "（无此栏）")
        else:  # as it was found; on a seal that is the name that was read there
            return _cell(finding.seen, "—")
        if change is not None and finding.seen:
            return f"{raw}\n（核对时按“{_cut(finding.seen)}”）"
        return raw


def _sentence(finding: Finding) -> str:
    """What is wrong and what to do, said to the sender."""
    return _filled(KINDS[finding.code].sender_zh, finding) or _shortened(finding.message_zh, finding.seen)


def _matter(finding: Finding) -> str:
    """What is unclear, without asking for anything."""
    kind = KINDS[finding.code]
    return (_filled(kind.sender_zh.partition(_REQUEST)[0], finding) or kind.title_zh) + "。"


def _filled(template: str, finding: Finding) -> str:
    return template.format(seen=_cut(finding.seen or ""), expected=_cut(finding.expected or ""))


def _shortened(sentence: str, seen: str | None) -> str:
    return sentence.replace(seen, _cut(seen)) if seen else sentence


def _cell(text: str | None, absent: str) -> str:
    return absent if text is None else _cut(text) or "（空）"


def _cut(text: str, most: int = LONG) -> str:
    return text if len(text) <= most else f"{text[:most]}……"


def _where(finding: Finding, row: Recommendation | None) -> str:
    if row is not None:
        number = f"（序号{_cut(row.raw_priority, 4)}）" if row.raw_priority else ""
        name = _cut(row.raw_occupation or row.occupation or "", NAME)
        return f"推荐表第{row.row_no}行{number}\n{name}".strip()
    return {None: "报送文件", "received_at": "报送邮件"}.get(finding.field, "全表")


def _page(place: Place | None) -> str:
    return "" if place is None or place.page is None else f"PDF第{place.page}页"


def _named(row: Recommendation) -> str:
    work_type = f"（{_cut(row.work_type, NAME)}）" if row.work_type else ""
    name = f"{_cut(row.occupation or '', NAME)}{work_type}"
    return " ".join(filter(None, (f"推荐表第{row.row_no}行", row.code, name)))


def body(notice: Notice) -> list[str]:
    """The paragraphs before the lists: the reply says the same."""
    call = CALL.format("，以下简称《通知》" if notice.sections else "")
    begins = (
        f"贵单位根据{call}报送的推荐表（收件编号{notice.submission_id}）已于{notice.received}收悉，感谢支持。"
    )
    if notice.superseded_by:
        return [
            begins,
            f"该次报送已由贵单位较新的报送（收件编号{notice.superseded_by}）取代，以较新的报送为准；"
            "对该次报送不再办理，贵单位无需就此补正。",
        ]
    if notice.rejected:
        return [
            begins,
            "经核对，该次报送按《通知》规定不予受理，原因见下；推荐表所列职业（工种）一并不予受理。",
        ]
    asked = "或说明" if any(one.asked for one in notice.to_mend) else ""
    counted = (
        (f"需要补正{asked}", notice.to_mend),
        ("按《通知》规定不予受理", notice.refused),
        ("尚在核定", notice.in_review),
    )
    parts = [f"有{len(entries)}处{what}" for what, entries in counted if entries]
    found = "，".join(parts) + "，具体见下。" if parts else "所报内容齐全，无需补正。"
    return [begins, f"经核对，{found}{_request(notice, asked)}"]


def _request(notice: Notice, asked: str) -> str:
    """What the unit is to do by when, and what it need not do."""
    request = ""
    if notice.to_mend:
        doing = "按要求补正或说明，推荐表有修改的，" if asked else "修改推荐表，"
        opens, closes = notice.taken
        # what comes before the window opens would be refused (一(三)1)
        by = f"{days_zh(opens, closes)}受理期内" if notice.today < opens else f"{day_zh(closes)}（含）前"
        request = f"请于{by}{doing}加盖公章后连同WORD版一并发送至原报送邮箱。"
    if notice.in_review:
        request += "正在核定的内容，结果另行告知，目前无需贵单位办理。"
    return request


def write_notice(notice: Notice, path: Path, office: str = OFFICE) -> None:
    """Lay the notice out as a Word file."""
    paper = WordPaper()
    paper.title(notice.title)
    paper.paragraph(f"{notice.unit}：", indent=False)
    for text in body(notice):
        paper.paragraph(text)
    numbers = iter("一二三四")
    for section in notice.sections:
        paper.heading(f"{next(numbers)}、{section.title}")
        _table(paper, section)
    if notice.accepted:
        paper.heading(f"{next(numbers)}、{notice.accepted_title}")
        for text in notice.accepted:
            paper.paragraph(text)
    paper.paragraph(notice.closing)
    paper.paragraph(office, indent=False, right=True)
    paper.paragraph(day_zh(notice.today), indent=False, right=True)
    paper.save(path)


def _table(paper: WordPaper, section: Section) -> None:
    rows = [
        [
            str(i),
            _lines(one.where, one.place),
            one.field,
            one.seen,
            _lines(one.what, f"（依据：《通知》{_clause(one.clause)}）" if one.clause else ""),
        ]
        for i, one in enumerate(section.entries, 1)
    ]
    paper.table(["项次", "位置", "栏目", "来件所填", section.says], rows, [0.075, 0.2, 0.13, 0.165, 0.43])


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, texts))


def _clause(clause: str) -> str:
    """A clause as papers cite it: full-width brackets, and where the notes on filling in stand."""
    wide = clause.translate(str.maketrans("()", "（）"))
    return f"附件1{wide}" if wide.startswith("填表说明") else wide
