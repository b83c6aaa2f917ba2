"""Files to editions: the header found, pages joined, faults named, changes against the edition before."""

from __future__ import annotations

import pytest

from reference.editions import COLUMNS
from reference.errors import ReferenceTableError
from reference.importing import KEYS, TITLES, changes, read_edition
from reference.rows import READERS

HEAD = ["序号", "职业编码", "职业（工种）名称", "职业名称", "等级"]
ONE = ["1", "4-10-01-05", "养老护理员", "养老护理员", "5、4、3"]
TWO = ["2", "4-12-01-01", "汽车维修工（汽车电器维修工）", "汽车维修工", "5、4"]


def row(cells: list[str]) -> dict[str, str]:
    return dict(zip(["item_no", "code", "name", "occupation", "levels"], cells, strict=True))


def test_every_table_has_titles_a_key_and_a_reader() -> None:
    assert set(KEYS) == set(COLUMNS) == set(READERS)
    for table, columns in COLUMNS.items():
        assert set(KEYS[table]) <= set(columns)
        assert set(columns) <= set(TITLES), table


@pytest.mark.parametrize(
    "grids",
    [
        [[HEAD, ONE, TWO]],
        [[["附件2", "", "", "", ""], [""] * 5, HEAD, ONE, [""] * 5, TWO]],
        [[HEAD, ONE], [HEAD, TWO]],
        [[HEAD, ONE], [TWO]],
        [[["职业", "人数"], ["x", "1"]], [HEAD, ONE, TWO]],
        [[[" 序 号", "职业\n编码", "职业(工种)名称", "职业名称", "等级"], ONE, TWO]],
        [[HEAD, ONE, [*TWO[:2], "汽车维修工（汽车电器", "汽车", "5、"], ["", "", "维修工）", "维修工", "4"]]],
        [[["item_no", "code", "name", "occupation", "levels"], ONE, TWO]],
    ],
    ids=["plain", "titles above", "header again", "no header on page 2", "another table first",
         "spaces and breaks", "a row over two pages", "English"],
)  # fmt: skip
def test_a_table_is_found_and_joined(grids: list[list[list[str]]]) -> None:
    assert read_edition("catalogue", grids) == (row(ONE), row(TWO))


@pytest.mark.parametrize(
    ("grids", "words"),
    [
        ([[["甲", "乙"], ["1", "2"]]], "No table with the columns"),
        ([[HEAD]], "no row"),
        ([[HEAD, ["1", "4-10-1-5", "养老护理员", "养老护理员", "5"]]], "row 1: code"),
        ([[HEAD, ONE, ["2", "4-10-01-05", "甲工", "乙工", "5"]]], "row 2"),
    ],
)
def test_faults_are_named(grids: list[list[list[str]]], words: str) -> None:
    with pytest.raises(ReferenceTableError, match=words):
        read_edition("catalogue", grids)


def test_changes_against_the_edition_before() -> None:
    lower = {**row(ONE), "levels": "5、4、3、2"}
    found = changes("catalogue", [row(ONE)], [lower, row(TWO)])
    assert (found.added, found.removed, found.changed, found.same) == (
        (row(TWO),), (), ((row(ONE), lower),), 0,
    )  # fmt: skip
    assert changes("catalogue", [row(ONE), row(TWO)], [row(TWO)]).removed == (row(ONE),)
