"""What the commands that keep the store do and say: audit, backup, restore, erase. Each gives its status."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm

from flows.keeping import keep as keeping
from flows.keeping.auditing import Audit
from flows.keeping.auditing import audit as hold_against
from flows.terminal.console import Terminal
from flows.terminal.wording import accounted, pick
from outputs.keeping.audit import owed_gaps
from outputs.keeping.backup import Manifest
from outputs.keeping.backup import check as check_backup
from outputs.store.locks import Intake
from outputs.store.store import Store
from outputs.store.upkeep import WHOLE, Upkeep, last_of_each
from reference.errors import StoreError
from reference.settings import Settings

DONE, FAULTS = 0, 4


def refuse_absent(settings: Settings) -> None:
    """Refuse a command that is about a database which is not there.

    Raises:
        StoreError: there is none.
    """
    if not settings.db.exists():
        raise StoreError(
            f"no database at {settings.db}.", "Run `zhengji run MAILBOX` first, or name it with --db."
        )


def audit(mailbox: Path | None, settings: Settings, *, quick: bool, mend: bool) -> int:
    """Say whether everything is accounted for, or each gap; status 4 where there is one, advice apart."""
    refuse_absent(settings)
    audited = hold_against(settings, mailbox, deep=not quick, mend=mend)
    console, lang = Terminal(), settings.lang
    for skipped in audited.skipped:
        console.print(f"  跳过 skipped: {skipped.source}: {skipped.reason}", highlight=False, soft_wrap=True)
    if audited.mailbox is None:
        console.print(
            "  " + pick(("未核对邮箱：没有指明导出，上次的导出已不在", "no mailbox was looked at"), lang),
            highlight=False,
        )
    show_audit(console, audited, lang)
    return DONE if audited.whole else FAULTS


def backup(folder: Path, settings: Settings) -> int:
    """Back up, and say how much; status 4 where originals are lacking."""
    refuse_absent(settings)
    return _show_backup(keeping.backup(folder, settings), folder, settings.lang, ("已备份", "backed up"))


def verify(folder: Path, settings: Settings) -> int:
    """Hold a backup against its digests; status 4 where a file is gone or was changed."""
    manifest, wrong = check_backup(folder)
    for name in wrong:
        told = pick(("已缺失或改变", "gone or changed"), settings.lang)
        Terminal().print(f"  [red]{told}[/] {escape(name)}", highlight=False, markup=True, soft_wrap=True)
    status = _show_backup(manifest, folder, settings.lang, ("已核对", "verified"))
    return FAULTS if wrong else status


def restore(folder: Path, settings: Settings, *, overwrite: bool) -> int:
    """Restore a backup, and say how much."""
    manifest = keeping.restore(folder, settings, overwrite=overwrite)
    return _show_backup(manifest, settings.db, settings.lang, ("已恢复", "restored"))


def _show_backup(manifest: Manifest, where: Path, lang: str, done: tuple[str, str]) -> int:
    console = Terminal()
    for digest in manifest.lacking:
        told = pick(("备份时原件已缺失或改变", "gone or changed when it was backed up"), lang)
        console.print(f"  [red]{told}[/] {digest}", highlight=False, markup=True, soft_wrap=True)
    size = (manifest.bytes + sum(manifest.originals.values())) / 1e6
    told = pick(
        (
            f"{done[0]}：原件{len(manifest.originals)}个，共{size:.1f} MB，备份于 {manifest.made_at}",
            f"{done[1]}: {len(manifest.originals)} originals, {size:.1f} MB in all, made {manifest.made_at}",
        ),
        lang,
    )
    console.print(f"{told} → {where}", highlight=False, soft_wrap=True)
    return FAULTS if manifest.lacking else DONE


def erase(before: dt.date | None, settings: Settings, *, dry_run: bool, ask: bool) -> int:
    """Say what is to be erased, ask, erase it, and name what may still hold names."""
    refuse_absent(settings)
    told = keeping.to_erase(settings, before)
    console, lang = Terminal(), settings.lang
    windows = "、".join(told.windows) or "—"
    console.print(
        pick(
            (
                f"{told.before:%Y-%m-%d} 之前收到、尚未清除的邮件{len(told.messages)}封，受理期 {windows}",
                f"{len(told.messages)} messages received before {told.before:%Y-%m-%d}, windows {windows}",
            ),
            lang,
        ),
        highlight=False,
        soft_wrap=True,
    )
    if dry_run:
        return DONE
    if ask and told.messages and not _agreed(console, lang):
        return DONE
    done = keeping.erase(told, settings)
    line = (f"已清除：原件{done.originals}个", f"erased, with {done.originals} originals")
    console.print(pick(line, lang), highlight=False)
    for path in done.reports:
        console.print(f"→ {path}", highlight=False, soft_wrap=True)
    for path in done.others:
        may = pick(("可能仍含个人信息，请处理", "may still hold names, see to it"), lang)
        console.print(f"  {may}: {path}", highlight=False, soft_wrap=True)
    return DONE


def _agreed(console: Console, lang: str) -> bool:
    """The answer to the question; no where nobody is there to answer."""
    asked = pick(("清除后不能恢复。确定清除吗？", "This cannot be undone. Erase?"), lang)
    try:
        return Confirm.ask(asked, console=console, default=False)
    except EOFError:
        return False


def show_state(console: Console, settings: Settings, store: Store) -> None:
    """A run under way, or one that was cut off and what is owed, and the last backup; a line each.

    What is owed while a run is under way is that run's own doing.
    """
    lang, run = settings.lang, store.last_run()
    lines: list[tuple[str, str]] = []
    intake = Intake(settings.db, "status")
    held = intake.held()
    if held:
        who = intake.owner()
        named = f"{who.person or '?'}, {who.started}, {who.doing}" if who else "?"
        lines.append((f"正在收件：{named}", f"a run is under way: {named}"))
    elif run is not None and run.state in ("running", "interrupted"):
        since = f"{run.started_at:%Y-%m-%d %H:%M}"
        lines.append(
            (
                f"上次运行（{since}，{run.mailbox}）中断，已收录的均完整。"
                f"请再次运行 zhengji run {run.mailbox}。",
                f"the last run ({since}, {run.mailbox}) was cut off; what it stored is complete."
                f" Run `zhengji run {run.mailbox}` again.",
            )
        )
    if not held:
        lines += [(gap.zh, gap.en) for gap in owed_gaps(store.database, settings.out)]
    kept = last_of_each(store.database).get(Upkeep.BACKUP)
    lines.append(
        (f"上次备份：{kept['done_at']:%Y-%m-%d %H:%M} → {kept['folder']}（{_in_chinese(kept['outcome'])}）",
         f"last backup: {kept['done_at']:%Y-%m-%d %H:%M} → {kept['folder']} ({kept['outcome']})")
        if kept
        else ("尚未备份。请运行 zhengji backup FOLDER。", "no backup yet. Run `zhengji backup FOLDER`.")
    )  # fmt: skip
    for pair in lines:
        console.print(pick(pair, lang), highlight=False, soft_wrap=True)


def _in_chinese(outcome: str) -> str:
    """How a backup came out: whole, or how many originals it lacks."""
    return "完整" if outcome == WHOLE else f"缺{outcome.split(maxsplit=1)[0]}个原件"


def show_audit(console: Console, audited: Audit, lang: str) -> None:
    """One line where all is accounted for, else a line a gap."""
    for gap in audited.gaps:
        told = pick((gap.zh, gap.en), lang)
        sign = "[yellow]提示 advice[/]" if gap.advice else "[red]缺口 gap[/]"
        console.print(f"  {sign} {gap.check}: {escape(told)}", highlight=False, markup=True, soft_wrap=True)
    console.print(accounted(audited, lang), highlight=False, soft_wrap=True)
