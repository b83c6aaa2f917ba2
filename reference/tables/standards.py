"""Reading the ministry's list of national occupational standards, and joining it to the Dictionary.

The list gives a code, a name, a day of issue and a document number, nothing else, and writes them
unevenly: codes of three editions, X prefixes (obsolete), `（1999年版）`, a third-level suffix, L and S
marks before or after brackets. The same functions read a list imported later.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from reference.tables.entries import FormerName, Occupation, ResolvedBy, Standard
from reference.text import fold

_CODE = re.compile(r"(?<!\d)([1-8]-\d{2}-\d{2}-\d{2})(?!\d)")
_YEAR = re.compile(r"[〔\[(](\d{4})[〕\])]")
_MARK = r"(?:L\s*/\s*S|S\s*/\s*L|L|S)"
_MARKED = re.compile(rf"(?<=[^\s])\s*+({_MARK})$")
_LATE_MARK = re.compile(rf"\s*({_MARK})?")
_LED = re.compile(r"\((?P<lead>[^()]+)\)(?P<occupation>[^()]+)")
_BETWEEN = re.compile(r"[、,;\s]+")

_NOT_WORK_TYPES = frozenset({"试行", "修订", "暂行"})
_REMARK = re.compile(rf"(?:{'|'.join(sorted(_NOT_WORK_TYPES))})$")


@dataclass(frozen=True, slots=True)
class ListedStandard:
    """A line of the list, verbatim."""

    code_as_listed: str
    name_as_listed: str
    issued: dt.date
    document: str


@dataclass(frozen=True, slots=True)
class ListedName:
    """A listed name taken apart."""

    occupation: str
    work_types: tuple[str, ...]
    marks: frozenset[str]


def read_code(text: str) -> str | None:
    """The eight-digit code inside a listed code: `X2-10-07-23` → `2-10-07-23`.

    Prefixes, suffixes and notes on the edition fall away; None where no code stands in it.
    """
    found = _CODE.search(fold(text))
    return found[1] if found else None


def read_name(name: str) -> ListedName:
    """Take a listed name apart: `林草种苗工L（植物组织培养工）` → 林草种苗工, 植物组织培养工, L.

    A bracket in front narrows the occupation (`（粮油）仓储管理员` → work type 粮油仓储管理员); 试行 and
    修订 are remarks, not work types.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    if led := _LED.fullmatch(text):
        return ListedName(led["occupation"], (led["lead"] + led["occupation"],), frozenset())
    head, opened, behind = text.partition("(")
    inside, _, after = behind.rpartition(")") if opened else ("", "", "")
    late = _LATE_MARK.fullmatch(after)
    if not head or ")" in head or late is None or bool(inside) != bool(opened):
        return ListedName(text, (), frozenset())
    head = head.rstrip() or head
    mark = _MARKED.search(head)
    inner = _BETWEEN.split(inside.strip())
    marks = (mark[1] if mark else "") + (late[1] or "")
    return ListedName(
        occupation=_REMARK.sub("", head[: mark.start()] if mark else head),
        work_types=tuple(part for part in inner if part and part not in _NOT_WORK_TYPES),
        marks=frozenset("LS") & frozenset(marks),
    )


def version_year(document: str) -> int:
    """The year of a document number, which names the version: `人社厅发〔2019〕92号` → 2019.

    Raises:
        ValueError: the number holds no year in brackets.
    """
    found = _YEAR.search(document)
    if found is None:
        raise ValueError(f"the document number {document!r} holds no year in brackets")
    return int(found[1])


def resolve(
    code: str | None,
    name: str,
    occupations: Mapping[str, Occupation],
    former_names: Mapping[str, FormerName],
) -> tuple[str | None, ResolvedBy | None]:
    """The 2022 code of the occupation a standard was written for, and how it was found.

    The name decides, for a listed code may now belong to another occupation: 4-07-05-03 is
    消防设施操作员 in the 2022 edition and was 智能楼宇管理员 in that of 2015. Both maps go by folded name.
    """
    key = fold(name)
    if occupation := occupations.get(key):
        return occupation.code, "code and name" if occupation.code == code else "name"
    if former := former_names.get(key):
        return former.code, "former name"
    return None, None


def standards_of_line(
    line: ListedStandard,
    occupations: Mapping[str, Occupation],
    former_names: Mapping[str, FormerName],
) -> tuple[Standard, ...]:
    """What a line of the list stands for: one standard, or one for each work type it names.

    Raises:
        ValueError: the document number holds no year.
    """
    name = read_name(line.name_as_listed)
    year = version_year(line.document)
    code, resolved_by = resolve(read_code(line.code_as_listed), name.occupation, occupations, former_names)
    occupation, work_types = name.occupation, name.work_types
    former = former_names.get(fold(occupation)) if resolved_by == "former name" else None
    if former and former.scope == "work type":
        occupation, work_types = former.name, (occupation,)
    return tuple(
        Standard(
            name_as_listed=line.name_as_listed,
            code_as_listed=line.code_as_listed,
            occupation=occupation,
            work_type=work_type,
            version=f"{year}年版",
            year=year,
            issued=line.issued,
            document=line.document,
            occupation_code=code,
            marks=name.marks,
            resolved_by=resolved_by,
        )
        for work_type in work_types or (None,)
    )
