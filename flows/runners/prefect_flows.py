"""The Prefect flows around the plain composition: the quarterly intake and one submission again.

The one module that imports Prefect. `run_as_flow` is the command's way in, through
`flows.runners.prefect_embedded`, which prepares Prefect's environment; the two flows with plain parameters
are what `prefect.yaml` deploys.
"""

from __future__ import annotations

import datetime as dt
import errno
import multiprocessing
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from extractors.mail.mailbox import MessageSource
from flows.desk import rerun
from flows.intake.pipeline import Batch, RunSummary, run_intake
from flows.intake.progress import Progress, Report, Waiting
from flows.intake.reading import judge_sources, lost
from flows.runners.worker import serve_the_run
from reference.errors import StoreBusyError
from reference.records import Judged
from reference.settings import Settings
from reference.times import SHANGHAI

PATIENCE_SECONDS = 600.0
"""How long a scheduled run waits for the database: nobody stands before it, somebody may be writing."""

RETRY_DELAYS = [1.0, 5.0, 15.0]
"""Seconds before each further try of a task."""

_LASTING = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EROFS})
"""Faults of the operating system that no second try mends."""


def may_pass(fault: BaseException) -> bool:
    """Whether a fault may be gone at the next try: a busy share or database.

    Bad input is a finding and reaches no task as a fault; what else is raised stays as it is.
    """
    if isinstance(fault, OSError):
        return fault.errno not in _LASTING
    return isinstance(fault, StoreBusyError)


def _retry(_task: Any, _run: Any, state: Any) -> bool:
    """`may_pass`, as Prefect asks it: of a failed state."""
    return may_pass(state.result(raise_on_failure=False))


class Workers:
    """The processes that read forms, shared by a run's tasks.

    Each task is a thread that waits for one of them. Prefect's own ProcessPoolTaskRunner would have each
    process import Prefect and keep a client: measured on two cores, 40 batches of 0.25 s take 12.6 s
    with it, 6.1 s like this, 5.0 s being the work itself; a single batch 6.0 s against 1.3 s.
    """

    def __init__(self, count: int) -> None:
        """No process is started before the first batch."""
        self.count = count
        self._lock = threading.Lock()
        self._pool = self._new_pool(count)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the batches under way end, start no further one, leave no process."""
        self._pool.shutdown(cancel_futures=True)

    def judge(self, batch: Batch, settings: Settings, usual: Mapping[str, float]) -> Sequence[Judged]:
        """Judge a batch in one of the processes, and wait for it.

        Where a process dies over it, each message is judged in a process of its own, so that the one that
        kills it costs itself alone.
        """
        pool = self._pool
        try:
            return pool.submit(judge_sources, batch, settings, usual).result()
        except BrokenProcessPool:
            with self._lock:
                if self._pool is pool:
                    self._pool = self._new_pool(self.count)
            return [self._alone(source, settings, usual) for source in batch]

    def _alone(self, source: MessageSource, settings: Settings, usual: Mapping[str, float]) -> Judged:
        with self._new_pool(1) as pool:
            try:
                return pool.submit(judge_sources, (source,), settings, usual).result()[0]
            except BrokenProcessPool:
                return lost(source, settings, "a process died over this message")

    def judge_in_tasks(
        self, batches: Iterable[Batch], settings: Settings, usual: Mapping[str, float]
    ) -> Iterator[Sequence[Judged]]:
        """A `Judge`: each batch a Prefect task; at most two for each process under way or waiting."""
        under_way: deque[PrefectFuture[Sequence[Judged]]] = deque()
        for number, batch in enumerate(batches, start=1):
            under_way.append(judge_batch.submit(number, batch, settings, usual, self))
            if len(under_way) >= 2 * self.count:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()

    def _new_pool(self, count: int) -> ProcessPoolExecutor:
        # Spawned, not forked: Prefect's threads would be copied in the middle of what they do.
        return ProcessPoolExecutor(
            count, mp_context=multiprocessing.get_context("spawn"), initializer=serve_the_run
        )


@task(
    name="judge-batch",
    task_run_name="judge-batch-{number}",
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_condition_fn=_retry,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def judge_batch(
    number: int,
    batch: Sequence[MessageSource],
    settings: Settings,
    usual: Mapping[str, float],
    workers: Workers,
) -> Sequence[Judged]:
    """Read and judge a batch of messages."""
    return workers.judge(batch, settings, usual)


@task(
    name="rerun",
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_condition_fn=_retry,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def run_again(
    submission: str,
    settings: Settings,
    run_id: str,
    files: Sequence[Path],
    recorded: bool = False,
    anyway: bool = False,
) -> rerun.RerunSummary:
    """One submission again, by the plain function."""
    return rerun.rerun_submission(
        submission,
        settings,
        run_id=run_id,
        person="Prefect",
        now=dt.datetime.now(tz=SHANGHAI),
        corrected=files,
        recorded=recorded,
        anyway=anyway,
    )


def run_as_flow(mailbox: Path, settings: Settings, report: Report) -> RunSummary:
    """The intake as a flow run of this process, with the caller's settings and its report of progress.

    Raises:
        ZhengjiError: whatever the plain composition raises, unchanged.
    """

    @flow(name="quarterly-intake", persist_result=False)
    def intake_of_the_command(mailbox: str) -> RunSummary:
        return _intake(Path(mailbox), settings, report)

    return intake_of_the_command(str(mailbox))


@flow(name="quarterly-intake", persist_result=False)
def quarterly_intake(
    mailbox: str,
    db: str | None = None,
    out: str | None = None,
    workers: int | None = None,
    wait_seconds: float = PATIENCE_SECONDS,
) -> RunSummary:
    """Ingest what is new in a mailbox export, then write the reports. Safe to repeat.

    Args:
        mailbox: a folder of .eml, an mbox, a Maildir, .msg, or a zip of these; relative to the project.
        db: the database; without it the setting of the worker's environment or `zhengji.toml`.
        out: folder of the reports; likewise.
        workers: processes that read forms; likewise.
        wait_seconds: how long the run waits while another process writes the database.
    """
    settings = _settings(db=db, out=out, workers=workers, wait_seconds=wait_seconds)
    return _intake(Path(mailbox), settings, _logged())


@flow(name="rerun-submission", persist_result=False)
def rerun_submission(
    submission: str,
    files: list[str] | None = None,
    recorded: bool = False,
    anyway: bool = False,
    db: str | None = None,
    wait_seconds: float = PATIENCE_SECONDS,
) -> rerun.RerunSummary:
    """Run one submission again, from the kept originals or with corrected files.

    Args:
        submission: such as 2025Q2-7KM3XD.
        files: corrected PDF or Word files, as the worker sees them.
        anyway: take a corrected file though it seems another submission's.
        recorded: judge by the reference editions of the earlier judgement, not by those in force.
        db: the database; without it the setting of the worker's environment or `zhengji.toml`.
        wait_seconds: how long the run waits while another process writes the database.
    """
    settings = _settings(db=db, wait_seconds=wait_seconds)
    run_id = str(flow_run.get_id()).replace("-", "")[:12]
    summary = run_again(submission, settings, run_id, [Path(file) for file in files or ()], recorded, anyway)
    create_markdown_artifact(rerun_table(summary), key="rerun-summary", description=submission)
    return summary


def _intake(mailbox: Path, settings: Settings, report: Report) -> RunSummary:
    """The plain intake with its batches as tasks, and its summary as an artifact."""
    with Workers(settings.workers) as workers:
        summary = run_intake(mailbox, settings, report=report, judge=workers.judge_in_tasks)
    create_markdown_artifact(summary_table(summary), key="intake-summary", description=str(mailbox))
    return summary


def summary_table(summary: RunSummary) -> str:
    """The run's summary in Markdown: counts, reports, then what could not be read and why."""
    counts = {
        "邮件 Messages": summary.found,
        "新增 New": summary.added,
        "推荐表 Submissions": summary.submissions,
        "重复邮件 Seen again": summary.seen_again,
        "受理期 Windows": "、".join(summary.windows) or "—",
        "报告 Reports": "<br>".join(map(str, summary.reports)) or "—",
        "跳过的文件 Files that are no messages": len(summary.skipped),
        "程序故障 Faults of the program": len(summary.faults),
    }
    troubles = [(skipped.source, skipped.reason) for skipped in summary.skipped]
    troubles += [(source, (fault.splitlines() or [""])[0]) for source, fault in summary.faults]
    parts = [f"## 征集收件 Intake {summary.run_id}", _table(("", ""), counts.items())]
    if troubles:
        parts.append(_table(("文件 File", "原因 Reason"), troubles))
    return "\n\n".join(parts)


def rerun_table(summary: rerun.RerunSummary) -> str:
    """A submission before and after, in Markdown, with its findings."""
    before, after = summary.before, summary.after
    findings = [(f.row_no or "", f.code, f.message_zh, f.message_en) for f in after.findings]
    parts = [
        f"## {after.submission_id} {after.unit or '—'}",
        f"{before.status} → **{after.status}**",
        _table(("行 Row", "代码 Code", "说明", "Finding"), findings),
    ]
    return "\n\n".join(parts)


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def _cell(value: object) -> str:
    """A text as one cell: a bar or a line break in it ends neither cell nor row."""
    return " ".join(str(value).replace("|", "\\|").split())


def _settings(**given: Any) -> Settings:
    """The settings, with what the deployment's parameters give."""
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _logged() -> Report:
    """A report that logs a line for each tenth of the messages."""
    logger = get_run_logger()
    tenths = -1

    def report(progress: Progress | Waiting) -> None:
        nonlocal tenths
        if isinstance(progress, Waiting):
            logger.info("%s", progress)
            return
        reached = 10 * progress.done // max(1, progress.total)
        if reached > tenths:
            tenths = reached
            logger.info("%d/%d messages", progress.done, progress.total)

    return report
