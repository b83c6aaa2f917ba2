"""Submissions of a window held against each other: literal submissions in, (submission, row, code) out."""

import datetime as dt

from reference.model import Status
from reference.times import SHANGHAI
from validators.rules.across_submissions import ItemSent, Neighbours, Sent, look_across

MONDAY = dt.datetime(2025, 6, 23, 9, tzinfo=SHANGHAI)
STERILISER = ItemSent(1, "4-14-04-02", None, "消毒员", Status.ACCEPTED)
MECHANIC = ItemSent(2, "4-12-01-01", "汽车电器维修工", "汽车维修工（汽车电器维修工）", Status.ACCEPTED)
UNSETTLED = ItemSent(3, None, None, "不明", Status.NEEDS_CORRECTION)


def sent(name: str, unit: str | None, *items: ItemSent, hour: int = 0, window: str = "2025Q2") -> Sent:
    return Sent(name, unit, MONDAY + dt.timedelta(hours=hour), window, items)


def told(across: Neighbours) -> list[tuple[str, int | None, str, str | None]]:
    return [
        (name, f.row_no, f.code, f.expected or f.seen)
        for name, found in across.findings.items()
        for f in found
    ]


def key(unit: str) -> str:
    return unit.removeprefix("上海市")


def test_of_two_submissions_of_a_unit_the_newest_stands() -> None:
    across = look_across(
        [sent("NEW", "徐汇区人社局", hour=2), sent("OLD", "上海市徐汇区人社局"), sent("NONE", None)], [], key
    )
    assert across.superseded == {"OLD": "NEW"}
    assert told(across) == [("NEW", None, "resubmission", "OLD")]


def test_the_same_item_from_two_units_is_noted_on_both() -> None:
    across = look_across(
        [sent("A", "统计局", STERILISER), sent("B", "商务委", STERILISER, MECHANIC)], [], key
    )
    assert told(across) == [
        ("A", 1, "also-recommended", "商务委"),
        ("B", 1, "also-recommended", "统计局"),
    ]


def test_a_superseded_submission_recommends_nothing() -> None:
    across = look_across(
        [sent("OLD", "统计局", STERILISER), sent("NEW", "统计局", hour=1), sent("B", "商务委", STERILISER)],
        [],
        key,
    )
    assert told(across) == [("NEW", None, "resubmission", "OLD")]


def test_an_unsettled_occupation_equals_no_other() -> None:
    assert told(look_across([sent("A", "甲", UNSETTLED), sent("B", "乙", UNSETTLED)], [], key)) == []


def test_work_types_are_items_of_their_own() -> None:
    whole = ItemSent(1, "4-12-01-01", None, "汽车维修工", Status.ACCEPTED)
    assert told(look_across([sent("A", "甲", whole), sent("B", "乙", MECHANIC)], [], key)) == []


def test_an_earlier_window_is_named_with_its_state() -> None:
    earlier = sent("E", "商务委", STERILISER, window="2025Q1")
    across = look_across([sent("A", "统计局", STERILISER)], [earlier], key)
    assert told(across) == [("A", 1, "already-recommended", "2025Q1 商务委（无问题）")]
