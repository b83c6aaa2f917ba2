"""The search box: what it finds, and that no search costs more than another."""

from __future__ import annotations

import time

import pytest

from outputs.queries.lists import LONGEST_SEARCH, MOST_WORDS, words_of
from reference.settings import Settings
from tests.review.test_guard import client

LISTS = ("messages", "submissions", "rows", "findings")
WORDS = " ".join(f"词{n}" for n in range(200))
"""200 words: over 100 s in the list of submissions, once."""


def listed(desk: Settings, asked: str) -> int:
    return client(desk).get("/submissions", params={"q": asked}).text.count('href="/submission/')


@pytest.mark.parametrize(
    "asked", ["上海市气象局 编码与职业不符", "气象局　code-missing", "code-name-mismatch"]
)
def test_search_takes_words_together(asked: str, desk: Settings) -> None:
    found = listed(desk, "code-name-mismatch")
    assert found >= 1
    assert listed(desk, asked) == (0 if "code-missing" in asked else found)


def test_a_word_is_looked_for_in_the_unit_the_id_and_the_rows(desk: Settings) -> None:
    name = submission_of(desk)
    assert listed(desk, name.lower()) == listed(desk, f"{name} 气象") == 1
    assert listed(desk, f"{name} 4-10-01-05 无此词") == 0


def submission_of(desk: Settings) -> str:
    html = client(desk).get("/submissions", params={"q": "上海市气象局"}).text
    return html.split('href="/submission/')[1].split('"')[0]


@pytest.mark.parametrize("typed", ["4100105", "4-10-01-05", "４－１０－０１－０５", "41001-05"])
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert words_of(f" {typed} ") == ["4-10-01-05"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("asked", [WORDS, "长" * 5_000, "\ufdfa" * 5_000, "% _ ' \" \\ \x00 ; --"])
def test_no_search_takes_long_and_what_is_left_out_is_said(asked: str, path: str, desk: Settings) -> None:
    page = client(desk)
    page.get(f"/{path}", params={"q": "词"})  # the templates are read once
    began = time.process_time()
    answer = page.get(f"/{path}", params={"q": asked})
    assert answer.status_code == 200
    assert time.process_time() - began < 1  # a tenth of it on an idle machine
    cut = len(asked) > LONGEST_SEARCH or len(asked.split()) > MOST_WORDS
    assert ("搜索内容过长" in answer.text) == cut


def test_words_beyond_the_limit_are_not_looked_for(desk: Settings) -> None:
    eight = " ".join(["上海市气象局", *["气象"] * 300])
    assert listed(desk, eight) == listed(desk, "上海市气象局")  # said twice is asked once
    assert len(words_of(WORDS)) == MOST_WORDS
