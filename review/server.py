"""Serving the staff's page. The door to uvicorn."""

from __future__ import annotations

import uvicorn

from reference.settings import Settings
from review.app import create_app
from review.people import refuse_open_doors


def serve(settings: Settings) -> None:
    """Serve the page until it is interrupted.

    Raises:
        UsageError: it would be open to other machines without a login.
    """
    refuse_open_doors(settings)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")
