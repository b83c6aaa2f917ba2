"""The kept originals, on real files."""

from __future__ import annotations

import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from outputs.store.originals import Originals, originals_beside
from reference.errors import StoreError

DATA = "推荐表".encode()
DIGEST = hashlib.sha256(DATA).hexdigest()


def keep(folder: Path) -> str:
    return Originals(folder).keep(DATA * 100_000)


def test_what_is_kept_is_read_back_by_its_digest(tmp_path: Path) -> None:
    originals = originals_beside(tmp_path / "zhengji.duckdb")
    assert originals.keep(DATA) == originals.keep(DATA) == DIGEST
    assert originals.read(DIGEST) == DATA
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept == [tmp_path / "zhengji.originals" / DIGEST[:2] / DIGEST]
    assert not kept[0].stat().st_mode & 0o222


def test_many_processes_keep_the_same_bytes_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3) as pool:
        digests = set(pool.map(keep, [tmp_path] * 9))
    assert len(digests) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == list(digests)


def test_a_file_cut_short_is_written_anew(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    path = originals.path(originals.keep(DATA))
    path.chmod(0o644)
    path.write_bytes(b"")
    assert originals.read(originals.keep(DATA)) == DATA


def test_what_was_changed_or_lost_is_never_given_out(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    path = originals.path(originals.keep(DATA))
    path.chmod(0o644)
    path.write_bytes(DATA + b"!")
    with pytest.raises(StoreError, match="was changed"):
        originals.read(DIGEST)
    path.unlink()
    with pytest.raises(StoreError, match="is not in"):
        originals.read(DIGEST)
