"""`docs/findings.md`, written from the declarations: `make docs` writes it, a test holds it to them."""

from __future__ import annotations

import sys
from pathlib import Path

from reference.findings import KINDS, Kind

_HEAD = """# Findings
Every finding the product raises, written from `reference/findings.py` (`make docs`). Clauses are those of
the notice 沪人社职〔2025〕76号; a name in braces is filled in from the row or form. What a person decides
has a second sentence, after 致单位: the one that the sender reads if it is upheld.

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
        f"| `{kind.code}` | `{kind.outcome}` | {kind.title_zh} / {kind.title_en} "
        f"| {kind.zh}<br>{_to_sender(kind)}{kind.en} | {kind.clause or ''} |\n"
        for kind in KINDS.values()
    )
    return _HEAD + "".join(lines)


def _to_sender(kind: Kind) -> str:
    return f"致单位：{kind.sender_zh}<br>" if kind.sender_zh else ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
