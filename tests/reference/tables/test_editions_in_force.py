"""Editions side by side, and tables that cannot be read, on copies of the shipped files."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from reference.errors import ReferenceTableError
from reference.settings import DATA
from reference.tables.editions import COLUMNS, list_editions
from reference.tables.load import load_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def add(folder: Path, table: str, edition: str, effective: str, rows: str) -> None:
    (folder / table).mkdir(exist_ok=True)
    (folder / table / f"{edition}.csv").write_text(rows, encoding="utf-8")
    (folder / table / f"{edition}.toml").write_text(
        f'title = "t"\neffective = {effective}\ncompiled = {effective}\nsource = "s"\ncompleteness = "c"\n',
        encoding="utf-8",
    )


CATALOGUE_2026 = "item_no,code,name,occupation,levels\n1,6-31-01-03,电工,电工,5、4\n"


@pytest.mark.parametrize(
    ("day", "items"),
    [(dt.date(2024, 1, 1), 202), (dt.date(2025, 12, 31), 202), (dt.date(2026, 1, 1), 1), (None, 1)],
)
def test_the_edition_of_the_day(folder: Path, day: dt.date | None, items: int) -> None:
    add(folder, "catalogue", "2026-01", "2026-01-01", CATALOGUE_2026)
    assert len(load_tables(folder, on=day).catalogue) == items


def test_a_pinned_edition_is_used_whatever_the_day(folder: Path) -> None:
    add(folder, "catalogue", "2026-01", "2026-01-01", CATALOGUE_2026)
    assert len(load_tables(folder, pinned={"catalogue": "2025-03"}).catalogue) == 202
    with pytest.raises(ReferenceTableError, match="1999"):
        load_tables(folder, pinned={"catalogue": "1999"})


def test_the_editions_in_use_are_named(folder: Path) -> None:
    named = {edition.table: (edition.edition, edition.rows) for edition in load_tables(folder).editions}
    assert named["dictionary"] == ("2022", 1639)
    assert named["standards"] == ("2026-08", 702)
    assert set(named) == set(COLUMNS) - {"shortage"}
    assert all(edition.source and edition.completeness for edition in list_editions(folder))


def test_no_shortage_catalogue_is_none_not_empty(folder: Path) -> None:
    assert load_tables(folder).shortage is None
    add(
        folder,
        "shortage",
        "2024",
        "2024-01-01",
        "code,occupation,work_type\n6-31-01-03,电工,\n4-12-01-01,汽车维修工,汽车美容装潢工\n",
    )
    shortage = load_tables(folder).shortage
    assert shortage is not None
    assert shortage.lists("6-31-01-03", "电工", None)
    assert shortage.lists("4-12-01-01", "汽车维修工", "汽车美容装潢工")
    assert not shortage.lists("4-12-01-01", "汽车维修工", None)
    assert not shortage.lists("6-18-01-01", "车工", None)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("item_no,code,name,occupation\n", "levels is absent"),
        ("item_no,code,name,occupation,levels\n1,6310103,电工,电工,5\n", "line 2: code '6310103'"),
        ("item_no,code,name,occupation,levels\none,6-31-01-03,电工,电工,5\n", "line 2: item_no 'one'"),
        ("item_no,code,name,occupation,levels\n1,6-31-01-03,电工\n", "line 2"),
        ("item_no,code,name,occupation,levels\n1,6-31-01-03,焊工（电工）,电工,5\n", "neither"),
    ],
)
def test_a_bad_table_is_named_with_its_line(folder: Path, rows: str, told: str) -> None:
    add(folder, "catalogue", "2026-01", "2026-01-01", rows)
    with pytest.raises(ReferenceTableError, match=told) as caught:
        load_tables(folder)
    assert "2026-01.csv" in str(caught.value)


def test_metadata_are_needed(folder: Path) -> None:
    (folder / "catalogue" / "2025-03.toml").write_text('title = "t"\n', encoding="utf-8")
    with pytest.raises(ReferenceTableError, match="incomplete"):
        load_tables(folder)
    (folder / "catalogue" / "2025-03.toml").unlink()
    with pytest.raises(ReferenceTableError, match="cannot be read"):
        load_tables(folder)


def test_two_editions_of_one_day_are_refused(folder: Path) -> None:
    add(folder, "catalogue", "2025-03b", "2025-03-20", CATALOGUE_2026)
    with pytest.raises(ReferenceTableError, match="Two editions of the table catalogue"):
        load_tables(folder)


def test_bytes_that_are_no_utf8(folder: Path) -> None:
    (folder / "units" / "2025.csv").write_bytes("name,kind,aliases\n上海".encode("gb18030"))
    with pytest.raises(ReferenceTableError, match="UTF-8"):
        load_tables(folder)


def test_an_empty_folder_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ReferenceTableError, match="dictionary"):
        load_tables(tmp_path)


def test_old_codes_follow_from_the_standards_themselves(folder: Path) -> None:
    """A list of standards imported later brings its old codes along, without a table of them."""
    shipped = {(old.code, old.occupation, old.code_2022) for old in load_tables(folder).legacy_codes}
    table = folder / "legacy_codes" / "2022.csv"
    table.write_text(table.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    derived = {(old.code, old.occupation, old.code_2022) for old in load_tables(folder).legacy_codes}
    assert len(derived) == 152
    assert derived == shipped
