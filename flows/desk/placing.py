"""Where each row's cells stand: on the pages of the PDF, and in the Word file as it was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from extractors.form.find import find_form
from extractors.table.grid import Grid, Piece
from flows.intake.foreign import pdf_reading, word_read
from outputs.store.originals import originals_beside
from outputs.store.snapshots import snapshots_of
from reference.model import Cell, Field, FileReading, FormField, FormRow, Place, SealSeen
from reference.records import FileRecord, Submission
from reference.settings import Limits, Settings
from validators.matching.row_alignment import aligned


@dataclass(frozen=True, slots=True)
class PdfPlaces:
    """The PDF of a submission: its pages, and the places of cells by row number (None: the form's) and field.

    `turns` are the degrees clockwise that set a page upright which lies on its side or its head.
    """

    file_id: str
    name: str
    pages: int
    cells: dict[tuple[int | None, str], Place]
    seals: tuple[SealSeen, ...]
    turns: dict[int, int]


@dataclass(frozen=True, slots=True)
class TypedCell:
    """A cell of the Word file's table; `holds` names the form's cells in it, as `row_no/field`."""

    text: str
    rowspan: int
    colspan: int
    holds: tuple[str, ...]


TypedTable: TypeAlias = tuple[tuple[TypedCell, ...], ...]


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """The Word file of a submission from its top: lines of text, and tables row by row."""

    name: str
    pieces: tuple[str | TypedTable, ...]


def typed_sheet(submission: Submission, settings: Settings) -> TypedSheet | None:
    """The submission's Word file as it was typed; None without one that can be read."""
    chosen = _the_file(_files(submission, settings), "docx", "word-form")
    if chosen is None:
        return None
    pieces = _typed(settings.db, chosen.file_id, chosen.name or "", settings.limits)
    form = find_form(pieces, chosen.file_id, source="word")
    holds: dict[Place, list[str]] = defaultdict(list)
    for judged, seen in aligned(_rows(submission), form.rows if form else ()):
        if judged and seen:
            for field, cell in seen.cells.items():
                holds[cell.place].append(f"{judged.row_no}/{field}")
    shown = tuple(_table(one, holds) if isinstance(one, Grid) else one.text for one in pieces)
    return TypedSheet(chosen.name or "（未命名）", shown)


def _table(grid: Grid, holds: Mapping[Place, Sequence[str]]) -> TypedTable:
    return tuple(
        tuple(
            TypedCell(cell.text, cell.rowspan, cell.colspan, tuple(holds.get(cell.place, ())))
            for column, cell in enumerate(row)
            if cell and (cell.row, cell.column) == (number, column)
        )
        for number, row in enumerate(grid.rows)
    )


def pdf_places(submission: Submission, settings: Settings) -> PdfPlaces | None:
    """The submission's PDF with the places of its cells; None without a PDF that can be read."""
    chosen = _the_file(_files(submission, settings), "pdf", "pdf-form")
    if chosen is None:
        return None
    reading = _read(settings, chosen.file_id, chosen.name)
    form = reading.form
    of_form = [(field, form.cell(field)) for field in FormField] if form else []
    cells: dict[tuple[int | None, str], Place] = {
        (None, str(field)): cell.place for field, cell in of_form if cell
    }
    for judged, seen in aligned(_rows(submission), form.rows if form else ()):
        if judged and seen:
            cells |= {(judged.row_no, str(field)): cell.place for field, cell in seen.cells.items()}
    name = chosen.name or "（未命名）"
    return PdfPlaces(chosen.file_id, name, reading.pages or 0, cells, reading.seals, reading.turns)


def _files(submission: Submission, settings: Settings) -> list[FileRecord]:
    """The files that the submission was judged by."""
    with snapshots_of(settings.db).read(settings.wait_seconds) as store:
        files = [
            *store.files_of(submission.message_id),
            *store.files_of(submission.message_id, submission.submission_id.partition("~")[0]),
        ]
    return [file for file in files if file.file_id in submission.file_ids]


def _the_file(files: Sequence[FileRecord], kind: str, role: str) -> FileRecord | None:
    """The file of a kind that holds the form: the correction that came last, else what was sent."""
    of_kind = [file for file in files if file.kind == kind]
    return next((file for file in reversed(of_kind) if file.role in (role, "corrected")), None) or next(
        iter(of_kind), None
    )


def _rows(submission: Submission) -> tuple[FormRow, ...]:
    return tuple(
        _as_row(row.row_no, row.raw_code, row.raw_occupation, row.raw_work_type)
        for row in submission.recommendations
    )


def _as_row(number: int, code: str | None, occupation: str | None, work_type: str | None) -> FormRow:
    told = {Field.CODE: code, Field.OCCUPATION: occupation, Field.WORK_TYPE: work_type}
    place = Place(file_id="")
    return FormRow(
        row_no=number, cells={field: Cell(text=text or "", place=place) for field, text in told.items()}
    )


def _read(settings: Settings, file_id: str, name: str | None) -> FileReading:
    return pdf_reading(file_id, name, settings, lambda: originals_beside(settings.db).read(file_id))


@lru_cache(maxsize=64)
def _typed(db: Path, file_id: str, name: str, limits: Limits) -> tuple[Piece, ...]:
    return word_read(file_id, name, originals_beside(db).read(file_id), limits).pieces
