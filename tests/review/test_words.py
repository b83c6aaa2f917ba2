"""What the page calls things, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from outputs.queries.lists import NO_UNIT
from outputs.store.store import Store
from reference.findings import finding
from reference.settings import Settings
from review.app import create_app
from review.labels import Words
from tests.outputs.outcomes import outcome, submission


@pytest.mark.parametrize(
    ("field", "code", "zh", "en"),
    [
        ("reason", "reason-missing", "推荐理由未填", "Reason blank"),
        ("code", "code-unknown", "职业编码不存在", "Occupation code Code unknown"),
        ("work_type", "catalogue-duplicate", "工种 已在目录内", "Work type Catalogued already"),
        (None, "seal-missing", "未盖公章", "Seal missing"),
    ],
)
def test_a_column_is_named_once_beside_its_finding(field: str | None, code: str, zh: str, en: str) -> None:
    assert (Words("zh").told(field, code), Words("en").told(field, code)) == (zh, en)


def test_a_unit_that_is_not_named_is_told_in_the_pages_language() -> None:
    assert [Words("zh").unit(name) for name in (None, "", NO_UNIT)] == [NO_UNIT] * 3
    assert [Words("en").unit(name) for name in (None, "", NO_UNIT)] == ["(no unit named)"] * 3
    assert Words("en").unit("上海市统计局") == "上海市统计局"


def test_the_subject_of_a_message_is_not_told_as_the_unit_of_its_form(tmp_path: Path) -> None:
    settings = Settings(db=tmp_path / "z.duckdb", out=tmp_path)
    with Store.open(settings.db, wait_seconds=1) as store:
        nameless = submission(unit=None, unit_raw="", findings=(finding("unit-missing", field="unit"),))
        store.save_outcome(outcome("m1", nameless, subject="某单位的推荐表"), "r1")
    html = TestClient(create_app(settings), base_url="http://127.0.0.1").get("/findings").text
    assert NO_UNIT in html
    assert "某单位的推荐表" not in html
