"""`docs/findings.md`, written from the declarations: `make docs` writes it, a test holds it to them."""

from __future__ import annotations

import sys
from pathlib import Path

from reference.findings import KINDS

_HEAD = """# Findings
Every finding the product raises, written from `reference/findings.py` (`make docs`). Clauses are those of
the notice 沪人社职〔2025〕76号; a name in braces is filled in from the row or form.

| outcome | 中文 | meaning |
| --- | --- | --- |
| `reject` | 不予受理 | the clause closes the door; no correction can open it in this window |
| `correct` | 需补正 | the sender must fix it |
| `review` | 待人工核定 | a person decides; candidates and evidence are shown |
| `note` | 提示 | recorded, nobody has to act |

A row's status is that of its worst finding; a submission's is that of its worst file or form finding.

| code | outcome | 名称 | sentence | clause |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The page's text."""
    lines = (
        f"| `{kind.code}` | `{kind.outcome}` | {kind.title_zh} / {kind.title_en} | {kind.zh}<br>{kind.en} "
        f"| {kind.clause or ''} |\n"
        for kind in KINDS.values()
    )
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
