"""A PDF's form, digital or scanned, and whether the file bears a seal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from extractors.form.find import find_form
from extractors.means import UNHURRIED, Pace, Shelf
from extractors.pdf.document import PdfPieces, pdf_pieces
from extractors.picture.raster import part_of, pictures
from extractors.picture.small_marks import mended
from extractors.seal.find import Look, cut_by_edge, look_for_seals
from extractors.seal.name import names_on
from reference.model import Cell, FileReading, Form, Place, SealSeen
from reference.settings import Limits

SEAL_DPI, SEAL_PAGES = 72.0, 10
"""A seal is looked for on the first ten pages, at this resolution."""
NAME_DPI, MARGIN = 240.0, 3.0
"""Resolution at which the name on a seal is read, and points around it that are drawn too."""


def read_pdf(
    data: bytes,
    file_id: str,
    name: str | None,
    limits: Limits,
    kept: Shelf | None = None,
    pace: Pace = UNHURRIED,
) -> FileReading:
    """A PDF's form, or why there is none, and whether it bears a seal.

    `kept` are the earlier readings of scanned pages.

    Raises:
        MemoryError: it takes more memory than there is. Nothing else that is in the file raises.
    """
    read = pdf_pieces(data, file_id, name, limits, kept, pace)
    look: Look | None = None
    form = find_form(read.pieces, file_id, source="pdf", scanned=read.scanned_pages)
    if form and read.shown:
        form = _as_shown(form, read.shown)
    if form or read.scanned_pages:
        look = _look(data, read)
    return FileReading(
        file_id=file_id,
        form=form,
        pages=read.pages or None,
        scanned_pages=read.scanned_pages,
        unread_pages=read.unread_pages,
        doubtful=read.doubtful,
        turns=dict(read.turns),
        seal=look.verdict if look else None,
        seals=tuple(_seals(data, file_id, look, kept)) if look else (),
        findings=read.findings,
    )


def _as_shown(form: Form, shown: Mapping[int, Callable[[Place], Place]]) -> Form:
    """The form with the places of its scanned pages as a reader sees them.

    Their texts are mended once more: a year and its 〕 may stand on two lines of a cell, joined only now.
    """

    def placed(cell: Cell) -> Cell:
        on_page = shown.get(cell.place.page or 0)
        if on_page is None:
            return cell
        return cell.model_copy(update={"place": on_page(cell.place), "text": mended(cell.text)})

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


def _look(data: bytes, read: PdfPieces) -> Look | None:
    """For seals, from the last page back: a form is stamped at its date."""
    numbers = tuple(range(min(read.pages, SEAL_PAGES), 0, -1))
    try:
        return look_for_seals(pictures(data, numbers, SEAL_DPI), scanned=bool(read.scanned_pages))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a picture that stumbles costs the look at the seal, not the form
        return None


def _seals(data: bytes, file_id: str, look: Look, kept: Shelf | None) -> Iterator[SealSeen]:
    """The seals with the names on them; a name is read from a finer picture of the seal alone."""
    if look.picture is None:
        return
    for seal in look.seals:
        left, top, right, bottom = (side / look.picture.scale for side in seal.box)
        place = Place(file_id=file_id, page=seal.page, box=(left, top, right, bottom))
        around = (left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
        try:
            picture = part_of(data, seal.page, around, NAME_DPI * look.picture.scale * 72 / look.picture.dpi)
            names = names_on(picture, kept) if picture else []
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - a seal that cannot be read is a seal all the same
            names = []
        yield SealSeen(
            place=place,
            names=tuple(name for name, _ in names),
            sure=max((sure for _, sure in names), default=0.0),
            whole=not cut_by_edge(seal.box, look.picture),
        )
