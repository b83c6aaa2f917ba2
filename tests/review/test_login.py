"""Logging in: guessing is braked, an unknown name answers like a known one, logging out ends the session."""

from __future__ import annotations

import datetime as dt

import pytest
from starlette.testclient import TestClient

from reference.settings import Settings
from review.access import login
from review.access.login_throttle import FORGOTTEN, FREE, MOST, Brake
from review.access.people import NOBODY, SESSION_LASTS, Sessions, hashed
from review.app import create_app
from tests.review.conftest import NOW
from tests.review.test_guard import BASE, token_of

PASSWORD = "六月二十日"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(desk: Settings) -> Settings:
    return desk.model_copy(update={"people": {"王敏": hashed(PASSWORD), "李强": hashed("别的")}})


def guess(page: TestClient, name: str, password: str) -> int:
    data = {"token": token_of(page.get("/login").text), "name": name, "password": password}
    return page.post("/login", data=data).status_code


def client(settings: Settings, clock: Clock) -> TestClient:
    return TestClient(create_app(settings, clock), base_url=BASE, follow_redirects=False)


def test_after_five_wrong_tries_the_next_one_waits(people: Settings, clock: Clock) -> None:
    page = client(people, clock)
    assert [guess(page, "王敏", f"{n}") for n in range(6)] == [403] * 5 + [429]
    assert guess(page, "王敏", PASSWORD) == 429  # the right one has to wait too
    assert guess(page, "李强", "别的") == 303  # a colleague has not
    clock.later(seconds=31)
    assert guess(page, "王敏", PASSWORD) == 303


def test_the_page_says_how_long_to_wait(people: Settings, clock: Clock) -> None:
    page = client(people, clock)
    for n in range(5):
        guess(page, "王敏", f"{n}")
    data = {"token": token_of(page.get("/login").text), "name": "王敏", "password": "x"}
    assert "请1分钟后再试" in page.post("/login", data=data).text


def waits(brake: Brake, clock: Clock, tries: int) -> list[float]:
    """The seconds that each try has to wait after the one before it was wrong."""
    waited = []
    for _ in range(tries):
        held = brake.wait("王敏", "10.0.0.7")
        waited.append(held.total_seconds())
        if held:
            clock.later(seconds=held.total_seconds())
            brake.wait("王敏", "10.0.0.7")
    return waited


def test_the_wait_grows_up_to_a_quarter_of_an_hour(clock: Clock) -> None:
    waited = waits(Brake(clock), clock, FREE["pair"] + 7)
    assert waited == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_who_tries_many_names_from_one_address_waits(clock: Clock) -> None:
    brake = Brake(clock)
    held = [bool(brake.wait(f"name {n}", "10.0.0.7")) for n in range(FREE["address"] + 1)]
    assert held == [False] * FREE["address"] + [True]
    assert not brake.wait("name 1", "10.0.0.8")


def test_what_was_wrong_is_forgotten_after_a_success_or_an_hour(clock: Clock) -> None:
    brake = Brake(clock)
    for _ in range(4):
        brake.wait("王敏", "a")
    brake.passed("王敏", "a")
    assert not any(brake.wait("王敏", "a") for _ in range(5))
    assert brake.wait("王敏", "a")
    clock.later(seconds=FORGOTTEN.total_seconds() + 60)
    assert not any(brake.wait("王敏", "a") for _ in range(5))


def test_made_up_names_do_not_fill_the_memory(clock: Clock) -> None:
    brake = Brake(clock)
    for n in range(MOST):
        brake.wait(f"name {n}", f"address {n}")
    assert len(brake._counts) <= MOST


def test_an_unknown_name_is_held_against_a_password_too(
    people: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(login, "is_password", lambda _, kept: bool(asked.append(kept)))
    guess(client(people, clock), "无此人", "x")
    assert asked == [NOBODY]  # the same scrypt with the same costs as of a known name


def test_logging_out_makes_the_cookie_worthless(people: Settings, clock: Clock) -> None:
    page = client(people, clock)
    assert guess(page, "王敏", PASSWORD) == 303
    kept = page.cookies["zhengji"]
    token = token_of(page.get("/submissions").text)
    assert page.post("/logout", data={"token": token}).status_code == 303
    page.cookies.set("zhengji", kept)  # somebody who kept a copy of it
    answer = page.get("/submissions")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=%2Fsubmissions")


def test_a_session_lapses_that_nobody_used(clock: Clock) -> None:
    sessions = Sessions(clock)
    key = sessions.open("王敏")
    clock.later(hours=11)
    assert sessions.person(key) == "王敏"
    clock.later(hours=11)
    assert sessions.person(key) == "王敏"  # it was used meanwhile
    clock.later(seconds=SESSION_LASTS.total_seconds() + 1)
    assert sessions.person(key) is None


def test_the_way_to_the_login_carries_the_policy_too(people: Settings, clock: Clock) -> None:
    answer = client(people, clock).get("/submissions")
    assert answer.status_code == 303
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
