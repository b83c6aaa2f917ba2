"""Every command, option and setting is in the docs, in both READMEs what each of them must say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from flows.cli import cli
from reference.settings import Limits, Settings

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def commands(group: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        for child, command in group.commands.items():
            yield from commands(command, f"{name} {child}")
    else:
        yield name, group


def test_every_command_is_documented_with_its_options() -> None:
    for name, command in commands(cli, "zhengji"):
        line = next((line for line in COMMANDS.splitlines() if line.startswith(f"| `{name}")), "")
        assert line, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and "--help" not in parameter.opts:
                assert parameter.opts[-1] in line, (name, parameter.opts)


def test_every_setting_is_documented_with_its_default() -> None:
    names = [name for name in Settings.model_fields if name != "limits"]
    names += [f"limits.{name}" for name in Limits.model_fields]
    for name in names:
        assert f"| `{name}` |" in SETTINGS, name
    for name, field in Limits.model_fields.items():
        assert f"| `limits.{name}` | {field.default} |" in SETTINGS, name


def test_every_table_and_column_of_the_store_is_documented() -> None:
    page = (ROOT / "docs" / "database.md").read_text(encoding="utf-8")
    schema = (ROOT / "outputs" / "store" / "migrations" / "001_initial.sql").read_text(encoding="utf-8")
    for table, body in re.findall(r"create table (\w+) \((.*?)\n\);", schema, re.S):
        assert f"## {table}" in page, table
        section = page.split(f"## {table}", 1)[1].split("\n## ", 1)[0]
        for column in re.findall(
            r'^\s+"?(\w+)"? (?:varchar|integer|bigint|double|boolean|date|timestamptz|json|struct)',
            body,
            re.M,
        ):
            assert f"`{column}`" in section, (table, column)


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_readmes_name_the_two_commands_and_link_to_what_exists(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / target).exists(), target


def test_every_sample_is_listed_with_its_purpose() -> None:
    page = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "samples" / "export").rglob("*.eml"):
        assert f"`{path.relative_to(ROOT / 'samples').as_posix()}`" in page, path


def test_every_promise_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert not re.search(r"\|\n\n\| (?!promise)", page)  # a blank line in a table ends it
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    promises = [row for row in rows if row[1].strip() != "promise"]
    assert promises
    for row in promises:
        assert "::test_" in row[2], row[1]
        for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", "|".join(row)):
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), (file, test)
