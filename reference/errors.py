"""Errors that stop a run. Whatever concerns one submission is a finding, never one of these.

Each class owns its exit status (see `docs/commands.md`); the text says what happened, where, and what
to do, in one line.
"""

from __future__ import annotations

import errno
from typing import Any, ClassVar


class ZhengjiError(Exception):
    """A fault that ends the run with one line on the terminal."""

    exit_status: ClassVar[int] = 3

    def __init__(self, what: str, remedy: str, *, zh: str | None = None) -> None:
        """Join what happened and where (`what`) with what to do (`remedy`).

        `zh` says both in Chinese where the staff's page may have to.
        """
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy
        self.zh = zh

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross from one process to another: what an exception itself hands over is its text alone."""
        return _again, (type(self), self.what, self.remedy, self.zh)


def _again(kind: type[ZhengjiError], what: str, remedy: str, zh: str | None) -> ZhengjiError:
    return kind(what, remedy, zh=zh)


class UsageError(ZhengjiError):
    """The command was called wrongly: an unknown submission, a window that is none, a bad option."""

    exit_status = 2


class MisplacedError(UsageError):
    """A corrected file belongs to another submission, unless a person says that it does not."""


class MailboxError(ZhengjiError):
    """The mailbox export cannot be read at all."""


class ReferenceTableError(ZhengjiError):
    """A reference table cannot be read, or contradicts itself."""


class StoreError(ZhengjiError):
    """The database cannot be opened or is of another version."""


class StoreBusyError(StoreError):
    """Another process writes the database; waiting did not help."""


class ReportError(ZhengjiError):
    """A report cannot be written; what it tells stands in the database."""


class ServerError(ZhengjiError):
    """Prefect's server does not start, or does not answer."""


class ReaderError(ZhengjiError):
    """No process can be started that reads files."""


class MachineError(ZhengjiError):
    """The machine refuses: the disk is full, a folder cannot be written, memory does not suffice."""


ROOM = "Make room, then run the same command again: what was stored is complete."
_RIGHTS = "Let this account write there, or name another place (--db, --out), and run it again."
_LATER = "Run the same command again: what was stored is complete."
_REMEDIES = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EFBIG: ROOM,
    errno.EROFS: _RIGHTS,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.ENOTDIR: "Name another place (--db, --out): a file stands where a folder should.",
    errno.EISDIR: "Name another place (--db, --out): a folder stands where a file should.",
    errno.ENOMEM: "End other programs, or take fewer --workers, then run the same command again.",
}


def machine_error(error: OSError, what: str = "") -> MachineError:
    """What the operating system refused as an error of ours; `what` was being done, in a few words."""
    where = f" {error.filename}" if error.filename else ""
    doing = what or f"the system refuses{where}"
    return MachineError(f"{doing} ({error.strerror or error}).", _REMEDIES.get(error.errno or 0, _LATER))
