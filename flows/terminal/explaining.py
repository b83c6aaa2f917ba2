"""Why a row leads where it leads: `zhengji explain` and `zhengji match`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outputs.store.store import Store
from reference.errors import UsageError
from reference.settings import Settings
from reference.tables.load import ReferenceTables, load_tables
from validators.facts import witnesses
from validators.matching.resolve import Resolution, resolve
from validators.matching.witnesses import Stated
from validators.text import normalise


@dataclass(frozen=True, slots=True)
class Explanation:
    """A row's witnesses, what they lead to, and the tables that were asked."""

    title: str
    stated: Stated
    resolution: Resolution
    tables: ReferenceTables


def explain_row(submission_id: str, row_no: int, settings: Settings) -> Explanation:
    """Resolve a stored row again, by the editions that its judgement recorded.

    Raises:
        UsageError: no such submission, or no such row in it.
    """
    with Store.open(settings.db, wait_seconds=settings.wait_seconds, read_only=True) as store:
        submission = store.submission(submission_id)
    row = next((one for one in submission.recommendations if one.row_no == row_no), None)
    if row is None:
        raise UsageError(
            f"{submission_id} has no row {row_no}, only {len(submission.recommendations)} rows.",
            "Name a row by its place among the filled rows, 1 for the first.",
        )
    tables = load_tables(settings.reference, pinned=submission.reference_editions)
    stated = witnesses(lambda field: getattr(row, f"raw_{field}"))
    title = f"{submission_id} 第{row_no}行 {submission.unit or ''}".strip()
    return Explanation(title, stated, resolve(stated, tables), tables)


def match(text: str, code: str | None = None, reference: Path | None = None) -> Resolution:
    """Match an occupation's name, as somebody wrote it, against the Dictionary of Occupations.

    Old names, work types, traditional characters, a standard's title, typing errors and codes of earlier
    editions are understood. Nothing is guessed in silence: `occupation` is None where a person must
    decide, and `candidates` ranks the readings with what speaks for each.

        >>> match("眼镜验光员").occupation.name
        '眼镜验光师'
        >>> match("养老护理师", code="4-10-01-05").rule[1]
        'code, and its name miswritten'

    Args:
        text: the name; blank for a code alone.
        code: the code beside it, in any usual writing; None for none.
        reference: the folder of the reference tables; None for those that come with zhengji.

    Raises:
        UsageError: `code` holds no occupation code.
        ReferenceTableError: a table is absent or malformed.
    """
    tables = load_tables(reference or Settings().reference)
    return resolve(_typed(text, code), tables)


def explain_text(text: str, code: str | None, settings: Settings) -> Explanation:
    """The same as `match`, with all that an explanation shows."""
    tables, stated = load_tables(settings.reference), _typed(text, code)
    return Explanation(text, stated, resolve(stated, tables), tables)


def _typed(text: str, code: str | None) -> Stated:
    read = normalise.code(code) if code else None
    if code and read is None:
        raise UsageError(f"no occupation code can be read from '{code}'.", "Write it as 4-10-01-05.")
    return Stated(code=read.value if read else None, name=normalise.stated(text))
