"""What a reader is given beside a file's bytes: a shelf of earlier readings, and a pace to keep."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reference.whole_files import write_if_possible


class Shelf(Protocol):
    """Texts kept by name over runs: what was read on pictures that were seen before."""

    def take(self, name: str) -> str | None:
        """The text kept under a name; None where there is none."""

    def put(self, name: str, text: str) -> None:
        """Keep a text."""


@dataclass(frozen=True, slots=True)
class FolderShelf:
    """A shelf that is a folder of files."""

    folder: Path

    def take(self, name: str) -> str | None:
        """The text of the file; None where there is none, or it is no text."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def put(self, name: str, text: str) -> None:
        """Write the file whole or not at all."""
        write_if_possible(self.folder / name, text)


class Pace:
    """How long reading one file may still take. This one never hurries: nobody waits."""

    def page_read(self) -> None:
        """A page was read that holds a form's table: that earns time for the next."""

    @property
    def hurry(self) -> bool:
        """Whether most of the time is gone: what is not begun is left unread, and told so."""
        return False


UNHURRIED = Pace()
