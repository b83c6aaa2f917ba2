"""Kills: a process does one thing to a database and is ended in the middle; the next run must mend it.

A kill at a statement is made through `outputs.database.watched`, in a process of its own; a kill at a random
time is a SIGKILL. Afterwards the thing is done again where it had not happened, the export is run again, and
the whole database must be as after the thing undisturbed.

    python -m tests.flows.kills --tries 2000 --progress FILE

goes through random kills, and on from where it was stopped.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from flows.deciding import Choice, decide, undo
from flows.pipeline import run_intake
from flows.rerun import rerun_submission, withdraw_correction
from outputs.database import watched
from outputs.owed import Owed, owe
from outputs.store import Store
from reference.decisions import Action
from reference.settings import Settings
from tests.flows.tiny import AMMONIA, BUYER, XUHUI, tiny_export, word_form

NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
KILLED = 137
PATIENCE_SECONDS = 120
OWN_OF_THE_RUN = {
    "runs": None,
    "schema_versions": None,
    "messages": ("run_id", "completed_at"),
    "sightings": ("run_id",),
    "files": (),
    "submissions": ("run_id", "judged_at"),
    "recommendations": (),
    "findings": ("run_id",),
    "decisions": (),
    "steps": (),
    "owed": ("run_id", "since"),
    "upkeep": (),
    "erasures": (),
}
"""By table, the columns that differ from try to try; None for a table that is looked at apart."""

# Forked from a process that has loaded all modules and holds no thread: a try starts within 20 ms.
_PROCESSES = multiprocessing.get_context("forkserver" if os.name != "nt" else "spawn")
if os.name != "nt":
    _PROCESSES.set_forkserver_preload([__name__])


def _intake(settings: Settings, box: Path) -> None:
    run_intake(box, settings)


def _standing(settings: Settings) -> str:
    """The submission that all the others work on."""
    with Store.open(settings.db, wait_seconds=20, read_only=True) as store:
        found = store.database.value(
            "select submission_id from submissions where unit = ? and superseded_by is null"
            " and \"window\" = '2025Q2' and not contains(submission_id, '~')",
            XUHUI,
        )
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


SCENARIOS = {
    "intake": Scenario((), _intake),
    "rerun": Scenario((_intake,), _rerun),
    "decide": Scenario((_intake,), _decide),
    "undo": Scenario((_intake, _decide), _undo),
    "withdraw": Scenario((_intake, _rerun), _withdraw),
    "reports": Scenario((_intake, _lose_reports), _intake),
}


class Prepared:
    """A scenario's state before, what an unbroken deed makes of it, and how long that takes."""

    def __init__(self, name: str, folder: Path) -> None:
        """Prepare a scenario in a folder, which all its tries work in: what is owed names the place."""
        self.name, self._deed = name, SCENARIOS[name].deed
        self._before = folder / f"{name}-before"
        self._box, self._work = folder / "box", folder / name
        self.settings = Settings(
            db=self._work / "z.duckdb", out=self._work / "out", workers=1, batch=1, wait_seconds=20
        )
        if not self._box.exists():
            tiny_export(self._box)
        taken_in = folder / "taken-in"  # the scenarios that begin with an intake share it
        if not taken_in.exists():
            self._work.mkdir()
            _intake(self.settings, self._box)
            self._work.rename(taken_in)
        if SCENARIOS[name].before:
            shutil.copytree(taken_in, self._work)
            for deed in SCENARIOS[name].before[1:]:
                deed(self.settings, self._box)
        else:  # nothing but what was read of the files
            shutil.copytree(taken_in / "z.scans", self._work / "z.scans")
        shutil.copytree(self._work, self._before)
        self._decided = _decided(self.settings)
        told: list[str] = []
        began = time.perf_counter()
        with watched(told.append):
            self._deed(self.settings, self._box)
        self.seconds, self.statements = time.perf_counter() - began, len(told)
        run_intake(self._box, self.settings)
        self._unbroken = dumped(self.settings)

    def killed_at(self, statement: int) -> str:
        """What is wrong after a kill at a statement, counted from 1; empty where nothing is."""
        self._begin()
        process = _PROCESSES.Process(target=perform, args=(self._deed, self.settings, self._box, statement))
        process.start()
        return self._mended(process)

    def killed_after(self, seconds: float) -> str:
        """What is wrong after a SIGKILL that many seconds after the deed began; empty where nothing is."""
        self._begin()
        reader, writer = _PROCESSES.Pipe(duplex=False)
        args = (self._deed, self.settings, self._box, 0, writer)
        process = _PROCESSES.Process(target=perform, args=args)
        process.start()
        if reader.poll(PATIENCE_SECONDS):
            reader.recv()
        time.sleep(seconds)
        process.kill()
        return self._mended(process)

    def _begin(self) -> None:
        shutil.rmtree(self._work)
        shutil.copytree(self._before, self._work)

    def _mended(self, process: BaseProcess) -> str:
        process.join(PATIENCE_SECONDS)
        if process.exitcode not in (0, KILLED, -9):
            process.kill()
            return f"the process ended with {process.exitcode}"
        if self._deed is not _intake and _decided(self.settings) == self._decided:
            self._deed(self.settings, self._box)  # it had not happened
        run_intake(self._box, self.settings)
        return _difference(self._unbroken, dumped(self.settings))


def perform(deed: Deed, settings: Settings, box: Path, kill_at: int, told: Any = None) -> None:
    """Do the deed, in a process of its own, which ends at a statement; 0 for none."""
    done = 0

    def watch(_: str) -> None:
        nonlocal done
        done += 1
        if done == kill_at:
            os._exit(KILLED)

    if told is not None:
        told.send("begins")
    with watched(watch):
        deed(settings, box)


def _decided(settings: Settings) -> int:
    if not settings.db.exists():
        return 0
    with Store.open(settings.db, wait_seconds=20) as store:
        return int(store.database.value("select count(*) from decisions"))


def dumped(settings: Settings) -> list[str]:
    """The whole database and the names of the reports, as lines, without what is each run's own."""
    with Store.open(settings.db, wait_seconds=20, read_only=True) as store:
        read = store.database.rows
        ids = [row["decision_id"] for row in read("select decision_id from decisions order by decided_at")]
        names = {one: f"decision {number}" for number, one in enumerate(ids)}
        tables = sorted(row["table_name"] for row in read("select table_name from information_schema.tables"))
        assert set(tables) == set(OWN_OF_THE_RUN)
        lines = []
        for table in tables:
            own = OWN_OF_THE_RUN[table]
            for row in read(f'select * from "{table}"') if own is not None else ():
                kept = {name: names.get(str(value), value) for name, value in row.items() if name not in own}
                if table == "files" and row["submission_id"] is None:
                    kept.pop("run_id")
                lines.append(f"{table} {kept}")
        lines.append(f"last run {store.database.value('select state from runs order by started_at desc')}")
        running = store.database.value("select count(*) from runs where state = 'running'")
        lines.append(f"{running} runs under way")
    lines += [f"report {path.name}" for path in settings.out.iterdir()]
    return sorted(lines)


def _difference(expected: Sequence[str], found: Sequence[str]) -> str:
    lacks, more = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    return "\n".join(
        [*(f"- {line}" for line in lacks.elements()), *(f"+ {line}" for line in more.elements())]
    )


def random_kills(tries: int, folder: Path, progress: Path) -> Iterator[tuple[int, str, str]]:
    """Random kills by SIGKILL, each by its number: which one, of what, what was wrong.

    Those that the file of progress names were done before; it is written on as they are done.
    """
    done = {int(line.split()[0]) for line in _lines(progress)}
    prepared: dict[str, Prepared] = {}
    for number in range(tries):
        if number in done:
            continue
        chance = random.Random(number)
        name = chance.choice(sorted(SCENARIOS))
        if name not in prepared:
            prepared[name] = Prepared(name, folder)
        wrong = prepared[name].killed_after(chance.uniform(0, 1.3 * prepared[name].seconds))
        with progress.open("a", encoding="utf-8") as file:
            file.write(f"{number} {name} {'wrong' if wrong else 'right'}\n")
        yield number, name, wrong


def counted(progress: Path) -> Counter[str]:
    """How many kills of each scenario ended right and wrong, by the file of progress."""
    return Counter(" ".join(line.split()[1:]) for line in _lines(progress))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def main() -> int:
    """Go through random kills, print what was wrong and the counts."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--tries", type=int, default=2000)
    asked.add_argument("--progress", type=Path, required=True)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number, name, wrong in random_kills(told.tries, Path(folder), told.progress):
            if wrong:
                print(f"{number} {name}\n{wrong}", flush=True)
    counts = counted(told.progress)
    for name, count in sorted(counts.items()):
        print(f"{name}: {count}")
    return int(any(name.endswith("wrong") for name in counts))


if __name__ == "__main__":
    sys.exit(main())
