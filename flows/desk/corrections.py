"""Corrected files: read before anything gives way to them, and refused where they would not do.

A correction takes the place of the file of its kind. One that cannot be read, or that holds no form, would
push a good file out, so it is refused in a sentence and what stood before stays in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from extractors.mail.attachments import ARCHIVES, MAILS, NAMELESS
from flows.intake.foreign import unpacked
from flows.intake.reading import read_file
from outputs.store.originals import Originals
from outputs.store.store import Store
from reference.errors import MisplacedError, UsageError
from reference.model import Attachment
from reference.records import FileRecord, Submission
from reference.settings import Settings
from reference.tables.load import ReferenceTables
from validators.assemble import FileSeen
from validators.belonging import elsewhere

KINDS = {"word": "Word", "pdf": "PDF"}
"""The two electronic forms, as people call them."""


def read_corrections(
    paths: Sequence[Path], settings: Settings, standing: Sequence[FileSeen]
) -> list[FileSeen]:
    """The corrected files with what was read in them, archives and their members among them.

    `standing` are the files in force, which these are to replace.

    Raises:
        UsageError: one cannot be opened, is too large, cannot be read or holds no form; two are of a kind.
    """
    sent = [(path.name, _bytes(path, settings.limits.upload_bytes)) for path in paths]
    if sum(len(data) for _, data in sent) > settings.limits.upload_bytes:
        raise too_large("、".join(name for name, _ in sent), settings.limits.upload_bytes)
    seen: list[FileSeen] = []
    for name, data in sent:
        files = [read_file(file, settings) for file in unpacked(name, data, settings)]
        _refuse_useless(name, files, standing)
        seen += files
    for slot, kind in KINDS.items():
        names = [_name(one) for one in seen if one.slot == slot]
        if len(names) > 1:
            raise _refused(
                f"there are {len(names)} {kind} files: {', '.join(names)}.",
                f"有{len(names)}份{kind}文件：{'、'.join(names)}。每种只能提交一份。",
            )
    return seen


def refuse_misplaced(
    new: Iterable[FileSeen], before: Submission, tables: ReferenceTables, store: Store, *, anyway: bool
) -> str | None:
    """Refuse corrected files that belong elsewhere; with `anyway`, what a person took them in spite of.

    Raises:
        MisplacedError: one is another unit's, another window's, or has no row in common with the submission.
    """
    told = [
        (f"“{_name(seen)}”：{zh}", f"'{_name(seen)}': {en}")
        for seen in new
        for zh, en in (
            *(elsewhere(seen.form, before, tables) if seen.form else ()),
            *_came_elsewhere(seen, before, store),
        )
    ]
    zh, en = "；".join(one for one, _ in told), "; ".join(one for _, one in told)
    if told and not anyway:
        raise MisplacedError(
            f"{en}.",
            "Nothing was changed. If it is meant for this submission all the same, say so (--anyway).",
            zh=f"{zh}。未采用，原有文件仍然有效。如确属本表的更正，请确认后再提交。",
        )
    return f"仍予采用：{zh}" if told else None


def _came_elsewhere(seen: FileSeen, before: Submission, store: Store) -> Iterator[tuple[str, str]]:
    """The very file that another window's submission came with."""
    for name, window in store.holders_of(seen.attachment.file_id):
        if name != before.submission_id and window and before.window and window != before.window:
            yield f"这就是{name}的文件", f"it is the very file of {name}"


def in_force(own: Sequence[FileSeen], came: Iterable[FileSeen]) -> list[FileSeen]:
    """The files to judge: of each kind the usable correction that came last, else what was sent.

    What was sent and could not be read goes once any correction came.
    """
    by_slot = {seen.slot: seen for seen in came if seen.slot and (seen.form or seen.scanned)}
    kept = [seen for seen in own if seen.slot not in by_slot and not (by_slot and seen.findings)]
    return [*kept, *by_slot.values()]


def file_records(files: Iterable[Attachment], originals: Originals) -> list[FileRecord]:
    """The corrected files, kept beside the database, as the files table lists them."""
    records = []
    for file in files:
        originals.keep(file.data)
        records.append(
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
        )
    return records


def too_large(names: str, most: int) -> UsageError:
    """What is said of corrected files that are larger than they may be (`limits.upload_bytes`)."""
    size = f"{most / 1024**2:g} MB"
    return _refused(f"{names} is larger than {size}.", f"“{names}”超过{size}。")


def _refuse_useless(name: str, files: Sequence[FileSeen], standing: Sequence[FileSeen]) -> None:
    """Refuse a corrected file of which nothing, or not everything, could stand in a form's place."""
    for seen in files:
        if seen.findings:
            wrong = seen.findings[0]
            raise _refused(f"'{_name(seen)}': {wrong.message_en}", f"“{_name(seen)}”：{wrong.message_zh}")
        if seen.slot in KINDS and not seen.form and not _may_stand(seen, standing):
            raise _refused(
                f"no recommendation form can be read in '{_name(seen)}'.",
                f"“{_name(seen)}”中读不出推荐表。",
            )
    if not any(seen.slot in KINDS for seen in files if seen.attachment.kind not in ARCHIVES | MAILS):
        raise _refused(f"'{name}' is no PDF or Word file.", f"“{name}”不是PDF或Word文件。")


def _may_stand(seen: FileSeen, standing: Sequence[FileSeen]) -> bool:
    """A scan in which no form was read may stand where none was read either: paper with a seal came."""
    return seen.scanned and not any(one.form for one in standing if one.slot == seen.slot)


def _refused(what: str, zh: str) -> UsageError:
    return UsageError(
        what, "It was not taken; the earlier files stay in force.", zh=f"{zh}未采用，原有文件仍然有效。"
    )


def _name(seen: FileSeen) -> str:
    return seen.attachment.name or NAMELESS


def _bytes(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise too_large(path.name, most)
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).", "Name the corrected file.") from None
