"""Databases of every earlier schema, with data, come to the present one with every row; a kill on the way is
made up for by whoever opens them next."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from outputs.store.database import MIGRATIONS, open_database
from outputs.store.decisions import record
from outputs.store.mapping import finding_rows
from outputs.store.store import Store
from reference.decisions import Action, CellChange, Decision
from reference.findings import finding
from tests.contents import contents
from tests.outputs.outcomes import MISMATCH, NO_PDF, RECEIVED, outcome, recommendation, submission

STEPS = sorted(MIGRATIONS.glob("*.sql"))
CONTRIBUTIONS, CELLS = 2, 3
"""The schemas that brought the candidates' contributions and the decisions' cells."""


def filled(path: Path) -> None:
    """Every table with rows, in the present schema, as they could stand in the first one."""
    rows = tuple(recommendation(number) for number in (1, 2, 3))
    with Store.open(path, wait_seconds=5) as store:
        store.begin_run("r1", RECEIVED, "/export", {"dictionary": "2022"}, "0.1.0")
        one = submission(recommendations=rows, findings=(NO_PDF, MISMATCH))
        store.save_outcome(outcome("m1", one), "r1")
        store.save_outcome(outcome("m2", findings=(finding("no-form"),), subject="询问\n第二行"), "r1")
        store.record_sighting("m2", "copy.eml", "r1", finding("message-seen", seen="copy", first="m2"))
        store.supersede_and_save(one, [], "r2")
        name = next(
            iter(finding_rows((NO_PDF,), submission_id=one.submission_id, message_id="m1", run_id="r"))
        )
        for number, note in enumerate(("电话说明", None)):
            decided = Decision(
                decision_id=f"d{number}", finding_id=name["finding_id"], submission_id=one.submission_id,
                row_no=None, code="pdf-missing", action=Action.WAIVE, value=None, person="王敏", note=note,
                cells=(CellChange(field="unit", was="", value="上海市统计局"),), decided_at=RECEIVED,
            )  # fmt: skip
            record(store.database, [decided])
        store.database.execute(
            "insert into steps values (?, 1, 'panel', '2025-08-01', '王敏', '同意')", one.submission_id
        )
        store.finish_run("r1", RECEIVED, "complete", {"added": 2})
        store.database.execute("delete from owed")


def as_of(version: int, present: Path, path: Path) -> None:
    """The same rows in an earlier schema, made by the migrations themselves."""
    with duckdb.connect(str(path)) as made:
        made.execute("set TimeZone = 'Asia/Shanghai'")
        made.execute("create table schema_versions (version integer, applied_at timestamptz)")
        for number, step in enumerate(STEPS[:version], 1):
            made.execute(step.read_text(encoding="utf-8"))
            made.execute("insert into schema_versions values (?, now())", [number])
        made.execute(f"attach '{present}' as present (read_only)")
        tables = made.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns()"
            " where database_name = current_database() and not internal and table_name <> 'schema_versions'"
            " group by all"
        ).fetchall()
        for table, columns in tables:
            told = ", ".join(
                "list_transform(candidates, lambda c: {'name': c.name, 'code': c.code, 'score': c.score})"
                if (table, column) == ("findings", "candidates") and version < CONTRIBUTIONS
                else f'"{column}"'
                for column in columns
            )
            made.execute(f"insert into {table} select {told} from present.{table}")


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("present") / "z.duckdb"
    filled(path)
    return path


def told_by(version: int, present: Path) -> dict[str, list[str]]:
    """What the present schema holds of rows that stood in an earlier one: what that one lacked is empty."""
    with duckdb.connect(str(present)) as copy:
        if version < CONTRIBUTIONS:
            copy.execute(
                "update findings set candidates = list_transform(candidates, lambda c: {'name': c.name,"
                " 'code': c.code, 'score': c.score, 'contributions':"
                " cast([] as struct(field varchar, level varchar, points double)[])})"
            )
        if version < CELLS:
            copy.execute("update decisions set row_no = null, code = null, cells = []")
    return contents(present)


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_every_row_of_an_earlier_schema_is_there_after_the_migration(
    version: int, present: Path, tmp_path: Path
) -> None:
    path, expected = tmp_path / "earlier.duckdb", tmp_path / "expected.duckdb"
    as_of(version, present, path)
    expected.write_bytes(present.read_bytes())
    open_database(path, wait_seconds=5).__exit__()
    found = contents(path)
    assert found == told_by(version, expected)
    assert all(found.values()), [table for table, rows in found.items() if not rows]


KILLED = """
import os, sys
from outputs.store.database import open_database, watched
from pathlib import Path

def at(number):
    left = [number]
    def watcher(sql):
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)
    return watcher

for path in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        with watched(at(int(Path(path).stem))):
            open_database(Path(path), wait_seconds=5).__exit__()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


LAST = 40
"""Statements of opening a database of the first schema, at most; that it is enough is tried."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the kills are those of forked processes")
@pytest.mark.parametrize(
    "statements", [(5, 8, 12, LAST), pytest.param(range(LAST + 1), marks=pytest.mark.nightly)]
)
def test_a_migration_that_is_killed_at_a_statement_is_finished_by_the_next(
    statements: Sequence[int], present: Path, tmp_path: Path
) -> None:
    expected = tmp_path / "expected.duckdb"
    expected.write_bytes(present.read_bytes())
    whole = told_by(1, expected)
    as_of(1, present, tmp_path / "first.duckdb")
    paths = [tmp_path / f"{number}.duckdb" for number in statements]
    for path in paths:
        path.write_bytes((tmp_path / "first.duckdb").read_bytes())
    command = [sys.executable, "-c", textwrap.dedent(KILLED), *map(str, paths)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "9" in ended
    assert ended[-1] == "0", "the last one comes after every statement"
    for path in paths:
        open_database(path, wait_seconds=5).__exit__()
        assert contents(path) == whole, path.stem
