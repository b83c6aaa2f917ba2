"""What reading a file gave, kept by the digest of file and reader: a file is read once, whoever asks for it.

Apart from `extractors.picture.cache`, which keeps what the engine read on a picture over changes of what is
made of it; nothing heavy is imported here, so that looking up costs a millisecond.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import extractors
import reference
from reference.model import FileReading
from reference.settings import Limits
from reference.whole_files import write_if_possible

ENGINES = ("pypdfium2", "pdfplumber", "rapidocr", "opencv-python-headless", "numpy", "OpenCC")
"""The libraries by which a reading may come out otherwise."""


def read_once(
    folder: Path, file_id: str, name: str | None, limits: Limits, read: Callable[[], FileReading]
) -> FileReading:
    """What `read` gives of a file, from the folder where it was read before by the same reader.

    What could not be read, or not all of it, is read again: memory may have failed, not the file.
    """
    path = folder / f"{_key(file_id, name, limits)}.reading.json"
    try:
        return FileReading.model_validate_json(path.read_bytes())
    except (OSError, ValueError):  # not read yet, or the kept reading is damaged
        reading = read()
    if not reading.findings and not reading.unread_pages:
        write_if_possible(path, reading.model_dump_json())
    return reading


def _key(file_id: str, name: str | None, limits: Limits) -> str:
    return hashlib.sha256(f"{_reader()}/{file_id}/{name}/{limits.model_dump_json()}".encode()).hexdigest()


@cache
def _reader() -> str:
    """The reader as a digest: its own sources, those of the types and sentences, and its engines."""
    digest = hashlib.sha256("/".join(version(engine) for engine in ENGINES).encode())
    for package in (extractors, reference):
        for path in sorted(Path(str(package.__file__)).parent.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
