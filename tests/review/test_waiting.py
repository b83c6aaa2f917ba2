"""A form that waits for the database holds up no other page; what is too large is refused whole."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path

from outputs.store.store import Store
from reference.settings import Settings
from tests.review.test_browser import submission
from tests.review.test_guard import client, token_of

HOLD = """
import sys, time
from pathlib import Path
from outputs.store.store import Store
with Store.open(Path(sys.argv[1]), wait_seconds=10):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def held(settings: Settings, seconds: float) -> Iterator[None]:
    """The database, held by another process."""
    command = [sys.executable, "-c", HOLD, str(settings.db), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == "held"
        yield


def test_a_waiting_form_does_not_freeze_the_page(address: str, desk: Settings) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    name = submission(desk, "上海市气象局")
    html = opener.open(f"{address}/submission/{name}").read().decode()
    (finding, *_) = re.findall(r'name="finding" value="([^"]+)"', html)
    told = {"token": token_of(html), "finding": finding, "action": "uphold"}
    forms = {f"/submission/{name}/decide": told, f"/submission/{name}/undo": told, "/alike": told}
    with held(desk, 3):
        waiting = [
            threading.Thread(target=post, args=(opener, address + path, data)) for path, data in forms.items()
        ]
        for one in waiting:
            one.start()
        time.sleep(0.5)  # they wait for the database now
        began = time.monotonic()
        for path in ("/static/review.css", "/login", "/static/review.js"):
            assert urllib.request.urlopen(address + path).status == 200
        assert time.monotonic() - began < 1
        assert all(one.is_alive() for one in waiting)
    for one in waiting:
        one.join(20)
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        written = [row["action"] for row in store.database.rows("select action from decisions")]
    assert "uphold" in written  # they were done once their turn came


def test_more_waiting_forms_than_threads_leave_pages_their_threads(address: str, desk: Settings) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    name = submission(desk, "上海市气象局")
    html = opener.open(f"{address}/submission/{name}").read().decode()
    (finding, *_) = re.findall(r'name="finding" value="([^"]+)"', html)
    told = {"token": token_of(html), "finding": finding, "action": "uphold"}
    url = f"{address}/submission/{name}/decide"
    with held(desk, 4):
        waiting = [threading.Thread(target=post, args=(opener, url, told)) for _ in range(60)]
        for one in waiting:
            one.start()
        time.sleep(1.5)  # more than the forty threads that pages share
        began = time.monotonic()
        for path in ("/login", "/static/review.css", "/login"):
            assert urllib.request.urlopen(address + path, timeout=3).status == 200
        assert time.monotonic() - began < 1
        assert all(one.is_alive() for one in waiting)
    for one in waiting:
        one.join(60)
    with Store.open(desk.db, wait_seconds=5, read_only=True) as store:
        written = [row["action"] for row in store.database.rows("select action from decisions")]
    assert written == ["uphold"]  # once, however often it was sent


def post(opener: urllib.request.OpenerDirector, url: str, data: dict[str, str]) -> None:
    with suppress(urllib.error.HTTPError):  # such as nothing to undo yet: that is said on a page
        opener.open(url, urllib.parse.urlencode(data).encode()).read()


def test_an_upload_over_the_limit_is_refused_whole(desk: Settings) -> None:
    limits = desk.limits.model_copy(update={"upload_bytes": 1000})
    page = client(desk.model_copy(update={"limits": limits}))
    name = submission(desk, "上海市气象局")
    token = token_of(page.get(f"/submission/{name}").text)
    data = b"x" * (2 * 1024**2)
    answer = page.post(
        f"/submission/{name}/rerun", data={"token": token}, files={"file": ("推荐表.docx", data)}
    )
    assert answer.status_code == 400
    assert "未采用；原有文件仍然有效" in answer.text
    assert "与上次比较" not in page.get(f"/submission/{name}").text


def test_a_bad_correction_is_told_in_the_language_of_the_page(desk: Settings) -> None:
    page = client(desk)
    name = submission(desk, "上海市气象局")
    html = page.get(f"/submission/{name}").text

    def sent() -> str:
        files = {"file": ("空白.pdf", b"")}
        answer = page.post(f"/submission/{name}/rerun", data={"token": token_of(html)}, files=files)
        assert answer.status_code == 400
        return answer.text

    assert "“空白.pdf”" in sent()
    assert "原有文件仍然有效" in sent()
    page.post("/language", data={"token": token_of(html), "lang": "en"})
    assert "the earlier files stay in force" in sent()
