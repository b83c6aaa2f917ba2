"""The stamped PDF held against the Word file, cell by cell (一(三)2: both are wanted, as one form)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from reference.findings import finding, offered
from reference.model import Box, Cell, Field, FileReading, Finding, Form, FormRow
from reference.text import fold
from validators.matching.row_alignment import aligned

TOUCH = 3.0
"""Points by which frames of neighbours may lie over each other."""

Alike = Callable[[str, str], bool]


def versus(word: Form, pdf: Form, reading: FileReading, alike: Alike) -> Iterator[Finding]:
    """`pdf-word-mismatch`: a cell that differs after folding width, spaces and line breaks.

    On scanned pages what the reader may have got wrong is no difference: characters that are `alike` by
    shape, punctuation. A cell that was read without certainty, or that a seal covers, is settled where it
    agrees with the Word file; else it is `ocr-unsure`, for a person to look at.
    """
    for typed, stamped in aligned(word.rows, pdf.rows):
        yield from _row(typed, stamped, reading, alike)


def _row(
    typed: FormRow | None, stamped: FormRow | None, reading: FileReading, alike: Alike
) -> Iterator[Finding]:
    present = typed or stamped
    if present is None:
        return
    if typed is None or stamped is None:
        if stamped is None and reading.unread_pages:
            return
        text = " ".join(filter(None, (present.text(field) for field in (Field.CODE, Field.OCCUPATION))))
        place = next(iter(present.cells.values())).place if present.cells else None
        yield finding(
            "pdf-word-mismatch",
            field=Field.OCCUPATION,
            row_no=typed.row_no if typed else None,
            seen=text if stamped else "（无此行）",
            expected=text if typed else "（无此行）",
            evidence=place,
            where=f"第{present.row_no}行",
            where_en=f"row {present.row_no}",
            parts="整行",
        )
        return
    for field in Field:
        left, right = typed.cells.get(field), stamped.cells.get(field)
        if not left or not right or not differ(left, right, reading, alike):
            continue
        if _doubtful(right, reading):
            yield _unsure(field, typed.row_no, right, left)
        else:
            yield finding(
                "pdf-word-mismatch",
                field=field,
                row_no=typed.row_no,
                seen=right.text,
                expected=left.text,
                candidates=offered(left.text, right.text),
                evidence=right.place,
                where=f"第{typed.row_no}行",
                where_en=f"row {typed.row_no}",
                parts=parts(left.text, right.text),
            )


def differ(typed: Cell, stamped: Cell, reading: FileReading, alike: Alike) -> bool:
    """Whether a cell differs between Word file and PDF by more than the reading of a picture may do."""
    one, other = fold(typed.text), fold(stamped.text)
    if one == other:
        return False
    if stamped.place.page not in reading.scanned_pages:
        return True
    return not all(_noise(left, right, alike) for left, right in _changes(one, other))


def parts(typed: str, stamped: str) -> str:
    """Which characters differ, as 'Word → PDF' pieces."""
    changes = _changes(fold(typed), fold(stamped))
    return "；".join(f"“{left}”→“{right}”" for left, right in changes)


def _changes(one: str, other: str) -> list[tuple[str, str]]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return [(one[i0:i1], other[j0:j1]) for kind, i0, i1, j0, j1 in matcher.get_opcodes() if kind != "equal"]


def _noise(left: str, right: str, alike: Alike) -> bool:
    """A difference that a reader of pictures makes: punctuation, or characters of like shape."""
    if not any(sign.isalnum() for sign in left + right):
        return True
    return len(left) == len(right) and all(map(alike, left, right))


def _doubtful(cell: Cell, reading: FileReading) -> bool:
    page, box = cell.place.page, cell.place.box
    return box is not None and any(
        place.page == page and place.box is not None and _overlap(box, place.box)
        for place in reading.doubtful
    )


def _overlap(cell: Box, doubtful: Box) -> bool:
    """Whether a doubtful place reaches into a cell, by more than a slanting page may shift its frame."""
    return (
        cell[0] + TOUCH < doubtful[2]
        and doubtful[0] + TOUCH < cell[2]
        and cell[1] + TOUCH < doubtful[3]
        and doubtful[1] + TOUCH < cell[3]
    )


def unsure_cells(rows: Sequence[FormRow], reading: FileReading) -> Iterator[Finding]:
    """`ocr-unsure`: a cell read from a picture without certainty, where no Word file settles it."""
    for row in rows:
        for field, cell in row.cells.items():
            if _doubtful(cell, reading):
                yield _unsure(field, row.row_no, cell, None)


def _unsure(field: Field, row_no: int, cell: Cell, typed: Cell | None) -> Finding:
    return finding(
        "ocr-unsure",
        field=field,
        row_no=row_no,
        seen=cell.text,
        expected=typed.text if typed else None,
        evidence=cell.place,
        hint_zh=f"（WORD为“{typed.text}”）" if typed else "，且无WORD版可核对",
        hint_en=f" (the Word file has '{typed.text}')" if typed else ", and no Word file settles it",
    )
