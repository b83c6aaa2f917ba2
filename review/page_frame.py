"""What every page and form of the desk shares: its frame, the session's token, how a file is sent."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request, Response
from fastapi.templating import Jinja2Templates
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from reference.errors import UsageError
from reference.settings import Settings
from review.file_names import file_name
from review.labels import Words, moment, shown

HERE = Path(__file__).parent
MOST_FORM = 1024**2
"""Bytes of a form that carries no file."""
MOST_FILES, MOST_FIELDS = 20, 1000
"""Files and fields of a form; the desk's longest, alike findings, has 500."""
DRAINED = 4
"""Of a form that is too large, so many times the most is read before the answer."""
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
_WITHIN = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def _address(path: str, **asked: object) -> str:
    return f"{path}?{urlencode({k: v for k, v in asked.items() if v})}"


@cache
def _templates() -> Jinja2Templates:
    """The templates, compiled once however many desks there are."""
    pages = Jinja2Templates(HERE / "templates")
    pages.env.filters |= {"shown": shown, "moment": moment}
    pages.env.globals["address"] = _address
    return pages


@dataclass(frozen=True, slots=True)
class Frame:
    """The settings, the clock, and the templates with what all of them are told."""

    settings: Settings
    clock: Callable[[], dt.datetime]
    pages: Jinja2Templates

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], dt.datetime]) -> Frame:
        """The frame of a desk."""
        return cls(settings, clock, _templates())

    def words(self, request: Request) -> Words:
        """The words of the language that the desk switched to."""
        return Words(request.session.get("lang", self.settings.lang))

    def page(self, request: Request, name: str, status: int = 200, **told: Any) -> Response:
        """A template with what it is told."""
        request.scope.setdefault("session", {})  # a fault may come before there is one
        words = self.words(request)
        frame = {
            "w": words,
            "lang": words.lang,
            "person": getattr(request.state, "person", None),
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
        UsageError: it is larger, cannot be read, or did not bring the token: another site may have sent it.
    """
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()) or int(length[:15]) > most:
        read = 0
        async for piece in request.stream():  # kept nowhere: a browser hears no answer before its end
            read += len(piece)
            if read > DRAINED * most:
                break
        size = f"{most / 1024**2:g} MB"
        raise UsageError(
            f"what was sent is larger than {size}.",
            "It was not taken; nothing changed.",
            zh=f"所提交的内容超过{size}，未采用；原有文件仍然有效。",
        )
    form = await _read(request)
    if not secrets.compare_digest(str(form.get("token", "")).encode(), token_of(request).encode()):
        raise UsageError(
            "this form is out of date.", "Load the page again and repeat it.", zh="页面已过期。请刷新后重试。"
        )
    return form


async def _read(request: Request) -> FormData:
    """The form's fields and files, in the one charset that the page's own forms are sent in."""
    charset = _CHARSET.search(request.headers.get("content-type", ""))
    try:
        if charset is None or charset[1].lower() == "utf-8":
            return await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)
    except (HTTPException, UnicodeError):  # too many fields, no boundary; a part's own charset
        pass
    raise UsageError(
        "what was sent is no form of this page.",
        "Load the page again.",
        zh="所提交的内容无法读取。请刷新页面。",
    )


def within(target: str) -> str:
    """An address of this site as it was asked for; the desk's own for any that leads elsewhere."""
    return target if _WITHIN.fullmatch(target) else "/"


def back(request: Request) -> str:
    """The page from which a form was sent."""
    try:
        parts = urlsplit(request.headers.get("referer", "/"))
    except ValueError:
        return "/"
    return within((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def sent_file(data: bytes | None, media_type: str, name: str | None = None) -> Response:
    """A file: to be saved under its name, or shown where it has none.

    Raises:
        HTTPException: there is none (404).
    """
    if data is None:
        raise HTTPException(404)
    headers = {}
    if name is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(name), safe='')}"
    return Response(data, media_type=media_type, headers=headers)
