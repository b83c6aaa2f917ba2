"""The correction notice and the reply, from findings and decisions as literals."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from string import Formatter
from typing import Any

import docx
import pytest

from outputs.papers.notice import Entry, Notice, body, notice_of, write_notice
from outputs.papers.reply import reply_draft
from outputs.store.stored import FindingView
from reference.decisions import Action, CellChange, Decision
from reference.findings import KINDS, finding
from reference.model import Outcome, Place, Status
from tests.outputs.outcomes import CELL, recommendation, submission

TODAY = dt.date(2025, 6, 27)

ROW_1 = "推荐表第1行（序号1）\n合成氨生产工"
OVERLAP = {
    "row_no": 2,
    "field": "work_type",
    "seen": "甲工",
    "why_zh": "工种已列入",
    "why_en": "x",
    "items": "3",
}
TWO_ROWS = (recommendation(1), recommendation(2, status=Status.NEEDS_REVIEW))
REVIEW_KINDS = [kind.code for kind in KINDS.values() if kind.outcome is Outcome.REVIEW]


def view(
    code: str,
    state: str = "open",
    outcome: Outcome | None = None,
    /,
    evidence: Place | None = None,
    **told: Any,
) -> FindingView:
    found = finding(code, evidence=evidence, **told)
    return FindingView(
        f"f-{code}",
        "2025Q2-AAAAAA",
        "m1",
        state,
        found.model_copy(update={"outcome": outcome or found.outcome}),
    )


def decision(code: str, action: Action, note: str | None = None, **facts: Any) -> Decision:
    known = {
        "decision_id": f"d-{code}-{action}",
        "finding_id": f"f-{code}",
        "submission_id": "2025Q2-AAAAAA",
        "row_no": None,
        "code": code,
        "action": action,
        "value": None,
        "person": "王敏",
        "note": note,
        "decided_at": dt.datetime(2025, 6, 26, tzinfo=dt.UTC),
    }
    return Decision.model_validate({**known, **facts})


def notice(
    *views: FindingView,
    decisions: tuple[Decision, ...] = (),
    superseded_by: str | None = None,
    **facts: Any,
) -> Notice:
    return notice_of(
        submission(**facts),
        views,
        decisions,
        superseded_by=superseded_by,
        today=TODAY,
        taken=(dt.date(2025, 6, 20), dt.date(2025, 6, 30)),
    )


def noticed() -> Notice:
    return notice(
        view("pdf-missing"),
        view("demand-missing", "upheld", row_no=1, field="demand", seen=""),
        view("reason-missing", "waived", row_no=1, field="reason", seen=""),
        view("not-skilled", row_no=2, field="occupation", seen="1-01-00-01", group="一"),
        view("also-recommended", row_no=1, field="occupation", seen="合成氨生产工", expected="乙局"),
        recommendations=(recommendation(1), recommendation(2, status=Status.REJECTED)),
        status=Status.NEEDS_CORRECTION,
    )


def laid_out(told: Notice, folder: Path) -> str:
    """The words of the Word paper, its tables after its paragraphs."""
    write_notice(told, folder / "n.docx")
    paper = docx.Document(str(folder / "n.docx"))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def mailed(told: Notice) -> EmailMessage:
    data = reply_draft(told, "王敏 <wang@example.invalid>", ("a.b@c", "推荐表"), b"PK")
    return message_from_bytes(data, policy=policy.default)


def test_the_notice_tells_what_to_mend_and_no_more(tmp_path: Path) -> None:
    told = noticed()
    assert [(one.where, one.field, one.seen) for one in told.to_mend] == [
        ("报送文件", "—", "—"),
        (ROW_1, "预计评价人次", "1,550"),
    ]
    assert [one.field for one in told.refused] == ["职业"]
    assert told.accepted == ("推荐表第1行 6-11-03-01 合成氨生产工",)
    text = laid_out(told, tmp_path)
    assert "请于2025年6月30日（含）前修改推荐表" in text
    assert text.count("沪人社职〔2025〕76号") == 1
    assert "（依据：《通知》一（三）2）" in text
    assert "（依据：《通知》附件1填表说明6）" in text
    assert "二、不予受理的内容" in text
    assert "三、暂无问题的内容（待全表补正后一并受理）" in text
    assert "已接收" not in text


@pytest.mark.parametrize(
    ("views", "status", "summary", "title"),
    [
        ((), Status.ACCEPTED, "所报内容齐全，无需补正。", "已接收的内容"),
        (
            (view("unit-unknown", field="unit", seen="某校"),),
            Status.NEEDS_REVIEW,
            "有1处尚在核定，具体见下。",
            "暂无问题的内容（待全表核定后一并受理）",
        ),
        (
            (view("pdf-missing"), view("seal-unsure", seen="表.pdf")),
            Status.NEEDS_CORRECTION,
            "有1处需要补正，有1处尚在核定，具体见下。",
            "暂无问题的内容（待全表补正并核定后一并受理）",
        ),
        (
            (view("catalogue-overlap", **OVERLAP),),
            Status.ACCEPTED,
            "有1处尚在核定，具体见下。",
            "已接收的内容",
        ),
    ],
)
def test_nothing_is_called_accepted_while_the_form_waits(
    views: tuple[FindingView, ...], status: Status, summary: str, title: str, tmp_path: Path
) -> None:
    told = notice(*views, status=status, recommendations=TWO_ROWS)
    for text in (laid_out(told, tmp_path), mailed(told).get_body().get_content()):  # type: ignore[union-attr]
        assert f"经核对，{summary}" in text
        assert title in text
        assert ("结果另行告知" in text) is bool(told.in_review)


def test_what_is_looked_at_asks_for_nothing(tmp_path: Path) -> None:
    told = notice(view("catalogue-overlap", **OVERLAP), recommendations=TWO_ROWS)
    assert [(one.where, one.what) for one in told.in_review] == [
        ("推荐表第2行（序号2）\n合成氨生产工", "甲工与征集遴选职业（工种）目录（附件2）有重合。")
    ]
    assert told.title == "受理情况告知"
    assert "一、正在核定的内容" in laid_out(told, tmp_path)


CLOSED = view("window-closed", seen="6月19日", seen_zh="6月19日", next_zh="6月20日至30日")
NO_UNIT = view("unit-unknown", "upheld", Outcome.REJECT, field="unit", seen="某校")


@pytest.mark.parametrize(
    ("refusal", "decisions", "reason"),
    [
        (CLOSED, (), CLOSED.finding.message_zh),
        (
            NO_UNIT,
            (decision("unit-unknown", Action.REFUSE, "贵校不属于推荐主体。"),),
            "贵校不属于推荐主体。",
        ),
    ],
)
def test_of_a_refused_submission_only_the_refusal_is_told(
    refusal: FindingView, decisions: tuple[Decision, ...], reason: str, tmp_path: Path
) -> None:
    told = notice(
        refusal,
        view("pdf-missing"),
        view("seal-unsure", seen="表.pdf"),
        view("not-skilled", row_no=1, field="occupation", seen="x", group="一"),
        decisions=decisions,
        status=Status.REJECTED,
    )
    assert [one.what for one in told.refused] == [reason]
    assert (told.to_mend, told.in_review, told.accepted) == ((), (), ())
    assert told.file_name == "不予受理告知-2025Q2-AAAAAA.docx"
    for text in (laid_out(told, tmp_path), mailed(told).get_body().get_content()):  # type: ignore[union-attr]
        assert "一并不予受理" in text
        assert "已接收" not in text
        assert "请于" not in text


def test_of_a_refused_row_nothing_is_asked() -> None:
    told = notice(
        view("not-skilled", row_no=1, field="occupation", seen="x", group="一"),
        view("reason-missing", row_no=1, field="reason", seen=""),
        recommendations=(recommendation(1, status=Status.REJECTED),),
    )
    assert (told.to_mend, len(told.refused)) == ((), 1)


def test_a_superseded_submission_is_asked_nothing(tmp_path: Path) -> None:
    told = notice(view("pdf-missing"), superseded_by="2025Q2-BBBBBB", status=Status.NEEDS_CORRECTION)
    for text in (laid_out(told, tmp_path), mailed(told).get_body().get_content()):  # type: ignore[union-attr]
        assert "较新的报送（收件编号2025Q2-BBBBBB）取代" in text
        assert "无需就此补正" in text
        assert not any(word in text for word in ("需要补正", "已接收", "请于"))


@pytest.mark.parametrize(
    ("action", "note", "what"),
    [
        (Action.ASK, "请说明主管部门。", "“某校”不在推荐主体名单内（各区人力资源和社会保障局、"
         "市级行业主管部门）。请说明主管部门。"),
        (Action.UPHOLD, None, KINDS["unit-unknown"].sender_zh.format(seen="某校")),
    ],
)  # fmt: skip
def test_the_sender_reads_the_words_of_who_decided(
    action: Action, note: str | None, what: str, tmp_path: Path
) -> None:
    told = notice(
        view("unit-unknown", "upheld", Outcome.CORRECT, field="unit", seen="某校"),
        decisions=(decision("unit-unknown", action, note),),
        status=Status.NEEDS_CORRECTION,
    )
    assert [(one.where, one.what) for one in told.to_mend] == [("全表", what)]
    text = laid_out(told, tmp_path)
    assert ("有1处需要补正或说明" in text) is (action is Action.ASK)
    assert what in mailed(told).get_body().get_content().replace("\n", "")  # type: ignore[union-attr]


def test_words_that_were_taken_back_reach_nobody() -> None:
    asked = decision("unit-unknown", Action.ASK, "请说明主管部门。")
    undone = decision("unit-unknown", Action.UNDO, value=asked.decision_id)
    told = notice(view("unit-unknown", field="unit", seen="某校"), decisions=(asked, undone))
    assert [one.asked for one in told.in_review] == [False]


def test_what_staff_typed_is_not_told_as_the_senders() -> None:
    cell = CellChange(field="code", was="6-11-03-01", value="4-12-03-0（待查）")
    told = notice(
        view("code-unknown", row_no=1, field="code", seen="4-12-03-00", hint_zh="", hint_en=""),
        view("reason-missing", row_no=1, field="reason", seen=""),
        view("phone-invalid", field="phone", seen="办公室"),
        decisions=(decision("code-malformed", Action.VALUE, row_no=1, cells=(cell,)),),
        recommendations=(recommendation(1, raw_reason=""),),
    )
    assert [one.seen for one in told.to_mend] == [
        "办公室",
        "6-11-03-01\n（核对时按“4-12-03-00”）",
        "（空）",
    ]


@pytest.mark.parametrize("code", REVIEW_KINDS)
def test_what_a_person_upholds_has_a_sentence_for_the_sender(code: str) -> None:
    sentence = KINDS[code].sender_zh
    assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= {"seen", "expected"}
    matter, asks, request = sentence.partition("；请")
    assert matter
    assert asks
    assert request.endswith("。")
    assert not any(word in sentence for word in ("核定", "原件", "系统", "Received"))


def test_long_text_shows_that_it_was_cut() -> None:
    text = "长" * 300
    told = notice(
        view("demand-invalid", row_no=1, field="demand", seen=text),
        view("phone-invalid", field="phone", seen=text),
        recommendations=(recommendation(1, raw_demand=text),),
    )
    cut = "长" * 200 + "……"
    assert [one.seen for one in told.to_mend] == [cut, cut]
    assert all(f"“{cut}”" in one.what for one in told.to_mend)


@pytest.mark.parametrize("unit", [None, ""])
def test_a_unit_without_a_name_is_greeted_politely(unit: str | None, tmp_path: Path) -> None:
    assert "\n报送单位：\n" in laid_out(notice(unit=unit), tmp_path)


def test_a_page_is_named_and_no_row_of_a_word_table() -> None:
    told = notice(
        view("reason-missing", row_no=1, evidence=Place(file_id="p1", page=2), field="reason", seen=""),
        view("demand-missing", row_no=1, evidence=CELL, field="demand", seen=""),
    )
    assert [(one.where, one.place) for one in told.to_mend] == [(ROW_1, "PDF第2页"), (ROW_1, "")]


def test_the_reply_answers_in_the_thread_and_is_a_draft() -> None:
    thread = ("a.b@c", "回复：Re: 推荐表\r\nBcc: x@y.invalid")
    data = reply_draft(noticed(), "王敏 <wang@example.invalid>", thread, b"PK")
    draft = message_from_bytes(data, policy=policy.default)
    assert draft["To"] == "wang@example.invalid"
    assert draft["Subject"] == "Re: 推荐表 Bcc: x@y.invalid"
    assert draft["Bcc"] is None
    assert draft["In-Reply-To"] == "<a.b@c>"
    assert draft["X-Unsent"] == "1"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        (noticed(), "补正通知"),
        (notice(), "受理情况告知"),
        (notice(CLOSED, status=Status.REJECTED), "不予受理告知"),
    ],
)
def test_the_attachment_is_named_by_its_title(told: Notice, title: str) -> None:
    names = [part.get_filename() for part in mailed(told).iter_attachments()]
    assert names == [f"{title}-2025Q2-AAAAAA.docx"]


def test_hostile_text_stays_text_in_the_notice(tmp_path: Path) -> None:
    bad = Entry("第1行", "职业", "\u202e<w:p>\x00" + "长" * 5000, "", "x", "")
    write_notice(replace(noticed(), to_mend=(bad,)), tmp_path / "n.docx")
    (table, _) = docx.Document(str(tmp_path / "n.docx")).tables
    assert "<w:p>" in table.rows[1].cells[3].text


@pytest.mark.parametrize(
    ("today", "month", "by"),
    [
        ((2025, 6, 27), 6, "请于2025年6月30日（含）前"),
        ((2025, 7, 1), 9, "请于2025年9月20日至30日受理期内"),
    ],
)
def test_the_sender_is_told_when_corrections_are_taken(
    today: tuple[int, int, int], month: int, by: str
) -> None:
    notice = notice_of(
        submission(recommendations=(recommendation(1),), status=Status.NEEDS_CORRECTION),
        (view("pdf-missing", "open"),),
        (),
        superseded_by=None,
        today=dt.date(*today),
        taken=(dt.date(2025, month, 20), dt.date(2025, month, 30)),
    )
    assert any(by in text for text in body(notice))
