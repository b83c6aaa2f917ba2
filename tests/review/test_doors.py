"""The page's doors, tried by somebody who wants in, or wants a clerk's browser to be led astray."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from reference.errors import UsageError
from reference.settings import Settings
from review.access.people import hashed, refuse_open_doors
from review.app import create_app
from review.file_names import MOST_BYTES, file_name
from review.headers import HEADERS
from review.page_frame import within
from tests.review.conftest import NOW
from tests.review.test_browser import submission
from tests.review.test_guard import BASE, client, token_of

PEOPLE = {"people": {"王敏": hashed("六月二十日")}}
HOME = "https://desk.example"


def posts(app: FastAPI) -> list[str]:
    """Every address that takes a form, with something in place of its parameters."""
    return [
        re.sub(r"\{\w+\}", "2025Q2-AAAAAA", route.path)
        for route in app.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
    ]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/static/review.css", 200),
        ("GET", "/static/../app.py", 404),
        ("GET", "/nope", 404),
        ("GET", "/file/" + "0" * 64, 404),
        ("GET", "/submission/nope", 400),
        ("GET", "/findings?number=x", 404),
        ("DELETE", "/submissions", 405),
        ("TRACE", "/", 405),
    ],
)
def test_every_answer_carries_every_header(
    method: str, path: str, status: int, judged_desk: Settings
) -> None:
    answer = client(judged_desk).request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    if status != 200:
        assert "返回工作台" in answer.text or "回到工作台" in answer.text


def test_a_refused_host_and_a_fault_carry_them_too(
    judged_desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = client(judged_desk).get("/", headers={"host": "evil.example"})

    def fails(*_: object) -> dict[str, Any]:
        raise ZeroDivisionError(judged_desk.db)

    monkeypatch.setattr("review.pages.contexts.desk_view", fails)
    page = TestClient(create_app(judged_desk, lambda: NOW), base_url=BASE, raise_server_exceptions=False)
    failed = page.get("/")
    for answer, status in ((refused, 400), (failed, 500)):
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "程序出错" in failed.text
    assert "ZeroDivisionError" not in failed.text
    assert str(judged_desk.db) not in failed.text


ASTRAY = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "https://evil.example/", "https:evil.example", "javascript:alert(1)", "/ /evil.example", "evil.example",
    "/\n//evil.example", "/\x00", "\u2028//evil.example", "",
]  # fmt: skip


@pytest.mark.parametrize("target", ASTRAY)
def test_no_address_leads_off_the_site(target: str, judged_desk: Settings) -> None:
    assert within(target) == "/"
    page = client(judged_desk.model_copy(update=PEOPLE))
    html = page.get("/login", params={"to": target}).text
    assert 'name="to" value="/"' in html
    told = {"token": token_of(html), "name": "王敏", "password": "六月二十日", "to": target}
    assert page.post("/login", data=told).headers["location"] == "/"


@pytest.mark.parametrize(
    "referer", ["http://[", "https://evil.example//evil.example/x", "javascript:alert(1)"]
)
def test_where_somebody_came_from_leads_nowhere_else(referer: str, judged_desk: Settings) -> None:
    page = client(judged_desk)
    told = {"token": token_of(page.get("/").text), "lang": "en"}
    answer = page.post("/language", data=told, headers={"referer": referer})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "kept", ["/submissions?q=%E6%B0%94&state=open", "/submission/2025Q2-AAAAAA", "/%09/x"]
)
def test_addresses_of_the_site_are_kept(kept: str) -> None:
    assert within(kept) == kept


@pytest.mark.parametrize("host", ["x/static/", "x/login?", "x/login#", "127.0.0.1/static/a?", "[::1]/login?"])
def test_no_host_header_opens_the_door(host: str, judged_desk: Settings) -> None:
    page = client(judged_desk.model_copy(update={**PEOPLE, "host": "0.0.0.0"}))
    answer = page.get("/submissions", headers={"host": host})
    assert answer.status_code in (303, 400)
    assert "上海市气象局" not in answer.text


@pytest.mark.parametrize(
    "path", ["//submissions", "/login/../submissions", "/loginx", "/static/../submissions"]
)
def test_no_path_goes_around_the_door(path: str, judged_desk: Settings) -> None:
    page = client(judged_desk.model_copy(update=PEOPLE))
    answer = page.get(BASE + path)
    assert answer.status_code in (303, 404)
    assert "上海市气象局" not in answer.text


def test_nothing_is_written_without_the_token_or_a_login(desk: Settings) -> None:
    app = create_app(desk, lambda: NOW)
    before = desk.db.read_bytes()
    addresses = posts(app)
    assert len(addresses) >= 8
    for settings, status in ((desk, 400), (desk.model_copy(update=PEOPLE), 303)):
        page = client(settings)
        other = token_of(client(desk).get("/").text)  # a session's token is worth nothing in another
        for path in addresses:
            for told in ({}, {"token": ""}, {"token": other}):
                answer = page.post(path, data={**told, "action": "uphold", "finding": "x"})
                assert answer.status_code == (400 if path == "/login" else status), path
    assert desk.db.read_bytes() == before


def test_behind_tls_cookies_are_secure_and_the_outer_name_is_known(judged_desk: Settings) -> None:
    behind = judged_desk.model_copy(update={**PEOPLE, "public_url": HOME})
    page = TestClient(
        create_app(behind, lambda: NOW), base_url=HOME, follow_redirects=False, client=("127.0.0.1", 1)
    )
    answer = page.get("/login")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-zhengji=")
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= {one.strip() for one in cookie.split(";")}
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert page.get("/login", headers={"host": "evil.example"}).status_code == 400
    plain = client(judged_desk).get("/").headers
    assert "strict-transport-security" not in plain
    assert {"httponly", "samesite=strict"} <= {o.strip() for o in plain["set-cookie"].lower().split(";")}


@pytest.mark.parametrize(
    "wrong", [{"public_url": "desk.example"}, {"public_url": HOME + "/path"}, {"public_url": "https://[x"}]
)
def test_a_public_address_that_is_none_is_refused(wrong: dict[str, str], judged_desk: Settings) -> None:
    with pytest.raises(UsageError, match="public_url"):
        refuse_open_doors(judged_desk.model_copy(update={**PEOPLE, **wrong}))


def test_a_public_address_wants_a_login(judged_desk: Settings) -> None:
    with pytest.raises(UsageError, match="log in"):
        refuse_open_doors(judged_desk.model_copy(update={"public_url": HOME}))


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("10.0.0.9", [("X-Remote-User", "li.na")]),  # who reaches the page itself, around the proxy
        ("127.0.0.1", [("X-Remote-User", "li.na"), ("X-Remote-User", "wang.min")]),
        ("127.0.0.1", [("X-Remote-User", "")]),
        ("127.0.0.1", []),
    ],
)
def test_only_a_proxy_names_people(peer: str, headers: list[tuple[str, str]], judged_desk: Settings) -> None:
    app = create_app(judged_desk.model_copy(update={"proxy_header": "X-Remote-User"}), lambda: NOW)
    page = TestClient(app, base_url=BASE, follow_redirects=False, client=(peer, 1))
    assert page.get("/submissions", headers=headers).status_code == 303


def test_guesses_through_a_proxy_are_counted_by_the_guesser(judged_desk: Settings) -> None:
    behind = judged_desk.model_copy(update={**PEOPLE, "public_url": HOME})
    page = TestClient(
        create_app(behind, lambda: NOW), base_url=HOME, follow_redirects=False, client=("127.0.0.1", 1)
    )

    def tried(address: str) -> int:
        told = {"token": token_of(page.get("/login").text), "name": "王敏", "password": "x"}
        sent = {"x-forwarded-for": f"{len(address)}.made.up, {address}"}
        return page.post("/login", data=told, headers=sent).status_code

    assert [tried("10.0.0.7") for _ in range(6)] == [403] * 5 + [429]
    assert tried("10.0.0.8") == 403


def test_logging_in_begins_another_session(judged_desk: Settings) -> None:
    page = client(judged_desk.model_copy(update=PEOPLE))
    before = token_of(page.get("/login").text)
    cookie = page.cookies["zhengji"]
    told = {"token": before, "name": "王敏", "password": "六月二十日"}
    assert page.post("/login", data=told).status_code == 303
    after = token_of(page.get("/").text)
    assert after != before
    fixed = client(judged_desk.model_copy(update=PEOPLE))
    fixed.cookies.set("zhengji", cookie)  # planted before the login, it is not logged in by it
    assert fixed.get("/submissions").status_code == 303


def test_very_long_names_do_not_fill_the_brake(judged_desk: Settings) -> None:
    page = client(judged_desk.model_copy(update=PEOPLE))
    told = {"token": token_of(page.get("/login").text), "name": "名" * 100_000, "password": "x"}
    assert page.post("/login", data=told).status_code == 400


GIVEN = [
    "..", "../../etc/passwd", "推" * 300 + ".docx", "a\x00b.docx", "C:\\x\\y.docx", "\u202ecod.pdf",
    ". ", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("given", GIVEN)
def test_names_of_files_stay_in_their_folder(given: str) -> None:
    fit = file_name(given)
    assert 0 < len(fit.encode()) <= MOST_BYTES
    assert not re.search(r"[/\\:\x00\u202e]", fit)
    assert fit.strip(".")
    assert fit.endswith(given[-5:]) or not given.endswith(".docx")


@pytest.mark.parametrize("given", [name for name in GIVEN if name != "\ud800"])
def test_a_file_under_any_name_is_refused_in_a_sentence(given: str, desk: Settings) -> None:
    page = client(desk)
    name = submission(desk, "上海市气象局")
    told = {"token": token_of(page.get(f"/submission/{name}").text)}
    answer = page.post(f"/submission/{name}/rerun", data=told, files={"file": (given, b"no form")})
    assert answer.status_code == 400
    assert "未采用" in answer.text


def raw(content_type: str, body: bytes) -> Callable[[TestClient], int]:
    return lambda page: (
        page.post("/language", content=body, headers={"content-type": content_type}).status_code
    )


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n\xff\xfe\r\n--b--\r\n'


@pytest.mark.parametrize(
    "send",
    [
        raw("multipart/form-data; boundary=b; charset=undefined", MULTIPART),
        raw("multipart/form-data; boundary=b; charset=punycode", MULTIPART),
        raw("multipart/form-data; boundary=b; charset=utf-8", MULTIPART),
        raw("multipart/form-data", MULTIPART),
        raw("multipart/form-data; boundary=b", b"--b\r\n" * 1000),
        raw("multipart/form-data; boundary=" + "b" * 10_000, b"x"),
        raw("application/x-www-form-urlencoded", b"token=%ed%a0%80&" + b"a&" * 2000),
        raw("application/x-www-form-urlencoded; charset=utf-7", b"token=+AAA-"),
        raw("application/json", b'{"token": 1}'),
        raw("", b""),
        lambda page: page.post("/language", content=iter([b"token=" + b"x" * 70_000] * 90)).status_code,
        lambda page: page.post("/language", content=b"x", headers={"content-length": "-1"}).status_code,
        lambda page: page.post("/language", content=b"x", headers={"content-length": "9" * 5000}).status_code,
    ],
)
def test_what_is_no_form_is_refused(send: Callable[[TestClient], int], judged_desk: Settings) -> None:
    assert send(client(judged_desk)) == 400


def test_what_is_typed_is_bounded(judged_desk: Settings) -> None:
    page = client(judged_desk)
    html = page.get(f"/submission/{submission(judged_desk, '上海市气象局')}").text
    (finding, *_) = re.findall(r'name="finding" value="([^"]+)"', html)
    (action,) = re.findall(r'action="([^"]+/decide)"', html)
    told = {"token": token_of(html), "finding": finding, "action": "waive", "note": "长" * 5001}
    answer = page.post(action, data=told)
    assert (answer.status_code, "请缩短" in answer.text) == (400, True)
