"""An export that changes while a run reads it, and originals that went: nothing is lost, nothing is twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from flows.intake.pipeline import Batch, judge_here, run_intake
from outputs.store.originals import originals_beside
from outputs.store.store import Store
from reference.records import Judged
from reference.settings import Settings


def mail(number: int) -> bytes:
    return (
        f"Received: from a by b; Mon, 23 Jun 2025 09:00:{number:02d} +0800\r\nFrom: a@x.invalid\r\n"
        f"Subject: {number}\r\nMessage-ID: <{number}@x.invalid>\r\n\r\nno form\r\n"
    ).encode()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.eml").write_bytes(mail(number))
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=tmp_path / "z.duckdb", out=tmp_path / "out", workers=1, batch=2)


def test_a_message_that_vanishes_or_changes_is_told_and_the_others_are_read(
    export: Path, settings: Settings
) -> None:
    gone, changed = export / "1.eml", export / "3.eml"

    def meanwhile(
        batches: Iterable[Batch], settings: Settings, usual: Mapping[str, float]
    ) -> Iterator[Sequence[Judged]]:
        gone.unlink(missing_ok=True)
        changed.write_bytes(mail(33))
        return judge_here(batches, settings, usual)

    first = run_intake(export, settings, judge=meanwhile)
    assert (first.found, first.added, first.faults) == (4, 2, ())
    assert {one.source for one in first.skipped} == {"1.eml", "3.eml"}
    gone.write_bytes(mail(1))
    second = run_intake(export, settings)
    assert (second.added, second.skipped) == (2, ())
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        assert len(store.known_message_ids()) == 4


def test_a_run_over_the_same_export_brings_back_originals_that_went(export: Path, settings: Settings) -> None:
    run_intake(export, settings)
    originals = originals_beside(settings.db)
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        gone, cut, *_ = sorted(store.known_message_ids())
    for digest in (gone, cut):
        originals.path(digest).chmod(0o644)
    originals.path(gone).unlink()
    originals.path(cut).write_bytes(b"From")
    again = run_intake(export, settings)
    assert (again.added, again.seen_again) == (0, 0)
    assert {mail(number).rstrip() for number in range(4)} >= {originals.read(gone).rstrip()}
    assert originals.read(cut)
