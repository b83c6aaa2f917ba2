"""A submission before and after it was run again: what went, what came, what people had decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from outputs.queries import desk
from outputs.store.decisions import decisions_of
from outputs.store.store import Store
from outputs.store.stored import FindingView
from reference.decisions import RUNS, Action, Decision, standing
from reference.model import Field, FormField
from reference.records import Recommendation, Submission

Key: TypeAlias = tuple[int, str, str]


def changes_of(store: Store, name: str) -> dict[str, Any]:
    """The last re-run of a submission, as its before-and-after page tells it.

    A finding that a decision settled is told apart from one that the sender's new text made vanish, and a
    decision that was carried over from one whose text is another now.
    """
    now, after = store.submission(name), store.findings_of(name)
    earlier = desk.earlier_results(store.database, name)
    then = earlier[0] if earlier else name
    before = store.submission(then)
    views = store.findings_of(then)
    states = [desk.item_states(store.database, one) for one in (then, name)]
    decisions = decisions_of(store.database, name)
    event = next((one for one in reversed(decisions) if one.action in RUNS), None)
    files = event and event.value
    if event and event.action is Action.WITHDRAW:
        files = next((one.value for one in decisions if one.decision_id == event.value), None)
    made = standing(decisions[: decisions.index(event)] if event else decisions)
    carried = [one for one in made if _still_holds(one, now, after)]
    by_decision = {one.finding_id for one in carried}
    old, new = {_key(one): one for one in views}, {_key(one): one for one in after}
    went = [old[key] for key in sorted(old.keys() - new.keys())]
    settled = [one for one in went if one.state == "corrected" or _id_then(one) in by_decision]
    return {
        "submission": now,
        "newer": store.superseded_by(name),
        "stages": [desk.stage_of(store.database, one) for one in (then, name)],
        "event": event,
        "files": files,
        "gone": [one for one in went if one not in settled],
        "settled": settled,
        "came": [new[key] for key in sorted(new.keys() - old.keys())],
        "carried": carried,
        "lapsed": [one for one in made if one not in carried],
        "states": [
            (number, *(one.get(number) for one in states)) for number in sorted({*states[0], *states[1]})
        ],
        "rows": list(_cells(before, now)),
    }


def _key(view: FindingView) -> Key:
    return view.finding.row_no or 0, view.finding.field or "", view.finding.code


def _id_then(view: FindingView) -> str:
    """A finding's id before its result was archived under `ID~1`."""
    return view.finding_id.partition("~")[0]


def _still_holds(decision: Decision, now: Submission, after: Sequence[FindingView]) -> bool:
    """Whether a decision made before the re-run still does something."""
    if decision.cells:
        holder = now if decision.row_no is None else now.row(decision.row_no)
        return holder is not None and all(holder.as_sent(one.field) == one.was for one in decision.cells)
    return any(view.finding_id == decision.finding_id for view in after)


def _cells(before: Submission, now: Submission) -> Iterator[tuple[int | None, str, str | None, str | None]]:
    """Cells whose text changed; those outside the table are of no row."""
    for field in FormField:
        if before.as_sent(field) != now.as_sent(field):
            yield None, str(field), before.as_sent(field), now.as_sent(field)
    old: dict[int, Recommendation] = {row.row_no: row for row in before.recommendations}
    new: dict[int, Recommendation] = {row.row_no: row for row in now.recommendations}
    for number in sorted(old.keys() | new.keys()):
        one, other = old.get(number), new.get(number)
        for name in Field:
            left = one.as_sent(name) if one else None
            right = other.as_sent(name) if other else None
            if left != right:
                yield number, str(name), left, right
