"""Recognising a recommending unit by its full, former or short name."""

from __future__ import annotations

import re

from reference.text import fold

_REMARK = re.compile(r"\((?:加?盖章|公章|加?盖公章|章)\)")
_CITY = re.compile(r"^(?:中共)?(?:上海市?|市)(?:人民)?(?:政府)?(?=.{2})")
_SHORT = (
    (re.compile(r"人力资源和?社会保障局|人力资源社保局|人力社保局|人保局"), "人社局"),
    (re.compile(r"委员会"), "委"),
    (re.compile(r"办公室"), "办"),
)


def unit_key(text: str) -> str:
    """What two writings of the same unit have in common; equal keys are the same unit.

    Width, white space, a remark such as （盖章）, the city or its government in front, and the usual short
    forms fall away: `上海市徐汇区人力资源和社会保障局` and `徐汇区人社局` → `徐汇区人社局`.
    """
    key = _REMARK.sub("", fold(text))
    for long, short in _SHORT:
        key = long.sub(short, key)
    return _CITY.sub("", key)
