"""Names of files as senders give them, made fit for a folder."""

from __future__ import annotations

import re

MOST_BYTES = 200
"""Of a name; file systems take 255."""
_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
"""What leads to another folder, what Windows takes in no name, what turns the reading about."""


def file_name(given: str) -> str:
    """A name that can be written to any folder, its end kept; `file` where nothing is left of it."""
    fit = _UNFIT.sub("_", given).encode()[-MOST_BYTES:].decode(errors="ignore")
    return fit.strip(". ") or "file"
