"""The door of the page: who comes in, what every answer carries, logging in and out."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from review.brake import Brake
from review.frame import Frame, back, checked
from review.people import LOCAL, NOBODY, Sessions, is_password, person_of

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
OPEN = ("/login", "/static/")
"""Paths that want nobody to be logged in."""
Answer = Callable[[Request], Awaitable[Response]]


def add_door(app: FastAPI, frame: Frame) -> None:
    """Let in who may come in, and log people in and out."""
    settings, sessions, brake = frame.settings, Sessions(frame.clock), Brake(frame.clock)

    @app.middleware("http")
    async def guard(request: Request, call_next: Answer) -> Response:
        person = person_of(request.headers, request.session, settings, sessions)
        request.state.person = person
        if person is None and not request.url.path.startswith(OPEN):
            asked = f"?{request.url.query}" if request.url.query else ""
            wanted = request.url.path + asked if request.method == "GET" else "/"
            response: Response = RedirectResponse(f"/login?{urlencode({'to': wanted})}", 303)
        else:
            response = await call_next(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.add_middleware(
        SessionMiddleware, secret_key=secrets.token_hex(32), same_site="strict", session_cookie="zhengji"
    )
    if settings.host in LOCAL:  # a page elsewhere that names this machine by another host is refused
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL, "[::1]"])

    @app.get("/login")
    def ask_who(request: Request, to: str = "/") -> Response:
        return frame.page(request, "login.html", to=to, wrong=False, minutes=0)

    @app.post("/login")
    async def log_in(request: Request) -> Response:
        form = await checked(request)
        name, to = str(form.get("name", "")), str(form.get("to", "/"))
        address = request.client.host if request.client else ""
        if wait := brake.wait(name, address):
            minutes = -(-int(wait.total_seconds()) // 60) or 1
            return frame.page(request, "login.html", 429, to=to, wrong=False, minutes=minutes)
        kept = settings.people.get(name, NOBODY)
        if await run_in_threadpool(is_password, str(form.get("password", "")), kept):
            brake.passed(name, address)
            lang = request.session.get("lang")
            request.session.clear()  # what was known before somebody logged in is worth nothing afterwards
            request.session.update({"login": sessions.open(name)} | ({"lang": lang} if lang else {}))
            return RedirectResponse(to if to.startswith("/") and not to.startswith("//") else "/", 303)
        return frame.page(request, "login.html", 403, to=to, wrong=True, minutes=0)

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
