"""Judged outcomes as literals, for the store's and the workbook's tests."""

from __future__ import annotations

import datetime as dt

from reference.findings import finding
from reference.model import Candidate, FileKind, Finding, Place, Status
from reference.records import FileRecord, MessageOutcome, MessageRecord, Recommendation, Submission

RECEIVED = dt.datetime(2025, 6, 24, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
CELL = Place(file_id="w1", table=1, row=2, column=2)
MISMATCH = finding(
    "code-name-mismatch",
    field="code",
    row_no=1,
    seen="6-01-01-02 合成氨生产工",
    candidates=(Candidate(name="合成氨生产工", code="6-11-03-01", score=0.75),),
    evidence=CELL,
    code="6-01-01-02",
    code_name="制米工",
    name="合成氨生产工",
    name_zh="的编码为6-11-03-01",
    name_en="has the code 6-11-03-01",
)
NO_PDF = finding("pdf-missing")


def recommendation(row_no: int = 1, **facts: object) -> Recommendation:
    known: dict[str, object] = {
        "row_no": row_no,
        **{
            f"raw_{name}": text
            for name, text in {
                "priority": str(row_no),
                "code": "6-11-03-01",
                "occupation": "合成氨生产工",
                "work_type": "",
                "standard_name": "合成氨生产工国家职业标准",
                "standard_version": "2019年版",
                "shortage_flag": "是",
                "industries": "先进材料",
                "demand": "1,550",
                "reason": "行业规划",
            }.items()
        },
        "priority": row_no,
        "code": "6-11-03-01",
        "occupation": "合成氨生产工",
        "work_type": None,
        "standard_name": "合成氨生产工",
        "standard_version": "2019年版",
        "shortage_flag": True,
        "industries": ("先进材料",),
        "demand": 1550,
        "reason": "行业规划",
        "match_score": 1.0,
        "resolved": True,
        "status": Status.ACCEPTED,
        "places": {"code": CELL},
    }
    return Recommendation.model_validate({**known, **facts})


def submission(name: str = "2025Q2-AAAAAA", message: str = "m1", **facts: object) -> Submission:
    known: dict[str, object] = {
        "submission_id": name,
        "track": "occupation",
        "window": "2025Q2",
        "message_id": message,
        "unit": "上海市统计局",
        "contact": "周明",
        "phone": "021-55552232",
        "unit_raw": "上海市统计局",
        "contact_raw": "周  明",
        "phone_raw": "021-55552232",
        "form_date_raw": "2025年6月23日",
        "form_date": dt.date(2025, 6, 23),
        "received_at": RECEIVED,
        "status": Status.ACCEPTED,
        "recommendations": (recommendation(),),
        "findings": (),
        "file_ids": ("w1", "p1"),
        "reference_editions": {"dictionary": "2022"},
    }
    return Submission.model_validate({**known, **facts})


def outcome(
    message: str = "m1",
    *submissions: Submission,
    findings: tuple[Finding, ...] = (),
    window: str | None = "2025Q2",
    **facts: object,
) -> MessageOutcome:
    files = tuple(
        FileRecord(
            file_id=f"{kind[0]}{message[1:]}",
            name=name,
            media_type="",
            kind=kind,
            bytes=100,
            role=role,
            state="read",
        )
        for name, kind, role in (
            ("推荐表.docx", FileKind.DOCX, "word-form"),
            ("推荐表.pdf", FileKind.PDF, "pdf-form"),
        )
    )
    known: dict[str, object] = {
        "message_id": message,
        "header_message_id": f"<{message}@example.invalid>",
        "sender": "a@example.invalid",
        "sender_name": "统计局",
        "subject": "推荐表报送",
        "received_at": RECEIVED,
        "received_from": "received-header",
        "window": window,
        "date_header": None,
        "source": f"2025-06/{message}.eml",
        "body": "请查收",
        "automatic": False,
        "files": files,
        "findings": findings,
    }
    return MessageOutcome(
        message=MessageRecord.model_validate({**known, **facts}), submissions=submissions, fault=None
    )
