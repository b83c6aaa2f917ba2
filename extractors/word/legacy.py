"""A legacy .doc to its form: LibreOffice makes a .docx of it, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from extractors.word.document import read_word
from reference.findings import finding
from reference.model import FileReading
from reference.settings import Limits

SECONDS = 100
"""How long one conversion may take: less than its reader's owner waits (`limits.seconds` by `.patience`)."""
_UNNAMED = "（未命名）"


def read_legacy_word(
    data: bytes, file_id: str, name: str | None, limits: Limits, command: str
) -> FileReading:
    """Read the form out of a .doc. `command` is LibreOffice's, by name or path.

    Without LibreOffice the file is `file-unsupported`; one that it cannot convert is `file-unreadable`.
    """
    program = shutil.which(command)
    seen = name or _UNNAMED
    if program is None:
        unsupported = finding(
            "file-unsupported",
            seen=seen,
            kind_zh="旧版Word文件（.doc）",
            kind_en="a legacy Word file (.doc)",
            expected="WORD文件（.docx）",
            expected_en="a Word file (.docx)",
        )
        return FileReading(file_id=file_id, findings=(unsupported,))
    converted = _converted(data, program)
    if converted is None:
        unreadable = finding(
            "file-unreadable",
            seen=seen,
            reason_zh="旧版Word文件无法转换",
            reason_en="the legacy Word file cannot be converted",
        )
        return FileReading(file_id=file_id, findings=(unreadable,))
    return read_word(converted, file_id, name, limits)


def _converted(data: bytes, program: str) -> bytes | None:
    """The .docx that LibreOffice makes of a .doc; None where it makes none in time.

    A profile of its own, so that a LibreOffice that is open on the desk, or another reader's, is not met.
    """
    with tempfile.TemporaryDirectory(prefix="zhengji-doc-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, "form.doc")
        source.write_bytes(data)
        words = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", "docx:MS Word 2007 XML",
            "--outdir", folder,
            str(source),
        ]  # fmt: skip
        try:
            _run(words)
            return Path(folder, "form.docx").read_bytes()
        except (subprocess.TimeoutExpired, OSError):
            return None


def _run(words: list[str]) -> None:
    """Run to the end, or end it with what it started: soffice is a script around the real program."""
    with subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            raise
