"""The name on the seal held against the recommending unit (一(三)2: 加盖单位公章). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reference.findings import finding, offered
from reference.model import Finding, Form, SealSeen
from reference.tables.load import ReferenceTables
from reference.text import fold
from validators.rules.form import unit_name
from validators.text.distance import closeness

LEGIBLE = 0.8
"""Confidence from which a name on a seal was read at all."""
SAME = 0.75
"""Closeness from which a name on a seal is the unit's, characters misread allowed for."""
ANOTHER, AHEAD = 0.9, 0.05
"""Closeness from which it is another listed unit's, and by how much it must be nearer to that one."""
OTHER = 0.5
"""Closeness below which it is surely not the unit's, whoever else's it may be."""
LEAST = 5
"""Characters that a name must have."""


def seal_unit(form: Form, seals: Sequence[SealSeen], tables: ReferenceTables) -> Iterator[Finding]:
    """`seal-unit-mismatch`: no seal bears the unit's name, and one surely bears another.

    A seal that the page's edge cuts, or that cannot be read, says nothing; of several seals one that
    agrees is enough.
    """
    unit = unit_name(form.unit)
    if unit is None:
        return
    listed = tables.unit(unit)
    own = {fold(unit), *map(fold, (listed.name, *listed.aliases) if listed else ())}
    others = {fold(one.name): one.name for one in tables.units if listed is None or one.name != listed.name}
    unlike: tuple[SealSeen, str] | None = None
    for seal in seals:
        names = [fold(name) for name in seal.names if len(name) >= LEAST]
        if not names or not seal.whole or seal.sure < LEGIBLE:
            continue
        near = max(closeness(name, mine) for name in names for mine in own)
        name, far = max(((n, closeness(n, o)) for n in names for o in others), key=lambda one: one[1])
        if far >= ANOTHER and far > near + AHEAD:
            unlike = unlike or (seal, next(o for o in others if closeness(name, o) == far))
        elif near < OTHER:
            unlike = unlike or (seal, names[0])
        elif near >= SAME:
            return
    if unlike is not None:
        seal, name = unlike
        yield finding(
            "seal-unit-mismatch",
            field="unit",
            seen=name,
            expected=unit,
            candidates=offered(others.get(name)),  # a name that was misread is no unit's
            evidence=seal.place,
        )
