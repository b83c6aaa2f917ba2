"""Boxes held against one another. Pure; pixels or points, whichever both have."""

from __future__ import annotations

from reference.model import Box


def within(box: Box, other: Box) -> bool:
    """Whether a box lies in another, by its middle: a line of text in a cell, a name in its seal's frame."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def common(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(tall, 0.0)
