"""Made cases: right rows with slips in them, from a fixed seed; and traps, which nobody can settle alone."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks.matching.cases import Case
from benchmarks.matching.slips import CODES, HARMLESS, UNSETTLING, wrong_digit
from reference.tables.load import Occupation, ReferenceTables
from validators.matching.witnesses import Stated

SEED = 20250620
EACH = 130
"""Cases for every kind of slip with every state of the code."""
NO_OCCUPATION = (
    "宇航员", "网红带货达人", "首席运营官", "会计主管", "公务员", "运动员经纪", "播音主持", "清洁大姐",
    "总经理", "学生",
)  # fmt: skip
"""What people call themselves and no Dictionary does."""
SKILLED = "3456"
"""Major groups whose occupations a form can recommend (一(一)1)."""


def made_cases(tables: ReferenceTables) -> Iterator[Case]:
    """For every slip the same number of cases with the right code, a mistyped one and none."""
    chance = random.Random(SEED)
    skilled = [one for one in tables.occupations if one.code[0] in SKILLED]
    for how, slip in (*UNSETTLING.items(), *HARMLESS.items()):
        for state in CODES:
            for occupation in chance.choices(skilled, k=EACH):
                code = {
                    "right code": occupation.code,
                    "code mistyped": _unborne(occupation, tables, chance),
                    "no code": None,
                }[state]
                name = slip(occupation.name, chance)
                if tables.occupations_named(name) and how in UNSETTLING and name != occupation.name:
                    continue  # another occupation's own name: no slip of this one's any more
                yield Case(
                    Stated(code=code, name=name, **_standard(occupation, tables, chance)),
                    frozenset({occupation.code}),
                    "made",
                    f"{how}, {state}",
                )
    for occupation in chance.choices(skilled, k=EACH):
        stated = Stated(code=_unborne(occupation, tables, chance), name=occupation.name)
        yield Case(stated, frozenset({occupation.code}), "made", "right name, code mistyped")
        yield Case(Stated(code=occupation.code), frozenset({occupation.code}), "made", "right code, no name")


def traps(tables: ReferenceTables) -> Iterator[Case]:
    """Code and name of two occupations; a code and a name that are no one's: only a question is right."""
    chance = random.Random(SEED + 1)
    skilled = [one for one in tables.occupations if one.code[0] in SKILLED]
    for _ in range(4 * EACH):
        one, other = chance.sample(skilled, 2)
        if one.code in {old.code_2022 for old in tables.legacy(other.code)}:
            continue
        yield _trap("code and name of two occupations", Stated(code=one.code, name=other.name))
        slip = chance.choice(list(UNSETTLING.values()))
        yield _trap(
            "code of one, another's name with a slip", Stated(code=one.code, name=slip(other.name, chance))
        )
    words = (
        "宇航员",
        "网红带货达人",
        "首席运营官",
        "会计主管",
        "公务员",
        "运动员经纪",
        "播音主持",
        "清洁大姐",
        "总经理",
        "学生",
    )
    for word in words:
        yield _trap("no occupation of the Dictionary", Stated(name=word))


def _trap(how: str, stated: Stated) -> Case:
    return Case(stated, frozenset(), "trap", how)


def _unborne(occupation: Occupation, tables: ReferenceTables, chance: random.Random) -> str:
    """The code with a digit mistyped, such that no occupation bears or bore it."""
    while tables.is_listed_code(code := wrong_digit(occupation.code, chance)):
        pass
    return code


def _standard(occupation: Occupation, tables: ReferenceTables, chance: random.Random) -> dict[str, str]:
    """In half of the cases the standard, where one is issued, as the form states it."""
    standards = tables.standards_of(occupation.code, occupation.name)
    if not standards or chance.random() < 0.5:
        return {}
    return {"standard_name": standards[0].name_as_listed, "standard_version": standards[0].version}
