"""A PDF's form, digital or scanned, and whether the file bears a seal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from extractors.form import find_form
from extractors.pdf import PdfPieces, pdf_pieces
from extractors.raster import pictures
from extractors.seal import Verdict, seal_verdict
from reference.model import Cell, FileReading, Form, Place
from reference.settings import Limits

SEAL_DPI, SEAL_PAGES = 72.0, 10
"""A seal is looked for on the first ten pages, at this resolution."""


def read_pdf(
    data: bytes, file_id: str, name: str | None, limits: Limits, kept: Path | None = None
) -> FileReading:
    """A PDF's form, or why there is none, and whether it bears a seal. Never raises for what is in the file.

    `kept` is the folder of earlier readings of scanned pages.
    """
    read = pdf_pieces(data, file_id, name, limits, kept)
    form = find_form(read.pieces, file_id, source="pdf")
    if form and read.shown:
        form = _as_shown(form, read.shown)
    return FileReading(
        file_id=file_id,
        form=form,
        pages=read.pages or None,
        scanned_pages=read.scanned_pages,
        unread_pages=read.unread_pages,
        doubtful=read.doubtful,
        seal=_seal(data, read) if form or read.scanned_pages else None,
        findings=read.findings,
    )


def _as_shown(form: Form, shown: Mapping[int, Callable[[Place], Place]]) -> Form:
    """The form with the places of its scanned pages as a reader sees them."""

    def placed(cell: Cell) -> Cell:
        on_page = shown.get(cell.place.page or 0)
        return cell.model_copy(update={"place": on_page(cell.place)}) if on_page else cell

    rows = tuple(
        row.model_copy(update={"cells": {column: placed(cell) for column, cell in row.cells.items()}})
        for row in form.rows
    )
    about = {
        name: placed(cell)
        for name in ("unit", "contact", "phone", "form_date")
        if (cell := getattr(form, name))
    }
    return form.model_copy(update={"rows": rows, **about})


def _seal(data: bytes, read: PdfPieces) -> Verdict | None:
    """Looked for from the last page back: a form is stamped at its date."""
    numbers = tuple(range(min(read.pages, SEAL_PAGES), 0, -1))
    try:
        return seal_verdict(pictures(data, numbers, SEAL_DPI), scanned=bool(read.scanned_pages))
    except Exception:  # noqa: BLE001 - a picture that stumbles costs the look at the seal, not the form
        return None
