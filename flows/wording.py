"""What the terminal says, in Chinese or with English beside it."""

from __future__ import annotations

from flows.pipeline import RunSummary
from reference.model import Outcome

Pair = tuple[str, str]

WAITS_FOR: dict[Outcome, Pair] = {
    Outcome.REJECT: ("无", "nobody"),
    Outcome.CORRECT: ("推荐单位", "sender"),
    Outcome.REVIEW: ("经办人", "staff"),
    Outcome.NOTE: ("无", "nobody"),
}
"""Whom a finding of an outcome waits for."""


def pick(pair: Pair, lang: str) -> str:
    """The pair in the language asked for: Chinese, with English beside it under `en`."""
    return f"{pair[0]} {pair[1]}" if lang == "en" else pair[0]


def counted(summary: RunSummary, seconds: float, lang: str) -> str:
    """The closing sentence of a run."""
    zh = (
        f"邮件 {summary.found} 封，新增 {summary.added} 封，推荐表 {summary.submissions} 份，"
        f"用时 {seconds:.1f} 秒"
        if summary.added
        else f"邮件 {summary.found} 封，均已收录，没有新增，用时 {seconds:.1f} 秒"
    )
    en = (
        f"{summary.found} messages, {summary.added} new, {summary.submissions} submissions, {seconds:.1f} s"
        if summary.added
        else f"{summary.found} messages, all known, nothing added, {seconds:.1f} s"
    )
    return f"{zh} ({en})" if lang == "en" else zh
