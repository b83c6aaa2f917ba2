"""The names on the seals of the samples, read from their PDFs."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.mail.messages import read_message
from extractors.means import FolderShelf
from extractors.pdf.form import read_pdf
from reference.model import FileKind, SealSeen
from reference.settings import Limits

EXPORT = Path(__file__).parents[3] / "samples" / "export"


def seals(message: str, kept: Path | None = None) -> tuple[SealSeen, ...]:
    (path,) = EXPORT.rglob(f"{message}.eml")
    files = read_message(path.read_bytes(), path.name, Limits(), exported_at=None).attachments
    (pdf,) = (file for file in files if file.kind is FileKind.PDF)
    return read_pdf(pdf.data, pdf.file_id, pdf.name, Limits(), FolderShelf(kept) if kept else None).seals


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("M0004", "上海市公安局"),
        ("M0009", "上海市妇女联合会"),
        ("M0035", "上海市文化和旅游局"),
    ],
)
def test_the_ring_is_read(message: str, name: str) -> None:
    (seal,) = seals(message)
    assert seal.names[0] == name
    assert seal.whole
    assert seal.sure > 0.9
    assert seal.place.page is not None
    left, top, right, bottom = seal.place.box or (0, 0, 0, 0)
    assert 80 < right - left < 140  # some 40 mm
    assert 80 < bottom - top < 140


def test_a_name_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = seals("M0004", tmp_path)
    monkeypatch.setattr("extractors.seal.name.read_strips", None)  # a second reading would fail
    assert seals("M0004", tmp_path) == first
    assert first[0].names
