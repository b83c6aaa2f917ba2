"""Running one submission again, from the kept originals or with corrected files."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.desk.corrections import file_records, in_force, read_corrections, refuse_misplaced
from flows.desk.optimistic_write import begun_again, turn
from flows.intake.foreign import take_apart, unpacked
from flows.intake.owed import make_up
from flows.intake.reading import judge_files, read_file, tables_on
from flows.intake.run import look_across
from outputs.keeping.erasing import erased_at
from outputs.queries.desk import stage_of
from outputs.store.decisions import decisions_of, mark_of, record, settle
from outputs.store.originals import originals_beside
from outputs.store.store import Store
from reference.decisions import Action, Changes, Decision, changes
from reference.errors import UsageError
from reference.records import Submission
from reference.settings import Settings
from reference.tables.load import load_tables
from reference.times import SHANGHAI
from validators.assemble import FileSeen
from validators.judge import NOTHING_DECIDED, status_of


@dataclass(frozen=True, slots=True)
class RerunSummary:
    """A submission before and after."""

    before: Submission
    after: Submission
    stages: tuple[str, str]
    """Where it stood and stands, of `outputs.queries.lists.STAGES`."""


def rerun_submission(
    submission_id: str,
    settings: Settings,
    *,
    run_id: str,
    person: str,
    now: dt.datetime,
    corrected: Sequence[Path] = (),
    recorded: bool = False,
    anyway: bool = False,
) -> RerunSummary:
    """Read, judge and store one submission again; its earlier result is kept as superseded.

    Corrected files take the place of the files of their kind; one that would not do is refused before
    anything is replaced. Who ran it, when and with which files stands in the submission's history. The time
    of receipt stays the message's. The reference editions are those in force on the day of receipt; with
    `recorded` those by which it was judged before, so that an old window gives its old result. Named as an
    earlier result, `ID~1`, it is judged by the editions of that one. The window's reports are not written:
    they cost as much as the window is large. What an interrupted run left undone is done first; the new
    result, its history and what it means for its window are stored in one transaction.

    A corrected file that belongs elsewhere is refused too, unless it is to be taken `anyway`: that stands in
    the history.

    Raises:
        MisplacedError: a corrected file belongs to another submission.
        UsageError: no such submission, or a corrected file that would not do (`flows.desk.corrections`).
        ReferenceTableError: a recorded edition is no longer there.
    """
    named, (submission_id, _, archived) = submission_id, submission_id.partition("~")
    if archived and not recorded:
        raise UsageError(
            f"{named} is an earlier result.",
            f"Run {submission_id} again, or {named} with --editions recorded to judge it as then.",
        )
    event = _event(
        submission_id, Action.RERUN, "、".join(path.name for path in corrected) or None, person, now
    )
    make_up(settings, run_id, f"rerun {submission_id}")
    as_of = named if recorded else None
    return begun_again(lambda: _run(event, settings, run_id, corrected, as_of, anyway=anyway))


def withdraw_correction(
    submission_id: str, settings: Settings, *, run_id: str, person: str, now: dt.datetime, which: str = ""
) -> RerunSummary:
    """Take corrected files back: the submission is run again from what was in force without them.

    `which` is the entry of the history by which they came; the last that is in force unless one is named.
    Nothing is deleted: the withdrawal stands in the history, the result with the files as an earlier one.

    Raises:
        UsageError: no such submission, or no such correction is in force.
    """

    def attempt() -> RerunSummary:
        with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
            store.submission(submission_id)
            in_force_now = list(store.corrections(submission_id))
        if not in_force_now or (which and which not in in_force_now):
            raise UsageError(
                f"{submission_id} has no such correction in force.",
                "Look at its history: it may have been withdrawn already.",
                zh="该更正不存在或已撤回。请查看处理记录。",
            )
        event = _event(submission_id, Action.WITHDRAW, which or in_force_now[-1], person, now)
        return _run(event, settings, run_id, (), None)

    make_up(settings, run_id, f"rerun {submission_id}")
    return begun_again(attempt)


def _event(submission_id: str, action: Action, value: str | None, person: str, now: dt.datetime) -> Decision:
    return Decision(
        decision_id=uuid.uuid4().hex[:16],
        finding_id=None,
        submission_id=submission_id,
        row_no=None,
        code=None,
        action=action,
        value=value,
        person=person,
        note=None,
        decided_at=now,
    )


def _run(
    event: Decision,
    settings: Settings,
    run_id: str,
    corrected: Sequence[Path],
    as_of: str | None,
    *,
    anyway: bool = False,
) -> RerunSummary:
    """`as_of` is the result by whose reference editions it is judged; None for those of the day."""
    submission_id = event.submission_id
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        before = store.submission(submission_id)
        stood = stage_of(store.database, submission_id)
        editions = store.submission(as_of).reference_editions if as_of else None
        kept = changes(decisions_of(store.database, submission_id))
        mark = mark_of(store.database, submission_id)
    without = event.value if event.action is Action.WITHDRAW else None
    after, new = judge_again(before, settings, corrected, editions, kept, without)
    if new:
        tables = tables_on(settings.reference, before.received_at.astimezone(SHANGHAI).date())
        with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
            note = refuse_misplaced(new, before, tables, store, anyway=anyway)
        event = event.model_copy(update={"note": note})
    files = file_records([seen.attachment for seen in new], originals_beside(settings.db))
    with turn(settings, submission_id, mark) as store, store.database.transaction():
        store.supersede_and_save(after, files, run_id, event.decision_id)
        record(store.database, [event])
        settle_across(store, after, settings, run_id)
        stands = stage_of(store.database, submission_id)
        return RerunSummary(before, store.submission(submission_id), (stood, stands))


def settle_across(store: Store, judged: Submission, settings: Settings, run_id: str) -> None:
    """What a submission's new judgement means for itself and for its window; in the caller's transaction."""
    settle(store.database, judged.submission_id, status_of)
    if judged.window:
        look_across(store, judged.window, settings, run_id)
        settle(store.database, judged.submission_id, status_of)


def judge_again(
    before: Submission,
    settings: Settings,
    corrected: Sequence[Path] = (),
    editions: Mapping[str, str] | None = None,
    decided: Changes = NOTHING_DECIDED,
    without: str | None = None,
) -> tuple[Submission, list[FileSeen]]:
    """Read a submission's files and judge them again; nothing is written. The corrected files, unpacked.

    `editions` are those to judge by; None for those in force on the day of receipt. The corrected files of
    the re-run `without` are left aside.

    Raises:
        UsageError: a corrected file that would not do (`flows.desk.corrections`); its message was erased.
    """
    originals = originals_beside(settings.db)
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        erased = erased_at(store.database, before.message_id)
        if erased:
            raise UsageError(
                f"what {before.submission_id} was judged by was erased on {erased:%Y-%m-%d}.",
                "It stands as it is.",
                zh=f"{before.submission_id}的来件已于{erased:%Y-%m-%d}按保存期限清除，不能再次核对。",
            )
        message = store.message_record(before.message_id)
        corrections = store.corrections(before.submission_id)
        judged_by = store.files_judged(before.submission_id)
        usual = store.usual_demands()
    sent = take_apart(
        originals.read(message.message_id), message.source, settings, exported_at=message.received_at
    )
    own = [read_file(file, settings) for file in sent.attachments if file.file_id in judged_by]
    came = [
        read_file(part, settings)
        for event, files in corrections.items()
        if event != without
        for file in files
        for part in unpacked(file.name or "", originals.read(file.file_id), settings)
    ]
    new = read_corrections(corrected, settings, in_force(own, came))
    standing = in_force(own, [*came, *new])
    tables = (
        load_tables(settings.reference, pinned=editions)
        if editions is not None
        else tables_on(settings.reference, sent.received_at.astimezone(SHANGHAI).date())
    )
    judged = judge_files(standing, sent, tables, usual, like=before, decided=decided)
    return judged, new
