"""Domain records to database rows and back. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from outputs.store.database import Row
from outputs.store.stored import FindingView, RunView
from reference.model import Finding, Place
from reference.records import FileRecord, MessageOutcome, MessageRecord, Recommendation, Submission

MESSAGE_FACTS = (
    "message_id", "header_message_id", "sender", "sender_name", "subject", "received_at", "window",
    "received_from", "date_header", "source", "body", "automatic",
)  # fmt: skip
SUBMISSION_FACTS = (
    "submission_id", "track", "window", "message_id", "unit", "contact", "phone", "form_date", "unit_raw",
    "contact_raw", "phone_raw", "form_date_raw", "received_at",
)  # fmt: skip
FINDING_FACTS = (
    "row_no", "field", "code", "seen", "expected", "message_zh", "message_en", "clause",
)  # fmt: skip


def finding_rows(
    findings: Iterable[Finding],
    *,
    submission_id: str | None,
    message_id: str,
    run_id: str,
    scope: str = "own",
) -> Iterator[Row]:
    """Findings as rows; the id is the same whenever the same thing is found in the same place again."""
    owner = submission_id or message_id
    times: dict[tuple[object, ...], int] = {}
    for position, finding in enumerate(findings):
        key = (owner, finding.row_no, finding.field, finding.code, finding.seen)
        times[key] = times.get(key, -1) + 1
        yield {
            "finding_id": hashlib.sha256(repr((*key, times[key])).encode()).hexdigest()[:16],
            "submission_id": submission_id,
            "message_id": message_id,
            **{fact: getattr(finding, fact) for fact in FINDING_FACTS},
            "outcome": str(finding.outcome),
            "candidates": [candidate.model_dump() for candidate in finding.candidates],
            "evidence": finding.evidence.model_dump_json(exclude_none=True) if finding.evidence else None,
            "state": "open",
            "scope": scope,
            "position": position,
            "run_id": run_id,
        }


def finding_view(row: Row) -> FindingView:
    """A finding as it was stored."""
    evidence = Place.model_validate_json(row["evidence"]) if row["evidence"] else None
    return FindingView(
        finding_id=row["finding_id"],
        submission_id=row["submission_id"],
        message_id=row["message_id"],
        state=row["state"],
        finding=Finding(
            **{fact: row[fact] for fact in FINDING_FACTS},
            outcome=row["outcome"],
            candidates=row["candidates"],
            evidence=evidence,
        ),
    )


def message_row(message: MessageRecord, run_id: str, fault: str | None, completed_at: dt.datetime) -> Row:
    """A message as a row."""
    facts = {fact: getattr(message, fact) for fact in MESSAGE_FACTS}
    return {**facts, "fault": fault, "run_id": run_id, "completed_at": completed_at}


def file_rows(
    files: Sequence[FileRecord], message_id: str, run_id: str, submission_id: str | None = None
) -> Iterator[Row]:
    """A message's files as rows, in their order."""
    for position, file in enumerate(files):
        yield {
            **file.model_dump(mode="json"),
            "within": list(file.within),
            "message_id": message_id,
            "submission_id": submission_id,
            "position": position,
            "run_id": run_id,
        }


def submission_row(submission: Submission, run_id: str, judged_at: object) -> Row:
    """A submission as a row."""
    return {
        **{fact: getattr(submission, fact) for fact in SUBMISSION_FACTS},
        "status": str(submission.status),
        "superseded_by": None,
        "file_ids": list(submission.file_ids),
        "reference_editions": json.dumps(submission.reference_editions),
        "run_id": run_id,
        "judged_at": judged_at,
    }


def recommendation_rows(submission: Submission) -> Iterator[Row]:
    """A submission's rows of Annex 1 as database rows."""
    for row in submission.recommendations:
        places = {field: place.model_dump(exclude_none=True) for field, place in row.places.items()}
        yield {
            "submission_id": submission.submission_id,
            **row.model_dump(exclude={"places"}),
            "industries": list(row.industries) if row.industries is not None else None,
            "status": str(row.status),
            "places": json.dumps(places),
        }


def recommendation(row: Row) -> Recommendation:
    """A row of Annex 1 as it was stored."""
    facts = {name: row[name] for name in Recommendation.model_fields if name != "places"}
    return Recommendation(**facts, places=json.loads(row["places"]))


def submission_of(row: Row, recommendations: Iterable[Row], findings: Iterable[FindingView]) -> Submission:
    """A submission as it was stored, from its row, its rows of Annex 1 and its findings."""
    facts = {name: row[name] for name in Submission.model_fields if name in row}
    return Submission(
        **{**facts, "reference_editions": json.loads(row["reference_editions"])},
        recommendations=tuple(recommendation(one) for one in recommendations),
        findings=tuple(view.finding for view in findings),
    )


def message_of(row: Row, files: Iterable[Row], findings: Iterable[FindingView]) -> MessageRecord:
    """A message as it was stored, from its row, its files and its own findings."""
    facts = {name: row[name] for name in MessageRecord.model_fields if name in row}
    return MessageRecord(
        **facts,
        files=tuple(file_record(one) for one in files),
        findings=tuple(view.finding for view in findings),
    )


def file_record(row: Row) -> FileRecord:
    """A file as it was stored."""
    return FileRecord(**{name: row[name] for name in FileRecord.model_fields})


def submission_rows(submission: Submission, run_id: str, judged_at: dt.datetime) -> dict[str, list[Row]]:
    """What a submission puts into each table."""
    found = finding_rows(
        submission.findings,
        submission_id=submission.submission_id,
        message_id=submission.message_id,
        run_id=run_id,
    )
    return {
        "recommendations": list(recommendation_rows(submission)),
        "findings": list(found),
        "submissions": [submission_row(submission, run_id, judged_at)],
    }


def outcome_rows(outcome: MessageOutcome, run_id: str, now: dt.datetime) -> dict[str, list[Row]]:
    """What a message with its submissions puts into each table; the message's own row is the last."""
    message = outcome.message
    found = finding_rows(message.findings, submission_id=None, message_id=message.message_id, run_id=run_id)
    rows = {
        "files": list(file_rows(message.files, message.message_id, run_id)),
        "findings": list(found),
        "recommendations": [],
        "submissions": [],
    }
    for submission in outcome.submissions:
        for table, more in submission_rows(submission, run_id, now).items():
            rows[table].extend(more)
    return {**rows, "messages": [message_row(message, run_id, outcome.fault, now)]}


def run_view(row: Row) -> RunView:
    """A run as it was stored."""
    return RunView(
        row["run_id"],
        row["started_at"],
        row["finished_at"],
        row["state"],
        row["mailbox"],
        json.loads(row["reference_editions"]),
    )
