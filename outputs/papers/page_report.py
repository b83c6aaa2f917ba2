"""The report of a window as one HTML page that needs nothing beside it, printable from the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from outputs.papers.labels import RUN_STATES, Lang, Words
from outputs.papers.panel import items_of
from outputs.queries.desk import DeskView
from outputs.queries.lists import ITEM_STATES, MESSAGE_OUTCOMES, STAGES
from outputs.store.stored import WindowReport
from reference.findings import KINDS
from reference.model import FIELD_TITLES, OUTCOME_TITLES, Outcome
from reference.times import SHANGHAI
from reference.whole_files import write_whole

_ORDER = list(Outcome)


def write_page(report: WindowReport, view: DeskView, path: Path, lang: Lang) -> None:
    """Write a window's page; every text of a sender is escaped."""
    words = Words(lang)
    owners = {one.submission.submission_id: one.submission for one in report.standing}
    acts = [view for view in report.findings if view.finding.outcome is not Outcome.NOTE]
    acts.sort(key=lambda one: (_ORDER.index(one.finding.outcome), one.submission_id or "~"))
    run = report.last_run
    html = _template().render(
        w=words,
        lang=lang,
        report=report,
        view=view,
        run=run,
        run_state=words.pair(RUN_STATES[run.state]) if run else "",
        stages=[(words.pair(STAGES[stage]), stage, count) for stage, count in view.figures.forms.items()],
        item_states=ITEM_STATES,
        message_outcomes=MESSAGE_OUTCOMES,
        kinds=KINDS,
        outcomes=OUTCOME_TITLES,
        fields=FIELD_TITLES,
        owners=owners,
        acts=acts,
        items=items_of(report),
        zone=SHANGHAI,
    )
    write_whole(path, html.encode())


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return made.get_template("window.html")
