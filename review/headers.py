"""What every answer of the page carries, whoever made it, and how long a sender may take over a request."""

from __future__ import annotations

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that know no frame-ancestors
}
HSTS = "max-age=31536000"
"""Behind TLS: a year."""
LATE = "zhengji.late"
"""In the scope of a request whose body did not come in time."""
SILENCE, LONGEST_BODY = 20.0, 300.0
"""Seconds that a sender may say nothing, and may take over a whole body: 64 MiB at 2 Mbit/s take 270."""


class Dressed:
    """An application whose answers carry the headers above, and whose senders may not dawdle."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        """Around an application; `https` is whether people reach it over TLS."""
        self._app = app
        self._headers = {**HEADERS, "Strict-Transport-Security": HSTS} if https else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        body = _Body(scope, receive)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                dress(headers, self._headers)
                if body.more:  # nobody waits for the rest of what is answered already
                    headers["Connection"] = "close"
            await send(message)

        await self._app(scope, body, dressed)


def dress(headers: MutableHeaders, told: dict[str, str]) -> None:
    """Set the headers of an answer; nothing of the page is kept by browsers or proxies unless it says so."""
    for name, value in told.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-store")


class _Body:
    """A body that comes in time; one that does not ends as if its sender had left, and `LATE` is noted."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope, self._receive = scope, receive
        self._ends = time.monotonic() + LONGEST_BODY
        told = Headers(scope=scope)
        self.more = "transfer-encoding" in told or told.get("content-length", "0") != "0"

    async def __call__(self) -> Message:
        if not self.more:  # the body is here: what is waited for now is the end of the connection
            return await self._receive()
        try:
            wait = min(SILENCE, max(self._ends - time.monotonic(), 0))
            message = await asyncio.wait_for(self._receive(), wait)
        except TimeoutError:
            self._scope[LATE] = True
            return {"type": "http.disconnect"}
        self.more = bool(message.get("more_body"))
        return message
