"""What the terminal says, in Chinese or with English beside it."""

from __future__ import annotations

from flows.intake.pipeline import RunSummary
from flows.keeping.auditing import Audit
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


def accounted(audited: Audit, lang: str) -> str:
    """The closing sentence of an audit."""
    counts = audited.counts
    zh = (
        f"邮件{counts['messages']}封（另有重复{counts['sightings']}封）、文件{counts['files']}个、"
        f"推荐表{counts['submissions']}份{counts['rows']}行、问题{counts['findings']}条、"
        f"处理记录{counts['decisions']}条"
    )
    en = (
        f"{counts['messages']} messages and {counts['sightings']} copies, {counts['files']} files,"
        f" {counts['submissions']} submissions with {counts['rows']} rows, {counts['findings']} findings,"
        f" {counts['decisions']} decisions"
    )
    if not audited.whole:
        number = sum(not gap.advice for gap in audited.gaps)
        return pick((f"有{number}处缺口：{zh}", f"{number} gaps: {en}"), lang)
    return pick((f"全部有据可查：{zh}", f"all accounted for: {en}"), lang)
