"""How characters sound, by pypinyin; the only module that imports it."""

from __future__ import annotations

from functools import cache

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
"""Sounds that typing confuses: flat and retroflex initials, front and back nasals."""


@cache
def sound(character: str) -> str:
    """The syllable of a character without its tone, what typing confuses made one; other signs themselves."""
    from pypinyin import lazy_pinyin  # its dictionary takes a tenth of a second to load

    syllable = lazy_pinyin(character)[0] if character else ""
    for written, merged in _MERGED:
        syllable = syllable.replace(written, merged)
    return syllable


def sounds(text: str) -> tuple[str, ...]:
    """The syllables of a text, one for each character."""
    return tuple(map(sound, text))
