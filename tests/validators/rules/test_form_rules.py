"""Literal forms in, (row, field, code) out."""

import datetime as dt

import pytest

from reference.tables.load import ReferenceTables
from tests.validators.rows import form, form_told, row
from validators.rules.form import person_name, unit_name, unit_rule
from validators.window import next_window, window_of

HEADS = [
    ({}, []),
    ({"unit": ""}, [("unit", "unit-missing")]),
    ({"unit": None}, [("unit", "unit-missing")]),
    ({"unit": "____"}, [("unit", "unit-missing")]),
    ({"unit": "上海申能技工学校"}, [("unit", "unit-unknown")]),
    ({"unit": "徐汇区人社局"}, []),
    ({"contact": ""}, [("contact", "contact-missing")]),
    ({"phone": None}, [("phone", "phone-missing")]),
    ({"phone": "办公室"}, [("phone", "phone-invalid")]),
    ({"form_date": "年 月 日"}, [("form_date", "form-date-missing")]),
    ({"form_date": "2025年6月26日"}, [("form_date", "form-date-after-receipt")]),
    ({"form_date": "2025年6月25日"}, []),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_heads(head: dict[str, str | None], expected: list[tuple[str, str]], tables: ReferenceTables) -> None:
    assert form_told(tables, form(row(), **head)) == [(None, *finding) for finding in expected]


def test_an_empty_form(tables: ReferenceTables) -> None:
    assert form_told(tables, form()) == [(None, None, "form-empty")]


@pytest.mark.parametrize("numbers", ["213", "112", "134", "234"])
def test_priorities_run_from_one_without_gap_or_repeat(numbers: str, tables: ReferenceTables) -> None:
    rows = [row(i, priority=number) for i, number in enumerate(numbers, 1)]
    assert form_told(tables, form(*rows)) == [(None, "priority", "priority-order")]


def test_a_missing_column_speaks_once_for_the_form(tables: ReferenceTables) -> None:
    assert form_told(tables, form(row(demand=None), row(2, demand=None))) == [
        (None, "demand", "column-missing")
    ]


def test_names_are_kept_as_typed_but_for_fillers() -> None:
    one = form(row(), unit="上海市 徐汇区人力资源和社会保障局（盖章）", contact="周  明")
    assert unit_name(one.unit) == "上海市徐汇区人力资源和社会保障局"
    assert person_name(one.contact) == "周明"


def test_listed_units_near_to_one_that_is_not_listed_are_offered(tables: ReferenceTables) -> None:
    def offered(unit: str) -> list[str]:
        (found,) = unit_rule(form(row(), unit=unit), tables)
        return [one.name for one in found.candidates]

    assert offered("上海市徐汇区人力资源社会保障厅")[0] == "上海市徐汇区人力资源和社会保障局"
    assert offered("上海申能技工学校") == []


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


WINDOWS = [
    ("2025-06-19T23:59:59+08:00", None),
    ("2025-06-20T00:00:00+08:00", "2025Q2"),
    ("2025-06-30T23:59:59+08:00", "2025Q2"),
    ("2025-07-01T00:00:00+08:00", None),
    ("2025-06-19T16:00:00+00:00", "2025Q2"),
    ("2025-06-30T16:00:00+00:00", None),
    ("2025-03-20T08:00:00+08:00", "2025Q1"),
    ("2025-12-31T08:00:00+08:00", None),
    ("2025-05-25T08:00:00+08:00", None),
]


@pytest.mark.parametrize(("moment", "window"), WINDOWS)
def test_windows_in_shanghai_time(moment: str, window: str | None) -> None:
    assert window_of(at(moment)) == window


def test_the_next_window_is_named() -> None:
    assert next_window(at("2025-07-01T09:00:00+08:00")) == (dt.date(2025, 9, 20), dt.date(2025, 9, 30))
    assert next_window(at("2025-12-31T09:00:00+08:00")) == (dt.date(2026, 3, 20), dt.date(2026, 3, 30))
