"""The name on a seal against the recommending unit, as literals."""

from __future__ import annotations

import pytest

from reference.model import Cell, Field, Form, Place, SealSeen
from reference.tables.load import ReferenceTables
from validators.rules.seal import seal_unit

PLACE = Place(file_id="p", page=1, box=(400.0, 300.0, 520.0, 420.0))


def form(unit: str | None) -> Form:
    return Form(
        file_id="p",
        source="pdf",
        columns=tuple(Field),
        rows=(),
        unit=Cell(text=unit, place=PLACE) if unit is not None else None,
        contact=None,
        phone=None,
        form_date=None,
    )


def seal(*names: str, sure: float = 0.97, whole: bool = True) -> SealSeen:
    return SealSeen(place=PLACE, names=names, sure=sure, whole=whole)


HUANGPU, XUHUI = "上海市黄浦区人力资源和社会保障局", "上海市徐汇区人力资源和社会保障局"


@pytest.mark.parametrize(
    ("unit", "seals", "seen"),
    [
        (HUANGPU, [seal(HUANGPU)], None),
        ("黄浦区人社局", [seal(HUANGPU)], None),
        (f"{HUANGPU}（盖章）", [seal("上海市黄浦区人力资原和社会保障局")], None),
        (HUANGPU, [seal(XUHUI)], XUHUI),
        (HUANGPU, [seal("上海市徐江区人力资源和社会保障局")], XUHUI),  # 汇 misread, still no 黄浦
        (HUANGPU, [seal("上海市书浦区人力资源和社会保障局")], None),  # as near to 黄浦 as to 青浦
        (HUANGPU, [seal("上海某某餐饮管理有限公司")], "上海某某餐饮管理有限公司"),
        (HUANGPU, [seal(XUHUI), seal(HUANGPU)], None),  # two units stamped it
        (HUANGPU, [seal(XUHUI, whole=False)], None),
        (HUANGPU, [seal(XUHUI, sure=0.6)], None),
        (HUANGPU, [seal()], None),
        (None, [seal(XUHUI)], None),
        ("上海某某协会", [seal("上海某某协会")], None),
        ("上海某某协会", [seal("上海市公安局")], "上海市公安局"),
    ],
)
def test_the_seal_is_the_units(
    unit: str | None, seals: list[SealSeen], seen: str | None, tables: ReferenceTables
) -> None:
    found = list(seal_unit(form(unit), seals, tables))
    assert [(one.code, one.field, one.seen) for one in found] == (
        [("seal-unit-mismatch", "unit", seen)] if seen else []
    )
