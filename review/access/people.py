"""Who is at the desk: a name with a password, or one that a trusted proxy vouches for."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers

from reference.errors import UsageError
from reference.settings import Settings

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
MOST_NAME = 100
"""Characters of a name that a proxy tells."""
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
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


def public_host(settings: Settings) -> str | None:
    """The host name of `public_url`; None without one.

    Raises:
        UsageError: it is no address of a whole host.
    """
    if not settings.public_url:
        return None
    try:
        parts = urlsplit(settings.public_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query:
        raise UsageError(
            f"public_url '{settings.public_url}' is no address of a host.",
            "Write it as https://desk.example, without a path.",
        )
    return host


def is_https(settings: Settings) -> bool:
    """Whether people reach the page over TLS."""
    return settings.public_url.lower().startswith("https://")


def refuse_open_doors(settings: Settings) -> None:
    """Refuse to listen beyond this machine where anybody could decide in anybody's name.

    Raises:
        UsageError: a wider host, and neither people nor a proxy's header are set; `public_url` is none.
    """
    public_host(settings)
    wide = settings.public_url or (settings.host if settings.host not in LOCAL else "")
    if wide and not settings.people and not settings.proxy_header:
        raise UsageError(
            f"{wide} is open to other machines, and nobody would have to log in.",
            "Set `people` (see `zhengji password`) or `proxy_header`, or leave `host` at 127.0.0.1 and"
            " `public_url` empty.",
        )


def _named(header: str) -> str:
    """A name out of a header: proxies send Chinese ones as bare UTF-8 or percent-encoded."""
    with contextlib.suppress(UnicodeError):  # Latin-1, as the standard has it
        header = header.encode("latin-1").decode("utf-8")
    return _BREAKS.sub(" ", unquote(header)).strip()[:MOST_NAME]


def sender_of(peer: str, headers: Headers, settings: Settings) -> str:
    """The address that a request comes from: of a proxy's, the last that the proxy adds itself."""
    passed = headers.getlist("x-forwarded-for")
    if not passed or not _is_proxy(peer, settings):
        return peer
    return passed[-1].rpartition(",")[2].strip()[:64] or peer


def person_of(
    peer: str, headers: Headers, session: Mapping[str, str], settings: Settings, sessions: Sessions
) -> str | None:
    """The person at the desk; None where somebody must log in first.

    Without people and without a proxy's header it is whoever runs the page on this machine. A proxy's header
    is believed from the proxy's own address alone, and once.
    """
    if settings.proxy_header:
        named = headers.getlist(settings.proxy_header)
        return (_named(named[0]) or None) if len(named) == 1 and _is_proxy(peer, settings) else None
    if settings.people:
        name = sessions.person(session.get("login", ""))
        return name if name in settings.people else None
    return getpass.getuser()


def _is_proxy(peer: str, settings: Settings) -> bool:
    return peer in settings.proxy_addresses and bool(settings.proxy_header or settings.public_url)
