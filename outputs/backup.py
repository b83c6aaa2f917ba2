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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from outputs.audit import named_originals
from outputs.database import copy_database, newest_schema, open_database, schema_of
from outputs.originals import Originals, originals_beside
from reference.errors import StoreError, UsageError, machine_error

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


def make(db: Path, folder: Path, *, wait_seconds: float, code_version: str, now: dt.datetime) -> Manifest:
    """Back a database up into a folder, a new one or that of an earlier backup.

    The database is copied while nobody else writes it; then the originals that the copy names: they are only
    ever added to, so each of them is there. Those that the folder holds already are not copied again; what
    the database names no longer is taken out of it.

    Raises:
        StoreError: there is no database, or it is damaged; others held it for all of `wait_seconds`.
        UsageError: the folder holds something else than a backup.
        MachineError: there is no room, or the folder cannot be written.
    """
    earlier = _manifest_or_none(folder)
    if earlier is None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty and holds no backup.", "Name a new or empty folder.")
    name = f"zhengji-{now:%Y%m%dT%H%M%S%f}.duckdb"
    try:
        (folder / ORIGINALS).mkdir(parents=True, exist_ok=True)
        copy_database(db, folder / name, wait_seconds=wait_seconds)
        with open_database(folder / name, wait_seconds=wait_seconds, read_only=True) as database:
            named, schema = named_originals(database), schema_of(database)
        kept, lacking = _copied(originals_beside(db), Originals(folder / ORIGINALS), named)
        manifest = Manifest(
            now.isoformat(), code_version, schema, name, _digest(folder / name),
            (folder / name).stat().st_size, kept, tuple(lacking),
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


def restore(folder: Path, db: Path, *, wait_seconds: float, overwrite: bool, now: dt.datetime) -> Manifest:
    """Put a backup in place, after each of its files was held against its digest.

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
        kept, source = originals_beside(db), Originals(folder / ORIGINALS)
        for digest in manifest.originals:
            if _digest_or_none(kept.path(digest)) != digest:
                kept.discard(digest)
                kept.keep(source.read(digest))
        if _stands(db):
            _put_aside(db, now, wait_seconds)
        part.replace(db)
    except OSError as error:
        raise machine_error(error, f"the backup cannot be restored to {db}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


def _stands(db: Path) -> bool:
    return db.exists() and (not db.is_file() or db.stat().st_size > 0)


def _put_aside(db: Path, now: dt.datetime, wait_seconds: float) -> None:
    """Keep the database that stands there under another name, with what was written to it last."""
    with suppress(StoreError), open_database(db, wait_seconds=wait_seconds) as database:
        database.execute(
            "checkpoint"
        )  # what was written last is in the file itself; a damaged one goes as it is
    aside = db.with_name(f"{db.name}.before-{now:%Y%m%dT%H%M%S}")
    log = db.with_name(f"{db.name}.wal")
    if log.exists():
        log.replace(aside.with_name(f"{aside.name}.wal"))
    db.replace(aside)


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
