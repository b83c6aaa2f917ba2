"""Where each row's cells stand on the pages of the PDF, also where the Word file was judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from outputs.originals import originals_beside
from outputs.store import Store
from reference.model import Cell, Field, FileReading, FormRow, Place, SealSeen
from reference.records import FileRecord, Submission
from reference.settings import Limits, Settings
from validators.alignment import aligned


@dataclass(frozen=True, slots=True)
class PdfPlaces:
    """The PDF of a submission: its pages, and the places of cells by row number and field."""

    file_id: str
    name: str
    pages: int
    cells: dict[tuple[int, str], Place]
    seals: tuple[SealSeen, ...]


def pdf_places(submission: Submission, settings: Settings) -> PdfPlaces | None:
    """The submission's PDF with the places of its cells; None without a PDF that can be read."""
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        files = store.files_of(submission.message_id)
        files += store.files_of(submission.message_id, submission.submission_id)
    chosen = _the_pdf([file for file in files if file.file_id in submission.file_ids])
    if chosen is None:
        return None
    reading = _read(settings.db, chosen.file_id, chosen.name or "", settings.limits)
    form = reading.form
    rows = tuple(_as_row(row.row_no, row.raw_code, row.raw_occupation, row.raw_work_type)
                 for row in submission.recommendations)  # fmt: skip
    cells: dict[tuple[int, str], Place] = {}
    for judged, seen in aligned(rows, form.rows if form else ()):
        if judged and seen:
            cells |= {(judged.row_no, str(field)): cell.place for field, cell in seen.cells.items()}
    name = chosen.name or "（未命名）"
    return PdfPlaces(chosen.file_id, name, reading.pages or 0, cells, reading.seals)


def _the_pdf(files: list[FileRecord]) -> FileRecord | None:
    pdfs = [file for file in files if file.kind == "pdf"]
    return next((file for file in reversed(pdfs) if file.role in ("pdf-form", "corrected")), None) or next(
        iter(pdfs), None
    )


def _as_row(number: int, code: str | None, occupation: str | None, work_type: str | None) -> FormRow:
    told = {Field.CODE: code, Field.OCCUPATION: occupation, Field.WORK_TYPE: work_type}
    place = Place(file_id="")
    return FormRow(
        row_no=number, cells={field: Cell(text=text or "", place=place) for field, text in told.items()}
    )


@lru_cache(maxsize=64)
def _read(db: Path, file_id: str, name: str, limits: Limits) -> FileReading:
    """What reading the PDF gives; a file never changes, so it is read once."""
    from extractors.pdf_form import read_pdf  # pdfplumber only where a PDF is read

    data = originals_beside(db).read(file_id)
    return read_pdf(data, file_id, name, limits, db.with_suffix(".scans"))
