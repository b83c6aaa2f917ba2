"""A message's parts to its files: by their bytes, with what archives and messages inside them hold.

The container is listed too, before its content, so that every byte is accounted for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from extractors.mail import mime, outlook
from extractors.mail.archives import MOST_FILES, Budget, unpack
from extractors.mail.file_kinds import MEDIA_TYPES, sniff
from extractors.mail.mime import Fault, Mail, Part
from extractors.mail.structure import DEEPEST
from reference.findings import finding
from reference.model import Attachment, FileKind, Finding
from reference.settings import Limits

ARCHIVES = frozenset({FileKind.ZIP, FileKind.TAR, FileKind.GZIP})
MAILS = frozenset({FileKind.MESSAGE, FileKind.MSG})
NAMELESS = "（未命名）"

_TNEF = b"\x78\x9f\x3e\x22"
_UNREAD_ARCHIVES = {
    FileKind.RAR: ("RAR压缩包", "a RAR archive"),
    FileKind.SEVEN_ZIP: ("7z压缩包", "a 7z archive"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A part as a file, and the parts inside it."""

    file: Attachment
    inside: tuple[Part, ...] = ()


OpenPart: TypeAlias = Callable[[Part, tuple[str, ...], Limits, Budget, int], Opened]
"""`opened`, or who has another process do it."""


def attachments_of(mail: Mail, limits: Limits) -> tuple[Attachment, ...]:
    """Every file of a message, and of the archives and messages inside it."""
    return files_in(mail.parts, limits, opened)


def file_attachment(name: str, data: bytes, limits: Limits) -> tuple[Attachment, ...]:
    """A file that came beside a message (a correction), with what it holds."""
    return files_in((Part(name, data, inline=False),), limits, opened)


def files_in(parts: Iterable[Part], limits: Limits, open_part: OpenPart) -> tuple[Attachment, ...]:
    """The parts as files, each container before its content; `open_part` looks into one at a time."""
    budget = Budget(limits.archive_bytes)

    def files(parts: Iterable[Part], within: tuple[str, ...], depth: int) -> Iterator[Attachment]:
        for part in parts:
            seen = open_part(part, within, limits, budget, depth)
            yield seen.file
            deeper = depth + (seen.file.kind in ARCHIVES)
            yield from files(seen.inside, (*within, part.name or NAMELESS), deeper)

    return tuple(files(parts, (), 0))


def opened(part: Part, within: tuple[str, ...], limits: Limits, budget: Budget, depth: int) -> Opened:
    """What file a part is, and the parts inside it, within what its message may still unpack to.

    `depth` are the archives that it lies in.
    """
    kind, media_type = sniff(part.data)
    if part.message and kind is not FileKind.EMPTY:
        kind, media_type = FileKind.MESSAGE, "message/rfc822"
    inside, findings = _inside(part, kind, within, limits, budget, depth)
    return Opened(_attachment(part, kind, media_type, within, findings), inside)


def not_opened(part: Part, within: tuple[str, ...], findings: tuple[Finding, ...]) -> Opened:
    """A part that could not be looked into, with the reason."""
    kind = FileKind.UNKNOWN
    return Opened(_attachment(part, kind, MEDIA_TYPES[kind], within, findings))


def _attachment(
    part: Part, kind: FileKind, media_type: str, within: tuple[str, ...], findings: tuple[Finding, ...]
) -> Attachment:
    return Attachment(
        file_id=hashlib.sha256(part.data).hexdigest(),
        name=part.name,
        kind=kind,
        media_type=media_type,
        data=part.data,
        within=within,
        inline=part.inline,
        findings=findings,
    )


Inside: TypeAlias = tuple[tuple[Part, ...], tuple[Finding, ...]]
"""What lies inside a file, and what is wrong with the file."""


def _inside(
    part: Part, kind: FileKind, within: tuple[str, ...], limits: Limits, budget: Budget, depth: int
) -> Inside:
    """What lies inside a file, within what its message may still unpack to."""
    if wrong := _wrong_with(part, kind):
        return (), wrong
    if kind in ARCHIVES:
        inside, findings = _unpacked(part, kind, limits, budget, depth + 1)
    elif kind in MAILS:
        inside, findings = _taken_apart(part, kind, within, budget)
    else:
        return (), ()
    budget.files -= len(inside)
    return (inside, findings) if budget.files >= 0 else ((), (_unsafe(part, *_TOO_MANY),))


def _taken_apart(part: Part, kind: FileKind, within: tuple[str, ...], budget: Budget) -> Inside:
    """The parts of a message inside a message."""
    if len(within) >= DEEPEST:
        return (), (_too_deep(part, DEEPEST),)
    mail = (outlook if kind is FileKind.MSG else mime).parse(part.data)
    budget.left -= sum(len(one.data) for one in mail.parts)
    if budget.left < 0:
        return (), (_unsafe(part, "展开后过大", "it expands too far"),)
    return mail.parts, told(mail.faults, part.name or NAMELESS)


def told(faults: Iterable[Fault], seen: str) -> tuple[Finding, ...]:
    """What could not be read of a message, as findings."""
    return tuple(finding(one.code, seen=seen, reason_zh=one.zh, reason_en=one.en) for one in faults)


def _unpacked(part: Part, kind: FileKind, limits: Limits, budget: Budget, depth: int) -> Inside:
    """An archive's members as parts, or the finding for which it was refused."""
    if depth > limits.archive_depth:
        return (), (_too_deep(part, limits.archive_depth),)
    unpacked = unpack(part.data, kind, part.name, limits, budget)
    if unpacked.refused:
        return (), (unpacked.refused,)
    return tuple(Part(member.name, member.data, inline=False) for member in unpacked.members), ()


_TOO_MANY = (f"邮件内文件合计超过{MOST_FILES}个", f"its message holds over {MOST_FILES} files")


def _too_deep(part: Part, most: int) -> Finding:
    return _unsafe(part, f"嵌套超过{most}层", f"it is nested over {most} deep")


def _unsafe(part: Part, reason_zh: str, reason_en: str) -> Finding:
    return finding("archive-unsafe", seen=part.name or NAMELESS, reason_zh=reason_zh, reason_en=reason_en)


def _wrong_with(part: Part, kind: FileKind) -> tuple[Finding, ...]:
    """What is wrong with a file before anybody opens it: empty, or of a kind that is not unpacked."""
    name = part.name or NAMELESS
    if kind is FileKind.EMPTY:
        empty = finding(
            "file-unreadable", seen=name, reason_zh="文件为空（0字节）", reason_en="the file is empty"
        )
        return (empty,)
    kinds = _UNREAD_ARCHIVES.get(kind)
    if part.data.startswith(_TNEF):
        kinds = ("Outlook专有附件（winmail.dat）", "an Outlook TNEF attachment (winmail.dat)")
    if kinds:
        unread = finding(
            "file-unsupported",
            seen=name,
            kind_zh=kinds[0],
            kind_en=kinds[1],
            expected="PDF和WORD文件（不压缩，或用ZIP）",
            expected_en="the PDF and the Word file, or a zip of them",
        )
        return (unread,)
    return ()
