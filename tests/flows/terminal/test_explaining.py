"""`zhengji explain` and `zhengji match`: what they show, and the importable function."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.cli import main
from flows.intake.pipeline import RunSummary
from flows.terminal.explaining import match
from outputs.queries.window_report import window_report
from outputs.store.store import Store
from reference.errors import UsageError
from reference.settings import Settings
from validators.matching.levels import FIELDS, LEVELS
from validators.matching.witnesses import POINTS

pytestmark = pytest.mark.xdist_group("samples")


def test_match_from_python() -> None:
    assert [one.name for one in match("眼镜验光员").candidates][:1] == ["眼镜验光师"]
    found = match("养老护理师", code="４－１０－１－５")
    assert found.occupation is not None
    assert (found.occupation.code, found.rule[1]) == ("4-10-01-05", "code, and its name miswritten")
    with pytest.raises(UsageError, match="no occupation code"):
        match("养老护理员", code="x")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["match", "养老护理师", "--code", "4-10-01-05"],
            ["4-10-01-05 养老护理员", "编码相符，名称有误写", "dictionary 2022"],
        ),
        (["match", "版画制作员", "--lang", "en"], ["需人工判断 a person decides", "name near to several"]),
        (["match", "\x1b[31m[bold]" + "长" * 500], ["需人工判断"]),
        (["match", ""], ["查不到职业"]),
    ],
)  # fmt: skip
def test_match_shows_candidates_rule_and_editions(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    assert [word for word in words if word not in shown] == []
    assert "\x1b[31m" not in shown


def test_explain_shows_a_stored_row_and_findings_carry_the_same(
    sample_run: RunSummary, sample_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(sample_settings.db, path)
    with Store.open(path, wait_seconds=5, read_only=True) as store:
        view = next(
            view
            for submission in window_report(store, "2025Q2").submissions
            for view in submission.findings
            if view.finding.code == "code-name-mismatch"
        )
    assert view.submission_id is not None
    assert main(["explain", view.submission_id, str(view.finding.row_no), "--db", str(path)]) == 0
    shown = capsys.readouterr().out
    best = view.finding.candidates[0]
    assert best.name in shown
    assert {told.field for told in best.contributions} == set(FIELDS)
    assert "编码与名称分属两个职业" in shown
    assert main(["explain", view.submission_id, "999", "--db", str(path)]) == 2
    assert "has no row 999" in capsys.readouterr().err


def test_every_level_has_words() -> None:
    assert {level for levels in POINTS.values() for level in levels} <= set(LEVELS)
