"""The table for the expert panel (专家评估, 一(二)2): accepted rows merged over units, as a Word file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from outputs.layout.word_paper import WordPaper
from outputs.queries.lists import NO_UNIT
from outputs.store.stored import WindowReport
from reference.model import Status
from reference.records import Recommendation, Submission
from reference.times import day_zh

SMALL = 9.0
"""Points of the table's type."""
PENDING = {Status.NEEDS_CORRECTION: "（表待补正）", Status.NEEDS_REVIEW: "（表待核定）"}
"""What is added to the unit's name by the status of its form, where its rows wait for that."""
MOST_REASON = 160
"""Characters of one unit's reason that are printed; the whole stands in the workbook."""


@dataclass
class Item:
    """An occupation or work type that units recommend, with what each of them says."""

    code: str
    occupation: str
    work_type: str | None
    standards: set[str] = field(default_factory=set)
    shortage: bool = False
    industries: list[str] = field(default_factory=list)
    demand: int = 0
    units: list[tuple[str, int | None]] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sum:
    """How many rows recommend how many occupations, by how many units and for how many candidates."""

    rows: int
    items: int
    units: int
    demand: int


def items_of(report: WindowReport) -> list[Item]:
    """The accepted rows, and those that wait for their form, merged: the most recommended first."""
    items: dict[tuple[str, str | None], Item] = {}
    for submission, row in _rows(report, "accepted", "pending"):
        item = items.setdefault(
            (row.code or "", row.work_type), Item(row.code or "", row.occupation or "", row.work_type)
        )
        unit = _unit(submission)
        item.units.append((unit, row.priority))
        item.demand += row.demand or 0
        item.shortage |= bool(row.shortage_flag)
        item.industries += [one for one in row.industries or () if one not in item.industries]
        if row.standard_name:
            item.standards.add(f"{row.standard_name}（{row.standard_version or '版本未填'}）")
        if row.reason:
            item.reasons.append((unit, row.reason))
    return sorted(items.values(), key=lambda one: (-len(one.units), -one.demand, one.code))


def _rows(report: WindowReport, *states: str) -> Iterator[tuple[Submission, Recommendation]]:
    """The rows that stand in one of some states, each with its submission."""
    for one in report.standing:
        for row in one.submission.recommendations:
            if one.states[row.row_no] in states:
                yield one.submission, row


def _unit(submission: Submission) -> str:
    """A unit as the table names it, marked while its form as a whole is not accepted yet."""
    mark = PENDING.get(submission.status, "")
    return (submission.unit or NO_UNIT) + mark


def write_panel(report: WindowReport, path: Path, today: dt.date) -> None:
    """Lay the table out, A4 across, its titles repeated on each page."""
    items = items_of(report)
    paper = WordPaper(across=True)
    paper.title(f"职业技能等级认定职业（工种）征集汇总表（{report.window}）")
    paper.paragraph(_opening(report))
    rows = [
        [
            str(number),
            item.code,
            item.occupation + (f"\n（{item.work_type}）" if item.work_type else ""),
            "\n".join(sorted(item.standards)),
            "\n".join(f"{_circled(priority)}{unit}" for unit, priority in item.units),
            "是" if item.shortage else "否",
            "、".join(item.industries),
            str(item.demand or "—"),
            "\n".join(f"{unit}：{_cut(reason)}" for unit, reason in item.reasons),
        ]
        for number, item in enumerate(items, 1)
    ]
    titles = [
        "序号", "职业编码", "职业（工种）", "国家职业标准", "推荐单位及优先级", "急需紧缺", "产业类别",
        "预计评价人次合计", "推荐理由",
    ]  # fmt: skip
    paper.table(titles, rows, [0.04, 0.085, 0.1, 0.11, 0.15, 0.042, 0.08, 0.065, 0.328], SMALL)
    paper.paragraph(f"制表日期：{day_zh(today)}", indent=False, right=True)
    paper.save(path)


def _opening(report: WindowReport) -> str:
    """What the table adds up: the rows that are accepted, and apart those that wait for their form."""
    settled, waiting = _sum_of(report, "accepted"), _sum_of(report, "pending")
    text = (
        f"本受理期已接收推荐{settled.rows}条，合并为职业（工种）{settled.items}项，"
        f"由{settled.units}家单位推荐，三年预计评价{settled.demand}人次。"
    )
    if waiting.items:
        text += (
            f"另有{waiting.units}家单位的推荐{waiting.rows}条，合并为{waiting.items}项"
            f"（三年预计评价{waiting.demand}人次），本身无问题，但所在推荐表尚待补正或核定，"
            "表中注明“表待补正”“表待核定”，受理后方可计入。"
        )
    return text + "“①”等为该单位所列优先级。"


def _sum_of(report: WindowReport, state: str) -> _Sum:
    told = list(_rows(report, state))
    return _Sum(
        rows=len(told),
        items=len({(row.code or "", row.work_type) for _, row in told}),
        units=len({submission.unit for submission, _ in told}),
        demand=sum(row.demand or 0 for _, row in told),
    )


def _circled(priority: int | None) -> str:
    """A unit's priority as ①, ②…; in brackets beyond ⑳."""
    if priority is None:
        return ""
    return chr(0x2460 + priority - 1) if 1 <= priority <= 20 else f"（{priority}）"


def _cut(reason: str) -> str:
    return reason if len(reason) <= MOST_REASON else f"{reason[:MOST_REASON]}……"
