"""A file stands whole or not at all, and what a killed process had begun goes with the next writing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reference.whole_files import write_if_possible, write_whole

KILLED = """
import os, sys
from pathlib import Path
from reference import whole_files
Path.replace = lambda *_: os._exit(9)
whole_files.write_whole(Path(sys.argv[1]), b"half")
"""


def test_what_a_killed_process_had_begun_goes_with_the_next_writing(tmp_path: Path) -> None:
    path = tmp_path / "报告[1].xlsx"
    write_whole(path, b"before")
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == 9
    assert path.read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 2
    write_whole(path, b"after")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [(path.name, b"after")]


@pytest.mark.skipif(os.name == "nt", reason="processes are not looked at there")
def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    theirs = tmp_path / f".a.xlsx.{os.getppid()}-1.writing"
    others = tmp_path / ".b.xlsx.999999999-1.writing"
    for one in (theirs, others):
        one.write_bytes(b"")
    write_whole(tmp_path / "a.xlsx", b"x")
    assert {one.name for one in tmp_path.iterdir()} == {"a.xlsx", theirs.name, others.name}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "a", b"x")
    (tmp_path / "file").write_bytes(b"")
    write_if_possible(tmp_path / "file" / "a", "x")
    write_if_possible(tmp_path / "made" / "a", "x")
    assert (tmp_path / "made" / "a").read_text() == "x"
