"""Who is at the desk: a name with a password, or one that a trusted proxy vouches for."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from reference.errors import UsageError
from reference.settings import Settings

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_COST, _BLOCK, _LANES = 2**14, 8, 1


NOBODY = ":".join(("00" * 16, "00" * 64))
"""The entry that an unknown name is held against, so that it answers no faster than a known one."""
SESSION_LASTS = dt.timedelta(hours=12)
"""How long somebody stays logged in without asking for anything."""


class Sessions:
    """Who is logged in: a cookie only names its session, and is worth nothing once that is closed."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        """Nobody is logged in."""
        self._clock = clock
        self._open: dict[str, tuple[str, dt.datetime]] = {}

    def open(self, person: str) -> str:
        """The secret id of a new session; those that lapsed are forgotten."""
        now = self._clock()
        self._open = {key: one for key, one in self._open.items() if now - one[1] <= SESSION_LASTS}
        key = secrets.token_urlsafe(24)
        self._open[key] = (person, now)
        return key

    def person(self, key: str) -> str | None:
        """Whose session it is; None of one that was closed or lapsed."""
        person, used = self._open.get(key, ("", None))
        now = self._clock()
        if used is None or now - used > SESSION_LASTS:
            return None
        self._open[key] = (person, now)
        return person

    def close(self, key: str) -> None:
        """End a session; its cookie is worth nothing from now on."""
        self._open.pop(key, None)


def hashed(password: str) -> str:
    """A password as the settings keep it: salt and scrypt key, in hexadecimal digits."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_key(password, salt).hex()}"


def is_password(password: str, kept: str) -> bool:
    """Whether a password is the one that is kept; a malformed entry fits none."""
    try:
        salt, key = (bytes.fromhex(part) for part in kept.split(":"))
    except ValueError:
        return False
    return hmac.compare_digest(_key(password, salt), key)


def _key(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=2**26)


def refuse_open_doors(settings: Settings) -> None:
    """Refuse to listen beyond this machine where anybody could decide in anybody's name.

    Raises:
        UsageError: a wider host, and neither people nor a proxy's header are set.
    """
    if settings.host not in LOCAL and not settings.people and not settings.proxy_header:
        raise UsageError(
            f"{settings.host} is open to other machines, and nobody would have to log in.",
            "Set `people` (see `zhengji password`) or `proxy_header`, or leave `host` at 127.0.0.1.",
        )


def _named(header: str) -> str:
    """A name out of a header: proxies send Chinese ones as bare UTF-8 or percent-encoded."""
    with contextlib.suppress(UnicodeError):  # Latin-1, as the standard has it
        header = header.encode("latin-1").decode("utf-8")
    return unquote(header).strip()


def person_of(
    headers: Mapping[str, str], session: Mapping[str, str], settings: Settings, sessions: Sessions
) -> str | None:
    """The person at the desk; None where somebody must log in first.

    Without people and without a proxy's header it is whoever runs the page on this machine.
    """
    if settings.proxy_header:
        return _named(headers.get(settings.proxy_header) or "") or None
    if settings.people:
        name = sessions.person(session.get("login", ""))
        return name if name in settings.people else None
    return getpass.getuser()
