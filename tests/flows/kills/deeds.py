"""What is done to a database, and killed: an intake, a correction, a decision, a backup and the rest."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flows.desk.deciding import Choice, decide, undo
from flows.desk.rerun import rerun_submission, withdraw_correction
from flows.intake.pipeline import run_intake
from flows.keeping import keep as keeping
from outputs.store.owed import Owed, owe
from outputs.store.store import Store
from reference.decisions import Action
from reference.settings import Settings
from tests.flows.tiny import AMMONIA, BUYER, JINSHAN, XUHUI, message, tiny_export, word_form

NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
BEFORE = dt.date(2025, 6, 1)
"""What came before is erased: the messages of March and May."""


def intake(settings: Settings, box: Path) -> None:
    run_intake(box, settings)


def _standing(settings: Settings, name: str = "") -> str:
    """The submission that all the others work on; by a name of its own one that was found before.

    A misplaced correction changes the unit by which it is found.
    """
    found_before = settings.db.with_name(name or "-")
    if name and found_before.exists() and (known := found_before.read_text()):  # empty: killed in writing it
        return known
    with Store.open(settings.db, wait_seconds=20, read_only=True) as store:
        found = store.database.value(
            "select submission_id from submissions where unit = ? and superseded_by is null"
            " and \"window\" = '2025Q2' and not contains(submission_id, '~')",
            XUHUI,
        )
    if name:
        found_before.write_text(str(found))
    return str(found)


def _rerun(settings: Settings, box: Path) -> None:
    corrected = box.with_name("更正.docx")
    if not corrected.exists():
        corrected.write_bytes(word_form(XUHUI, (*BUYER[:9], "更正后的理由"), ("2", *AMMONIA[1:])))
    rerun_submission(
        _standing(settings), settings, run_id="r", person="王敏", now=NOW, corrected=[corrected]
    )  # fmt: skip


def _decide(settings: Settings, box: Path) -> None:
    name = _standing(settings)
    with Store.open(settings.db, wait_seconds=20, read_only=True) as store:
        wrong = [v for v in store.findings_of(name) if v.finding.code == "standard-version-outdated"]
    decide([Choice(wrong[0].finding_id, Action.TAKE)], name, "王敏", NOW, settings)


def _undo(settings: Settings, box: Path) -> None:
    undo(_standing(settings), "李强", NOW + dt.timedelta(minutes=1), settings)


def _withdraw(settings: Settings, box: Path) -> None:
    later = NOW + dt.timedelta(minutes=1)
    withdraw_correction(_standing(settings), settings, run_id="w", person="李强", now=later)


def _place(settings: Settings, box: Path) -> None:
    """A correction that is another unit's form, taken on a person's word."""
    corrected = box.with_name("金山.docx")
    if not corrected.exists():
        corrected.write_bytes(word_form(JINSHAN, BUYER))
    rerun_submission(
        _standing(settings, "placed"), settings, run_id="r", person="王敏", now=NOW, corrected=[corrected],
        anyway=True,
    )  # fmt: skip


def _take_out(settings: Settings, box: Path) -> None:
    """The same withdrawn."""
    later = NOW + dt.timedelta(minutes=1)
    withdraw_correction(_standing(settings, "placed"), settings, run_id="w", person="李强", now=later)


def _erase(settings: Settings, box: Path) -> None:
    keeping.erase(keeping.to_erase(settings, BEFORE), settings)


def _backup(settings: Settings, box: Path) -> None:
    keeping.backup(backup_of(settings), settings)


def _restore(settings: Settings, box: Path) -> None:
    keeping.restore(backup_of(settings), settings, overwrite=True)


def backup_of(settings: Settings) -> Path:
    return settings.db.with_name("backup")


def _lose_reports(settings: Settings, box: Path) -> None:
    """As after a kill that let a run write none of its reports."""
    shutil.rmtree(settings.out)
    with Store.open(settings.db, wait_seconds=20) as store:
        for window in ("2025Q1", "2025Q2"):
            owe(store.database, Owed.REPORTS, window, "r", folder=str(settings.out))


Deed = Callable[[Settings, Path], None]


@dataclass(frozen=True)
class Scenario:
    """What is done before, undisturbed: nothing, or an intake and more; and what is killed."""

    before: tuple[Deed, ...]
    deed: Deed
    again: bool = False
    """Whether the deed is done again after each kill; else where it had not happened alone."""


SCENARIOS = {
    "intake": Scenario((), intake, again=True),
    "rerun": Scenario((intake,), _rerun),
    "decide": Scenario((intake,), _decide),
    "undo": Scenario((intake, _decide), _undo),
    "withdraw": Scenario((intake, _rerun), _withdraw),
    "reports": Scenario((intake, _lose_reports), intake, again=True),
    "placed": Scenario((intake,), _place),
    "taken-out": Scenario((intake, _place), _take_out),
    "erase": Scenario((intake, _decide), _erase, again=True),
    "backup": Scenario((intake, _backup, _decide), _backup),
    "restore": Scenario((intake, _backup, _decide), _restore),
}


def write_export(box: Path) -> None:
    """The small export, with a message outside any window and one that holds a file nobody can read."""
    tiny_export(box)
    (box / "5.eml").write_bytes(
        message(5, ("推荐表.docx", word_form(JINSHAN, AMMONIA)), received="Tue, 13 May 2025 09:00:00 +0800")
    )
    (box / "6.eml").write_bytes(message(6, ("推荐表.docx", b"PK\x03\x04"), ("推荐表.pdf", b"%PDF-1.4")))
