"""The command line. Exit status: 0 done, whatever was found; 2 wrong use; 3 an input or table that
cannot be read at all, or a machine that refuses (full disk, no right to write); 4 done, but a submission met
a fault of the program, or the audit found a gap; 130 interrupted; 1 a fault of the program ended the command.

Errors are one line: what happened, where, what to do.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from flows.terminal import commands, keeping_commands
from flows.terminal.console import sayable
from flows.terminal.import_preview import import_reference
from outputs.papers.export import Format
from reference.errors import MachineError, ZhengjiError, machine_error
from reference.settings import Settings

DONE, BROKEN, WRONG_USE, FAULTS, INTERRUPTED = 0, 1, 2, 4, 130

_CALLED_OFF = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What ends a command from outside as Ctrl+C does: a service that is stopped, a terminal that is closed."""

_db = click.option("--db", type=click.Path(path_type=Path), help="The database. [setting: db]")
_out = click.option("--out", type=click.Path(path_type=Path), help="Folder of the reports. [setting: out]")
_lang = click.option("--lang", type=click.Choice(["zh", "en"]), help="zh, or en for English beside it.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhengji")
def cli() -> None:
    """征集 zhengji: from a mailbox export to judged recommendations.

    Every option has a setting of the same name: environment (ZHENGJI_DB=…), then zhengji.toml.
    """


@cli.command()
@click.argument("mailbox", type=click.Path(path_type=Path))
@_db
@_out
@_lang
@click.option("--workers", type=click.IntRange(1), help="Processes that read forms. [setting: workers]")
@click.option("--plain", is_flag=True, help="Without Prefect, in this process alone.")
def run(mailbox: Path, plain: bool, **options: Any) -> int:
    """Ingest what is new in MAILBOX: a folder of .eml, an mbox, a Maildir, .msg, or a zip of these.

    Safe to repeat: a second run adds nothing.
    """
    return commands.run(mailbox, settings_with(options), plain=plain)


@cli.command()
@click.argument("submission")
@_db
@_lang
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A corrected PDF or Word file; may be given twice.",
)
@click.option(
    "--editions",
    type=click.Choice(["in-force", "recorded"]),
    default="in-force",
    show_default=True,
    help="Reference editions in force on the day of receipt, or those that the judgement recorded.",
)
@click.option("--withdraw", is_flag=True, help="Take back the corrected files that came last.")
@click.option("--anyway", is_flag=True, help="Take a corrected file though it seems another submission's.")
def rerun(
    submission: str, files: tuple[Path, ...], editions: str, withdraw: bool, anyway: bool, **options: Any
) -> int:
    """Run SUBMISSION (such as 2025Q2-7KM3XD) again, from the kept originals or with corrected files.

    The earlier result is kept as superseded.
    """
    recorded = editions == "recorded"
    if withdraw and (files or recorded):
        raise click.UsageError("--withdraw goes with neither --file nor --editions recorded.")
    settings = settings_with(options)
    return commands.rerun(submission, files, settings, recorded=recorded, withdraw=withdraw, anyway=anyway)


@cli.command()
@_db
@_lang
def status(**options: Any) -> int:
    """Windows, submissions by status, findings by code, what waits for whom."""
    return commands.status(settings_with(options))


@cli.command()
@click.option(
    "--mailbox", type=click.Path(path_type=Path), help="The export; that of the last run unless told."
)
@_db
@_out
@_lang
@click.option("--quick", is_flag=True, help="Do not read the originals again: look at their sizes alone.")
@click.option("--mend", is_flag=True, help="Keep lost and changed originals again out of the mailbox first.")
def audit(mailbox: Path | None, quick: bool, mend: bool, **options: Any) -> int:
    """Whether everything in the mailbox is accounted for, once: each gap by name, with what to do.

    Status 4 where there is a gap.
    """
    return keeping_commands.audit(mailbox, settings_with(options), quick=quick, mend=mend)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_db
@_lang
@click.option("--verify", is_flag=True, help="Hold the backup in FOLDER against its digests instead.")
def backup(folder: Path, verify: bool, **options: Any) -> int:
    """The database and its originals into FOLDER, a new one or that of an earlier backup.

    A run may be under way meanwhile.
    """
    settings = settings_with(options)
    return keeping_commands.verify(folder, settings) if verify else keeping_commands.backup(folder, settings)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_db
@_lang
@click.option("--yes", is_flag=True, help="Put a database that stands there aside.")
def restore(folder: Path, yes: bool, **options: Any) -> int:
    """The backup in FOLDER into place, after each of its files was held against its digest."""
    return keeping_commands.restore(folder, settings_with(options), overwrite=yes)


@cli.command()
@_db
@_out
@_lang
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    help="What was received before this day; by the setting retention_months unless told.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
def erase(before: dt.datetime | None, dry_run: bool, yes: bool, **options: Any) -> int:
    """Personal data of old messages for good: names, phones, addresses, bodies, originals.

    Register and statistics stay, and the messages stay known.
    """
    day = before.date() if before else None
    return keeping_commands.erase(day, settings_with(options), dry_run=dry_run, ask=not yes)


@cli.command()
@click.argument("window")
@_db
@_out
@_lang
def report(window: str, **options: Any) -> int:
    """Write the reports of WINDOW again: 2025Q2, or closed for what came outside any."""
    return commands.report(window, settings_with(options))


@cli.command()
@click.argument("window", required=False)
@_db
@_out
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "csv", "xlsx"]),
    default="parquet",
    show_default=True,
    help="Format of the files.",
)
def export(window: str | None, form: Format, **options: Any) -> int:
    """Records, findings and submissions of WINDOW, or of all, as files with a data dictionary."""
    return commands.export(window, form, settings_with(options))


@cli.command()
@click.argument("submission")
@click.argument("row", type=click.IntRange(1))
@_db
@_lang
def explain(submission: str, row: int, **options: Any) -> int:
    """Why ROW of SUBMISSION leads where it leads: candidates, evidence, rule, editions."""
    return commands.explain(submission, row, settings_with(options))


@cli.command()
@click.argument("text")
@click.option("--code", help="The code that stands beside the name.")
@_lang
def match(text: str, code: str | None, **options: Any) -> int:
    """Try the matching by hand: which occupation TEXT is, with what speaks for each candidate."""
    return commands.match(text, code, settings_with(options))


@cli.command()
@_db
@click.option("--host", help="Address to listen on; beyond this machine wants a login. [setting: host]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the page. [setting: port]")
@_lang
def review(**options: Any) -> int:
    """The staff's page: what waits, the sender's page with the cell framed, deciding, notices."""
    return commands.review(settings_with(options))


@cli.command()
@click.argument("name")
@click.password_option(help="The password; asked for unless given.")
def password(name: str, password: str) -> int:
    """The entry of zhengji.toml with which NAME may log in to the staff's page."""
    return commands.password(name, password)


@cli.group()
def reference() -> None:
    """The reference tables: editions, dates, completeness."""


@reference.command("list")
@_lang
def reference_list(**options: Any) -> int:
    """Every table with its editions, effective dates, sources and completeness."""
    return commands.reference_list(settings_with(options))


@reference.command("check")
@_lang
def reference_check(**options: Any) -> int:
    """Hold the tables against each other and against the official counts."""
    return commands.reference_check(settings_with(options))


@reference.command("import")
@click.argument("table")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--effective",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="First day on which it is judged by, such as 2025-06-20.",
)
@click.option("--edition", help="Name of the edition; the month it takes effect unless told.")
@click.option("--title", help="Title; that of the edition before unless told.")
@click.option("--source", help="Where it comes from; the file's name unless told.")
@click.option("--completeness", help="What it holds and lacks.")
@click.option("--yes", is_flag=True, help="Import without asking.")
@_lang
def reference_import(table: str, file: Path, effective: dt.datetime, yes: bool, **options: Any) -> int:
    """A new edition of TABLE from FILE (xlsx, csv, docx, pdf), after a preview of what it changes.

    Editions stand side by side: each submission is judged by those in force on the day it came.
    """
    words = {name: options.pop(name) for name in ("edition", "title", "source", "completeness")}
    return import_reference(table, file, effective.date(), words, settings_with(options), ask=not yes)


@cli.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="Folder for the demo's database and reports.",
)
@_lang
def demo(out: Path, **options: Any) -> int:
    """The main job on the shipped samples, then where to look."""
    return commands.demo(settings_with({**options, "out": out, "db": out / "demo.duckdb"}))


def settings_with(options: dict[str, Any]) -> Settings:
    """The settings, with the options that were given on the command line.

    Raises:
        click.UsageError: a setting of the environment or of `zhengji.toml` is wrong.
    """
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise click.UsageError(
            f"setting '{where}': {first['msg']} (options, environment ZHENGJI_…, zhengji.toml)"
        ) from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status and prints errors as one line."""
    try:
        with _heeding() as called_off:
            status = cli.main(arguments, prog_name="zhengji", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        ended = 128 + called_off[0] if called_off else INTERRUPTED
        with suppress(OSError):  # a terminal that was closed takes no words
            _say("interrupted; what was stored is complete, run the same command again", ended)
        return ended
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message())
        return WRONG_USE
    except click.ClickException as wrong:
        return _say(f"{wrong.format_message()} (zhengji --help)", WRONG_USE)
    except ZhengjiError as error:
        return _say(str(error), error.exit_status)
    except BrokenPipeError:  # who reads the output went away, as `| head` does
        with suppress(OSError, ValueError):  # the interpreter flushes at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _say("who reads the output went away; what was stored is complete", INTERRUPTED)
    except OSError as error:
        return _say(str(machine_error(error)), MachineError.exit_status)
    except MemoryError:
        return _say("memory does not suffice. End other programs, or take fewer --workers.", 3)
    except Exception as fault:  # noqa: BLE001 - the last door: whatever it is, one line says what to do
        return _say(_unexpected(fault), BROKEN)
    return status if isinstance(status, int) else DONE


@contextmanager
def _heeding() -> Iterator[list[int]]:
    """Take a signal that ends the command for Ctrl+C, so that unpacked mail goes and the run's end is told.

    Gives the signals that came. One that is ignored, as `nohup` has it, stays so.
    """
    came: list[int] = []

    def end(number: int, _frame: object) -> None:
        came.append(number)
        signal.signal(number, signal.SIG_DFL)  # who sends it again wants the end at once
        if len(came) == 1:
            raise KeyboardInterrupt

    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {one: signal.getsignal(one) for one in _CALLED_OFF}
        before = {one: was for one, was in before.items() if was is signal.SIG_DFL}
    for one in before:
        signal.signal(one, end)
    try:
        yield came
    finally:
        for one, was in before.items():
            signal.signal(one, was)


def _unexpected(fault: Exception) -> str:
    """What is said of a fault of the program; its details go to a file that this account alone can read."""
    what = f"a fault of the program ended the command ({type(fault).__name__}); what was stored is complete."
    try:
        handle, name = tempfile.mkstemp(prefix="zhengji-fault-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.writelines(traceback.format_exception(fault))
    except OSError:
        return f"{what} Its details could not be written: make room, run it again, and report it."
    return f"{what} Report it with {name}."


def _say(text: str, status: int) -> int:
    click.echo("zhengji: " + sayable(" ".join(text.split())), err=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
