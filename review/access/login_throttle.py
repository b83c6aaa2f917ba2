"""A brake on guessing passwords: after a few wrong ones the next try has to wait, longer each time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

FREE = {"pair": 5, "address": 20, "name": 30}
"""Tries before a wait: of a name from one address, of any name from there, of a name from anywhere.

Colleagues behind one proxy share an address, and who guesses at a name must not lock its owner out soon.
"""
FIRST, LONGEST = dt.timedelta(seconds=30), dt.timedelta(minutes=15)
FORGOTTEN = dt.timedelta(hours=1)
"""After so long without a wrong try, what was counted is forgotten."""
MOST = 10_000
"""Counts that are kept; whoever makes names up must not fill the memory."""
Key = tuple[str, str]


@dataclass(slots=True)
class _Count:
    tries: int
    last: dt.datetime
    until: dt.datetime


class Brake:
    """Counts tries in memory; the clock is given."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        """Nothing is counted yet."""
        self._clock = clock
        self._counts: dict[Key, _Count] = {}
        self._lock = threading.Lock()

    def wait(self, name: str, address: str) -> dt.timedelta:
        """How long a name has to wait at an address; zero lets it try, and counts the try as wrong.

        It is counted before the password is looked at, so that many tries at once are many.
        """
        now, keys = self._clock(), _keys(name, address)
        with self._lock:
            held = [self._counts[key].until - now for key in keys if key in self._counts]
            longest = max([dt.timedelta(0), *(one for one in held if one <= LONGEST)])  # a clock was set back
            if longest == dt.timedelta(0):
                self._count(keys, now)
            return longest

    def passed(self, name: str, address: str) -> None:
        """The password was right: what was counted against the name, and this try, is forgotten."""
        with self._lock:
            for key in _keys(name, address):
                if key[0] == "address" and (count := self._counts.get(key)):
                    count.tries -= 1
                    count.until = count.last
                else:
                    self._counts.pop(key, None)

    def _count(self, keys: tuple[Key, ...], now: dt.datetime) -> None:
        for key in keys:
            count = self._counts.pop(key, None)  # and back at the end: the longest unused stand first
            if count is None or now - max(count.last, count.until) > FORGOTTEN:
                count = _Count(0, now, now)
            while len(self._counts) >= MOST:
                del self._counts[next(iter(self._counts))]
            self._counts[key] = count
            count.tries += 1
            count.last = now
            over = count.tries - FREE[key[0]]
            if over >= 0:
                count.until = now + min(FIRST * 2 ** min(over, 10), LONGEST)


def _keys(name: str, address: str) -> tuple[Key, ...]:
    return ("pair", f"{address}\n{name}"), ("address", address), ("name", name)
