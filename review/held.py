"""Uploads that wait for a person's word: kept in memory for a while, never more than a few."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TypeAlias

MOST = 4
"""Uploads that wait at once; an older one is forgotten, and its file picked again."""
Upload: TypeAlias = Sequence[tuple[str, bytes]]


class HeldUploads:
    """Corrected files that seem another submission's, until the person who sent them says yes."""

    def __init__(self) -> None:
        """None wait."""
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, tuple[str, str, Upload]] = OrderedDict()

    def hold(self, submission: str, person: str, files: Upload) -> str:
        """Keep the files; gives the word by which they are fetched."""
        word = secrets.token_urlsafe(16)
        with self._lock:
            self._waiting[word] = (submission, person, files)
            while len(self._waiting) > MOST:
                self._waiting.popitem(last=False)
        return word

    def take(self, word: str, submission: str, person: str) -> Upload | None:
        """The files, once; None where they were forgotten, or were sent by others or for another one."""
        with self._lock:
            found = self._waiting.pop(word, None)
        return found[2] if found and found[:2] == (submission, person) else None
