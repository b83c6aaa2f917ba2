"""A mailbox export: a folder of .eml at any depth, mbox, Maildir, .msg, or a zip of these.

The export is only ever read, and never held in memory: each message is found with its digest and its
place, and its bytes are read again where they are needed, in whatever process. Only regular files are
opened, and what cannot be read, or changes meanwhile, is passed over with its reason.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from extractors.mail.archives import Budget, members_to
from extractors.mail.charsets import decode
from extractors.mail.file_kinds import looks_like_message, sniff
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
        """The message's bytes, those that were found: its digest is held against them.

        Raises:
            MailboxError: the file is gone or changed since the export was opened.
        """
        try:
            with open_regular(self.path) as file:
                file.seek(self.start)
                data = file.read(self.end - self.start)
        except OSError as error:
            raise MailboxError(
                f"{self.source} can no longer be read ({_why(error)}).", "Run again."
            ) from None
        if hashlib.sha256(data).hexdigest() != self.message_id:
            raise MailboxError(f"{self.source} has changed since the run began.", "Run again.")
        return data

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.end - self.start

    @property
    def exported_at(self) -> dt.datetime:
        """The time of the export's file; the epoch's where it is gone."""
        try:
            stamp = self.path.stat().st_mtime
        except OSError:
            stamp = 0
        return dt.datetime.fromtimestamp(stamp, tz=SHANGHAI)


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
        found = list(_find(path, label(path.name) if path.is_file() else "", limits, stack, depth=0))
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
    try:
        if not path.is_dir():
            yield from _in_file(path, name, limits, stack, depth)
            return
        entries = sorted(path.iterdir(), key=lambda one: one.name)
    except OSError as error:
        if error.errno in _THE_MACHINE:
            raise
        yield Skipped(name, f"不能读取 cannot be read: {_why(error)}")
        return
    for entry in entries:
        if HIDDEN.match(entry.name) or (entry.is_symlink() and entry.is_dir()):
            continue
        called = label(entry.name)
        yield from _find(entry, f"{name}/{called}" if name else called, limits, stack, depth)


_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""What is no file's fault: to pass the file over would leave its messages out of a run that ends well."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def label(name: str) -> str:
    """A file's name as a message's place is told: one line of text, which can be stored and said.

    A name that is no UTF-8, as a zip of a Chinese system leaves behind, is read as a member's name is.
    """
    return _CONTROL.sub("\ufffd", name if name.isprintable() else decode(os.fsencode(name)))


HEAD = 64 * 1024
"""Bytes of a file that tell what it is; a zip and an Outlook file are asked further."""
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"
LARGEST = 512 * 1024**2
"""Bytes of a message that are read: it is held in memory, here and in its reader. Mail servers take 50 MB
to 150 MB; a file of 10 GB that is named .msg or .eml took as much memory."""
TOO_LARGE = (
    f"超过{LARGEST // 1024**2}MB，未读，请重新导出 over {LARGEST // 1024**2} MB, not read; export it again"
)
GROWING = "正在写入，下次运行再读 it is still being written; the next run reads it"


def _in_file(path: Path, name: str, limits: Limits, stack: ExitStack, depth: int) -> Iterator[Found]:
    with open_regular(path) as file:
        head = file.read(HEAD)
        before = _state(file)
        is_mbox = head.startswith(b"From ")
        bounds = list(_mbox_bounds(file)) if is_mbox else []
        size = before[0]
        outlook = head.startswith(_OLE)
        if outlook and size > LARGEST:
            yield Skipped(name, TOO_LARGE)
            return
        kind = sniff(file.read() if outlook and not file.seek(0) else head)[0]
        named = bool(head) and path.suffix.lower() == ".eml"
        message = looks_like_message(head) or kind is FileKind.MSG or named
        found = (
            [_message(file, f"{name}#{n}", path, *ends) for n, ends in enumerate(bounds, 1)]
            if bounds
            else [_message(file, name, path, 0, size)]
            if message
            else []
        )
        if found and before != _state(file):
            # What stands behind the last envelope of an mbox may be half a message, a file of its own too.
            yield from found[:-1]
            yield Skipped(found[-1].source, GROWING)
            return
    if found:
        yield from found
    elif head.startswith(_ZIP) and kind in ZIPPED and depth < limits.archive_depth:
        yield from _in_zip(path, name, limits, stack, depth)
    else:
        yield Skipped(name, f"不是邮件 no message: {kind}")


def _message(file: BinaryIO, name: str, path: Path, start: int, end: int) -> Found:
    """A message by its place, or why it is not read."""
    if end - start > LARGEST:
        return Skipped(name, TOO_LARGE)
    return MessageSource(name, _digest(file, start, end), path, start, end)


ZIPPED = frozenset({FileKind.ZIP})


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; a pipe, socket or device is never waited for.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    file = open(path, "rb", opener=_at_once)  # noqa: SIM115 - handed on; Path.open takes no opener
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "不是普通文件 not a regular file")
    return file


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _state(file: BinaryIO) -> tuple[int, int]:
    """A file's size and the time of its last change."""
    about = os.fstat(file.fileno())
    return about.st_size, about.st_mtime_ns


def _digest(file: BinaryIO, start: int, end: int) -> str:
    """The sha-256 of a part of a file, read in blocks."""
    file.seek(start)
    digest = hashlib.sha256()
    left = end - start
    while left > 0 and (block := file.read(min(BLOCK, left))):
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()


def _in_zip(path: Path, name: str, limits: Limits, stack: ExitStack, depth: int) -> Iterator[Found]:
    """A zip's members, unpacked under names of our own: the zip's are only ever labels."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengji-")))
    unpacked = members_to(folder, path, name, _export_limits(limits), Budget(EXPORT_BYTES, MOST_MESSAGES))
    if unpacked.refused:
        shutil.rmtree(folder, ignore_errors=True)
        yield Skipped(name, unpacked.refused.message_zh)
        return
    for member, written in sorted(unpacked.files):
        if not HIDDEN.match(member.rsplit("/", 1)[-1]):
            yield from _in_file(written, f"{name}!{label(member)}", limits, stack, depth + 1)


EXPORT_BYTES = 8 * 1024**3
"""Bytes a zipped export may unpack to: a quarter's mail, not one message's files."""
MOST_MESSAGES = 200_000
"""Members of a zipped export, likewise."""


def _export_limits(limits: Limits) -> Limits:
    """The limits of an archive for a whole export, which holds many messages."""
    return limits.model_copy(update={"archive_members": MOST_MESSAGES})


_ENVELOPE = re.compile(
    rb"From [^\r\n]{0,300}?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[ ,][^\r\n]{6,60}\d{4}[^\r\n]{0,300}\r?\n"
    rb"(?=[A-Za-z][A-Za-z0-9-]{0,200}:|>From )"
)
"""An mbox's envelope line: sender and date, and a header right behind it."""
BLOCK = 8 * 1024**2
"""Bytes of a file that are held at a time."""
_AHEAD = 1024
"""Bytes behind a place that tell whether it is an envelope line."""


def _mbox_bounds(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """The messages of an mbox by their bytes; none for a file that is none.

    A line `From ` splits only where it is an envelope line, stands after an empty line and a header
    follows: a body line that begins so is part of its message. Quoted `>From ` lines stay as they are,
    so that a message's digest is that of the bytes in the file.
    """
    starts = list(_envelopes(file))
    if not starts or starts[0][0] != 0:
        return
    ends = [start for start, _ in starts[1:]] + [file.seek(0, os.SEEK_END)]
    for (_, first), end in zip(starts, ends, strict=True):
        yield first, _without_breaks(file, first, end)


def _envelopes(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each envelope line begins and ends, found block by block."""
    file.seek(0)
    held, offset, seen = b"\n\n", -2, 0  # as if an empty line stood before the first
    while True:
        block = file.read(BLOCK)
        held += block
        last = len(held) - (_AHEAD if block else 0)
        at = held.find(b"\nFrom ", seen - offset - 1) + 1
        while 0 < at < last:
            envelope = _ENVELOPE.match(held, at)
            if envelope and held[max(0, at - 3) : at].endswith((b"\n\n", b"\n\r\n")):
                yield offset + at, offset + envelope.end()
            at = held.find(b"\nFrom ", at) + 1
        if not block:
            return
        seen = max(seen, offset + last)
        cut = max(0, seen - offset - 4)
        held, offset = held[cut:], offset + cut


def _without_breaks(file: BinaryIO, start: int, end: int) -> int:
    """Where a message ends without the line breaks behind it."""
    while end > start:
        back = max(start, end - 4096)
        file.seek(back)
        kept = file.read(end - back).rstrip(b"\r\n")
        if kept:
            return back + len(kept)
        end = back
    return start
