"""Every address of the page, asked for whatever its schema allows and does not (schemathesis).

The page publishes no schema, so it is made here: what the addresses declare, and the filters and forms that
they read by hand. `make test` takes a few tries an address, `pytest -m nightly` hundreds.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from starlette.testclient import TestClient

from flows.intake.reports import write_reports
from outputs.store.store import Store
from reference.decisions import ABOUT_FINDINGS
from reference.settings import Settings
from review.app import create_app
from review.headers import HEADERS
from tests.review.test_doors import PEOPLE
from tests.review.test_guard import BASE, client, token_of

ODD = (
    "<img src=x onerror=alert(1)>", "\"'><script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202e倒",
    "\x00\x07", "' or 1=1 --", "%", "../../etc/passwd", "9" * 400, "-1", "NaN", "长" * 3000, "{{7*7}}",
    "\U0001f600",
)  # fmt: skip
FILTERS = {
    "/messages": ("q", "window", "outcome"),
    "/submissions": ("q", "window", "stage", "unit", "code"),
    "/rows": ("q", "window", "status", "unit", "industry"),
    "/findings": ("q", "window", "code", "outcome", "state"),
}
FORMS = {
    "/login": ("name", "password", "to"),
    "/logout": (),
    "/language": ("lang",),
    "/alike": ("finding", "action", "value", "note"),
    "/submission/{name}/decide": ("finding", "action", "value", "note"),
    "/submission/{name}/undo": ("decision",),
    "/submission/{name}/rerun": ("file",),
    "/submission/{name}/withdraw": ("decision",),
}
ACTIONS = [*sorted(str(one) for one in ABOUT_FINDINGS if str(one) != "take"), "take:0", "take:4", "take:999"]
MOST_SECONDS = 5.0
"""Of CPU that an answer may take, a re-run among them; on an idle machine none took one."""


pytestmark = pytest.mark.xdist_group("addresses")  # one desk is tried by all


def operations() -> list[tuple[str, str]]:
    routes = [route for route in create_app(Settings()).routes if isinstance(route, APIRoute)]
    return [(method, route.path) for route in routes for method in sorted(route.methods)]


@dataclass
class Tried:
    """A desk of its own, the schema of its page, and how often what was answered."""

    settings: Settings
    page: TestClient
    schema: Any
    pairs: list[tuple[str, str]]
    """Findings with the submission that each is of: made up apart, they never meet."""
    answers: Counter[int] = field(default_factory=Counter)


def schema_of(page: TestClient, desk: Settings) -> dict[str, Any]:
    """The page's addresses as OpenAPI, with names and ids of the desk among the values."""
    with Store.open(desk.db, wait_seconds=5, read_only=True) as store:
        ids = {
            name: [row["id"] for row in store.database.rows(f"select distinct {column} as id from {table}")]
            for name, column, table in (
                ("name", "submission_id", "submissions"),
                ("finding", "finding_id", "findings"),
                ("digest", "file_id", "files"),
                ("window", '"window"', "messages"),
                ("unit", "unit", "submissions"),
            )
        }
    known = {
        **ids,
        "action": ACTIONS,
        "token": [token_of(page.get("/").text)],
        "lang": ["en", "zh"],
    }

    def values(name: str) -> dict[str, Any]:
        if name == "file":
            return {"type": "string", "format": "binary"}
        listed = {"enum": [one for one in known.get(name, []) if one is not None] or ["x"]}
        return listed if name == "token" else {"anyOf": [listed, {"enum": list(ODD)}, {"type": "string"}]}

    told: dict[str, Any] = page.app.openapi()  # type: ignore[attr-defined]
    for path, methods in told["paths"].items():
        for operation in methods.values():
            for one in operation.get("parameters", []):
                if one["name"] not in ("number",):
                    one["schema"] = values(one["name"])
        if path in FILTERS:
            more = [{"name": name, "in": "query", "schema": values(name)} for name in FILTERS[path]]
            methods["get"]["parameters"] += more
        if path in FORMS:
            names = ("token", *FORMS[path]) if path != "/logout" else ()  # the session is still wanted
            form = {
                "type": "object",
                "properties": {name: values(name) for name in names},
                "required": list(names[:3]),
            }
            kind = "multipart/form-data" if "file" in names else "application/x-www-form-urlencoded"
            methods["post"]["requestBody"] = {"required": True, "content": {kind: {"schema": form}}}
    return told


@pytest.fixture(scope="module")
def tried(judged_desk: Settings, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    folder = tmp_path_factory.mktemp("tried")
    shutil.copy(judged_desk.db, folder / "z.duckdb")
    shutil.copytree(judged_desk.db.parent / "z.originals", folder / "z.originals")
    desk = judged_desk.model_copy(update={"db": folder / "z.duckdb", "out": folder})
    page = client(desk)
    page = TestClient(page.app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)
    with Store.open(desk.db, wait_seconds=5, read_only=True) as store:
        rows = store.database.rows("select submission_id, finding_id from findings where submission_id <> ''")
    pairs = [(row["submission_id"], row["finding_id"]) for row in rows]
    return Tried(desk, page, schemathesis.openapi.from_dict(schema_of(page, desk)), pairs)


def asked(page: TestClient, case: Any) -> Any:
    """The answer to a case, sent as the bytes that requests makes of it: httpx cannot encode all of them."""
    told = case.as_transport_kwargs(base_url=BASE)
    told.pop("cookies", None)
    sent = requests.Request(**told).prepare()
    return page.request(
        sent.method or "", sent.url or "", content=sent.body or b"", headers=dict(sent.headers)
    )


def hold(answer: Any) -> None:
    """What holds of every answer, whatever was asked."""
    assert answer.status_code < 500, answer.request.url
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "Traceback" not in answer.text
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not any(markup in answer.text for markup in ODD[:2])
    if answer.is_redirect:
        assert re.match(r"/(?![/\\])", answer.headers["location"])


@dataclass(frozen=True)
class Fitting:
    """What fits together, which values made up one by one hardly ever do."""

    pair: tuple[str, str]
    action: str
    said: str

    def put(self, case: Any, tried: Tried) -> None:
        """Ask about a finding of its own submission, or a decision that was made about it."""
        body = case.body if isinstance(case.body, dict) else {}
        if "name" in (case.path_parameters or {}):
            case.path_parameters["name"] = self.pair[0]
        if "action" in body:
            body |= {"finding": self.pair[1], "action": self.action, "note": self.said, "value": self.said}
        if "decision" in body:
            with Store.open(tried.settings.db, wait_seconds=5, read_only=True) as store:
                made = store.database.rows("select decision_id, submission_id from decisions")
            if made:
                body["decision"], case.path_parameters["name"] = made[-1].values()


def tries(tried: Tried, method: str, path: str, count: int) -> None:
    fit = st.builds(
        Fitting,
        st.sampled_from(tried.pairs),
        st.sampled_from(ACTIONS),
        st.sampled_from(ODD) | st.text(max_size=50),
    )
    operation = tried.schema[path][method.lower()]
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

    @settings(max_examples=count, suppress_health_check=list(HealthCheck), database=None)
    @given(st.one_of(modes), fit, st.booleans())
    def one(case: Any, fitting: Fitting, fits: bool) -> None:
        if fits:
            fitting.put(case, tried)
        began = time.process_time()
        answer = asked(tried.page, case)
        assert time.process_time() - began < MOST_SECONDS, case
        hold(answer)
        tried.answers[answer.status_code] += 1

    one()


def stands(tried: Tried) -> None:
    """After all of it, every page and paper of what was decided is still there."""
    with Store.open(tried.settings.db, wait_seconds=5, read_only=True) as store:
        decided = store.database.rows("select distinct submission_id from decisions")
    assert decided
    for row in decided:
        for part in ("", "/places", "/notice.docx", "/reply.eml"):
            path = f"/submission/{row['submission_id']}{part}"
            assert tried.page.get(path).status_code == 200, path


@pytest.mark.parametrize(("method", "path"), operations())
def test_no_address_fails_whatever_is_asked(method: str, path: str, tried: Tried) -> None:
    tries(tried, method, path, 12 if path.endswith("/decide") else 4)


def test_what_was_tried_left_the_desk_whole(tried: Tried) -> None:
    stands(tried)


@pytest.mark.nightly
def test_no_address_fails_however_often_it_is_asked(tried: Tried) -> None:
    for method, path in operations():
        tries(tried, method, path, 60 if path.endswith("/rerun") else 200)
    print(sum(tried.answers.values()), dict(tried.answers))
    stands(tried)
    assert write_reports(["2025Q2"], tried.settings, papers=True)


def test_nobody_who_is_not_logged_in_gets_anything(judged_desk: Settings) -> None:
    page = client(judged_desk.model_copy(update=PEOPLE))
    schema = schemathesis.openapi.from_dict(schema_of(client(judged_desk), judged_desk))
    before = judged_desk.db.read_bytes()

    @settings(max_examples=25, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def one(data: st.DataObject) -> None:
        method, path = data.draw(st.sampled_from(operations()))
        case = data.draw(schema[path][method.lower()].as_strategy())
        answer = asked(page, case)
        hold(answer)
        assert answer.status_code in ((200, 400) if path == "/login" else (303, 404, 405))
        assert "上海市气象局" not in answer.text

    one()
    assert judged_desk.db.read_bytes() == before


def test_every_form_is_in_the_schema() -> None:
    assert {path for method, path in operations() if method == "POST"} == FORMS.keys()


def test_the_page_publishes_no_schema(judged_desk: Settings) -> None:
    page = client(judged_desk)
    for path in ("/openapi.json", "/docs", "/redoc"):
        assert page.get(path).status_code == 404
