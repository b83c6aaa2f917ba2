"""The schedule fires: on a server that stays, as docs/prefect.md sets it up, without anybody starting a run.

Prefect 3.8.8 with SQLAlchemy 2.1 deployed without a complaint and planned nothing; only a real server and
a real worker show it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

from flows.runners.prefect_embedded import NO_TELEMETRY, free_port, healthy
from outputs.store.store import Store
from tests.conftest import SAMPLES

ROOT = Path(__file__).parents[3]
PREFECT = str(Path(sys.executable).with_name("prefect"))
PATIENCE = 120.0
"""Seconds that anything here may take on a machine that is busy; it takes a few."""
T = TypeVar("T")

pytestmark = pytest.mark.xdist_group("prefect")


@dataclass
class Office:
    """A Prefect server that stays, with a work pool, in a folder of its own."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def prefect(self, *arguments: str) -> None:
        """A command of docs/prefect.md that ends, in the project's folder."""
        done = subprocess.run(
            [PREFECT, "--no-prompt", *arguments],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, stack: ExitStack, name: str, *arguments: str) -> Path:
        """A process that runs until the test ends; gives its log."""
        log = self.folder / f"{name}.log"
        process = subprocess.Popen(
            [PREFECT, *arguments],
            env=self.environment,
            cwd=ROOT,
            stdout=stack.enter_context(log.open("wb")),
            stderr=subprocess.STDOUT,
        )

        def end() -> None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

        stack.callback(end)
        return log

    def ask(self, path: str, body: dict[str, Any]) -> Any:
        """What the server's API answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    port = free_port()
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "ZHENGJI_"))
    }
    office = Office(
        tmp_path,
        port,
        inherited
        | NO_TELEMETRY
        | {
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "1",
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "4",
            "NO_PROXY": "127.0.0.1",
        },
    )
    with ExitStack() as stack:
        log = office.start(stack, "server", "server", "start", "--host", "127.0.0.1", "--port", str(port))
        wait_for(lambda: healthy(port), log)
        office.ask("/work_pools/", {"name": "zhengji", "type": "process"})
        office.prefect("deploy", "--all")
        yield office


def wait_for(seen: Callable[[], T], log: Path) -> T:
    """What is seen at last; the log's end where it never is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := seen():
            return value
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-4000:])


def test_each_schedule_has_upcoming_runs_and_a_run_that_it_starts_judges_a_sample(office: Office) -> None:
    declared = {one["name"]: one for one in office.ask("/deployments/filter", {})}
    assert sorted(declared) == ["quarterly-intake", "rerun-submission"]
    intake = declared["quarterly-intake"]
    assert len(intake["schedules"]) == 3
    server_log = office.folder / "server.log"

    def upcoming() -> list[str]:
        runs = office.ask(
            "/flow_runs/filter",
            {
                "deployments": {"id": {"any_": [intake["id"]]}},
                "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
                "sort": "EXPECTED_START_TIME_ASC",
            },
        )
        return [run["expected_start_time"] for run in runs]

    first = dt.datetime.fromisoformat(wait_for(upcoming, server_log)[0])
    local = first.astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert local > dt.datetime.now(tz=dt.UTC)
    assert (local.month, local.day) in {(3, 31), (12, 31), (7, 1), (10, 1)} or (
        local.month in {3, 6, 9, 12} and 20 <= local.day <= 30
    )

    # The office's own schedule fires on the 20th; one more, of the same deployment, every twenty seconds.
    mailbox = office.folder / "mailbox"
    mailbox.mkdir()
    shutil.copy(SAMPLES / "export" / "2025-06" / "M0001.eml", mailbox)
    database, out = office.folder / "z.duckdb", office.folder / "out"
    soon = dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=5)
    office.ask(
        f"/deployments/{intake['id']}/schedules",
        [
            {
                "schedule": {"interval": 20, "anchor_date": soon.isoformat(), "timezone": "UTC"},
                "parameters": {"mailbox": str(mailbox), "db": str(database), "out": str(out), "workers": 1},
            }
        ],
    )
    with ExitStack() as stack:
        log = office.start(stack, "worker", "worker", "start", "--pool", "zhengji")
        wait_for(lambda: list(out.glob("zhengji-2025Q2.xlsx")), log)

        def ended() -> list[Any]:
            return [
                run
                for run in office.ask(
                    "/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
                )
                if run["auto_scheduled"]
            ]

        assert wait_for(ended, log)
    with Store.open(database, wait_seconds=5, read_only=True) as store:
        assert [one.unit for one in store.window_submissions("2025Q2")]
        last = store.last_run()
        assert last is not None
        assert last.state == "complete"
