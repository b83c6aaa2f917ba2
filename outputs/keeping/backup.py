"""Backups: the database as of one moment with every original that it names, each with its digest.

A backup's folder holds `manifest.json`, the database, and `originals/` by digest. The manifest is written
last and at once, so that a backup that was cut off leaves the one before it valid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from outputs.keeping.audit import named_originals
from outputs.store.database import (
    Database,
    connected,
    copy_database,
    migrate,
    newest_schema,
    open_database,
    schema_of,
)
from outputs.store.locks import Lock, locks_beside
from outputs.store.originals import Originals, originals_beside
from outputs.store.turn import STEP_SECONDS, busy, turn_at
from outputs.store.upkeep import WHOLE, Upkeep, note
from reference.errors import StoreBusyError, StoreError, UsageError, machine_error

MANIFEST = "manifest.json"
ORIGINALS = "originals"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when and by what it was made, and the sha-256 and size of each file."""

    made_at: str
    code_version: str
    schema: int
    database: str
    """The database's file name in the folder."""
    sha256: str
    bytes: int
    originals: dict[str, int]
    """Size in bytes by sha-256, which is the file's name."""
    lacking: tuple[str, ...] = ()
    """Originals that were gone or changed when the backup was made."""
    origin: str = ""
    """The first run over the database, by which it is known wherever it is moved; empty before any run, and
    in backups of earlier versions."""


def make(db: Path, folder: Path, *, wait_seconds: float, code_version: str, now: dt.datetime) -> Manifest:
    """Back a database up into a folder, a new one or that of an earlier backup; one backup at a time.

    The database is copied while nobody else writes it; then the originals that the copy names: they are only
    ever added to, so each of them is there. Those that the folder holds already are not copied again; what
    the database names no longer is taken out of it.

    Raises:
        StoreError: there is no database, or it is damaged; others held it for all of `wait_seconds`.
        UsageError: the folder holds something else than a backup, or a backup of another database.
        MachineError: there is no room, or the folder cannot be written.
    """
    earlier = _manifest_or_none(folder)
    if earlier is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty and holds no backup.", "Name a new or empty folder.")
    lock = Lock(locks_beside(db) / "backup")  # two at once would take each other's database out of a folder
    if not lock.acquire(wait_seconds):
        raise StoreBusyError(
            f"another backup of {db} is being made.", "Wait until it has finished, then back up again.",
            zh="另一备份正在进行。请待其结束后重试。",
        )  # fmt: skip
    try:
        return _made(db, folder, earlier, wait_seconds=wait_seconds, code_version=code_version, now=now)
    finally:
        lock.release()


def _made(
    db: Path,
    folder: Path,
    earlier: Manifest | None,
    *,
    wait_seconds: float,
    code_version: str,
    now: dt.datetime,
) -> Manifest:
    name = f"zhengji-{now:%Y%m%dT%H%M%S%f}.duckdb"
    try:
        (folder / ORIGINALS).mkdir(parents=True, exist_ok=True)
        copy_database(db, folder / name, wait_seconds=wait_seconds)
        with open_database(folder / name, wait_seconds=wait_seconds, read_only=True) as database:
            named, schema = named_originals(database), schema_of(database)
            origin = str(database.value("select run_id from runs order by rowid limit 1") or "")
        if earlier is not None and earlier.origin not in {"", origin}:
            _take_out(folder, earlier)
            raise UsageError(
                f"{folder} holds a backup of another database, made {earlier.made_at[:16]}.",
                "Name another folder: a backup takes the place of the one before it.",
                zh=f"{folder}中是另一数据库的备份（{earlier.made_at[:16]}）。请另选文件夹：新备份会取代原有备份。",
            )
        kept, lacking = _copied(originals_beside(db), Originals(folder / ORIGINALS), named)
        manifest = Manifest(
            now.isoformat(), code_version, schema, name, _digest(folder / name),
            (folder / name).stat().st_size, kept, tuple(lacking), origin,
        )  # fmt: skip
        _write_manifest(folder, manifest)
        _take_out(folder, manifest)
    except OSError as error:
        raise machine_error(error, f"the backup cannot be written into {folder}") from error
    return manifest


def check(folder: Path) -> tuple[Manifest, tuple[str, ...]]:
    """A backup's manifest, and the files of it that are gone or not what was written.

    Raises:
        UsageError: the folder holds no backup.
    """
    manifest = _manifest(folder)
    files = {folder / manifest.database: manifest.sha256}
    originals = Originals(folder / ORIGINALS)
    files |= {originals.path(digest): digest for digest in manifest.originals}
    return manifest, tuple(
        str(path.relative_to(folder)) for path, digest in files.items() if _digest_or_none(path) != digest
    )


def restore(
    folder: Path, db: Path, *, wait_seconds: float, overwrite: bool, person: str, now: dt.datetime
) -> Manifest:
    """Put a backup in place, after each of its files was held against its digest; that is noted in it.

    A database that stands there is kept beside it as `<name>.before-<time>`. The originals that stand there
    stay; one that was changed is put right.

    Raises:
        UsageError: the folder holds no backup, or a database stands there and `overwrite` is not given.
        StoreError: a file of the backup is gone or was changed; it is of a newer version; others hold the
            database.
        MachineError: there is no room, or the folder cannot be written.
    """
    manifest, wrong = check(folder)
    if wrong:
        raise StoreError(
            f"the backup {folder} is not whole: {', '.join(wrong[:3])} ({len(wrong)} files).",
            "Nothing was changed; restore another backup.",
        )
    if manifest.schema > newest_schema():
        raise StoreError(
            f"the backup {folder} was made by a newer version ({manifest.code_version}).", "Update zhengji."
        )
    if _stands(db) and not overwrite:
        raise UsageError(f"{db} exists already.", "Name another file with --db, or put it aside with --yes.")
    part = db.with_name(f".{db.name}.restored")
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
        _copy(folder / manifest.database, part)
        if _digest(part) != manifest.sha256:
            raise StoreError(
                f"{folder / manifest.database} changed meanwhile.", "Nothing was changed; try again."
            )
        _note_restoration(part, folder, person, now)
        kept, source = originals_beside(db), Originals(folder / ORIGINALS)
        for digest in manifest.originals:
            if _digest_or_none(kept.path(digest)) != digest:
                kept.discard(digest)
                kept.keep(source.read(digest))
        _put_in_place(part, db, now, wait_seconds)
    except OSError as error:
        raise machine_error(error, f"the backup cannot be restored to {db}") from error
    finally:
        with suppress(OSError):
            for rest in (part, part.with_name(f"{part.name}.wal")):
                rest.unlink(missing_ok=True)
    return manifest


def _note_restoration(part: Path, folder: Path, person: str, now: dt.datetime) -> None:
    """Note it in the copy before that is put in place, so that no restoration stands without its note."""
    part.with_name(f"{part.name}.wal").unlink(missing_ok=True)
    connection = connected(part, read_only=False)
    if connection is None:
        raise busy(part, 0)
    with Database(connection, part) as database:
        migrate(database, part, read_only=False)
        note(database, Upkeep.RESTORE, now, person, folder=str(folder.resolve()), outcome=WHOLE)
        database.execute("checkpoint")


def _put_in_place(part: Path, db: Path, now: dt.datetime, wait_seconds: float) -> None:
    """Put a database where another may stand, which is kept beside; nobody writes to that meanwhile.

    There is a database at each moment: a run that came in between would begin an empty one.
    """
    log = db.with_name(f"{db.name}.wal")
    with turn_at(db).write(wait_seconds):
        if _stands(db):
            _finish(db, wait_seconds)
            aside = db.with_name(f"{db.name}.before-{now:%Y%m%dT%H%M%S%f}")
            if log.exists():  # of a damaged one alone
                shutil.copyfile(log, aside.with_name(f"{aside.name}.wal"))
            try:
                os.link(db, aside)
            except OSError:  # a file system without links
                _copy(db, aside)
        log.unlink(missing_ok=True)  # it is of the one that goes, or that is gone already
        part.replace(db)
        turn_at(db).wrote()


def _finish(db: Path, wait_seconds: float) -> None:
    """Have what was written last in the file itself; a damaged one stays as it is.

    Raises:
        StoreBusyError: others, who keep to no turn, held it for all of `wait_seconds`.
    """
    deadline = time.monotonic() + wait_seconds
    try:
        while (connection := connected(db, read_only=False)) is None:
            if time.monotonic() > deadline:
                raise busy(db, wait_seconds)
            time.sleep(STEP_SECONDS)
        with Database(connection, db) as database:
            database.execute("checkpoint")
    except StoreBusyError:
        raise
    except StoreError:
        return


def _stands(db: Path) -> bool:
    return db.exists() and (not db.is_file() or db.stat().st_size > 0)


def _copied(
    source: Originals, target: Originals, named: Mapping[str, object]
) -> tuple[dict[str, int], list[str]]:
    """The sizes of the originals that the backup holds, and those that were gone or changed."""
    there, kept, lacking = target.sizes(), dict[str, int](), list[str]()
    present = source.sizes()
    for digest in named:
        if digest not in there or there[digest] != present.get(digest, there[digest]):
            try:
                data = source.read(digest)
            except StoreError:
                lacking.append(digest)
                continue
            target.discard(digest)
            target.keep(data)
            kept[digest] = len(data)
        else:
            kept[digest] = there[digest]
    return kept, lacking


def _take_out(folder: Path, manifest: Manifest) -> None:
    """What no longer belongs to the backup: earlier databases, originals that were erased meanwhile."""
    for path in folder.glob("zhengji-*.duckdb*"):
        if path.name != manifest.database:
            path.unlink()
    for path in folder.glob("zhengji-*.locks"):
        shutil.rmtree(path, ignore_errors=True)
    originals = Originals(folder / ORIGINALS)
    for digest in originals.sizes().keys() - manifest.originals.keys():
        originals.discard(digest)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    part = folder / f".{MANIFEST}.part"
    part.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    _to_disk(part)
    part.replace(folder / MANIFEST)


def _manifest_or_none(folder: Path) -> Manifest | None:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**{**told, "lacking": tuple(told["lacking"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _manifest(folder: Path) -> Manifest:
    manifest = _manifest_or_none(folder)
    if manifest is None or Path(manifest.database).name != manifest.database:
        raise UsageError(f"{folder} holds no backup.", f"Name the folder that holds {MANIFEST}.")
    return manifest


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    _to_disk(target)


def _to_disk(path: Path) -> None:
    """Have a file's bytes on the disk before anything relies on them."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_or_none(path: Path) -> str | None:
    try:
        return _digest(path)
    except OSError:
        return None
