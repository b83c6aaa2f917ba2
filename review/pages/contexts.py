"""What each page of the desk shows, from a copy of the database."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.desk.placing import pdf_places, typed_sheet
from flows.desk.rerun import rerun_submission, withdraw_correction
from outputs.queries import desk, lists
from outputs.store.database import Database
from outputs.store.decisions import decisions_of
from outputs.store.originals import originals_beside
from outputs.store.snapshots import snapshots_of
from outputs.store.store import CLOSED, Store
from outputs.store.stored import FindingView
from reference.decisions import NEVER_WAIVED, RUNS, Action, can_be_set, changes, standing, undoable
from reference.errors import UsageError
from reference.findings import KINDS
from reference.model import Field, Outcome
from reference.settings import Settings
from review.file_names import file_name
from review.pages.comparing import changes_of
from review.pages.form_table import WORST, cell_name, form_fields, form_table
from review.pages.pictures import page_picture
from validators.window import days_to_send, window_of

_DIGEST = re.compile(r"[0-9a-f]{64}")
Told = dict[str, Any]
Lister = Callable[[Database, Mapping[str, str], int], lists.Listed]


def _reading(settings: Settings) -> Store:
    return snapshots_of(settings.db).read(settings.wait_seconds)


def asked_for(query: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The filters that an address names."""
    return {name: query[name].strip() for name in names if query.get(name, "").strip()}


def desk_view(settings: Settings, window: str | None, now: dt.datetime) -> Told:
    """The desk, with the days that are left of the window."""
    with _reading(settings) as store:
        view = desk.desk(store.database, window)
    here = window_of(now)
    opens, closes = days_to_send(now)
    return {
        "view": view,
        "kinds": KINDS,
        "open_now": here,
        "opens": opens,
        "closes": closes,
        "today": now.date(),
    }


def list_view(settings: Settings, lister: Lister, asked: dict[str, str], page: int) -> Told:
    """A page of one of the lists of `outputs.queries.lists`, with what its filters offer."""
    with _reading(settings) as store:
        listed = lister(store.database, asked, page)
        windows = (*store.windows(), CLOSED)
    return {
        "listed": listed,
        "asked": asked,
        "windows": windows,
        "kinds": KINDS,
        "stages": lists.STAGES,
        "item_states": lists.ITEM_STATES,
        "outcomes": lists.MESSAGE_OUTCOMES,
    }


def units_view(settings: Settings, window: str, page: int) -> Told:
    """Every unit of a window, with how its rows stand."""
    with _reading(settings) as store:
        listed = lists.units(store.database, window, page)
    return {"listed": listed, "window": window, "asked": {"window": window}}


def submission_view(settings: Settings, name: str, finding: str) -> Told:
    """One submission: its form, its findings, its history; the finding that is looked at."""
    with _reading(settings) as store:
        submission = store.submission(name)
        views = store.findings_of(name)
        decisions = decisions_of(store.database, name)
        message = store.message_record(submission.message_id)
        earlier = desk.earlier_results(store.database, name)
        stage, states = desk.stage_of(store.database, name), desk.item_states(store.database, name)
        newer = store.superseded_by(name)
        corrections = store.corrections(name)
    ordered = sorted(
        views,
        key=lambda one: (
            one.finding.outcome is Outcome.NOTE,
            one.state != "open",
            one.finding.row_no or 0,
            WORST[one.finding.outcome],
        ),
    )
    chosen = next((one for one in ordered if one.finding_id == finding), None) or next(iter(ordered), None)
    at = ordered.index(chosen) if chosen else 0
    decided = changes(decisions)
    can_undo = [one.decision_id for one in undoable(decisions, superseded=newer is not None)]
    return {
        "submission": submission,
        "stage": stage,
        "states": states,
        "newer": newer,
        "typed": typed_sheet(submission, settings),
        "message": message,
        "files": [
            *(file for file in message.files if file.file_id in submission.file_ids),
            *(file for files in corrections.values() for file in files),
        ],
        "corrections": corrections,
        "named": {one.decision_id: one.value for one in decisions if one.action is Action.RERUN},
        "views": ordered,
        "chosen": chosen,
        "before": ordered[at - 1].finding_id if chosen and at else None,
        "after": ordered[at + 1].finding_id if chosen and at + 1 < len(ordered) else None,
        "kinds": KINDS,
        "fields": [str(one) for one in Field],
        "table": form_table(submission.recommendations, views, decided),
        "form_fields": form_fields(submission, views, decided),
        "decisions": decisions,
        "holding": {one.decision_id for one in standing(decisions)},
        "can_undo": can_undo,
        "runs": RUNS,
        "earlier": earlier,
        "most_upload": settings.limits.upload_bytes,
        "last": next((one for one in reversed(decisions) if one.decision_id in can_undo), None),
        **_can(chosen),
        "waivable": chosen is not None and chosen.finding.code not in NEVER_WAIVED,
    }


def _can(chosen: FindingView | None) -> dict[str, bool]:
    """Whether the finding's cell can be set, and whether one of its candidates can be taken."""
    finding = chosen.finding if chosen else None
    sets = finding is not None and can_be_set(finding.row_no, finding.field)
    takes = finding is not None and bool(finding.candidates) and (sets or finding.row_no is not None)
    return {"settable": sets, "takable": takes}


def places_view(settings: Settings, name: str) -> Told:
    """The PDF's pages, and where each cell and finding stands on them."""
    with _reading(settings) as store:
        submission = store.submission(name)
        views = store.findings_of(name)
    places = pdf_places(submission, settings)
    if places is None or not places.pages:  # none came, or it cannot be drawn
        came = {"file": None, "came": places is not None, "pages": 0}
        return {**came, "cells": {}, "findings": {}, "seals": [], "turns": {}}
    cells = {
        f"{row or ''}/{field}": [place.page, *place.box]
        for (row, field), place in places.cells.items()
        if place.box and place.page
    }
    found = {}
    for view in views:
        place = view.finding.evidence
        if place and place.file_id == places.file_id and place.box and place.page:
            found[view.finding_id] = [place.page, *place.box]
        elif (key := cell_name(view)) in cells:
            found[view.finding_id] = cells[key]
    seals = [
        {"at": [seal.place.page, *seal.place.box], "name": next(iter(seal.names), "")}
        for seal in places.seals
        if seal.place.box
    ]
    return {
        "file": places.file_id,
        "pages": places.pages,
        "cells": cells,
        "findings": found,
        "seals": seals,
        "turns": places.turns,
    }


def next_finding(settings: Settings, name: str, finding: str) -> str | None:
    """The open finding to look at after one was decided."""
    with _reading(settings) as store:
        views = store.findings_of(name)
    ordered = sorted(views, key=lambda one: (one.finding.row_no or 0, WORST[one.finding.outcome]))
    waiting = [one.finding_id for one in ordered if one.state == "open" and one.finding.outcome != "note"]
    ids = [one.finding_id for one in ordered]
    later = [one for one in waiting if finding in ids and ids.index(one) > ids.index(finding)]
    return next(iter([*later, *waiting]), finding or None)


def alike_view(settings: Settings, finding: str) -> Told:
    """A finding and those like it.

    Raises:
        UsageError: no such finding.
    """
    with _reading(settings) as store:
        rows = desk.alike(store.database, finding)
        owner = store.database.rows("select submission_id from findings where finding_id = ?", finding)
        views = store.findings_of(owner[0]["submission_id"]) if owner and owner[0]["submission_id"] else ()
    view = next((one for one in views if one.finding_id == finding), None)
    if view is None:
        raise UsageError(f"no finding {finding}.", "It was judged anew meanwhile; search for it.")
    waivable = view.finding.code not in NEVER_WAIVED
    return {"view": view, "rows": rows, "kinds": KINDS, "waivable": waivable, **_can(view)}


def by_submission(settings: Settings, findings: Sequence[str]) -> dict[str, list[str]]:
    """Findings by their submission."""
    with _reading(settings) as store:
        rows = store.database.rows(
            "select submission_id, list(finding_id) as ids from findings"
            " where finding_id in (select unnest(?::varchar[])) and submission_id is not null group by all",
            list(findings),
        )
    return {row["submission_id"]: row["ids"] for row in rows}


def run_again(
    settings: Settings,
    name: str,
    files: Sequence[tuple[str, bytes]],
    person: str,
    now: dt.datetime,
    anyway: bool = False,
) -> None:
    """Run a submission again, with the files that were dropped on the page.

    Raises:
        MisplacedError: they seem another submission's, and nobody said that they are to be taken `anyway`.
    """
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (given, data) in enumerate(files):
            path = Path(folder) / str(number) / file_name(given)
            path.parent.mkdir()
            path.write_bytes(data)
            paths.append(path)
        run_id = uuid.uuid4().hex[:12]
        rerun_submission(
            name, settings, run_id=run_id, person=person, now=now, corrected=paths, anyway=anyway
        )


def withdraw(settings: Settings, name: str, which: str, person: str, now: dt.datetime) -> None:
    """Take corrected files back, and run the submission again without them."""
    withdraw_correction(name, settings, run_id=uuid.uuid4().hex[:12], person=person, now=now, which=which)


def changes_view(settings: Settings, name: str) -> Told:
    """A submission before and after it was run again."""
    with _reading(settings) as store:
        return changes_of(store, name)


def picture(settings: Settings, digest: str, page: int) -> bytes | None:
    """A page of a known PDF as PNG; None for any other file."""
    if not _DIGEST.fullmatch(digest) or not 1 <= page <= settings.limits.pages:
        return None
    with _reading(settings) as store:
        known = desk.knows_file(store.database, digest)
    if known is None or known["kind"] != "pdf":
        return None
    return page_picture(originals_beside(settings.db).folder, digest, page, settings.limits)


def original(settings: Settings, digest: str) -> tuple[bytes | None, str]:
    """A known file's bytes and name."""
    if not _DIGEST.fullmatch(digest):
        return None, ""
    with _reading(settings) as store:
        known = desk.knows_file(store.database, digest)
    return (originals_beside(settings.db).read(digest), known["name"] or digest[:12]) if known else (None, "")
