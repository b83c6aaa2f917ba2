"""What each command does and says. Returns the exit status; raises the run-stopping errors."""

from __future__ import annotations

import datetime as dt
import getpass
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.desk.rerun import rerun_submission, withdraw_correction
from flows.intake.foreign import warm
from flows.intake.owed import make_up, written_elsewhere
from flows.intake.pipeline import RunSummary, anything_new, run_intake
from flows.intake.progress import shown
from flows.intake.reports import write_reports
from flows.terminal.console import Terminal
from flows.terminal.explaining import explain_row, explain_text
from flows.terminal.explanation_table import show
from flows.terminal.keeping_commands import refuse_absent, show_audit, show_state
from flows.terminal.wording import WAITS_FOR, counted, pick
from outputs.papers.export import Format
from outputs.papers.export import export as write_export
from outputs.queries.desk import status_counts
from outputs.queries.lists import STAGES
from outputs.store.store import CLOSED, Store
from reference.errors import MailboxError, UsageError
from reference.findings import KINDS
from reference.model import OUTCOME_TITLES, Outcome
from reference.records import Submission
from reference.settings import Settings
from reference.tables.check import check_tables
from reference.tables.editions import COLUMNS, list_editions
from reference.tables.load import load_tables
from reference.times import SHANGHAI

SAMPLES = Path(__file__).parents[2] / "samples" / "export"
DONE, FAULTS = 0, 4


def run(mailbox: Path, settings: Settings, *, plain: bool) -> int:
    """Ingest an export through Prefect, or in this process alone, and say what happened."""
    if not mailbox.exists():
        raise MailboxError(f"no mailbox export at {mailbox}.", "Name a folder, an mbox, a .msg or a zip.")
    console = Terminal()
    began = time.monotonic()
    with shown(console) as report:
        if plain or not anything_new(mailbox, settings):  # a repeat need not wait for Prefect
            summary = run_intake(mailbox, settings, report=report)
        else:
            from flows.runners.prefect_embedded import run_with_prefect  # Prefect takes seconds to import

            summary = run_with_prefect(mailbox, settings, report)
    _close(console, summary, settings, time.monotonic() - began)
    return FAULTS if summary.faults or not summary.audit.whole else DONE


def demo(settings: Settings) -> int:
    """The main job on the shipped samples, into a folder of its own, then where to look.

    Raises:
        MailboxError: the samples are not beside the code (an installation without its checkout).
    """
    if not SAMPLES.is_dir():
        raise MailboxError(f"no samples at {SAMPLES}.", "Run the demo from a clone of the repository.")
    settings.db.parent.mkdir(parents=True, exist_ok=True)
    return run(SAMPLES, settings, plain=False)


def rerun(
    submission_id: str,
    files: Sequence[Path],
    settings: Settings,
    *,
    recorded: bool = False,
    withdraw: bool = False,
    anyway: bool = False,
) -> int:
    """Run one submission again, or without the correction that came last, and say what changed."""
    warm(settings)
    run_id, person, now = uuid.uuid4().hex[:12], _who(), dt.datetime.now(tz=SHANGHAI)
    summary = (
        withdraw_correction(submission_id, settings, run_id=run_id, person=person, now=now)
        if withdraw
        else rerun_submission(
            submission_id,
            settings,
            run_id=run_id,
            person=person,
            now=now,
            corrected=files,
            recorded=recorded,
            anyway=anyway,
        )
    )
    console = Terminal()
    lang = settings.lang
    before, after = summary.before, summary.after
    console.print(
        f"{after.submission_id} {escape(after.unit or '—')}: "
        f"{pick(STAGES[summary.stages[0]], lang)} → [bold]{pick(STAGES[summary.stages[1]], lang)}[/]",
        highlight=False,
        markup=True,
    )
    gone, new = _codes(before) - _codes(after), _codes(after) - _codes(before)
    for sign, codes, style in (("-", gone, "green"), ("+", new, "red")):
        for row, field, code in sorted(codes, key=str):
            where = f"第{row}行 " if row else ""
            console.print(
                f"  [{style}]{sign}[/] {where}{field or ''} {code} {KINDS[code].title_zh}",
                highlight=False,
                markup=True,
            )
    for table in sorted(before.reference_editions.keys() | after.reference_editions.keys()):
        old, used = before.reference_editions.get(table, "—"), after.reference_editions.get(table, "—")
        if old != used:
            console.print(f"  {pick(('参考表', 'table'), lang)} {table}: {old} → {used}", highlight=False)
    if not gone and not new:
        console.print("  结果未变 nothing changed", highlight=False)
    window = after.window or CLOSED
    console.print(
        f"→ zhengji report {window} --db {settings.db}  （更新工作簿 brings the workbook up to date）",
        highlight=False,
        soft_wrap=True,
    )
    return DONE


def _who() -> str:
    """Whom the history names for what is done on the command line."""
    try:
        return f"{getpass.getuser()}（命令行）"
    except (KeyError, OSError):  # an account without a name, as containers have
        return "命令行"


def _codes(submission: Submission) -> set[tuple[int | None, str | None, str]]:
    return {(finding.row_no, finding.field, finding.code) for finding in submission.findings}


def status(settings: Settings) -> int:
    """Windows, where their submissions stand, findings by code, what waits for whom."""
    refuse_absent(settings)
    console, lang = Terminal(), settings.lang
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        counts = status_counts(store.database)
        show_state(console, settings, store)
    windows = Table(title="受理期 Windows", title_justify="left")
    windows.add_column("受理期")
    for name in STAGES.values():
        windows.add_column(pick(name, lang), justify="right")
    for window, by_stage in counts.submissions.items():
        windows.add_row(window, *map(str, by_stage.values()))
    console.print(windows)
    findings = Table(title="待处理 Open findings", title_justify="left")
    for title in ("结果", "代码", "名称", "数量", "等待"):
        findings.add_column(title, overflow="fold", no_wrap=title == "代码")  # a code is looked for whole
    for code, count in sorted(counts.findings.items(), key=lambda one: _order(one[0])):
        kind = KINDS[code]
        findings.add_row(
            pick(OUTCOME_TITLES[kind.outcome], lang), code, pick((kind.title_zh, kind.title_en), lang),
            str(count), pick(WAITS_FOR[kind.outcome], lang),
        )  # fmt: skip
    console.print(findings)
    waiting = Table(title="待办推荐表 Submissions that wait", title_justify="left")
    for title in ("编号", "推荐单位", "办理情况"):
        waiting.add_column(title, overflow="fold")
    for one in counts.waiting:
        waiting.add_row(one.submission_id, one.unit or "—", pick(STAGES[one.stage], lang))
    console.print(waiting)
    return DONE


def _order(code: str) -> tuple[int, int]:
    """Worst outcome first, then the order of the declarations."""
    return list(Outcome).index(KINDS[code].outcome), list(KINDS).index(code)


def report(window: str, settings: Settings) -> int:
    """Write a window's reports again and name them."""
    refuse_absent(settings)
    make_up(settings, uuid.uuid4().hex[:12], f"report {window}")
    for path in write_reports([window], settings, papers=True):
        Terminal().print(f"→ {path}", highlight=False, soft_wrap=True)
    written_elsewhere(settings, window)
    return DONE


def export(window: str | None, form: Format, settings: Settings) -> int:
    """Write records and findings as files and name them."""
    refuse_absent(settings)
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        if window is not None and window not in (*store.windows(), CLOSED):
            raise UsageError(
                f"the database holds no window {window}.", f"It holds {', '.join(store.windows())}, {CLOSED}."
            )
        paths = write_export(store, settings.out, form, window)
    for path in paths:
        Terminal().print(f"→ {path}", highlight=False, soft_wrap=True)
    return DONE


def explain(submission_id: str, row_no: int, settings: Settings) -> int:
    """Show why a stored row leads where it leads."""
    refuse_absent(settings)
    show(Terminal(), explain_row(submission_id, row_no, settings), settings.lang)
    return DONE


def match(text: str, code: str | None, settings: Settings) -> int:
    """Show which occupation a name, with or without a code, leads to."""
    show(Terminal(), explain_text(text, code, settings), settings.lang)
    return DONE


def review(settings: Settings) -> int:
    """Serve the staff's page until it is interrupted."""
    from review.server import serve  # FastAPI takes a second to import

    refuse_absent(settings)
    console = Terminal()
    console.print(f"→ http://{settings.host}:{settings.port}/  （Ctrl+C 结束 ends）", highlight=False)
    serve(settings)
    return DONE


def password(name: str, typed: str) -> int:
    """Print the settings' entry for a person."""
    from review.access.people import hashed

    plain = name.replace("\\", "").replace('"', "")
    entry = f'[people]\n"{plain}" = "{hashed(typed)}"'
    Terminal().print(entry, highlight=False, markup=False, soft_wrap=True)
    return DONE


def reference_list(settings: Settings) -> int:
    """Every table with its editions."""
    console = Terminal()
    editions = list_editions(settings.reference)
    for edition in editions:
        console.print(
            f"[bold]{edition.table}[/] {escape(edition.edition)}  {escape(edition.title)}"
            f"（{edition.effective} 起，{edition.rows} 行）",
            highlight=False,
            markup=True,
            soft_wrap=True,
        )
        console.print(f"  来源 source: {edition.source}", highlight=False, soft_wrap=True)
        console.print(f"  完整性 completeness: {edition.completeness}", highlight=False, soft_wrap=True)
    for name in sorted(set(COLUMNS) - {edition.table for edition in editions}):
        console.print(
            f"[bold]{name}[/] 未导入，相关各栏不予核对 not loaded, so not checked",
            highlight=False,
            markup=True,
        )
    return DONE


def reference_check(settings: Settings) -> int:
    """The tables' problems, one line each; status 3 where one of them stops the work."""
    console = Terminal()
    problems = check_tables(load_tables(settings.reference))
    for problem in problems:
        console.print(f"{problem.severity}: {problem.table}: {problem.what}", highlight=False, soft_wrap=True)
    if not problems:
        console.print("没有问题 no problems")
    return DONE


def _close(console: Console, summary: RunSummary, settings: Settings, seconds: float) -> None:
    """The closing lines: what was found, what is new, where to look next."""
    lang = settings.lang
    console.print(counted(summary, seconds, lang), highlight=False)
    for skipped in summary.skipped:
        console.print(f"  跳过 skipped: {skipped.source}: {skipped.reason}", highlight=False, soft_wrap=True)
    for source, fault in summary.faults:
        console.print(
            f"  [red]程序故障 fault of the program[/]: {escape(source)}: {escape(fault.splitlines()[0])}",
            markup=True,
            soft_wrap=True,
        )
    show_audit(console, summary.audit, lang)
    for path in summary.reports:
        console.print(f"→ {path}", highlight=False, soft_wrap=True)
    console.print(f"→ {settings.db}  (zhengji status --db {settings.db})", highlight=False, soft_wrap=True)
