"""Errors that stop a run. Whatever concerns one submission is a finding, never one of these.

Each class owns its exit status (see `docs/commands.md`); the text says what happened, where, and what
to do, in one line.
"""

from __future__ import annotations

from typing import ClassVar


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


class UsageError(ZhengjiError):
    """The command was called wrongly: an unknown submission, a window that is none, a bad option."""

    exit_status = 2


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
