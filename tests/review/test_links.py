"""Every number, card and bar of the desk leads to a list that is as long as it says."""

from __future__ import annotations

import re
from html import unescape

import pytest

from reference.settings import Settings
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


def test_received_messages_are_listed_with_outcome_and_sender(desk: Settings) -> None:
    html = client(desk).get("/messages?q=hostile@example.invalid").text
    assert "<b data-total>1</b>" in html
    assert "已读取推荐表" in html
