"""A file is read once: a reading is kept by file and reader, and made again where it cannot be trusted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from extractors import readings
from extractors.readings import read_once
from reference.findings import finding
from reference.model import FileReading
from reference.settings import Limits

READING = FileReading(file_id="f", pages=2, scanned_pages=(1, 2), turns={1: 90})


def counting(reading: FileReading) -> tuple[Callable[[], FileReading], list[int]]:
    times: list[int] = []

    def read() -> FileReading:
        times.append(1)
        return reading

    return read, times


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    read, times = counting(READING)
    for _ in range(3):
        assert read_once(tmp_path, "f", "a.pdf", Limits(), read) == READING
    assert len(times) == 1
    read_once(tmp_path, "f", "b.pdf", Limits(), read)  # its sentences name the file
    read_once(tmp_path, "f", "a.pdf", Limits(pages=1), read)
    assert len(times) == 3


def test_another_reader_reads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, times = counting(READING)
    read_once(tmp_path, "f", "a.pdf", Limits(), read)
    monkeypatch.setattr(readings, "_reader", lambda: "another")
    read_once(tmp_path, "f", "a.pdf", Limits(), read)
    assert len(times) == 2


@pytest.mark.parametrize(
    "reading",
    [
        READING.model_copy(update={"unread_pages": (2,)}),
        READING.model_copy(update={"findings": (finding("pdf-missing"),)}),
    ],
)
def test_what_failed_is_tried_again(reading: FileReading, tmp_path: Path) -> None:
    read, times = counting(reading)
    for _ in range(2):
        assert read_once(tmp_path, "f", "a.pdf", Limits(), read) == reading
    assert len(times) == 2


def test_a_damaged_reading_is_made_again(tmp_path: Path) -> None:
    read, times = counting(READING)
    read_once(tmp_path, "f", "a.pdf", Limits(), read)
    (kept,) = tmp_path.iterdir()
    kept.write_text("{")
    assert read_once(tmp_path, "f", "a.pdf", Limits(), read) == READING
    assert len(times) == 2


def test_a_change_in_a_nested_module_is_another_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "deep" / "er" / "module.py"
    module.parent.mkdir(parents=True)
    module.write_text("ONE = 1\n")
    monkeypatch.setattr(readings.extractors, "__file__", str(tmp_path / "__init__.py"))
    digest = readings._reader.__wrapped__
    before = digest()
    assert digest() == before
    module.write_text("ONE = 2\n")
    assert digest() != before
