"""Traditional characters to simplified ones, by OpenCC; the only module that imports it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def simplified(text: str) -> str:
    """The text in simplified characters: 養老護理員 -> 养老护理员."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC  # its dictionaries are read only where a name is not found as it stands

    return OpenCC("t2s")
