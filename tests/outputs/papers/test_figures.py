"""Desk, workbook, window's page, panel and terminal tell the same number under the same word."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import openpyxl
import pytest

from flows.cli import main
from flows.intake.pipeline import RunSummary
from flows.intake.reports import write_reports
from outputs.papers.panel import items_of
from outputs.queries import lists
from outputs.queries.desk import DeskView, desk
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from outputs.store.stored import WindowReport
from reference.model import Status
from reference.settings import Settings
from tests.outputs.outcomes import outcome, submission

pytestmark = pytest.mark.xdist_group("samples")

WINDOWS = ("2025Q2", "closed")


@pytest.fixture(scope="module")
def written(sample_settings: Settings, sample_run: RunSummary) -> Path:
    """The folder with the samples' papers."""
    assert not sample_run.faults
    write_reports(WINDOWS, sample_settings, papers=True)
    return sample_settings.out


def window(settings: Settings, name: str) -> tuple[DeskView, WindowReport]:
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        return desk(store.database, name), window_report(store, name)


@pytest.mark.parametrize("name", WINDOWS)
def test_the_figures_add_up_to_what_is_listed(name: str, sample_settings: Settings, written: Path) -> None:
    assert written.is_dir()
    view, _ = window(sample_settings, name)
    told = view.figures
    with Store.open(sample_settings.db, wait_seconds=5, read_only=True) as store:
        for counts, lister, titles, filtered in (
            (told.messages, lists.messages, lists.MESSAGE_OUTCOMES, "outcome"),
            (told.forms, lists.submissions, lists.STAGES, "stage"),
            (told.rows, lists.items, lists.ITEM_STATES, "status"),
        ):
            assert list(counts) == list(titles)
            assert sum(counts.values()) == lister(store.database, {"window": name}, 1).total
            for key, count in counts.items():
                assert lister(store.database, {"window": name, filtered: key}, 1).total == count
    assert {part: sum(row[part] for row in view.by_unit) for part in told.rows} == told.rows
    (of_window,) = [row for row in view.by_window if row["name"] == name]
    assert of_window["accepted"] == told.rows["accepted"]
    assert of_window["submissions"] == sum(told.forms.values())


@pytest.mark.parametrize("name", WINDOWS)
def test_the_workbook_tells_the_desks_figures(name: str, sample_settings: Settings, written: Path) -> None:
    view, _ = window(sample_settings, name)
    book = openpyxl.load_workbook(written / f"zhengji-{name}.xlsx")
    said = [[cell.value for cell in row] for row in book["汇总"].iter_rows()]
    blocks: dict[str, dict[object, object]] = {}
    head = ""
    for row in said:
        head = str(row[0]) if row[0] and not any(row[1:]) else head
        blocks.setdefault(head, {})[row[0]] = row[1]
    for heading, titles, counts in (
        ("推荐表，按办理情况", lists.STAGES, view.figures.forms),
        ("推荐职业（行），按办理情况", lists.ITEM_STATES, view.figures.rows),
    ):
        assert {key: blocks[heading][zh] for key, (zh, _) in titles.items()} == counts
    assert blocks["收件"]["收到邮件（封）"] == sum(view.figures.messages.values())
    assert book["已接收"].max_row - 3 == view.figures.rows["accepted"]
    by_unit = [row for row in said if str(row[1]).startswith("2025Q2-")]
    assert sum(row[2] == "已接收" for row in by_unit) == (view.figures.forms["accepted"] if by_unit else 0)


@pytest.mark.parametrize("name", WINDOWS)
def test_the_windows_page_tells_the_desks_figures(
    name: str, sample_settings: Settings, written: Path
) -> None:
    view, _ = window(sample_settings, name)
    html = (written / f"zhengji-{name}.html").read_text(encoding="utf-8")
    cards = {said: int(n) for n, said in re.findall(r'<div class="card[^>]*><b>(\d+)</b>([^<]+)</div>', html)}
    assert {key: cards[zh] for key, (zh, _) in lists.STAGES.items()} == view.figures.forms
    rows = {
        said: int(n) for said, n in re.findall(r'<tr><td>([^<]+)</td><td class="n">(\d+)</td></tr>', html)
    }
    assert {key: rows[zh] for key, (zh, _) in lists.ITEM_STATES.items()} == view.figures.rows


def test_the_panel_tells_the_desks_figures(sample_settings: Settings, written: Path) -> None:
    view, report = window(sample_settings, "2025Q2")
    opening = docx.Document(str(written / "zhengji-2025Q2-panel.docx")).paragraphs[1].text
    assert f"已接收推荐{view.figures.rows['accepted']}条" in opening
    assert f"的推荐{view.figures.rows['pending']}条" in opening
    merged = sum(len(item.units) for item in items_of(report))
    assert merged == view.figures.rows["accepted"] + view.figures.rows["pending"]


def test_the_terminal_tells_the_desks_figures(
    sample_settings: Settings, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written.is_dir()
    view, _ = window(sample_settings, "2025Q2")
    assert main(["status", "--db", str(sample_settings.db)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("│ 2025Q2 ")]
    assert [int(n) for n in line.strip("│ ").split("│")[1:]] == list(view.figures.forms.values())


def test_a_message_whose_forms_were_all_replaced_is_not_told_as_read(tmp_path: Path) -> None:
    with Store.open(tmp_path / "z.duckdb", wait_seconds=5) as store:
        store.save_outcome(outcome("m1", submission("2025Q2-OLDEST", "m1")), "r1")
        store.save_outcome(outcome("m2", submission("2025Q2-NEWEST", "m2")), "r1")
        store.save_outcome(outcome("m3", submission("2025Q2-REFUSE", "m3", status=Status.REJECTED)), "r1")
        store.save_outcome(outcome("m4"), "r1")
        store.replace_window_findings("2025Q2", {}, {"2025Q2-OLDEST": "2025Q2-NEWEST"}, "r1")
        told = desk(store.database, "2025Q2").figures.messages
        listed = lists.messages(store.database, {}, 1).rows
    assert told == {"read": 2, "recorded": 1, "superseded": 1, "fault": 0}  # a refused form was read, too
    assert {row["message_id"]: row["outcome"] for row in listed} == {
        "m1": "superseded",
        "m2": "read",
        "m3": "read",
        "m4": "recorded",
    }
    assert {row["message_id"]: row["newer"] for row in listed if row["newer"]} == {"m1": ["2025Q2-NEWEST"]}
