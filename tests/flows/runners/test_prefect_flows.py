"""The flows run for real, on an embedded server; the deployments are what prefect.yaml says."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from flows.intake.pipeline import run_intake
from flows.runners.prefect_embedded import START_SECONDS, embedded_server
from reference.errors import MailboxError, StoreBusyError
from reference.settings import Settings
from tests.conftest import SAMPLES, share_readings
from tests.flows.killers import VICTIM, dies_over_one, imported

ROOT = Path(__file__).parents[3]
SHANGHAI = ZoneInfo("Asia/Shanghai")

pytestmark = pytest.mark.xdist_group("prefect")


@pytest.fixture(scope="module")
def intake() -> Iterator[ModuleType]:
    """`flows.runners.prefect_flows`, its flows running on an embedded server.

    Prefect is imported nowhere before.
    """
    with embedded_server() as server:
        from flows.runners import prefect_flows as intake

        server.wait()
        yield intake


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three inquiries without a form."""
    folder = tmp_path / "mailbox"
    folder.mkdir()
    for number in range(3):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "a@example.invalid", f"咨询{number}"
        mail["Message-ID"] = f"<{number}@example.invalid>"
        mail["Received"] = "from a by b; Mon, 23 Jun 2025 09:00:00 +0800"
        mail.set_content("请问推荐表在哪里下载？")
        (folder / f"{number}.eml").write_bytes(mail.as_bytes())
    return folder


def settings_in(folder: Path, **given: Any) -> Settings:
    return Settings(db=folder / "z.duckdb", out=folder / "out", workers=2, batch=1, **given)


def test_the_command_s_way_in_gives_what_the_plain_function_gives(
    intake: ModuleType, export: Path, tmp_path: Path
) -> None:
    done: list[int] = []
    summary = intake.run_as_flow(export, settings_in(tmp_path), lambda progress: done.append(progress.done))
    plain = run_intake(export, Settings(db=tmp_path / "plain.duckdb", out=tmp_path / "plain", workers=1))
    assert (summary.found, summary.added, summary.faults) == (plain.found, plain.added, ()) == (3, 3, ())
    assert done == [1, 2, 3]


def test_the_deployed_flow_leaves_its_summary_as_an_artifact(
    intake: ModuleType, export: Path, tmp_path: Path
) -> None:
    from prefect.artifacts import Artifact

    run = {"mailbox": str(export), "db": str(tmp_path / "z.duckdb"), "out": str(tmp_path), "workers": 1}
    assert intake.quarterly_intake(**run).added == 3
    assert intake.quarterly_intake(**run).added == 0
    artifact = Artifact.get("intake-summary")
    assert artifact is not None
    assert "| 邮件 Messages | 3 |\n| 新增 New | 0 |" in str(artifact.data)


def test_an_error_of_ours_passes_through_unchanged(intake: ModuleType, tmp_path: Path) -> None:
    bad = tmp_path / "mail.zip"
    bad.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(MailboxError):
        intake.run_as_flow(bad, settings_in(tmp_path), lambda _: None)


@pytest.mark.parametrize(
    ("fault", "passes"),
    [
        (BlockingIOError(11, "Resource temporarily unavailable"), True),
        (PermissionError(13, "held by a virus scanner"), True),
        (TimeoutError(110, "share does not answer"), True),
        (StoreBusyError("busy.", "Wait."), True),
        (FileNotFoundError(2, "No such file"), False),
        (MailboxError("no mailbox.", "Look."), False),
        (ValueError("bad input"), False),
    ],
)
def test_only_faults_that_may_pass_are_tried_again(
    intake: ModuleType, fault: Exception, passes: bool
) -> None:
    assert intake.may_pass(fault) is passes


def test_batches_come_in_order_and_few_are_under_way(intake: ModuleType, tmp_path: Path) -> None:
    from prefect import flow

    taken: list[int] = []

    def batches() -> Iterator[Sequence[Any]]:
        for number in range(12):
            taken.append(number)
            yield ()

    @flow
    def ahead() -> list[int]:
        with intake.Workers(1) as workers:
            judged = workers.judge_in_tasks(batches(), settings_in(tmp_path), {})
            return [len(taken) - number for number, _ in enumerate(judged)]

    assert max(ahead()) == 2


def test_the_command_runs_without_a_server_at_hand_and_leaves_nothing_behind(
    export: Path, tmp_path: Path
) -> None:
    temp, home = tmp_path / "temp", tmp_path / "home"
    temp.mkdir()
    home.mkdir()
    command = run_command(export, tmp_path, temp, home)
    out, err = command.communicate(timeout=60)
    assert (command.returncode, err) == (0, "")
    assert "3" in out
    assert list(temp.glob("zhengji-prefect-*")) == []
    assert list(home.iterdir()) == []


@pytest.fixture
def heeded() -> Iterator[None]:
    """A shell that runs the tests in the background lets all that they start ignore Ctrl-C; not here."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to consoles, not to processes")
@pytest.mark.usefixtures("heeded")
def test_an_interrupted_run_ends_with_130(export: Path, tmp_path: Path) -> None:
    for number in range(3, 400):
        shutil.copy(export / "0.eml", export / f"{number}.eml")
        with (export / f"{number}.eml").open("ab") as mail:
            mail.write(f"{number}".encode())
    command = run_command(export, tmp_path, tmp_path, tmp_path)
    database = tmp_path / "z.duckdb"
    deadline = time.monotonic() + START_SECONDS  # the first start in a new environment migrates
    while not database.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert database.exists()
    assert command.poll() is None
    command.send_signal(signal.SIGINT)
    _, err = command.communicate(timeout=60)
    assert command.returncode == 130, err
    assert "Traceback" not in err
    assert list(tmp_path.glob("zhengji-prefect-*")) == []


def run_command(export: Path, folder: Path, temp: Path, home: Path) -> subprocess.Popen[str]:
    """`zhengji run` as its own process, with a home and a folder for temporary files of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    places = {"HOME": str(home), "USERPROFILE": str(home), "TMPDIR": str(temp), "TEMP": str(temp)}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", str(export), "--db", str(folder / "z.duckdb"),
         "--out", str(folder / "out"), "--workers", "1"],
        env=inherited | places | {"ZHENGJI_BATCH": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )  # fmt: skip


def deployments() -> dict[str, dict[str, Any]]:
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    return {deployment["name"]: deployment for deployment in declared["deployments"]}


def test_the_deployments_hold_to_prefect_s_own_schema(intake: ModuleType) -> None:
    from prefect.cli.deploy._models import PrefectYamlModel

    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    names = [deployment.name for deployment in PrefectYamlModel.model_validate(declared).deployments]
    assert names == ["quarterly-intake", "rerun-submission"]


@pytest.mark.parametrize("name", ["quarterly-intake", "rerun-submission"])
def test_a_deployment_names_a_flow_and_parameters_that_it_has(intake: ModuleType, name: str) -> None:
    path, function = deployments()[name]["entrypoint"].split(":")
    assert (ROOT / path).samefile(str(intake.__file__))
    flow = getattr(intake, function)
    assert flow.name == name
    assert set(deployments()[name]["parameters"]) <= set(flow.parameters.properties)


@pytest.mark.parametrize(
    ("year", "month", "morning_after"),
    [(2025, 3, (3, 31)), (2025, 6, (7, 1)), (2025, 9, (10, 1)), (2025, 12, (12, 31)), (2028, 3, (3, 31))],
)
def test_the_intake_fires_twice_a_day_in_a_window_and_the_morning_after(
    intake: ModuleType, year: int, month: int, morning_after: tuple[int, int]
) -> None:
    start = dt.datetime(year, month, 2, tzinfo=SHANGHAI)
    expected = [
        dt.datetime(year, month, day, hour, 30, tzinfo=SHANGHAI) for day in range(20, 31) for hour in (8, 17)
    ]
    expected.append(dt.datetime(year, *morning_after, 6, 0, tzinfo=SHANGHAI))
    assert fires(start, start + dt.timedelta(days=45)) == expected


def test_the_intake_fires_92_times_a_year(intake: ModuleType) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
    assert len(fires(start, dt.datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI))) == 4 * (11 * 2 + 1)


def fires(start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """When Prefect's own scheduler would start the intake, by the clock of Shanghai."""
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.server.schemas.schedules import CronSchedule as Scheduler

    moments: list[dt.datetime] = []
    for declared in deployments()["quarterly-intake"]["schedules"]:
        client = CronSchedule(cron=declared["cron"], timezone=declared["timezone"])
        scheduler = Scheduler(**client.model_dump())
        moments += asyncio.run(scheduler.get_dates(n=200, start=start, end=end))
    return sorted(moment.astimezone(SHANGHAI) for moment in moments)


def test_a_worker_does_not_import_prefect(intake: ModuleType) -> None:
    with intake.Workers(1) as workers:
        there = [
            workers._pool.submit(imported, name).result() for name in ("flows.intake.reading", "prefect")
        ]
    assert there == [True, False]


def test_a_message_that_kills_its_process_costs_itself_alone(
    intake: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: Path
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for name in ("M0001", "M0018", "M0030"):
        shutil.copy(SAMPLES / "export" / "2025-06" / f"{name}.eml", export)
    monkeypatch.setattr(intake, "judge_sources", dies_over_one)
    settings = Settings(db=tmp_path / "t.duckdb", out=tmp_path / "out", workers=1)
    share_readings(settings.db, readings)
    with intake.Workers(1) as workers:
        summary = run_intake(
            export,
            settings,
            judge=lambda batches, of, usual: (workers.judge(batch, of, usual) for batch in batches),
        )
    assert [source for source, _ in summary.faults] == [VICTIM]
    assert (summary.added, summary.submissions) == (3, 2)
