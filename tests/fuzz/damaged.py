"""`python -m tests.fuzz.damaged --digital 20000 --scanned 500`: the samples' files, flipped, cut and spliced.

Each damaged file goes through the product's own reading (`flows.intake.foreign`: a reader with limits), as an
attachment would. A fault is an exception that escapes, a reader that dies or raises, or a reading that takes
longer than a reader may. The damage follows from the number alone, so that a run goes on where the last ended
and a fault can be had again.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import tempfile
import time
import traceback
from pathlib import Path
from unittest.mock import patch

from extractors.mail.file_kinds import sniff
from extractors.mail.messages import read_message
from extractors.pdf.document import pdf_pieces
from flows.intake.foreign import Purse, read_attachment, take_apart
from reference.model import Attachment, FileKind
from reference.settings import Limits, Settings

SAMPLES = Path(__file__).parents[2] / "samples" / "export"
MARGIN = 15.0
"""Seconds beyond a reader's own limit (`limits.seconds` times `limits.patience`) that one may take: a new
reader is started after it."""


def originals(messages: int | None = None) -> tuple[list[Attachment], list[Attachment]]:
    """The files of the samples' first messages, each once: those read without recognition, and scans."""
    files: dict[str, Attachment] = {}
    for path in sorted(SAMPLES.rglob("*.eml"))[:messages]:
        data = path.read_bytes()
        message = read_message(data, path.name, Limits(), exported_at=None)
        for file in message.attachments:
            files.setdefault(file.file_id, file)
        mail = Attachment(
            file_id=message.message_id,
            name=path.name,
            kind=FileKind.MESSAGE,
            media_type="message/rfc822",
            data=data,
        )
        files[message.message_id] = mail
    scanned = [one for one in files.values() if one.kind is FileKind.PDF and _is_scan(one)]
    return [one for one in files.values() if one not in scanned], scanned


def _is_scan(file: Attachment) -> bool:
    """Whether a page of it would be read by recognition, which takes seconds a page."""
    with patch("extractors.scan.page.read_scans", return_value=[]):
        return bool(pdf_pieces(file.data, file.file_id, file.name, Limits()).scanned_pages)


def damaged(files: list[Attachment], number: int) -> Attachment:
    """The damaged file of a number: bits flipped, a piece cut out or doubled, or another file's put in."""
    dice = random.Random(number)
    file = files[number % len(files)]
    data = bytearray(file.data)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        at = dice.randrange(len(data) + 1)
        length = min(len(data) - at, int(dice.expovariate(1 / 200)) + 1)
        kind = dice.randrange(5)
        if kind <= 1 and at < len(data):
            data[at] ^= 1 << dice.randrange(8)
        elif kind == 2:
            del data[at : at + length]
        elif kind == 3:
            data[at:at] = data[at : at + length]
        else:
            other = files[dice.randrange(len(files))].data
            start = dice.randrange(len(other) + 1)
            data[at : at + length] = other[start : start + length]
    if dice.randrange(8) == 0:
        del data[dice.randrange(len(data) + 1) :]
    name, media_type = file.name, file.media_type
    kind_seen, _ = sniff(bytes(data))
    return Attachment(
        file_id=f"{number:064d}", name=name, kind=kind_seen, media_type=media_type, data=bytes(data)
    )


class Crashes(logging.Handler):
    """What the readers' owner says of files over which a reader died or raised."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if "given up: crash" in said:
            self.told.append(said)


CRASHES = Crashes()
logging.getLogger("extractors.reader.pool").addHandler(CRASHES)


def once(file: Attachment, was: FileKind, settings: Settings) -> str | None:
    """What went wrong with one damaged file; None where it was read or told as damaged."""
    began = time.monotonic()
    CRASHES.told.clear()
    try:
        if was is FileKind.MESSAGE:
            take_apart(file.data, file.name or "m.eml", settings, None)
        else:
            read_attachment(file, settings, Purse(settings.limits))
    except Exception as error:  # noqa: BLE001 - the fault that this is for
        return f"{type(error).__name__}: {traceback.format_exception(error)[-2].strip()}"
    if CRASHES.told:
        return CRASHES.told[0]
    spent = time.monotonic() - began
    most = settings.limits.seconds * settings.limits.patience + MARGIN
    return f"took {spent:.0f} s" if spent > most else None


def sweep(
    group: str, files: list[Attachment], count: int, totals: dict[str, int], settings: Settings
) -> list[str]:
    """Read the next `count` damaged files of a group; what went wrong, by number."""
    faults: list[str] = []
    first = totals.get(group, 0)
    for number in range(first, first + count):
        file = damaged(files, number)
        wrong = once(file, files[number % len(files)].kind, settings)
        if wrong:
            faults.append(f"{group} {number} ({file.name}): {wrong}")
        totals[group] = number + 1
        totals[f"{group} faults"] = totals.get(f"{group} faults", 0) + bool(wrong)
    return faults


def main() -> None:
    """Go on with the sweep; totals stand in `damaged.json` of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digital", type=int, default=0)
    parser.add_argument("--scanned", type=int, default=0)
    parser.add_argument("--corpus", type=Path, default=Path(".fuzz"))
    asked = parser.parse_args()
    asked.corpus.mkdir(parents=True, exist_ok=True)
    path = asked.corpus / "damaged.json"
    totals: dict[str, int] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    digital, scanned = originals()
    for group, files, count in (("digital", digital, asked.digital), ("scanned", scanned, asked.scanned)):
        left = count
        while left > 0 and files:
            step = min(left, 50)
            with tempfile.TemporaryDirectory(prefix="zhengji-damaged-") as folder:
                settings = Settings(db=Path(folder) / "z.duckdb", workers=1)
                for fault in sweep(group, files, step, totals, settings):
                    print(fault, flush=True)
            path.write_text(json.dumps(totals, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            left -= step
    print(json.dumps(totals), flush=True)


if __name__ == "__main__":
    main()
