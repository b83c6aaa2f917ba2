"""Serving the staff's page. The door to uvicorn."""

from __future__ import annotations

import asyncio

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from reference.settings import Settings
from review.access.people import refuse_open_doors
from review.app import create_app

HEAD_SECONDS = 15.0
"""How long a sender may take over a request's line and headers."""
MOST_HEAD = 32 * 1024
"""Bytes of these; what browsers send is under 8 KiB."""
MOST_CONNECTIONS = 400
"""At once; a browser holds six, and 50 people are expected. Who comes on top is told to come back (503)."""


class Impatient(H11Protocol):
    """A connection that is closed where a request's head does not come in time: slow ones must not add up."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first head is waited for."""
        super().connection_made(transport)
        self._head = self.loop.call_later(HEAD_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        """A head that begins is waited for, one that is whole no longer."""
        super().data_received(data)
        begun = self.conn.their_state is h11.IDLE
        if self._head is not None and not begun:
            self._head.cancel()
            self._head = None
        elif self._head is None and begun:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        super().connection_lost(exc)
        if self._head is not None:
            self._head.cancel()


def server_of(settings: Settings, app: object | None = None) -> uvicorn.Server:
    """The page's server, not yet running.

    Proxies' headers are left to the page: it alone knows which are believed (`proxy_addresses`).
    """
    return uvicorn.Server(
        uvicorn.Config(
            app or create_app(settings),  # type: ignore[arg-type]
            host=settings.host,
            port=settings.port,
            log_level="warning",
            http=Impatient,
            ws="none",
            proxy_headers=False,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            h11_max_incomplete_event_size=MOST_HEAD,
        )
    )


def serve(settings: Settings) -> None:
    """Serve the page until it is interrupted.

    Raises:
        UsageError: it would be open to other machines without a login.
    """
    refuse_open_doors(settings)
    server_of(settings).run()
