"""What a reader has given up is refused by the kernel itself: writing, reading, starting, connecting."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from extractors.reader.pool import readers_for
from extractors.reader.sandbox import Rules
from flows.intake.foreign import read_attachment
from flows.intake.reading import Purse
from reference.model import Attachment, FileKind
from reference.settings import Limits, Settings
from tests.extractors.word.test_document import FORM

LIMITS = Limits()
locked = pytest.mark.skipif(
    not readers_for(LIMITS).promise().files, reason="this kernel has no Landlock: there is nothing to test"
)

TRIES = """
import json, os, socket, subprocess, sys
from extractors.reader.sandbox import Rules, give_up
rules, outside, secret, port = sys.argv[1:]
give_up(Rules.model_validate_json(rules))
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"x", ("127.0.0.1", int(port)))
def in_thread():
    import threading
    went = []
    one = threading.Thread(target=lambda: went.append(tried(lambda: open(outside, "w"))))
    one.start(); one.join()
    if went != ["refused"]:
        return
    raise PermissionError
tries = {
    "write": lambda: open(outside, "w").close(),
    "write from a thread": in_thread,
    "append": lambda: open(secret, "a").close(),
    "truncate": lambda: os.truncate(secret, 0),
    "remove": lambda: os.unlink(secret),
    "rename": lambda: os.rename(secret, secret + "2"),
    "make a folder": lambda: os.mkdir(outside),
    "link": lambda: os.symlink(secret, outside),
    "read": lambda: open(secret).read(),
    "list": lambda: os.listdir(os.path.dirname(secret)),
    "start": lambda: subprocess.run(["/bin/true"], check=True),
    "connect": lambda: socket.create_connection(("127.0.0.1", int(port))),
    "send": udp,
    "signal": lambda: os.kill(os.getppid(), 0),
    "environment": lambda: open(f"/proc/{os.getppid()}/environ").read(),
}
def tried(one):
    try:
        one()
    except (PermissionError, ProcessLookupError):
        return "refused"
    return "done"
told = {name: tried(one) for name, one in tries.items()}
folder = json.loads(rules)["folder"]
if folder:
    open(os.path.join(folder, "mine"), "w").write("mine")
print(json.dumps(told))
"""


@locked
@pytest.mark.parametrize("own", [False, True], ids=["no folder", "a folder"])
def test_everything_else_is_refused(own: bool, tmp_path: Path) -> None:
    secret, folder = tmp_path / "secret", tmp_path / "own"
    secret.write_text("names and phones")
    folder.mkdir()
    rules = Rules(memory_bytes=LIMITS.memory_bytes, folder=str(folder) if own else None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = subprocess.run(
            [sys.executable, "-P", "-c", TRIES, rules.model_dump_json(), str(tmp_path / "new"), str(secret),
             str(server.getsockname()[1])],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    assert set(json.loads(told.stdout).values()) == {"refused"}, told.stdout
    assert secret.read_text() == "names and phones"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own", "secret"]
    assert [path.name for path in folder.iterdir()] == (["mine"] if own else [])


@locked
def test_the_readers_of_a_run_have_given_all_of_it_up() -> None:
    promise = readers_for(LIMITS).promise()
    assert (promise.memory, promise.files, promise.connections, promise.sockets) == (True, True, True, True)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_legacy_form_is_converted_in_its_own_folder(tmp_path: Path) -> None:
    """A stand-in for LibreOffice, which makes its profile and its output, and tries to write elsewhere."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "made.docx").write_bytes(FORM)
    program = bin_ / "soffice"
    program.write_text(
        "#!/bin/sh\n"
        f'echo leak > "{tmp_path}/leaked"\n'
        'for one in "$@"; do case "$one" in -env:UserInstallation=file://*) '
        'mkdir -p "${one#-env:UserInstallation=file://}";; esac; done\n'
        'while [ "$1" != "--outdir" ]; do shift; done\n'
        f'cp "{bin_}/made.docx" "$2/form.docx"\n'
    )
    program.chmod(0o755)
    settings = Settings(db=tmp_path / "z.duckdb", libreoffice=str(program))
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    file = Attachment(
        file_id="f", name="推荐表.doc", kind=FileKind.DOC, media_type="application/msword", data=data
    )
    reading = read_attachment(file, settings, Purse(LIMITS))
    assert reading is not None
    assert reading.findings == ()
    assert reading.form is not None
    if readers_for(LIMITS).promise().files:
        assert not (tmp_path / "leaked").exists()
