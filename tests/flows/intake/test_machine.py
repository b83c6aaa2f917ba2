"""A machine that refuses: full disks, read-only folders, damaged files. One line says what to do, and once
it is mended the next run ends in the database of an unbroken one."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows import cli
from flows.cli import main
from flows.keeping.auditing import audit
from outputs.store.database import open_database
from outputs.store.originals import originals_beside
from outputs.store.store import Store
from reference.errors import StoreError, machine_error
from reference.settings import Settings
from tests.conftest import SAMPLES
from tests.contents import contents
from tests.outputs.outcomes import outcome, submission

FEW = ("M0018", "M0053")


class Place:
    """A folder with an export, a database and reports, and the command line on them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.export = folder, folder / "export"
        self.db, self.out = folder / "z.duckdb", folder / "out"
        self.export.mkdir(parents=True)
        for name in FEW:
            shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", self.export)

    @property
    def common(self) -> list[str]:
        return ["--db", str(self.db), "--out", str(self.out)]

    def run(self) -> int:
        return main(["run", str(self.export), "--plain", *self.common])


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("unbroken"))
    assert place.run() == 0
    return place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file grows beyond a size: what a full disk says, without filling one."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr().err
    assert told.startswith("zhengji: "), told
    assert told.count("\n") == 1, told
    return told


def made_up_for(place: Place, unbroken: Place) -> None:
    """The next run ends as one that nothing stopped."""
    assert place.run() == 0
    assert contents(place.db) == contents(unbroken.db)
    assert audit(Settings(db=place.db, out=place.out), place.export, deep=False).gaps == ()


def with_database(place: Place, _: Place) -> None:
    open_database(place.db, wait_seconds=5).__exit__()


def with_originals(place: Place, unbroken: Place) -> None:
    with_database(place, unbroken)
    shutil.copytree(originals_beside(unbroken.db).folder, originals_beside(place.db).folder)


@pytest.mark.parametrize(
    ("before", "size", "what"),
    [
        (lambda *_: None, 0, "the database"),
        pytest.param(lambda *_: None, 200_000, "the database", marks=pytest.mark.nightly),
        (with_database, 20_000, "the originals"),
        pytest.param(with_originals, 1_000, "the database", marks=pytest.mark.nightly),
        (with_originals, 6_000, "the database"),
    ],
    ids=["nothing", "half a new database", "an original", "the run's start", "a message"],
)
def test_a_disk_that_is_full_for(
    before: Callable[[Place, Place], None],
    size: int,
    what: str,
    place: Place,
    unbroken: Place,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before(place, unbroken)
    with files_up_to(size):
        assert place.run() == 3
    told = one_line(capsys)
    assert what in told
    assert "Make room" in told
    made_up_for(place, unbroken)


def test_reports_without_room_are_written_once_there_is(
    place: Place, unbroken: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run() == 0
    paper = place.out / "zhengji-2025Q2.xlsx"
    before = paper.read_bytes()
    capsys.readouterr()
    with files_up_to(2_000):
        assert main(["report", "2025Q2", *place.common]) == 3
    assert "Make room" in one_line(capsys)
    assert paper.read_bytes() == before
    made_up_for(place, unbroken)


def test_readings_without_room_cost_the_readings_alone(place: Place, unbroken: Place) -> None:
    place.db.with_suffix(".scans").write_text("a file where the folder should be")
    made_up_for(place, unbroken)


def in_a_small_world(script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script where file systems can be mounted for it alone; skipped where that is refused."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, encoding="utf-8", check=False
    )


def command(place: Place) -> str:
    return f"{sys.executable} -m flows.cli run {place.export} --plain --db {place.db} --out {place.out}"


def test_a_file_system_that_is_really_full(place: Place, unbroken: Place) -> None:
    disk = place.folder / "disk"
    disk.mkdir()
    place.db = disk / "z.duckdb"
    kept = place.folder / "kept"
    done = in_a_small_world(
        f"mount -t tmpfs -o size=900k none {disk} && {command(place)}; status=$?;"
        f" cp -r {disk} {kept}; exit $status"
    )
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith("zhengji: ")
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr
    place.db = kept / "z.duckdb"
    made_up_for(place, unbroken)


@pytest.mark.parametrize(
    "what", ["out", *(pytest.param(what, marks=pytest.mark.nightly) for what in ("originals", "database"))]
)
def test_a_read_only_folder(what: str, place: Place, unbroken: Place) -> None:
    with_database(place, unbroken)
    folder = {
        "originals": originals_beside(place.db).folder, "out": place.out, "database": place.folder / "ro",
    }[what]  # fmt: skip
    folder.mkdir()
    if what == "database":
        place.db = folder / "z.duckdb"
    done = in_a_small_world(f"mount -t tmpfs -o ro none {folder} && {command(place)}")
    assert done.returncode == 3, done.stdout
    assert done.stderr.startswith("zhengji: ")
    assert done.stderr.count("\n") == 1
    assert str(folder) in done.stderr
    assert "Read-only file system" in done.stderr
    made_up_for(place, unbroken)


def test_a_file_where_a_folder_should_be(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.folder / "file").write_text("")
    place.out = place.folder / "file" / "out"
    assert place.run() == 3
    assert "out" in one_line(capsys)
    place.db = place.folder / "file" / "z.duckdb"
    assert place.run() == 3
    assert str(place.db.parent) in one_line(capsys)
    place.db = place.folder
    assert place.run() == 3
    assert str(place.folder) in one_line(capsys)


COMMANDS = (["status"], ["report", "2025Q2"], ["export"], ["audit"], ["explain", "2025Q2-AAAAAA", "1"])


def beginning(data: bytes) -> bytes:
    return b"garbage" + data[7:]


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flips(data: bytes) -> bytes:
    """Sixty flips behind the headers: of a small database hardly a block stays whole."""
    damaged, chance = bytearray(data), random.Random(7)
    for _ in range(60):
        damaged[chance.randrange(12_288, len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


@pytest.mark.parametrize("damage", [beginning, half, flips])
def test_a_damaged_database(
    damage: Callable[[bytes], bytes], place: Place, unbroken: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.db.write_bytes(damage(unbroken.db.read_bytes()))
    for arguments in COMMANDS:
        assert main([*arguments, "--db", str(place.db)]) == 3, arguments
        assert "restore" in one_line(capsys)
    assert place.run() == 3
    assert "restore" in one_line(capsys)


def test_a_damaged_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "z.duckdb"
    with Store.open(path, wait_seconds=5) as store:
        store.save_outcome(outcome("m1", submission()), "r")
        shutil.copy(path, tmp_path / "copy.duckdb")
        log = bytearray(path.with_name("z.duckdb.wal").read_bytes())
    log[len(log) // 2] ^= 1
    (tmp_path / "copy.duckdb.wal").write_bytes(log)
    with pytest.raises(StoreError, match=r"damaged.*restore.*copy.duckdb.wal away"):
        open_database(tmp_path / "copy.duckdb", wait_seconds=5)


def test_what_nobody_expected_is_one_line_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def slips(*_: object) -> int:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(cli.commands, "status", slips)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["status"]) == 1
    told = one_line(capsys)
    (log,) = tmp_path.glob("zhengji-fault-*.log")
    assert str(log) in told
    assert "a slip" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("number", [28, 30, 13, 122, 27, 12])
def test_the_systems_refusals_say_what_to_do(number: int) -> None:
    error = machine_error(OSError(number, "refused", "/a/place"))
    assert "/a/place" in str(error)
    assert error.exit_status == 3
    assert len(error.remedy) > 20


def test_papers_owed_to_a_folder_that_is_gone_for_good_hold_up_no_other(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = place.folder / "file"
    gone.write_text("")
    place.out = gone / "out"
    assert place.run() == 3
    capsys.readouterr()
    place.out = place.folder / "elsewhere"
    assert place.run() == 0
    assert main(["report", "2025Q2", "--db", str(place.db), "--out", str(place.out)]) == 0
    assert (place.out / "zhengji-2025Q2.xlsx").exists()
    capsys.readouterr()
    main(["status", "--db", str(place.db)])
    assert str(gone) not in capsys.readouterr().out
