"""What is recorded of runs: that they began, how they ended, what they still owe."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from outputs.store.database import Database
from outputs.store.mapping import run_view
from outputs.store.owed import Owed, owe, owed, paid
from outputs.store.stored import OwedView, RunView


class RunRecords:
    """The runs of an open database."""

    def __init__(self, database: Database) -> None:
        """Wrap an open database."""
        self.database = database

    def begin_run(
        self,
        run_id: str,
        started_at: dt.datetime,
        mailbox: str,
        reference_editions: Mapping[str, str],
        code_version: str,
    ) -> Mapping[str, float]:
        """Record that a run began, which still owes all of its export; who calls holds the intake.

        Gives the median demands by which it is to judge: those of now, or those of an earlier run over the
        export that was cut off, so that all its messages are judged alike.
        """
        with self.database.transaction():
            self.end_killed_runs()
            self.database.execute(
                "insert into runs (run_id, started_at, state, mailbox, reference_editions, code_version)"
                " values (?, ?, 'running', ?, ?, ?)",
                run_id, started_at, mailbox, json.dumps(dict(reference_editions)), code_version,
            )  # fmt: skip
            owe(self.database, Owed.REST, mailbox, run_id, detail=self.usual_demands())
        return next(one.detail for one in self.owed() if (one.what, one.about) == (Owed.REST, mailbox))

    def end_killed_runs(self) -> None:
        """Call interrupted what still runs by the record: who calls holds the intake, so nothing does."""
        self.database.execute("update runs set state = 'interrupted' where state = 'running'")

    def finish_run(
        self, run_id: str, finished_at: dt.datetime, state: str, counts: Mapping[str, int]
    ) -> None:
        """Record how a run ended: `complete`, `faults` or `interrupted`, which leaves its export owed."""
        with self.database.transaction():
            self.database.execute(
                "update runs set finished_at = ?, state = ?, counts = ? where run_id = ?",
                finished_at, state, json.dumps(dict(counts)), run_id,
            )  # fmt: skip
            if state != "interrupted":
                mailbox = self.database.value("select mailbox from runs where run_id = ?", run_id)
                paid(self.database, Owed.REST, mailbox)

    def owed(self) -> tuple[OwedView, ...]:
        """What runs still owe, by kind and window."""
        return owed(self.database)

    def runs_under_way(self) -> bool:
        """Whether a run is under way by the record; one that was killed is, until the next ends it."""
        return bool(self.database.value("select count(*) from runs where state = 'running'"))

    def last_run(self) -> RunView | None:
        """The run that began last, whatever the clock said then."""
        rows = self.database.rows("select * from runs order by rowid desc limit 1")
        return run_view(rows[0]) if rows else None

    def usual_demands(self) -> dict[str, float]:
        """The median demand of each window's standing rows, where there are three or more."""
        rows = self.database.rows(
            'select s."window", median(r.demand) as middle from recommendations r'
            " join submissions s using (submission_id)"
            ' where r.demand is not null and s."window" is not null and s.superseded_by is null'
            " and not contains(submission_id, '~') group by all having count(*) >= 3"
        )
        return {row["window"]: row["middle"] for row in rows}
