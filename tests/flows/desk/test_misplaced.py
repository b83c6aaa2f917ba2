"""A corrected file that belongs elsewhere is refused before anything changes, or taken on a person's word."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from flows.cli import main
from flows.desk.rerun import rerun_submission, withdraw_correction
from flows.intake.pipeline import run_intake
from outputs.store.decisions import decisions_of
from outputs.store.store import Store
from reference.errors import MisplacedError
from reference.settings import Settings
from review.pages.comparing import changes_of
from tests.contents import contents
from tests.flows.tiny import AMMONIA, BUYER, JINSHAN, JUNE, MARCH, PIPELINE, XUHUI, message, word_form
from tests.review.test_guard import client, token_of

NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
JUNE_24 = JUNE.replace("23", "24")
MISREAD = "上海市徐江区人力资源杜会保障局"
OWN = word_form(XUHUI, BUYER)
IN_MARCH = word_form(XUHUI, BUYER, date="")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A unit in two windows, another unit, and one whose name was misread."""
    folder = tmp_path_factory.mktemp("misplaced")
    (folder / "box").mkdir()
    sent = ((OWN, None), (word_form(JINSHAN, PIPELINE), JUNE_24), (word_form(MISREAD, AMMONIA), None),
            (IN_MARCH, MARCH))  # fmt: skip
    for number, (form, received) in enumerate(sent):
        told = {"received": received} if received else {}
        data = message(number, ("推荐表.docx", form), **told)
        (folder / "box" / f"{number}.eml").write_bytes(data)
    settings = Settings(db=folder / "z.duckdb", out=folder, workers=1)
    run_intake(folder / "box", settings)
    return settings


def of(settings: Settings, unit: str) -> str:
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        return str(
            store.database.value(
                "select submission_id from submissions where unit = ? and \"window\" = '2025Q2'"
                " and not contains(submission_id, '~')",
                unit,
            )
        )


def rerun(settings: Settings, name: str, form: bytes, **more: bool) -> None:
    path = settings.db.with_name("更正.docx")
    path.write_bytes(form)
    rerun_submission(name, settings, run_id="r", person="王敏", now=NOW, corrected=[path], **more)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (word_form(JINSHAN, BUYER), f"文件中的推荐单位是{JINSHAN}，而本表属于{XUHUI}"),
        (word_form(XUHUI, BUYER, date="2025年3月25日"), "填表日期是2025-03-25，不属于本表所在的2025Q2受理期"),
        (word_form(XUHUI, BUYER, date="2025年9月20日"), "填表日期是2025-09-20"),
        (word_form(XUHUI, PIPELINE), "与本表各行全无相同"),
        (IN_MARCH, "这就是2025Q1-"),
    ],
    ids=["another unit", "an earlier window", "a later window", "other rows", "another window's very file"],
)
def test_what_belongs_elsewhere_is_refused_and_nothing_changes(
    form: bytes, said: str, settings: Settings
) -> None:
    name, before = of(settings, XUHUI), contents(settings.db)
    with pytest.raises(MisplacedError) as refused:
        rerun(settings, name, form)
    assert said in (refused.value.zh or "")
    assert "原有文件仍然有效" in (refused.value.zh or "")
    assert "Nothing was changed" in str(refused.value)
    assert contents(settings.db) == before


@pytest.mark.parametrize(
    "form",
    [
        word_form(XUHUI, (*BUYER[:9], "另一理由")),
        word_form("徐汇区人社局", BUYER),
        word_form("", BUYER),
        word_form(XUHUI, BUYER, date="2025年7月3日"),
        word_form(XUHUI, BUYER, AMMONIA),
        word_form(XUHUI, ("1", "", "采购员", *AMMONIA[3:])),
    ],
    ids=["a reason", "a short name", "no unit", "after the notice", "a row more", "a code blank"],
)
def test_a_correction_of_the_submission_is_taken(form: bytes, settings: Settings) -> None:
    rerun(settings, of(settings, XUHUI), form)


def test_a_unit_that_was_misread_is_corrected(settings: Settings) -> None:
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        name = store.database.value("select submission_id from submissions where unit = ?", MISREAD)
    rerun(settings, name, word_form(XUHUI, AMMONIA))


def test_a_persons_word_takes_it_and_stands_in_the_history(settings: Settings) -> None:
    name, other = of(settings, XUHUI), of(settings, JINSHAN)
    rerun(settings, name, word_form(JINSHAN, PIPELINE), anyway=True)
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        (event,) = decisions_of(store.database, name)
        told = changes_of(store, name)
    assert event.note is not None
    assert event.note.startswith("仍予采用：“更正.docx”：文件中的推荐单位是")
    assert told["newer"] == other  # the page tells that it no longer stands, not where it would stand
    withdraw_correction(name, settings, run_id="w", person="王敏", now=NOW)
    with Store.open(settings.db, wait_seconds=5, read_only=True) as store:
        assert (store.submission(name).unit, store.superseded_by(name)) == (XUHUI, None)


def test_the_command_says_why_in_one_line_and_takes_it_anyway(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    path: Path = settings.db.with_name("theirs.docx")
    path.write_bytes(word_form(JINSHAN, BUYER))
    command = ["rerun", of(settings, XUHUI), "--db", str(settings.db), "--file", str(path)]
    assert main(command) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"it is {JINSHAN}'s, and the submission {XUHUI}'s" in line
    assert "--anyway" in line
    assert main([*command, "--anyway"]) == 0


def test_the_page_asks_first_and_takes_it_on_the_persons_word(settings: Settings) -> None:
    page, name = client(settings), of(settings, XUHUI)
    token = token_of(page.get(f"/submission/{name}").text)
    files = {"file": ("别家.docx", word_form(JINSHAN, BUYER))}
    asked = page.post(f"/submission/{name}/rerun", data={"token": token}, files=files)
    assert asked.status_code == 400
    assert f"而本表属于{XUHUI}" in asked.text
    (word,) = re.findall(r'name="held" value="([^"]+)"', asked.text)
    confirmed = {"token": token, "held": word}
    taken = page.post(f"/submission/{name}/rerun", data=confirmed, follow_redirects=True)
    assert "仍予采用" in taken.text
    again = page.post(f"/submission/{name}/rerun", data=confirmed)
    assert again.status_code == 400
    assert "请重新选择文件" in again.text
