"""The door of the page: who comes in, what every answer carries, logging in and out."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from review.access.login_throttle import Brake
from review.access.people import (
    LOCAL,
    NOBODY,
    Sessions,
    is_https,
    is_password,
    person_of,
    public_host,
    sender_of,
)
from review.headers import Dressed
from review.page_frame import Frame, back, checked, within

OPEN = re.compile(r"/login|/static/.*")
"""Paths that want nobody to be logged in."""
MOST_LOGIN, MOST_NAME, MOST_WANTED = 64 * 1024, 200, 2000
"""Bytes of the login's form; characters of the name that the brake counts, and of the address to go to."""
AT_ONCE = 2
"""Passwords that are tried at once: each takes 16 MiB and a processor for a twentieth of a second."""
Answer = Callable[[Request], Awaitable[Response]]


def add_door(app: FastAPI, frame: Frame) -> None:
    """Let in who may come in, and log people in and out."""
    settings, sessions, brake = frame.settings, Sessions(frame.clock), Brake(frame.clock)
    trying = asyncio.Semaphore(AT_ONCE)

    @app.middleware("http")
    async def guard(request: Request, call_next: Answer) -> Response:
        peer = request.client.host if request.client else ""
        person = person_of(peer, request.headers, request.session, settings, sessions)
        request.state.person, request.state.sender = person, sender_of(peer, request.headers, settings)
        path = str(request.scope["path"])  # not that of `request.url`, into which the Host header goes
        if person is not None or OPEN.fullmatch(path):
            return await call_next(request)
        query = bytes(request.scope["query_string"]).decode("ascii", "ignore")
        wanted = within(f"{path}?{query}" if query else path) if request.method == "GET" else "/"
        return RedirectResponse(f"/login?{urlencode({'to': wanted[:MOST_WANTED]})}", 303)

    https = is_https(settings)
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_hex(32),
        same_site="strict",
        https_only=https,
        session_cookie="__Host-zhengji" if https else "zhengji",
    )
    public = public_host(settings)
    if settings.host in LOCAL or public:  # a page elsewhere that names this machine otherwise is refused
        known = {*LOCAL, "[::1]", *([public] if public else [])}
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(known), www_redirect=False)
    app.add_middleware(Dressed, https=https)

    @app.get("/login")
    def ask_who(request: Request, to: str = "/") -> Response:
        return frame.page(request, "login.html", to=within(to), typed="", wrong=False, minutes=0)

    @app.post("/login")
    async def log_in(request: Request) -> Response:
        form = await checked(request, MOST_LOGIN)
        name, to = str(form.get("name", ""))[:MOST_NAME], within(str(form.get("to", "/")))
        password, address = str(form.get("password", "")), request.state.sender
        if wait := brake.wait(name, address):
            minutes = -(-int(wait.total_seconds()) // 60) or 1
            return frame.page(request, "login.html", 429, to=to, typed=name, wrong=False, minutes=minutes)
        kept = settings.people.get(name, NOBODY)
        async with trying:
            right = await run_in_threadpool(is_password, password, kept)
        if right:
            brake.passed(name, address)
            lang = request.session.get("lang")
            sessions.close(request.session.get("login", ""))
            request.session.clear()  # what was known before somebody logged in is worth nothing afterwards
            request.session.update({"login": sessions.open(name)} | ({"lang": lang} if lang else {}))
            return RedirectResponse(to, 303)
        return frame.page(request, "login.html", 403, to=to, typed=name, wrong=True, minutes=0)

    @app.post("/logout")
    async def log_out(request: Request) -> Response:
        await checked(request)
        sessions.close(request.session.get("login", ""))
        request.session.clear()
        return RedirectResponse("/", 303)

    @app.post("/language")
    async def language(request: Request) -> Response:
        form = await checked(request)
        request.session["lang"] = "en" if form.get("lang") == "en" else "zh"
        return RedirectResponse(back(request), 303)
