"""Running one submission again, from the kept originals or with corrected files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.attachments import file_attachment
from extractors.messages import read_message
from flows.reading import judge_files, read_file, tables_on
from flows.run import look_across
from flows.turns import begun_again, turn
from outputs.decisions import decisions_of, mark_of, settle
from outputs.originals import Originals, originals_beside
from outputs.store import Store
from reference.decisions import Changes, changes
from reference.errors import UsageError
from reference.model import Attachment
from reference.records import FileRecord, Submission
from reference.settings import Settings
from reference.tables import load_tables
from reference.times import SHANGHAI
from validators.assemble import FileSeen
from validators.judge import NOTHING_DECIDED, status_of


@dataclass(frozen=True, slots=True)
class RerunSummary:
    """A submission before and after."""

    before: Submission
    after: Submission


def rerun_submission(
    submission_id: str,
    settings: Settings,
    *,
    run_id: str,
    corrected: Sequence[Path] = (),
    recorded: bool = False,
) -> RerunSummary:
    """Read, judge and store one submission again; its earlier result is kept as superseded.

    Corrected files take the place of the files of their kind. The time of receipt stays the message's.
    The reference editions are those in force on the day of receipt; with `recorded` those by which it was
    judged before, so that an old window gives its old result. Named as an earlier result, `ID~1`, it is
    judged by the editions of that one. The window's reports are not written: they cost as much as the
    window is large.

    Raises:
        UsageError: no such submission, or a corrected file that cannot be read.
        ReferenceTableError: a recorded edition is no longer there.
    """
    named, (submission_id, _, archived) = submission_id, submission_id.partition("~")
    if archived and not recorded:
        raise UsageError(
            f"{named} is an earlier result.",
            f"Run {submission_id} again, or {named} with --editions recorded to judge it as then.",
        )
    return begun_again(lambda: _run(submission_id, settings, run_id, corrected, named if recorded else None))


def _run(
    submission_id: str, settings: Settings, run_id: str, corrected: Sequence[Path], as_of: str | None
) -> RerunSummary:
    """`as_of` is the result by whose reference editions it is judged; None for those of the day."""
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        before = store.submission(submission_id)
        editions = store.submission(as_of).reference_editions if as_of else None
        kept = changes(decisions_of(store.database, submission_id))
        mark = mark_of(store.database, submission_id)
    after, new = judge_again(before, settings, corrected, editions, kept)
    originals = originals_beside(settings.db)
    with turn(settings, submission_id, mark) as store:
        store.supersede_and_save(after, _records([f for files in new for f in files], originals), run_id)
        settle_across(store, after, settings, run_id)
        return RerunSummary(before, store.submission(submission_id))


def settle_across(store: Store, judged: Submission, settings: Settings, run_id: str) -> None:
    """What a submission's new judgement means for itself and for its window."""
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
) -> tuple[Submission, list[Sequence[Attachment]]]:
    """Read a submission's files and judge them again; nothing is written. The corrected files, unpacked.

    `editions` are those to judge by; None for those in force on the day of receipt.
    """
    originals = originals_beside(settings.db)
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        message = store.message_record(before.message_id)
        earlier = store.files_of(before.message_id, before.submission_id)
        usual = store.usual_demands()
    sent = read_message(
        originals.read(message.message_id), message.source, settings.limits, exported_at=message.received_at
    )
    own = [file for file in sent.attachments if file.file_id in before.file_ids]
    known = [
        file_attachment(file.name or "", originals.read(file.file_id), settings.limits) for file in earlier
    ]
    new = [file_attachment(path.name, _bytes(path), settings.limits) for path in corrected]
    came = [file for files in (*known, *new) for file in files]
    files = _replaced(
        [read_file(file, settings) for file in own], [read_file(file, settings) for file in came]
    )
    tables = (
        load_tables(settings.reference, pinned=editions)
        if editions is not None
        else tables_on(settings.reference, sent.received_at.astimezone(SHANGHAI).date())
    )
    return judge_files(files, sent, tables, usual, like=before, decided=decided), list(new)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).", "Name the corrected file.") from None


def _replaced(own: Sequence[FileSeen], came: Sequence[FileSeen]) -> list[FileSeen]:
    """The files to judge: of each kind the correction that came last, else what was sent; a file that
    could not be read goes once any correction came."""
    by_slot = {seen.slot: seen for seen in came if seen.slot}
    kept = [seen for seen in own if seen.slot not in by_slot and not (by_slot and seen.findings)]
    return [*kept, *by_slot.values()]


def _records(files: Sequence[Attachment], originals: Originals) -> list[FileRecord]:
    """The corrected files, kept beside the database, as the files table lists them."""
    for file in files:
        originals.keep(file.data)
    return [
        FileRecord(
            file_id=file.file_id,
            name=file.name,
            media_type=file.media_type,
            kind=file.kind,
            bytes=len(file.data),
            role="corrected",
            state="recorded",
            within=file.within,
        )
        for file in files
    ]
