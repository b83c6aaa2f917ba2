"""A mailbox export: a folder of .eml at any depth, mbox, Maildir, .msg, or a zip of these.

The export is only ever read. Each message is found with its digest; its bytes are read again where they
are needed, in whatever process.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from extractors.archives import Budget, unpack
from extractors.messages import message_digest
from extractors.sniff import sniff
from reference.errors import MailboxError
from reference.model import FileKind
from reference.settings import Limits
from reference.times import SHANGHAI

HIDDEN = re.compile(r"^(\.|Thumbs\.db$|desktop\.ini$)")
"""Files that an operating system or mail program leaves behind; no message has such a name."""


@dataclass(frozen=True, slots=True)
class MessageSource:
    """Where a message stands: small, and readable from any process of this machine."""

    source: str
    """Path inside the export: `2025-06/a.eml`, `box.mbox#3`, `export.zip!a/b.eml`."""
    message_id: str
    path: Path
    start: int
    end: int

    def read(self) -> bytes:
        """The message's bytes.

        Raises:
            MailboxError: the file is gone or changed since the export was opened.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                return file.read(self.end - self.start)
        except OSError as error:
            raise MailboxError(
                f"{self.source} can no longer be read ({error.strerror}).", "Run again."
            ) from None

    @property
    def exported_at(self) -> dt.datetime:
        """The time of the export's file."""
        return dt.datetime.fromtimestamp(self.path.stat().st_mtime, tz=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of the export that is no message, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An opened export: its messages in the order of their paths, and what else lay there."""

    sources: tuple[MessageSource, ...]
    skipped: tuple[Skipped, ...]


@contextmanager
def open_mailbox(path: Path, limits: Limits) -> Iterator[Mailbox]:
    """Open an export; what a zip of it holds is unpacked to a folder that lives as long as the context.

    Raises:
        MailboxError: nothing is there, it cannot be read, or it holds no message at all.
    """
    if not path.exists():
        raise MailboxError(f"no mailbox export at {path}.", "Name a folder, an mbox, a .msg or a zip.")
    with ExitStack() as stack:
        found = list(_find(path, path.name if path.is_file() else "", limits, stack, depth=0))
        sources = tuple(one for one in found if isinstance(one, MessageSource))
        skipped = tuple(one for one in found if isinstance(one, Skipped))
        if not sources:
            reason = f" ({skipped[0].source}: {skipped[0].reason})" if skipped else ""
            raise MailboxError(
                f"{path} holds no message{reason}.",
                "Export the mailbox as .eml, mbox, Maildir, .msg or a zip.",
            )
        yield Mailbox(sources, skipped)


Found: TypeAlias = MessageSource | Skipped


def _find(path: Path, name: str, limits: Limits, stack: ExitStack, depth: int) -> Iterator[Found]:
    """Messages of a file or folder, in the order of their names."""
    if path.is_dir():
        for entry in sorted(path.iterdir(), key=lambda one: one.name):
            if HIDDEN.match(entry.name) or (entry.is_symlink() and entry.is_dir()):
                continue
            yield from _find(entry, f"{name}/{entry.name}" if name else entry.name, limits, stack, depth)
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        yield Skipped(name, f"不能读取 cannot be read: {error.strerror}")
        return
    yield from _in_file(path, data, name, limits, stack, depth)


def _in_file(
    path: Path, data: bytes, name: str, limits: Limits, stack: ExitStack, depth: int
) -> Iterator[Found]:
    kind, _ = sniff(data)
    bounds = _mbox_bounds(data)
    if bounds:
        for number, (start, end) in enumerate(bounds, 1):
            yield MessageSource(f"{name}#{number}", message_digest(data[start:end]), path, start, end)
    elif kind in (FileKind.MESSAGE, FileKind.MSG) or (data and path.suffix.lower() == ".eml"):
        yield MessageSource(name, message_digest(data), path, 0, len(data))
    elif kind is FileKind.ZIP and depth < limits.archive_depth:
        yield from _in_zip(data, name, limits, stack, depth)
    else:
        yield Skipped(name, f"不是邮件 no message: {kind}")


def _in_zip(data: bytes, name: str, limits: Limits, stack: ExitStack, depth: int) -> Iterator[Found]:
    """A zip's members, unpacked under names of our own: the zip's are only ever labels."""
    unpacked = unpack(data, FileKind.ZIP, name, _export_limits(limits), Budget(EXPORT_BYTES))
    if unpacked.refused:
        yield Skipped(name, unpacked.refused.message_zh)
        return
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengji-")))
    for number, member in enumerate(sorted(unpacked.members, key=lambda one: one.name)):
        if HIDDEN.match(member.name.rsplit("/", 1)[-1]):
            continue
        path = folder / f"{number}{Path(member.name).suffix[:8]}"
        path.write_bytes(member.data)
        yield from _in_file(path, member.data, f"{name}!{member.name}", limits, stack, depth + 1)


EXPORT_BYTES = 8 * 1024**3
"""Bytes a zipped export may unpack to: a quarter's mail, not one message's files."""


def _export_limits(limits: Limits) -> Limits:
    """The limits of an archive for a whole export, which holds many messages."""
    return limits.model_copy(update={"archive_members": 200_000})


_ENVELOPE = re.compile(
    rb"^From [^\r\n]{0,300}?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ,][^\r\n]{6,60}\d{4}[^\r\n]*\r?\n"
    rb"(?=[A-Za-z][A-Za-z0-9-]*:|>From )",
    re.M,
)
"""An mbox's envelope line: sender and date, and a header right behind it."""


def _mbox_bounds(data: bytes) -> list[tuple[int, int]]:
    """The messages of an mbox by their bytes; empty for a file that is none.

    A line `From ` splits only where it is an envelope line, stands after an empty line and a header
    follows: a body line that begins so is part of its message. Quoted `>From ` lines stay as they are,
    so that a message's digest is that of the bytes in the file.
    """
    if not data.startswith(b"From "):
        return []
    starts = [
        match.start()
        for match in _ENVELOPE.finditer(data)
        if match.start() == 0 or data.endswith((b"\n\n", b"\r\n\r\n"), 0, match.start())
    ]
    if not starts or starts[0] != 0:
        return []
    ends = [*starts[1:], len(data)]
    bounds = []
    for start, end in zip(starts, ends, strict=True):
        first = data.index(b"\n", start) + 1
        last = len(data[first:end].rstrip(b"\r\n")) + first
        bounds.append((first, last))
    return bounds
