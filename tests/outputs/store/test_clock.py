"""A clock that is set back changes neither which decisions stand nor which run was the last."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from outputs.store.decisions import decisions_of, record
from outputs.store.store import Store
from outputs.store.upkeep import Upkeep, last_of_each, note
from reference.decisions import Action, Decision, standing

LATE = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
EARLY = LATE - dt.timedelta(days=400)


def decision(name: str, action: Action, at: dt.datetime, value: str | None = None) -> Decision:
    return Decision(
        decision_id=name, finding_id="f", submission_id="s", row_no=None, code=None, action=action,
        value=value, person="王敏", note="因", decided_at=at,
    )  # fmt: skip


def test_what_was_taken_back_stays_so(tmp_path: Path) -> None:
    with Store.open(tmp_path / "z.duckdb", wait_seconds=0) as store:
        record(store.database, [decision("d1", Action.WAIVE, LATE)])
        record(store.database, [decision("d2", Action.UNDO, EARLY, "d1")])
        assert standing(decisions_of(store.database, "s")) == ()


def test_of_two_about_a_finding_the_one_that_was_written_last_stands(tmp_path: Path) -> None:
    with Store.open(tmp_path / "z.duckdb", wait_seconds=0) as store:
        record(store.database, [decision("d1", Action.WAIVE, LATE), decision("d2", Action.UPHOLD, LATE)])
        record(store.database, [decision("d3", Action.REFUSE, EARLY)])
        found = decisions_of(store.database, "s")
        assert [one.decision_id for one in found] == ["d1", "d2", "d3"]
        assert len({one.decided_at for one in found}) == 3
        assert [one.decision_id for one in standing(found)] == ["d3"]


def test_the_last_run_and_the_last_backup_are_those_that_were_written_last(tmp_path: Path) -> None:
    with Store.open(tmp_path / "z.duckdb", wait_seconds=0) as store:
        for name, at in (("r1", LATE), ("r2", EARLY)):
            store.begin_run(name, at, "/export", {}, "1")
            store.finish_run(name, at, "complete", {})
            note(store.database, Upkeep.BACKUP, at, "王敏", folder=name, outcome="whole")
        last = store.last_run()
        assert last is not None
        assert last.run_id == "r2"
        assert last_of_each(store.database)["backup"]["folder"] == "r2"
