"""The form's own fields in a real Chromium: typed by keys, a candidate taken, taken back."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from flows.intake.pipeline import run_intake
from outputs.store.store import Store
from reference.settings import Settings
from tests.review.conftest import EXPORT
from tests.review.test_browser import browser, page, press, pytestmark

__all__ = ["browser", "page", "pytestmark"]
REPLACED = ("M0048", "M0049")
"""Two messages of one unit: a form without a PDF, and the one that replaced it."""


def test_the_unit_is_typed_then_taken_from_the_seal_and_given_back(
    page: Page, desk: Settings, tmp_path: Path
) -> None:
    box = tmp_path / "more"
    box.mkdir()
    shutil.copy(EXPORT / "M0030.eml", box)  # its unit is blank
    run_intake(box, desk, report=lambda _: None)
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        name = store.database.value("select submission_id from findings where code = 'unit-missing'")
    page.goto(f"/submission/{name}")
    unit, history = page.locator('[data-cell="/unit"]'), page.locator(".history")
    expect(unit).to_have_text("（空）")
    expect(page.locator("#card h2")).to_contain_text("推荐单位未填")
    press(page, "e")
    page.keyboard.type("上海某某协会")
    page.keyboard.press("Enter")
    expect(history).to_contain_text("上海某某协会")
    expect(unit).to_contain_text("核定")
    expect(unit).to_contain_text("原为空")
    page.locator(".findings a").filter(has_text="公章与推荐单位不符").click()
    expect(page.locator("#sheet[data-ready]")).to_be_attached()
    press(page, "1")
    expect(unit.locator(".holds")).to_have_text("上海市民政局")
    expect(page.locator("h1 bdi").first).to_have_text("上海市民政局")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "z")
    expect(unit.locator(".holds")).to_have_text("上海某某协会")


def test_a_form_that_was_replaced_says_so_and_shows_its_word_file_alone(
    page: Page, desk: Settings, tmp_path: Path
) -> None:
    box = tmp_path / "more"
    box.mkdir()
    for one in REPLACED:
        shutil.copy(EXPORT / f"{one}.eml", box)
    run_intake(box, desk, report=lambda _: None)
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        old, new = store.database.rows(
            "select submission_id, superseded_by from submissions where superseded_by is not null"
        )[0].values()
    page.goto(f"/submission/{old}")
    expect(page.locator("h1 .tag")).to_have_text("已被取代")
    expect(page.locator("#word")).to_be_visible()  # it came without a PDF
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator(".superseded")).to_contain_text(str(new))
    page.goto("/messages?outcome=superseded")
    expect(page.locator(".list tbody")).to_contain_text(f"由{new}取代")
