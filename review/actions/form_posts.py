"""The forms that write: decide, undo, decide alike ones, run again, withdraw a correction.

The database may be held by others for a while, so all that touches it waits on threads of its own: however
many forms wait, they hold up no page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from flows.desk.deciding import decide, undo
from reference.errors import MisplacedError, UsageError
from review.actions.choices import choices_of
from review.held import HeldUploads
from review.page_frame import MOST_FORM, Frame, checked
from review.pages import contexts

WRITERS = 4
"""Forms that are worked on at once. Others wait outside, so that pages always find a thread: DuckDB lets one
write at a time anyway."""
T = TypeVar("T")


def add_forms(app: FastAPI, frame: Frame) -> None:
    """Take the forms of the desk."""
    settings, held = frame.settings, HeldUploads()
    writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="writing")

    async def written(work: Callable[..., T], *given: object) -> T:
        """What the work gives, done on one of the writers' own threads."""
        return await asyncio.get_running_loop().run_in_executor(writers, partial(work, *given))

    @app.post("/submission/{name}/decide")
    async def deciding(request: Request, name: str) -> Response:
        form = await checked(request)
        person, made = request.state.person, choices_of(form)
        await written(decide, made, name, person, frame.clock(), settings)
        finding = str(form.get("finding", ""))
        after = await written(contexts.next_finding, settings, name, finding)
        return RedirectResponse(f"/submission/{name}" + (f"?finding={after}" if after else ""), 303)

    @app.post("/submission/{name}/undo")
    async def undoing(request: Request, name: str) -> Response:
        form = await checked(request)
        which = str(form.get("decision", "")) or None
        undone = await written(undo, name, request.state.person, frame.clock(), settings, which)
        if undone is None:
            raise UsageError(
                "that decision no longer stands: somebody took it back already.",
                "Look at the history.",
                zh="这一处理已被撤销，无须再撤。请查看处理记录。",
            )
        found = f"?finding={undone.finding_id}" if undone.finding_id else ""
        return RedirectResponse(f"/submission/{name}{found}", 303)

    @app.post("/alike")
    async def decide_alike(request: Request) -> Response:
        form = await checked(request)
        picked = [str(one) for one in form.getlist("finding")]
        if not picked:
            raise UsageError("nothing is picked.", "Pick one at least.", zh="未选择任何问题。请至少选一条。")
        groups = await written(contexts.by_submission, settings, picked)
        for name, chosen in groups.items():
            made = [one for finding in chosen for one in choices_of(form, finding)]
            await written(decide, made, name, request.state.person, frame.clock(), settings)
        return RedirectResponse("/findings?state=open", 303)

    @app.post("/submission/{name}/rerun")
    async def again(request: Request, name: str) -> Response:
        form = await checked(request, settings.limits.upload_bytes + MOST_FORM)
        files = [
            (one.filename or "", await one.read())
            for one in form.getlist("file")
            if isinstance(one, UploadFile) and one.filename
        ]
        person, now, word = request.state.person, frame.clock(), str(form.get("held", ""))
        confirmed = held.take(word, name, person) if word else None
        if word and confirmed is None:
            raise UsageError(
                "the file that waited for your word is no longer kept.",
                "Choose it again.",
                zh="待确认的文件已不再保留。请重新选择文件。",
            )
        given = confirmed if confirmed is not None else files
        try:
            await written(contexts.run_again, settings, name, given, person, now, confirmed is not None)
        except MisplacedError as refused:
            said = refused.what if frame.words(request).lang == "en" else refused.zh
            kept = held.hold(name, person, files)
            return frame.page(request, "misplaced.html", 400, message=said, owner=name, held=kept)
        return RedirectResponse(f"/submission/{name}/changes", 303)

    @app.post("/submission/{name}/withdraw")
    async def withdrawing(request: Request, name: str) -> Response:
        form = await checked(request)
        which, person = str(form.get("decision", "")), request.state.person
        await written(contexts.withdraw, settings, name, which, person, frame.clock())
        return RedirectResponse(f"/submission/{name}/changes", 303)
