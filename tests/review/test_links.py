"""Every number, card and bar of the desk leads to a list that is as long as it says."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from flows.intake import foreign
from flows.intake.pipeline import run_intake
from outputs.store.store import Store
from reference.settings import Settings
from tests.review.conftest import EXPORT
from tests.review.test_browser import submission
from tests.review.test_guard import client

CARD = re.compile(r'<a class="card[^>]*href="([^"]+)"><b data-count>(\d+)</b>')
LINK = re.compile(r'href="([^"]+)"[^>]*data-count="(\d+)"')


def counted(html: str) -> set[tuple[str, int]]:
    return {(unescape(path), int(n)) for path, n in (*CARD.findall(html), *LINK.findall(html))}


@pytest.mark.parametrize("window", ["2025Q2", "closed"])
def test_each_number_is_the_length_of_its_list(window: str, desk: Settings) -> None:
    page = client(desk)
    links = counted(page.get("/", params={"window": window}).text)
    assert {path.split("?")[0] for path, _ in links} >= {"/messages", "/submissions"}
    for path, count in links:
        (total,) = re.findall(r"<b data-total>(\d+)</b>", page.get(path).text)
        assert int(total) == count, path


def test_the_units_are_all_on_their_page(desk: Settings) -> None:
    page = client(desk)
    html = page.get("/units?window=2025Q2").text
    assert "上海市气象局" in html
    for path, count in counted(html):
        assert f"<b data-total>{count}</b>" in page.get(path).text, path


def test_a_locked_pdf_is_told_without_asking_for_its_pages(tmp_path: Path) -> None:
    (tmp_path / "box").mkdir()
    shutil.copy(EXPORT / "M0021.eml", tmp_path / "box")
    settings = Settings(db=tmp_path / "z.duckdb", out=tmp_path)
    run_intake(tmp_path / "box", settings, report=lambda _: None)
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        (row,) = store.database.rows("select submission_id from submissions")
    places = client(settings).get(f"/submission/{row['submission_id']}/places").json()
    assert (places["file"], places["came"], places["pages"]) == (None, True, 0)


def test_received_messages_are_listed_with_outcome_and_sender(desk: Settings) -> None:
    html = client(desk).get("/messages?q=hostile@example.invalid").text
    assert "<b data-total>1</b>" in html
    assert "已读取推荐表" in html


def test_the_places_are_there_without_reading_the_pdf(
    desk: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(foreign, "readers_for", read)
    told = client(desk).get(f"/submission/{submission(desk, '上海市气象局')}/places").json()
    assert told["pages"] == 2
    assert "2/code" in told["cells"]
