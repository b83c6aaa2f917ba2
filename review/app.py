"""The staff's page: what is asked, who asks, and which view answers. The door to FastAPI."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from flows.deciding import decide, undo
from reference.errors import UsageError, ZhengjiError
from reference.settings import Settings
from reference.times import SHANGHAI
from review import papers, views
from review.choices import choices_of
from review.people import LOCAL, is_password, person_of
from review.words import Words, moment, shown

HERE = Path(__file__).parent
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
OPEN = ("/login", "/static/")
"""Paths that want nobody to be logged in."""
Answer = Callable[[Request], Awaitable[Response]]
MOST_UPLOAD = 64 * 1024**2


def create_app(settings: Settings, now: Callable[[], dt.datetime] | None = None) -> FastAPI:
    """The page as an ASGI application; `now` tells the time of decisions."""
    app = FastAPI(title="zhengji", docs_url=None, redoc_url=None, openapi_url=None)
    clock = now or (lambda: dt.datetime.now(tz=SHANGHAI))
    pages = Jinja2Templates(HERE / "templates")
    pages.env.filters |= {"shown": shown, "moment": moment}
    pages.env.globals["address"] = lambda path, **asked: (
        f"{path}?{urlencode({k: v for k, v in asked.items() if v})}"
    )

    def page(request: Request, name: str, **told: Any) -> Response:
        lang = request.session.get("lang", settings.lang)
        frame = {
            "w": Words(lang),
            "lang": lang,
            "person": request.state.person,
            "token": _token(request),
            "logged_in": bool(settings.people),
        }
        return pages.TemplateResponse(request, name, {**frame, **told})

    @app.exception_handler(ZhengjiError)
    async def told(request: Request, error: ZhengjiError) -> Response:
        lang = request.session.get("lang", settings.lang)
        said = error.zh if lang != "en" and error.zh else str(error)
        return _as_page(page(request, "error.html", message=said, back=_back(request)), 400)

    @app.exception_handler(HTTPException)
    @app.exception_handler(RequestValidationError)
    async def unknown(request: Request, error: Exception) -> Response:
        words = Words(request.session.get("lang", settings.lang))
        said = words("没有这个页面。", "There is no such page.")
        status = error.status_code if isinstance(error, HTTPException) else 404
        return _as_page(page(request, "error.html", message=said, back="/"), status)

    @app.middleware("http")
    async def guard(request: Request, call_next: Answer) -> Response:
        person = person_of(request.headers, request.session, settings)
        request.state.person = person
        if person is None and not request.url.path.startswith(OPEN):
            asked = f"?{request.url.query}" if request.url.query else ""
            wanted = request.url.path + asked if request.method == "GET" else "/"
            return RedirectResponse(f"/login?{urlencode({'to': wanted})}", 303)
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
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

    @app.get("/login")
    def ask_who(request: Request, to: str = "/") -> Response:
        return page(request, "login.html", to=to, wrong=False)

    @app.post("/login")
    async def log_in(request: Request) -> Response:
        form = await _checked(request)
        name, to = str(form.get("name", "")), str(form.get("to", "/"))
        if is_password(str(form.get("password", "")), settings.people.get(name, "")):
            request.session["person"] = name
            return RedirectResponse(to if to.startswith("/") and not to.startswith("//") else "/", 303)
        return _as_page(page(request, "login.html", to=to, wrong=True), 403)

    @app.post("/logout")
    async def log_out(request: Request) -> Response:
        await _checked(request)
        request.session.clear()
        return RedirectResponse("/", 303)

    @app.post("/language")
    async def language(request: Request) -> Response:
        form = await _checked(request)
        request.session["lang"] = "en" if form.get("lang") == "en" else "zh"
        return RedirectResponse(_back(request), 303)

    @app.get("/")
    def desk(request: Request, window: str = "") -> Response:
        return page(request, "desk.html", **views.desk_view(settings, window or None, clock()))

    @app.get("/submissions")
    def submissions(request: Request, number: int = 1) -> Response:
        asked = views.asked_for(request.query_params, ("q", "window", "stage", "code"))
        return page(request, "submissions.html", **views.submissions_view(settings, asked, number))

    @app.get("/findings")
    def findings(request: Request, number: int = 1) -> Response:
        asked = views.asked_for(request.query_params, ("q", "window", "code", "outcome", "state"))
        return page(request, "findings.html", **views.findings_view(settings, asked, number))

    @app.get("/submission/{name}")
    def submission(request: Request, name: str, finding: str = "") -> Response:
        return page(request, "submission.html", **views.submission_view(settings, name, finding))

    @app.get("/submission/{name}/places")
    def places(name: str) -> Response:
        return JSONResponse(views.places_view(settings, name))

    @app.get("/submission/{name}/changes")
    def changes(request: Request, name: str) -> Response:
        return page(request, "changes.html", **views.changes_view(settings, name))

    @app.post("/submission/{name}/decide")
    async def deciding(request: Request, name: str) -> Response:
        form = await _checked(request)
        person, made = request.state.person, choices_of(form)
        await run_in_threadpool(decide, made, name, person, clock(), settings)
        after = views.next_finding(settings, name, str(form.get("finding", "")))
        return RedirectResponse(f"/submission/{name}" + (f"?finding={after}" if after else ""), 303)

    @app.post("/submission/{name}/undo")
    async def undoing(request: Request, name: str) -> Response:
        form = await _checked(request)
        which = str(form.get("decision", "")) or None
        undone = await run_in_threadpool(undo, name, request.state.person, clock(), settings, which)
        back = f"?finding={undone.finding_id}" if undone and undone.finding_id else ""
        return RedirectResponse(f"/submission/{name}{back}", 303)

    @app.get("/alike/{finding}")
    def alike(request: Request, finding: str) -> Response:
        return page(request, "alike.html", **views.alike_view(settings, finding))

    @app.post("/alike")
    async def decide_alike(request: Request) -> Response:
        form = await _checked(request)
        picked = [str(one) for one in form.getlist("finding")]
        if not picked:
            raise UsageError("nothing is picked.", "Pick one at least.", zh="未选择任何问题。请至少选一条。")
        for name, chosen in views.by_submission(settings, picked).items():
            made = [one for finding in chosen for one in choices_of(form, finding)]
            await run_in_threadpool(decide, made, name, request.state.person, clock(), settings)
        return RedirectResponse("/findings?state=open", 303)

    @app.post("/submission/{name}/rerun")
    async def again(request: Request, name: str) -> Response:
        form = await _checked(request)
        files = [
            (one.filename or "", await one.read(MOST_UPLOAD))
            for one in form.getlist("file")
            if isinstance(one, UploadFile) and one.filename
        ]
        await run_in_threadpool(views.run_again, settings, name, files)
        return RedirectResponse(f"/submission/{name}/changes", 303)

    @app.get("/page/{digest}/{number}.png")
    def picture(digest: str, number: int) -> Response:
        return _file(views.picture(settings, digest, number), "image/png")

    @app.get("/file/{digest}")
    def original(digest: str) -> Response:
        data, name = views.original(settings, digest)
        return _file(data, "application/octet-stream", name)

    @app.get("/submission/{name}/notice.docx")
    def notice(name: str) -> Response:
        data, file_name = papers.notice_file(settings, name, clock())
        return _file(data, "application/octet-stream", file_name)

    @app.get("/submission/{name}/reply.eml")
    def reply(name: str) -> Response:
        data, file_name = papers.reply_file(settings, name, clock())
        return _file(data, "application/octet-stream", file_name)

    return app


def _token(request: Request) -> str:
    """The session's secret that every form must bring back."""
    return str(request.session.setdefault("token", secrets.token_urlsafe(24)))


async def _checked(request: Request) -> FormData:
    """The form, once it brought the session's token.

    Raises:
        UsageError: it did not: another site may have sent it.
    """
    form = await request.form()
    if not secrets.compare_digest(str(form.get("token", "")).encode(), _token(request).encode()):
        raise UsageError(
            "this form is out of date.", "Load the page again and repeat it.", zh="页面已过期。请刷新后重试。"
        )
    return form


def _back(request: Request) -> str:
    parts = urlsplit(request.headers.get("referer", "/"))
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _as_page(response: Response, status: int) -> Response:
    response.status_code = status
    return response


def _file(data: bytes | None, media_type: str, name: str | None = None) -> Response:
    if data is None:
        return HTMLResponse("404", 404)
    headers = {"Cache-Control": "private, max-age=86400"} if name is None else {}
    if name is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=media_type, headers=headers)
