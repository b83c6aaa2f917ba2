"""A draft to a judged submission: normalise the rows, apply the rulebook, settle the statuses. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from reference.decisions import Changes
from reference.model import Cell, Field, Finding, Form, FormField, FormRow, Message, Outcome, Place, Status
from reference.records import Recommendation, Submission
from reference.tables.load import ReferenceTables
from reference.times import SHANGHAI
from validators.assemble import Draft
from validators.facts import RowFacts, row_facts
from validators.rulebook import FORM_RULES, ROW_RULES
from validators.rules.duplicates import form_duplicates
from validators.rules.form import person_name, unit_name
from validators.rules.message import receipt_rules
from validators.rules.pdf_against_word import unsure_cells, versus
from validators.rules.plausibility import demands, usual_before
from validators.rules.seal import seal_unit
from validators.text import normalise, numbers
from validators.window import window_of

_STATUS = {
    Outcome.REJECT: Status.REJECTED,
    Outcome.CORRECT: Status.NEEDS_CORRECTION,
    Outcome.REVIEW: Status.NEEDS_REVIEW,
    Outcome.NOTE: Status.ACCEPTED,
}
NOTHING_DECIDED: Changes = MappingProxyType({})
NOTHING_USUAL: Mapping[str, float] = MappingProxyType({})
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody mistakes for one another when typing a submission's id."""


def status_of(findings: Iterable[Finding]) -> Status:
    """The status that the worst finding gives; accepted where there is none."""
    outcomes = {finding.outcome for finding in findings}
    return next((_STATUS[outcome] for outcome in Outcome if outcome in outcomes), Status.ACCEPTED)


def submission_id(message_id: str, index: int, window: str | None, received_at: dt.datetime) -> str:
    """A stable id that can be typed: `2025Q2-7KM3XD`, `2025X-…` outside any window."""
    number = int(hashlib.sha256(f"{message_id}/{index}".encode()).hexdigest(), 16)
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return f"{window or f'{received_at.astimezone(SHANGHAI).year}X'}-{letters}"


def judge_submission(
    draft: Draft,
    index: int,
    message: Message,
    tables: ReferenceTables,
    usual: Mapping[str, float] = NOTHING_USUAL,
    decided: Changes = NOTHING_DECIDED,
) -> Submission:
    """Judge one submission of a message; `index` tells it from the message's others.

    `usual` is the median demand of each window received so far (`demand-implausible`). Cells that a person
    `decided` are judged by what they decided, as long as the sender's text is what it was then.
    """
    sent = draft.form
    form = _decided_form(sent, decided) if sent else None
    received_on = message.received_at.astimezone(SHANGHAI).date()
    window = window_of(message.received_at)
    rows = [row_facts(_decided(row, decided), tables, received_on) for row in form.rows] if form else []
    own = (
        *receipt_rules(message),
        *draft.findings,
        *(_form_findings(form, tables, received_on) if form else ()),
    )
    by_row = _row_findings(rows, tables, usual_before(window, usual))
    for finding in _read_twice(draft, form, tables):
        if finding.row_no in by_row:
            by_row[finding.row_no].append(finding)
        else:
            own = (*own, finding)
    form_date = numbers.date(form.form_date.text) if form and form.form_date else None
    return Submission(
        submission_id=submission_id(message.message_id, index, window, message.received_at),
        track="occupation",
        window=window,
        message_id=message.message_id,
        unit=unit_name(form.unit) if form else None,
        contact=person_name(form.contact) if form else None,
        phone=normalise.stated(form.phone.text) if form and form.phone else None,
        **{f"{field}_raw": _text(sent, field) for field in FormField},
        form_date=form_date,
        received_at=message.received_at,
        status=status_of(own),
        recommendations=tuple(
            _record(row, as_sent, by_row[as_sent.row_no])
            for row, as_sent in zip(rows, sent.rows if sent else (), strict=True)
        ),
        findings=(*own, *(finding for findings in by_row.values() for finding in findings)),
        file_ids=tuple(draft.roles),
        reference_editions={edition.table: edition.edition for edition in tables.editions},
    )


def _read_twice(draft: Draft, form: Form | None, tables: ReferenceTables) -> Iterator[Finding]:
    """What the stamped PDF says against the Word file, or what of it is doubtful where it stands alone.

    The seal is held against the unit in force, which is that of `form`.
    """
    pdf, word = draft.pdf, draft.word
    if pdf is None or pdf.form is None or pdf.reading is None:
        return
    yield from seal_unit(form or pdf.form, pdf.reading.seals, tables)
    if word is None or word.form is None:
        yield from unsure_cells(pdf.form.rows, pdf.reading)
    else:
        yield from versus(
            word.form, pdf.form, pdf.reading, lambda one, other: (one, other) in tables.lookalikes
        )


def _form_findings(form: Form, tables: ReferenceTables, received_on: dt.date) -> list[Finding]:
    return [finding for rule, _ in FORM_RULES for finding in rule(form, tables, received_on)]


def _row_findings(
    rows: Sequence[RowFacts], tables: ReferenceTables, usual: float | None
) -> dict[int, list[Finding]]:
    """The findings of each row by its number, in the rulebook's order."""
    found = {row.row.row_no: [f for rule, _ in ROW_RULES for f in rule(row, tables)] for row in rows}
    for finding in (*form_duplicates(rows), *demands(rows, usual)):
        if finding.row_no is not None:
            found[finding.row_no].append(finding)
    return found


def _text(form: Form | None, field: FormField) -> str | None:
    cell = form.cell(field) if form else None
    return cell.text if cell else None


def _decided_form(form: Form, decided: Changes) -> Form:
    """The form with what was decided about its fields outside the table; a label that lacks is added."""
    cells = {}
    for field in FormField:
        change = decided.get((None, field))
        if change is not None and change.was == _text(form, field):
            cell = form.cell(field)
            place = cell.place if cell else Place(file_id=form.file_id)
            cells[str(field)] = Cell(text=change.value, place=place)
    return form.model_copy(update=cells)


def _decided(row: FormRow, decided: Changes) -> FormRow:
    """The row with what was decided about its cells; a column that the form lacks is added to it."""
    cells = dict(row.cells)
    for (number, field), change in decided.items():
        if number == row.row_no and row.text(Field(field)) == change.was:
            place = cells[Field(field)].place if Field(field) in cells else next(iter(cells.values())).place
            cells[Field(field)] = Cell(text=change.value, place=place)
    return row.model_copy(update={"cells": cells})


def _record(row: RowFacts, sent: FormRow, findings: Sequence[Finding]) -> Recommendation:
    """The row as it is stored: as the sender wrote it, normalised, and its status."""
    resolution, cells = row.resolution, sent.cells
    occupation = resolution.occupation
    standard = row.stated(Field.STANDARD_NAME)
    priority = row.stated(Field.PRIORITY)
    return Recommendation(
        row_no=row.row.row_no,
        **{f"raw_{field}": sent.text(field) for field in Field},
        priority=numbers.whole(priority) if priority else None,
        code=occupation.code if occupation else row.code.value if row.code else None,
        occupation=occupation.name if occupation else row.stated(Field.OCCUPATION),
        work_type=resolution.work_type,
        standard_name=normalise.standard_name(standard) if standard else None,
        standard_version=row.standard_version,
        shortage_flag=row.shortage_flag,
        industries=row.industries.values if row.industries else None,
        demand=row.demand,
        reason=row.stated(Field.REASON),
        match_score=resolution.score,
        resolved=occupation is not None,
        status=status_of(findings),
        places={str(field): cell.place for field, cell in cells.items()},
    )
