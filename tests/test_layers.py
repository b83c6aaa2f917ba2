"""The way of the data is one way, and each third-party library has one door."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
FOLDERS = ("reference", "extractors", "validators", "outputs", "flows", "review")
SHARED = {"pydantic", "rich", "importlib_metadata"}
"""The types' own library may be imported wherever types are; rich wherever the terminal is spoken to."""
MOST_LINES = 400


def modules() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def third_party(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - set(FOLDERS) - SHARED


def test_imports_go_one_way() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_one_module_imports_each_library() -> None:
    doors: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for name in third_party(path):
            doors[name].append(str(path.relative_to(ROOT)))
    shared = {"numpy", "cv2"}  # the notation of pictures: arrays, and what is done to them
    doors["docx"].remove("outputs/layout/word_paper.py")  # it writes what extractors.word.document reads
    doors["pdfminer"].remove("extractors/pdf/guards.py")  # it bounds what extractors.pdf.document has it do
    for name in ("fastapi", "starlette"):  # one framework under two names
        assert {path.split("/")[0] for path in doors.pop(name)} == {"review"}
    assert {name: paths for name, paths in doors.items() if len(paths) > 1 and name not in shared} == {}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
