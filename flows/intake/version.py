"""The version of the code, as runs record it."""

from __future__ import annotations

from importlib.metadata import version


def code_version() -> str:
    """The installed package's version."""
    return version("zhengji")
