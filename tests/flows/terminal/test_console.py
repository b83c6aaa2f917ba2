"""What senders and files are called is text on the terminal: no markup, no control, and never a fault."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from rich.table import Table

from flows.cli import main
from flows.terminal.console import Terminal
from outputs.store.database import open_database
from tests.flows.tiny import BUYER, message, word_form

BRACKETS = "[/red] [bold]x[/bold]"
MAIL = b"From: a@x.invalid\r\nDate: Mon, 16 Jun 2025 10:00:00 +0800\r\n\r\nx"


def test_brackets_stand_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    table = Table()
    table.add_column("x")
    table.add_row(BRACKETS)
    terminal.print(BRACKETS)
    terminal.print(table)
    assert capsys.readouterr().out.count(BRACKETS) == 2


def test_nothing_is_said_that_a_terminal_obeys_or_a_stream_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict", write_through=True)
    monkeypatch.setattr(sys, "stdout", strict)
    Terminal().print("a\x1b[2J\udcff\u202e\x07b\r\n中　文", highlight=False)
    said = strict.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert not set("\x1b\u202e\x07\r") & set(said)
    assert said.endswith("中　文\n")


def test_an_error_says_none_either(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "/nowhere/\x1b[2J\udcff", "--plain"]) == 3
    said = capsys.readouterr().err
    assert "\x1b" not in said
    said.encode()


def test_a_run_over_files_named_in_brackets_ends_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "export" / "["
    folder.mkdir(parents=True)
    (folder / "red].eml").write_bytes(MAIL)
    (folder / "red].txt").write_bytes(b"none")
    common = ["--db", str(tmp_path / "z.duckdb"), "--out", str(tmp_path / "out")]
    assert main(["run", str(tmp_path / "export"), *common, "--plain"]) == 0
    assert main(["audit", "--mailbox", str(tmp_path / "export"), *common]) == 0
    assert capsys.readouterr().out.count("[/red].txt") == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is a text")
def test_a_message_whose_name_is_no_text_is_read_and_the_audit_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    with open(os.path.join(os.fsencode(export), "推荐表.eml".encode("gb18030")), "wb") as file:
        file.write(MAIL)
    db = tmp_path / "z.duckdb"
    assert main(["run", str(export), "--db", str(db), "--out", str(tmp_path / "out"), "--plain"]) == 0
    assert main(["audit", "--mailbox", str(export), "--db", str(db)]) == 0
    with open_database(db, wait_seconds=5, read_only=True) as database:
        assert database.value("select sender from messages") == "a@x.invalid"
    assert "skipped" not in capsys.readouterr().out


def test_status_shows_a_unit_that_is_written_in_brackets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "a.eml").write_bytes(message(1, ("推荐表.docx", word_form("市[/red]局", BUYER))))
    db = ["--db", str(tmp_path / "z.duckdb")]
    assert main(["run", str(export), *db, "--out", str(tmp_path / "out"), "--plain"]) == 0
    assert main(["status", *db]) == 0
    assert "市[/red]局" in capsys.readouterr().out
