"""What every page and form of the desk shares: its frame, the session's token, how a file is sent."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from starlette.datastructures import FormData

from reference.errors import UsageError
from reference.settings import Settings
from review.words import Words, moment, shown

HERE = Path(__file__).parent
MOST_FORM = 1024**2
"""Bytes of a form that carries no file."""


def _address(path: str, **asked: object) -> str:
    return f"{path}?{urlencode({k: v for k, v in asked.items() if v})}"


@dataclass(frozen=True, slots=True)
class Frame:
    """The settings, the clock, and the templates with what all of them are told."""

    settings: Settings
    clock: Callable[[], dt.datetime]
    pages: Jinja2Templates

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], dt.datetime]) -> Frame:
        """The frame of a desk."""
        pages = Jinja2Templates(HERE / "templates")
        pages.env.filters |= {"shown": shown, "moment": moment}
        pages.env.globals["address"] = _address
        return cls(settings, clock, pages)

    def words(self, request: Request) -> Words:
        """The words of the language that the desk switched to."""
        return Words(request.session.get("lang", self.settings.lang))

    def page(self, request: Request, name: str, status: int = 200, **told: Any) -> Response:
        """A template with what it is told."""
        words = self.words(request)
        frame = {
            "w": words,
            "lang": words.lang,
            "person": request.state.person,
            "token": token_of(request),
            "logged_in": bool(self.settings.people),
        }
        return self.pages.TemplateResponse(request, name, {**frame, **told}, status_code=status)


def token_of(request: Request) -> str:
    """The session's secret that every form must bring back."""
    return str(request.session.setdefault("token", secrets.token_urlsafe(24)))


async def checked(request: Request, most: int = MOST_FORM) -> FormData:
    """The form, once it is known to be of `most` bytes and brought the session's token.

    Raises:
        UsageError: it is larger, or did not bring it: another site may have sent it.
    """
    length = request.headers.get("content-length")
    if length is None or int(length) > most:
        async for _ in request.stream():  # read to its end, kept nowhere: a browser hears no answer before
            continue
        size = f"{most / 1024**2:g} MB"
        raise UsageError(
            f"what was sent is larger than {size}.",
            "It was not taken; nothing changed.",
            zh=f"所提交的内容超过{size}，未采用；原有文件仍然有效。",
        )
    form = await request.form()
    if not secrets.compare_digest(str(form.get("token", "")).encode(), token_of(request).encode()):
        raise UsageError(
            "this form is out of date.", "Load the page again and repeat it.", zh="页面已过期。请刷新后重试。"
        )
    return form


def back(request: Request) -> str:
    """The page from which a form was sent."""
    parts = urlsplit(request.headers.get("referer", "/"))
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def sent_file(data: bytes | None, media_type: str, name: str | None = None) -> Response:
    """A file: to be saved under its name, or shown where it has none; 404 without one."""
    if data is None:
        return HTMLResponse("404", 404)
    headers = {"Cache-Control": "private, max-age=86400"} if name is None else {}
    if name is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=media_type, headers=headers)
