"""Writing a file whole or not at all: under another name beside it, to the disk, then in its place."""

from __future__ import annotations

import glob
import os
import re
import threading
from contextlib import suppress
from pathlib import Path

_WRITING = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)-\d+\.writing")
"""What a file is called while it is being written: its own name, the process and the thread."""


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole or not at all; `lasting` has it on the disk before it stands in its place.

    What a process that was killed had begun to write in this file's stead is taken away.

    Raises:
        OSError: there is no room, or the folder is not there or cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.writing")
    try:
        with part.open("wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if lasting:
        _take_away_begun(path)


def write_if_possible(path: Path, text: str) -> None:
    """Write what is kept beside the database and can be made again, its folder too.

    A full disk or a folder that cannot be written must not cost the reading itself.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode(), lasting=False)


def _take_away_begun(path: Path) -> None:
    for one in path.parent.glob(f".{glob.escape(path.name)}.*.writing"):
        begun = _WRITING.fullmatch(one.name)
        if begun and begun["name"] == path.name and not _runs(int(begun["pid"])):
            one.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    if os.name == "nt":  # where signal 0 is Ctrl+C
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
