"""The staff's page in a real Chromium: from the desk to a decision to the notice, by mouse and by keys."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from extractors.mail.messages import read_message
from outputs.store.store import Store
from reference.settings import Limits, Settings
from tests.review.conftest import EXPORT

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (`apt install chromium`, or set CHROMIUM)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A window of 1280 by 800; an error in the page's own code fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    told = "the server responded with a status of 400"  # a form that was refused says so on its page
    opened.on(
        "console",
        lambda said: errors.append(said.text) if said.type == "error" and told not in said.text else None,
    )
    yield opened
    context.close()
    assert errors == []


def submission(settings: Settings, unit: str) -> str:
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        (row,) = store.database.rows(
            "select submission_id from submissions where unit = ? and not contains(submission_id, '~')", unit
        )
    return str(row["submission_id"])


def states(settings: Settings, name: str) -> dict[str, str]:
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        return {view.finding.code: view.state for view in store.findings_of(name)}


def test_from_the_desk_to_the_notice_by_mouse(page: Page, desk: Settings) -> None:
    page.goto("/")
    page.get_by_role("link", name="待处理问题").click()
    page.get_by_label("类别").select_option("code-name-mismatch")
    page.get_by_role("button", name="查找").click()
    assert "code=code-name-mismatch" in page.url
    page.locator("table.list tbody a").first.click()
    expect(page.locator("#sheet[data-ready]")).to_be_attached()
    expect(page.locator("#frame")).not_to_have_attribute("width", "0")
    expect(page.locator(".clause")).to_contain_text("中华人民共和国职业分类大典")
    page.locator('button[value="take:0"]').click()
    expect(page.locator(".history li").first).to_contain_text("采用")
    name = submission(desk, "上海市气象局")
    assert states(desk, name)["code-name-mismatch"] != "open"
    with page.expect_download() as waited:
        page.get_by_role("link", name="补正通知").click()
    notice = docx.Document(io.BytesIO(waited.value.path().read_bytes()))
    told = "\n".join(cell.text for table in notice.tables for row in table.rows for cell in row.cells)
    assert "职业名称为空" in told  # what still is to be mended
    assert "而所填职业" not in told  # what was settled


def press(page: Page, key: str) -> None:
    """A key, once the page listens for keys."""
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.keyboard.press(key)


def test_the_same_by_keys_alone(page: Page, desk: Settings) -> None:
    name = submission(desk, "上海市气象局")
    page.goto(f"/submission/{name}")
    card, history = page.locator("#card h2"), page.locator(".history")
    expect(card).to_contain_text("编码与职业不符")
    press(page, "j")
    expect(card).to_contain_text("职业名称未填")
    press(page, "k")
    expect(card).to_contain_text("编码与职业不符")
    press(page, "1")
    expect(history).to_contain_text("采用")
    assert states(desk, name).get("code-name-mismatch", "corrected") == "corrected"
    press(page, "z")
    expect(page.locator(".history li.gone")).to_have_count(1)
    assert states(desk, name)["code-name-mismatch"] == "open"
    press(page, "w")
    expect(page.locator("#note")).to_be_focused()  # a waiver wants its reason first
    page.keyboard.type("经电话核实")
    page.keyboard.press("Enter")
    expect(history).to_contain_text("经电话核实")
    assert "waived" in states(desk, name).values()
    press(page, "?")
    expect(page.locator("#keys")).to_be_visible()


def test_a_cell_shows_its_findings(page: Page, desk: Settings) -> None:
    page.goto(f"/submission/{submission(desk, '上海市气象局')}")
    expect(page.locator("#sheet[data-ready]")).to_be_attached()
    expect(page.locator(".seal title")).to_have_text("上海市气象局")
    page.locator('[data-cell="3/occupation"]').click()
    expect(page.locator("#card h2")).to_contain_text("职业名称未填")


def test_alike_findings_are_decided_together(page: Page, desk: Settings) -> None:
    name = submission(desk, "上海市气象局")
    page.goto(f"/submission/{name}")
    page.get_by_role("link", name="同类一并处理").click()
    expect(page.locator('input[name="finding"]')).to_have_count(1)
    page.get_by_role("button", name="维持").click()
    page.wait_for_url("**/findings**")
    assert states(desk, name)["code-name-mismatch"] == "upheld"


def corrected_word(
    tmp_path: Path, number: str = "1", column: int = 9, text: str = "行业规划，补充说明"
) -> Path:
    """The Word form of the sample with another text in a cell of the row of a number."""
    message = read_message((EXPORT / "M0005.eml").read_bytes(), "m", Limits(), exported_at=None)
    word = next(file.data for file in message.attachments if str(file.kind) == "docx")
    document = docx.Document(io.BytesIO(word))
    for table in document.tables:
        for row in table.rows:
            if row.cells[0].text.strip() == number:
                row.cells[column].text = text
    path = tmp_path / "更正.docx"
    document.save(str(path))
    return path


def test_running_again_with_a_corrected_file_while_an_intake_runs(
    page: Page, desk: Settings, tmp_path: Path
) -> None:
    name = submission(desk, "上海市气象局")
    box = tmp_path / "more"
    box.mkdir()
    for one in ("M0004", "M0008", "M0009", "M0013", "M0014"):
        shutil.copy(EXPORT / f"{one}.eml", box)
    page.goto(f"/submission/{name}")
    command = [sys.executable, "-m", "flows.cli", "run", str(box), "--plain"]
    where = ["--db", str(desk.db), "--out", str(desk.out)]
    intake = subprocess.Popen([*command, *where], cwd=ROOT)
    page.locator("input[type=file]").set_input_files(corrected_word(tmp_path))
    page.get_by_role("button", name="重新运行", exact=True).click()
    page.wait_for_url("**/changes")
    expect(page.locator("ins").first).to_contain_text("补充说明")
    assert intake.wait(timeout=120) == 0
    page.goto("/")
    expect(page.locator(".card b").first).to_have_text("10")  # five before, five came meanwhile


DROP = """([where, name, bytes]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(bytes)], name));
    const target = document.querySelector(where), fire = (kind) => target.dispatchEvent(
        new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
    fire("dragover");
    const lifted = !document.getElementById("over").hidden;
    return [lifted, fire("drop")];
}"""
"""A file dragged over a part of the page and dropped there; whether the page showed it, and left it to the
browser, which would open the file instead."""


def test_a_file_dropped_anywhere_is_taken(page: Page, desk: Settings, tmp_path: Path) -> None:
    data = list(corrected_word(tmp_path).read_bytes())
    for where in ("#sheet", ".top", "#card", "#drop"):
        page.goto(f"/submission/{submission(desk, '上海市气象局')}")
        expect(page.locator("html[data-ready]")).to_be_attached()
        expect(page.locator("#dropped")).not_to_have_text("更正.docx")
        assert page.evaluate(DROP, [where, "更正.docx", data]) == [True, False], where
        expect(page.locator("#over")).to_be_hidden()
        expect(page.locator("#dropped")).to_have_text("更正.docx")
    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_url("**/changes")
    expect(page.locator("ins").first).to_contain_text("补充说明")
    expect(page.locator(".strip")).to_contain_text("更正.docx")


def test_a_bad_correction_is_told_and_changes_nothing(page: Page, desk: Settings) -> None:
    name = submission(desk, "上海市气象局")
    page.goto(f"/submission/{name}")
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.locator("input[type=file]").set_input_files({"name": "空白.pdf", "mimeType": "", "buffer": b""})
    with page.expect_response("**/rerun") as answered:
        page.get_by_role("button", name="重新运行", exact=True).click()
    assert answered.value.status == 400
    expect(page.get_by_role("alert")).to_contain_text("原有文件仍然有效")
    page.get_by_role("link", name="返回上一页").click()
    expect(page.locator(".history")).to_contain_text("尚无处理")


def test_a_correction_is_withdrawn_from_the_history(page: Page, desk: Settings, tmp_path: Path) -> None:
    name = submission(desk, "上海市气象局")
    page.goto(f"/submission/{name}")
    page.locator("input[type=file]").set_input_files(corrected_word(tmp_path))
    page.get_by_role("button", name="重新运行", exact=True).click()
    page.wait_for_url("**/changes")
    page.goto(f"/submission/{name}")
    expect(page.locator('[data-cell="1/reason"]')).to_contain_text("补充说明")
    with page.expect_navigation(url="**/changes"):
        page.get_by_role("button", name="撤回更正").click()
    expect(page.locator(".strip")).to_contain_text("撤回更正：更正.docx")
    expect(page.locator("del").first).to_contain_text("补充说明")
    page.goto(f"/submission/{name}")
    expect(page.locator('[data-cell="1/reason"]')).not_to_contain_text("补充说明")
    expect(page.locator(".history li").last).to_contain_text("撤回更正 ：更正.docx")
    expect(page.get_by_role("button", name="撤回更正")).to_have_count(0)
    page.goto(f"/submission/{name}~2")  # what was withdrawn can still be looked at
    expect(page.locator('[data-cell="1/reason"]')).to_contain_text("补充说明")


def test_a_cell_chosen_again_goes_round_its_findings(page: Page, desk: Settings) -> None:
    name = submission(desk, "上海市气象局")
    with Store.open(desk.db, wait_seconds=1) as store:  # a second finding in the cell of the first
        store.database.execute(
            "insert into findings select * replace ('second' as finding_id, 'name-ambiguous' as code,"
            " 'review' as outcome) from findings where submission_id = ? and code = 'code-name-mismatch'",
            name,
        )
    page.goto(f"/submission/{name}")
    cell, card = page.locator('[data-cell="2/code"]'), page.locator("#card h2")
    expect(cell.locator(".many")).to_have_text("2")
    told = []
    for _ in range(3):
        expect(page.locator("#sheet[data-ready]")).to_be_attached()
        told.append(card.inner_text())
        with page.expect_navigation():
            cell.click()
    assert told[0] == told[2] != told[1]


def test_a_hostile_form_is_shown_harmlessly(page: Page, desk: Settings) -> None:
    with Store.open(desk.db, wait_seconds=1, read_only=True) as store:
        (row,) = store.database.rows(
            "select submission_id from submissions s join messages m using (message_id)"
            " where m.sender = 'hostile@example.invalid'"
        )
    name = row["submission_id"]
    for path in (f"/submission/{name}", "/", f"/submissions?q={name}", f"/findings?q={name}"):
        page.goto(path)
        assert "owned" not in page.title()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"/submission/{name}")
    assert page.locator("main img").count() == 0
    expect(page.locator('[data-cell$="/occupation"]').last).to_contain_text("<script>")
    expect(page.locator('[data-cell$="/reason"]').last).to_contain_text("⟨U+202E⟩")


WIDTHS = (1280, 1920)


@pytest.mark.parametrize(
    ("width", "lang", "every"),
    [
        (1280, "zh", 2),
        (1920, "en", -2),
        *(
            pytest.param(width, lang, 1, marks=pytest.mark.nightly)
            for width in WIDTHS
            for lang in ("zh", "en")
        ),
    ],
)
def test_contrast_and_labels(width: int, lang: str, every: int, page: Page, desk: Settings) -> None:
    """By day each page is looked at once, every other in one language; by night all in both."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/")
    if lang == "en":
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    name = submission(desk, "上海市气象局")
    of_it = (f"/submission/{name}", f"/submission/{name}/changes")
    pages = ("/", "/messages", "/submissions", "/rows", "/findings", "/units?window=2025Q2", *of_it)
    for path in pages[::every]:
        page.goto(path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
