"""The words the terminal uses for outcomes and statuses, Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass

from flows.pipeline import RunSummary
from reference.model import Outcome, Status

Pair = tuple[str, str]

STATUSES: dict[Status, Pair] = {
    Status.REJECTED: ("不予受理", "rejected"),
    Status.NEEDS_CORRECTION: ("需补正", "needs correction"),
    Status.NEEDS_REVIEW: ("待核定", "needs review"),
    Status.ACCEPTED: ("已接收", "accepted"),
}
WAITS_FOR: dict[Status, Pair] = {
    Status.REJECTED: ("无", "nobody"),
    Status.NEEDS_CORRECTION: ("推荐单位", "sender"),
    Status.NEEDS_REVIEW: ("经办人", "staff"),
    Status.ACCEPTED: ("无", "nobody"),
}


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """An outcome's title and whom it waits for."""

    title: Pair
    waits_for: Pair


OUTCOMES: dict[Outcome, OutcomeWords] = {
    Outcome.REJECT: OutcomeWords(("不予受理", "reject"), ("无", "nobody")),
    Outcome.CORRECT: OutcomeWords(("需补正", "correct"), ("推荐单位", "sender")),
    Outcome.REVIEW: OutcomeWords(("待核定", "review"), ("经办人", "staff")),
    Outcome.NOTE: OutcomeWords(("提示", "note"), ("无", "nobody")),
}


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
