"""One labelled case, and how cases are parted into a development and a test set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from validators.matching.witnesses import Stated

Group = Literal["real", "made", "trap"]


@dataclass(frozen=True, slots=True)
class Case:
    """What a row states and the occupation that it means.

    `expected` holds the right codes (two where a former name has split); empty for a trap: a row that
    no machine can settle, where only a question is right.
    """

    stated: Stated
    expected: frozenset[str]
    group: Group
    how: str
    """How the case came about, such as 'legacy code and name' or 'one character by sound, code wrong'."""

    @property
    def part(self) -> Literal["development", "test"]:
        """By a hash of what is stated: thresholds are chosen on one part, reported on the other."""
        key = repr((self.stated, self.how)).encode()
        return "development" if hashlib.sha256(key).digest()[0] % 2 else "test"
