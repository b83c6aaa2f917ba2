"""The staff's page: what is asked, and which view answers. The door to FastAPI, with login and posting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from outputs.queries import lists
from reference.errors import StoreError, ZhengjiError
from reference.settings import Settings
from reference.times import SHANGHAI
from review.access.login import add_door
from review.actions.form_posts import add_forms
from review.headers import HEADERS, LATE, dress
from review.page_frame import HERE, Frame, back, sent_file
from review.pages import contexts, papers


def create_app(settings: Settings, now: Callable[[], dt.datetime] | None = None) -> FastAPI:
    """The page as an ASGI application; `now` tells the time of decisions."""
    app = FastAPI(title="zhengji", docs_url=None, redoc_url=None, openapi_url=None)
    frame = Frame.of(settings, now or (lambda: dt.datetime.now(tz=SHANGHAI)))
    _add_errors(app, frame)
    add_door(app, frame)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_pages(app, frame)
    add_forms(app, frame)
    return app


SAID = {
    404: ("没有这个页面。", "There is no such page."),
    405: (
        "这个地址不能这样提交。请从页面上操作。",
        "Nothing is sent to this address that way. Use the page.",
    ),
    408: ("提交超时，未采用。请重试。", "What was sent took too long and was not taken. Try again."),
}
"""What is said of requests that no view answers."""
FAULT = ("程序出错，未能完成；请把时间告诉维护人员。", "The program failed here; tell who keeps it when.")
CLOSED = ("数据库暂时无法读取。请联系维护人员。", "The database cannot be read at the moment.")


def _add_errors(app: FastAPI, frame: Frame) -> None:
    def told_of(request: Request, said: tuple[str, str], status: int) -> Response:
        return frame.page(request, "error.html", status, message=frame.words(request).pair(said), back="/")

    @app.exception_handler(ZhengjiError)
    async def told(request: Request, error: ZhengjiError) -> Response:
        zh = error.zh or (CLOSED[0] if isinstance(error, StoreError) else str(error))
        said = str(error) if frame.words(request).lang == "en" else zh
        status = 503 if isinstance(error, StoreError) else 400
        return frame.page(request, "error.html", status, message=said, back=back(request))

    @app.exception_handler(HTTPException)
    @app.exception_handler(RequestValidationError)
    async def unknown(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return told_of(request, SAID.get(status, SAID[404]), status)

    @app.exception_handler(ClientDisconnect)
    async def gone(request: Request, _error: Exception) -> Response:
        if request.scope.get(LATE):
            return told_of(request, SAID[408], 408)
        return Response(status_code=400)  # nobody is there to read it

    @app.exception_handler(Exception)
    async def failed(request: Request, _error: Exception) -> Response:
        """What the program failed at is in its log, never on the page; no other answer is dressed here."""
        answer = told_of(request, FAULT, 500)
        dress(answer.headers, HEADERS)
        return answer


def _add_pages(app: FastAPI, frame: Frame) -> None:
    settings, page = frame.settings, frame.page

    @app.get("/")
    def desk(request: Request, window: str = "") -> Response:
        return page(request, "desk.html", **contexts.desk_view(settings, window or None, frame.clock()))

    def listing(path: str, lister: contexts.Lister, filters: tuple[str, ...]) -> None:
        """A list at `/path`, shown by the template of its name; its filters stand in the address."""

        @app.get(f"/{path}", name=path)
        def listed(request: Request, number: int = 1) -> Response:
            asked = contexts.asked_for(request.query_params, ("q", "window", *filters))
            return page(request, f"{path}.html", **contexts.list_view(settings, lister, asked, number))

    listing("messages", lists.messages, ("outcome",))
    listing("submissions", lists.submissions, ("stage", "unit", "code"))
    listing("rows", lists.items, ("status", "unit", "industry"))
    listing("findings", lists.findings, ("code", "outcome", "state"))

    @app.get("/units")
    def units(request: Request, window: str = "closed", number: int = 1) -> Response:
        return page(request, "units.html", **contexts.units_view(settings, window, number))

    @app.get("/submission/{name}")
    def submission(request: Request, name: str, finding: str = "") -> Response:
        return page(request, "submission.html", **contexts.submission_view(settings, name, finding))

    @app.get("/submission/{name}/places")
    def places(name: str) -> Response:
        return JSONResponse(contexts.places_view(settings, name))

    @app.get("/submission/{name}/changes")
    def changes(request: Request, name: str) -> Response:
        return page(request, "changes.html", **contexts.changes_view(settings, name))

    @app.get("/alike/{finding}")
    def alike(request: Request, finding: str) -> Response:
        return page(request, "alike.html", **contexts.alike_view(settings, finding))

    @app.get("/page/{digest}/{number}.png")
    def picture(digest: str, number: int) -> Response:
        return sent_file(contexts.picture(settings, digest, number), "image/png")

    @app.get("/file/{digest}")
    def original(digest: str) -> Response:
        data, name = contexts.original(settings, digest)
        return sent_file(data, "application/octet-stream", name)

    @app.get("/submission/{name}/notice.docx")
    def notice(name: str) -> Response:
        data, file_name = papers.notice_file(settings, name, frame.clock())
        return sent_file(data, "application/octet-stream", file_name)

    @app.get("/submission/{name}/reply.eml")
    def reply(name: str) -> Response:
        data, file_name = papers.reply_file(settings, name, frame.clock())
        return sent_file(data, "application/octet-stream", file_name)
