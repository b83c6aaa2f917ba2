"""Who may see the page, and what every answer carries: without a browser."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from reference.errors import UsageError
from reference.settings import Settings
from review.access.people import hashed, is_password, refuse_open_doors
from review.app import create_app
from tests.review.conftest import NOW

BASE = "http://127.0.0.1"


def client(settings: Settings) -> TestClient:
    """A browser on this machine."""
    app = create_app(settings, lambda: NOW)
    return TestClient(app, base_url=BASE, follow_redirects=False, client=("127.0.0.1", 50_000))


def token_of(html: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found
    return found[1]


def test_answers_carry_a_strict_policy(desk: Settings) -> None:
    answer = client(desk).get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text  # no inline code at all
    assert "style=" not in answer.text


def test_another_host_name_is_refused(desk: Settings) -> None:
    assert client(desk).get("/", headers={"host": "evil.example.invalid"}).status_code == 400


def test_a_form_without_the_token_changes_nothing(desk: Settings) -> None:
    page = client(desk)
    page.get("/")
    assert page.post("/language", data={"lang": "en"}).status_code == 400
    assert 'lang="zh-CN"' in page.get("/").text


def test_people_log_in(desk: Settings) -> None:
    page = client(desk.model_copy(update={"people": {"王敏": hashed("六月二十日")}}))
    assert page.get("/submissions").headers["location"] == "/login?to=%2Fsubmissions"
    assert page.get("/static/review.css").status_code == 200
    token = token_of(page.get("/login").text)
    wrong = page.post("/login", data={"token": token, "name": "王敏", "password": "七月"})
    assert wrong.status_code == 403
    right = page.post(
        "/login", data={"token": token, "name": "王敏", "password": "六月二十日", "to": "//evil.invalid"}
    )
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert "王敏" in page.get("/").text


def test_a_proxy_vouches(desk: Settings) -> None:
    page = client(desk.model_copy(update={"proxy_header": "X-Remote-User"}))
    assert page.get("/").status_code == 303
    assert "li.na" in page.get("/", headers={"X-Remote-User": "li.na"}).text


def test_it_does_not_listen_wider_without_a_login(desk: Settings) -> None:
    with pytest.raises(UsageError, match="log in"):
        refuse_open_doors(desk.model_copy(update={"host": "0.0.0.0"}))
    refuse_open_doors(desk.model_copy(update={"host": "0.0.0.0", "people": {"a": hashed("b")}}))


@pytest.mark.parametrize("kept", ["", "nonsense", "aa:bb", "00"])
def test_a_malformed_entry_fits_no_password(kept: str) -> None:
    assert not is_password("", kept)


@pytest.mark.parametrize(
    "path", ["/file/0", "/file/" + "0" * 64, "/page/" + "0" * 64 + "/1.png", "/file/..%2f..%2fetc%2fpasswd"]
)
def test_files_are_served_by_known_digests_only(path: str, desk: Settings) -> None:
    assert client(desk).get(path).status_code == 404


def test_an_unknown_submission_is_told(desk: Settings) -> None:
    answer = client(desk).get("/submission/2025Q2-NOTHERE")
    assert answer.status_code == 400
    assert "2025Q2-NOTHERE" in answer.text


@pytest.mark.parametrize("header", ["王敏".encode(), b"%E7%8E%8B%E6%95%8F"])
def test_a_proxy_names_people_in_chinese(header: bytes, desk: Settings) -> None:
    page = client(desk.model_copy(update={"proxy_header": "X-Remote-User"}))
    assert "王敏" in page.get("/", headers={b"X-Remote-User": header}).text


def test_the_link_of_a_colleague_keeps_its_filters_over_the_login(desk: Settings) -> None:
    page = client(desk.model_copy(update={"people": {"王敏": hashed("六月二十日")}}))
    asked = page.get("/findings?state=open&code=code-unknown").headers["location"]
    assert asked == "/login?to=%2Ffindings%3Fstate%3Dopen%26code%3Dcode-unknown"


@pytest.mark.parametrize(("path", "status"), [("/nope", 404), ("/submissions?number=abc", 404)])
def test_what_is_not_there_is_told_on_a_page(path: str, status: int, desk: Settings) -> None:
    answer = client(desk).get(path)
    assert (answer.status_code, "没有这个页面" in answer.text) == (status, True)


@pytest.mark.parametrize("action", ["take", "take:-1", "take:²", "undo", "uphold:1"])
def test_what_is_no_decision_is_refused(action: str, desk: Settings) -> None:
    page = client(desk)
    (first, *_) = re.findall(r'href="(/submission/[^"?]+)"', page.get("/submissions").text)
    html = page.get(first).text
    (finding, *_) = re.findall(r'name="finding" value="([^"]+)"', html)
    answer = page.post(
        f"{first}/decide", data={"token": token_of(html), "finding": finding, "action": action}
    )
    assert (answer.status_code, "没有这种处理" in answer.text) == (400, True)
