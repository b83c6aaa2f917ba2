"""Kills: a process does one thing to a database and is ended in the middle; the next run must mend it.

A kill at a statement is made through `outputs.store.database.watched` in a process of its own, one at a
random time is a SIGKILL. Afterwards the thing is done again where it had not happened, the export is run
again, and the whole database must be as after the thing undisturbed.

    python -m tests.flows.kills --tries 2000 --progress FILE --jobs 2

goes through random kills, and on from where it was stopped. What the readers say of a file is asked once and
remembered by all tries: kills are about the database.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import pickle
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from extractors.reader.pool import Readers
from extractors.reader.process import Address
from flows.intake.pipeline import run_intake
from outputs.keeping import backup as backups
from outputs.store.database import watched
from outputs.store.originals import originals_beside
from outputs.store.store import Store
from reference.settings import Settings
from tests.flows.kills.deeds import SCENARIOS, Deed, backup_of, intake, write_export

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
    "erasures": ("erased_at", "person"),
    "upkeep": None,
}
"""By table, the columns that differ from try to try; None for a table that is looked at apart."""

# Forked from a process that has loaded all modules and holds no thread: a try starts within 20 ms.
_PROCESSES = multiprocessing.get_context("forkserver" if os.name != "nt" else "spawn")
if os.name != "nt":
    _PROCESSES.set_forkserver_preload([__name__])


class Prepared:
    """A scenario's state before, what an unbroken deed makes of it, and how long that takes."""

    def __init__(self, name: str, folder: Path) -> None:
        """Prepare a scenario in a folder, which all its tries work in: what is owed names the place."""
        self.name, self._deed, self._again = name, SCENARIOS[name].deed, SCENARIOS[name].again
        self._before = folder / f"{name}-before"
        self._box, self._work = folder / "box", folder / name
        self.settings = Settings(
            db=self._work / "z.duckdb", out=self._work / "out", workers=1, batch=1, wait_seconds=20
        )
        if not self._box.exists():
            write_export(self._box)
        self._answers = _ANSWERS
        taken_in = folder / "taken-in"  # the scenarios that begin with an intake share it
        with _remembered(self._answers):
            if not taken_in.exists():
                self._work.mkdir()
                intake(self.settings, self._box)
                self._work.rename(taken_in)
            if SCENARIOS[name].before:
                shutil.copytree(taken_in, self._work)
                for deed in SCENARIOS[name].before[1:]:
                    deed(self.settings, self._box)
            else:
                self._work.mkdir(exist_ok=True)
            shutil.copytree(self._work, self._before)
            self._happened = _happened(self.settings)
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
        process = _PROCESSES.Process(target=perform, args=self._args(statement))
        process.start()
        return self._mended(process)

    def killed_after(self, seconds: float) -> str:
        """What is wrong after a SIGKILL that many seconds after the deed began; empty where nothing is."""
        self._begin()
        reader, writer = _PROCESSES.Pipe(duplex=False)
        process = _PROCESSES.Process(target=perform, args=self._args(0, writer))
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
        wrong = _wrong_at_once(self.settings)
        with _remembered(self._answers):
            if self._again or _happened(self.settings) == self._happened:
                self._deed(self.settings, self._box)
            run_intake(self._box, self.settings)
        return wrong or _difference(self._unbroken, dumped(self.settings))

    def _args(self, kill_at: int, told: Any = None) -> tuple[Any, ...]:
        return self._deed, self.settings, self._box, self._answers, kill_at, told


def perform(
    deed: Deed, settings: Settings, box: Path, answers: Answers, kill_at: int, told: Any = None
) -> None:
    """Do the deed, in a process of its own, which ends at a statement; 0 for none."""
    done = 0

    def watch(_: str) -> None:
        nonlocal done
        done += 1
        if done == kill_at:
            os._exit(KILLED)

    if told is not None:
        told.send("begins")
    with _remembered(answers), watched(watch):
        deed(settings, box)


Answers = dict[str, bytes]
"""What the readers said, by what they were asked."""
_ANSWERS: Answers = {}


@contextmanager
def _remembered(answers: Answers) -> Iterator[None]:
    """Ask the readers of this process once for each thing."""
    asked = Readers.do

    def do(self: Readers, job: Any, data: Any, **how: Any) -> Any:
        held = data.path.read_bytes() if isinstance(data, Address) else data
        key = hashlib.sha256(job.model_dump_json().encode() + bytes(held)).hexdigest()
        if key not in answers:
            answers[key] = pickle.dumps(asked(self, job, data, **how))
        return pickle.loads(answers[key])

    Readers.do = do  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Readers.do = asked  # type: ignore[method-assign]


def _happened(settings: Settings) -> tuple[int, ...]:
    """What changes when a deed is done: how many decisions there are, and what was done to keep the store."""
    if not settings.db.exists():
        return ()
    with Store.open(settings.db, wait_seconds=20, read_only=True) as store:
        tables = ("decisions", "upkeep")
        return tuple(store.database.value(f"select count(*) from {table}") for table in tables)


def _wrong_at_once(settings: Settings) -> str:
    """What is wrong before anything is mended: a backup that was whole is whole at each moment."""
    folder = backup_of(settings)
    if not (folder / backups.MANIFEST).exists():
        return ""
    wrong = backups.check(folder)[1]
    there = "" if settings.db.exists() else "no database"
    return "\n".join(filter(None, [*(f"the backup lacks {name}" for name in wrong), there]))


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
        lines += sorted({f"upkeep {row}" for row in read("select what, folder, outcome from upkeep")})
        running = store.database.value("select count(*) from runs where state = 'running'")
        lines.append(f"{running} runs under way")
    lines += [f"report {path.name}" for path in settings.out.iterdir()]
    lines += [f"original {digest}" for digest in originals_beside(settings.db).sizes()]
    folder = backup_of(settings)
    if folder.exists():
        manifest, wrong = backups.check(folder)
        lines.append(f"backup of {len(manifest.originals)} originals, wrong: {wrong}")
    return sorted(lines)


def _difference(expected: Sequence[str], found: Sequence[str]) -> str:
    lacks, more = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    return "\n".join(
        [*(f"- {line}" for line in lacks.elements()), *(f"+ {line}" for line in more.elements())]
    )


def random_kills(
    tries: int, folder: Path, progress: Path, share: tuple[int, int] = (0, 1)
) -> Iterator[tuple[int, str, str]]:
    """Random kills by SIGKILL, each by its number: which one, of what, what was wrong.

    Those that the file of progress names were done before; it is written on as they are done. `share` is
    which of how many parts of the numbers is gone through.
    """
    done = {int(line.split()[0]) for line in _lines(progress)}
    prepared: dict[str, Prepared] = {}
    for number in range(share[0], tries, share[1]):
        if number in done:
            continue
        chance = random.Random(number)
        name = chance.choice(sorted(SCENARIOS))
        if name not in prepared:
            prepared[name] = Prepared(name, folder)
        wrong = prepared[name].killed_after(chance.uniform(0, 1.3 * prepared[name].seconds))
        with progress.open("a", encoding="utf-8") as file:  # one short line: whole beside other processes'
            file.write(f"{number} {name} {'wrong' if wrong else 'right'}\n")
        yield number, name, wrong


def counted(progress: Path) -> Counter[str]:
    """How many kills of each scenario ended right and wrong, by the file of progress."""
    return Counter(" ".join(line.split()[1:]) for line in _lines(progress))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def go_through(tries: int, progress: Path, share: tuple[int, int]) -> None:
    """Go through a share of the random kills, and print what was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        for number, name, wrong in random_kills(tries, Path(folder), progress, share):
            if wrong:
                print(f"{number} {name}\n{wrong}", flush=True)
