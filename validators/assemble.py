"""Which files of a message make up a submission: the Word form, the stamped PDF, and what is wrong.

A message may carry the forms of several units (a forwarded batch), several versions of one form, and
files that are no form at all. Every file gets a role; nothing is dropped. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reference.findings import finding
from reference.model import Attachment, Field, FileKind, FileReading, Finding, Form
from reference.text import fold
from validators.rules.form import unit_name

CONTAINERS = frozenset({FileKind.ZIP, FileKind.RAR, FileKind.SEVEN_ZIP, FileKind.TAR, FileKind.GZIP})
PASSED_OVER = frozenset({FileKind.MESSAGE, FileKind.MSG, FileKind.IMAGE, FileKind.TEXT, FileKind.HTML})
"""Kinds that accompany a form without being one: forwarded mail, logos, text."""

_FORM_NAME = re.compile(r"推荐表|附件[:：_ ]?[1１一]|征集|推荐职业|盖章")
_COPY_MARK = re.compile(
    r"[（(\[【-]{0,4}(已?盖章|加盖公章|盖章版?|扫描件?|盖章扫描件|pdf版?|word版?|最终版?|定稿)+[)）\]】]*",
    re.I,
)

SEALS = {"missing": "seal-missing", "unsure": "seal-unsure"}
"""Findings by what was seen of the seal (一(三)2)."""

UNSUPPORTED: dict[FileKind, tuple[str, str, str, str]] = {
    FileKind.XLSX: ("Excel表格", "an Excel workbook", "WORD文件（.docx）", "a Word file (.docx)"),
    FileKind.XLS: ("Excel表格", "an Excel workbook", "WORD文件（.docx）", "a Word file (.docx)"),
    FileKind.RTF: ("RTF文件", "an RTF file", "WORD文件（.docx）", "a Word file (.docx)"),
    FileKind.OFD: ("OFD版式文件", "an OFD file", "PDF文件", "a PDF file"),
    FileKind.WPS_OR_OLE: (
        "旧版WPS或其他文件",
        "an old WPS or other OLE file",
        "WORD文件（.docx）",
        "a .docx file",
    ),
    FileKind.IMAGE: ("图片", "a picture", "盖章扫描的PDF文件", "the scan as a PDF file"),
    FileKind.UNKNOWN: (
        "无法识别的文件",
        "a file of unknown type",
        "PDF和WORD文件",
        "the PDF and the Word file",
    ),
}
"""Kinds that are not read: what they are and what to send instead, Chinese and English."""


@dataclass(frozen=True, slots=True)
class FileSeen:
    """An attachment with its reading; None where its kind is not one that is read."""

    attachment: Attachment
    reading: FileReading | None

    @property
    def form(self) -> Form | None:
        """The form found in it."""
        return self.reading.form if self.reading else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What went wrong while unpacking or reading it, and whether it is what its name says."""
        read = self.reading.findings if self.reading else ()
        misnamed = (_not_what_it_says(self.attachment),) if self.misnamed else ()
        return self.attachment.findings + read + misnamed

    @property
    def named_as_form(self) -> bool:
        """Whether its name says that it should hold the form."""
        return bool(_FORM_NAME.search(self.attachment.name or ""))

    @property
    def scanned(self) -> bool:
        """A PDF with pages that are images, and no form read from its text."""
        return self.form is None and bool(self.reading and self.reading.scanned_pages)

    @property
    def slot(self) -> str | None:
        """Which of the two electronic forms it is or would be: `word`, `pdf`, `any`, or None."""
        kind = self.attachment.kind
        if kind is FileKind.IMAGE and not self.attachment.inline and self.named_as_form:
            return "pdf"
        return _BY_KIND.get(kind) or self.claimed or (None if kind in PASSED_OVER else "any")

    @property
    def claimed(self) -> str | None:
        """Which form its name claims that it is."""
        name = (self.attachment.name or "").lower()
        return next((slot for ending, slot in _BY_ENDING.items() if name.endswith(ending)), None)

    @property
    def misnamed(self) -> bool:
        """Whether it is a file of a known kind under the name of another."""
        kind = self.attachment.kind
        return self.claimed is not None and kind in _TELLING_KINDS and _BY_KIND.get(kind) != self.claimed


_BY_KIND = {FileKind.DOCX: "word", FileKind.DOC: "word", FileKind.PDF: "pdf"}
_BY_ENDING = {".docx": "word", ".doc": "word", ".wps": "word", ".pdf": "pdf"}
_TELLING_KINDS = {
    FileKind.DOCX: "Word文件",
    FileKind.DOC: "Word文件",
    FileKind.PDF: "PDF文件",
    FileKind.IMAGE: "图片",
    FileKind.XLSX: "Excel表格",
    FileKind.XLS: "Excel表格",
    FileKind.OFD: "OFD文件",
}
"""Kinds that the bytes tell beyond doubt, in Chinese."""


def _not_what_it_says(attachment: Attachment) -> Finding:
    return finding(
        "file-unreadable",
        seen=attachment.name,
        reason_zh=f"内容与扩展名不符，实为{_TELLING_KINDS[attachment.kind]}",
        reason_en=f"it is not what its name says but {attachment.media_type}",
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission before it is judged: its two forms, its files with their roles, its file findings."""

    word: FileSeen | None
    pdf: FileSeen | None
    roles: dict[str, str] = field(default_factory=dict)
    """file_id to role."""
    findings: tuple[Finding, ...] = ()

    @property
    def form(self) -> Form | None:
        """The form that is judged: the Word text, or the PDF's where no Word form is (一(三)2)."""
        return next((seen.form for seen in (self.word, self.pdf) if seen and seen.form), None)


def assemble(files: Sequence[FileSeen], *, subject: str) -> tuple[Draft, ...]:
    """The submissions that a message holds; none where no file is a form nor should be one."""
    words = [seen for seen in _newest_versions(files) if seen.slot == "word" and seen.form]
    pdfs = [seen for seen in files if seen.slot == "pdf" and (seen.form or seen.scanned)]
    if not words and not pdfs and not _should_hold_form(files, subject):
        return ()
    pairs = _pair(words, pdfs)
    spare = [seen for seen in files if not any(seen is one for pair in pairs for one in pair)]
    return tuple(
        _draft(
            word, pdf, files if len(pairs) == 1 else [s for s in (word, pdf) if s], spare if i == 0 else []
        )
        for i, (word, pdf) in enumerate(pairs)
    )


def _should_hold_form(files: Sequence[FileSeen], subject: str) -> bool:
    """Whether a message without any readable form still is a submission (its files failed)."""
    documents = [seen for seen in files if seen.slot or seen.findings]
    announced = bool(_FORM_NAME.search(subject) or "推荐" in subject)
    return any(seen.named_as_form for seen in documents) or (announced and bool(documents))


def _newest_versions(files: Sequence[FileSeen]) -> list[FileSeen]:
    """Files without the same bytes twice (a form attached and inside an archive)."""
    seen: dict[str, FileSeen] = {}
    for one in files:
        seen.setdefault(one.attachment.file_id, one)
    return list(seen.values())


def _pair(words: list[FileSeen], pdfs: list[FileSeen]) -> list[tuple[FileSeen | None, FileSeen | None]]:
    """Word and PDF forms matched by likeness, best first; what differs in unit, rows and name is no pair."""
    scored = sorted(
        ((-_likeness(word, pdf), i, j) for i, word in enumerate(words) for j, pdf in enumerate(pdfs)),
    )
    mates: dict[int, int] = {}
    for unlike, i, j in scored:
        if unlike <= 0 and i not in mates and j not in mates.values():
            mates[i] = j
    pairs: list[tuple[FileSeen | None, FileSeen | None]] = [
        (word, pdfs[mates[i]] if i in mates else None) for i, word in enumerate(words)
    ]
    pairs += [(None, pdf) for j, pdf in enumerate(pdfs) if j not in mates.values()]
    return list(_one_per_unit(pairs)) or [(None, None)]


def _one_per_unit(
    pairs: list[tuple[FileSeen | None, FileSeen | None]],
) -> Iterator[tuple[FileSeen | None, FileSeen | None]]:
    """Of several pairs of one unit the complete one, else the first; a pair of no unit joins the rest."""
    ranked = sorted(pairs, key=lambda pair: sum(seen is None for seen in pair))
    units: set[str] = set()
    for pair in ranked:
        unit = next((u for u in (_unit(seen) for seen in pair if seen) if u), "")
        if unit in units or (not unit and units):
            continue
        units.add(unit)
        yield pair


def _unit(seen: FileSeen) -> str:
    return fold(unit_name(seen.form.unit) or "") if seen.form else ""


def _likeness(word: FileSeen, pdf: FileSeen) -> float:
    """How surely a Word file and a PDF are the same form: unit, rows, names, place in the message."""
    units = (_unit(word), _unit(pdf))
    alike = 4.0 if units[0] and units[0] == units[1] else -4.0 if all(units) else 0.0
    if word.form and pdf.form:
        alike += 3 * _overlap(_codes(word.form), _codes(pdf.form))
    alike += 2 * (_stem(word) == _stem(pdf))
    return alike + (word.attachment.within == pdf.attachment.within)


def _codes(form: Form) -> set[str]:
    return {fold(row.text(Field.CODE) or "") for row in form.rows} - {""}


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _stem(seen: FileSeen) -> str:
    """A file's name without folder, ending and marks such as （盖章）, for comparing."""
    name = (seen.attachment.name or "").rsplit("/", 1)[-1]
    return fold(_COPY_MARK.sub("", re.sub(r"\.[A-Za-z]{2,4}$", "", name)))


def _draft(
    word: FileSeen | None, pdf: FileSeen | None, files: Sequence[FileSeen], spare: Sequence[FileSeen]
) -> Draft:
    roles = {seen.attachment.file_id: _role(seen, word, pdf) for seen in (*files, *spare)}
    findings: list[Finding] = []
    for seen in _newest_versions([*files, *spare]):
        findings += seen.findings
    filled = {"word": word is not None, "pdf": pdf is not None}
    for slot, code in (("pdf", "pdf-missing"), ("word", "word-missing")):
        if filled[slot]:
            continue
        failed = [
            seen
            for seen in (*files, *spare)
            if (seen.misnamed and seen.claimed == slot) or (seen in spare and seen.slot in (slot, "any"))
        ]
        findings += _slot_findings(slot, code, failed)
    if pdf is not None and pdf.reading:
        if word is None and pdf.reading.unread_pages:
            findings.append(_unread(pdf))
        if pdf.reading.seal in SEALS:
            findings.append(finding(SEALS[pdf.reading.seal], seen=pdf.attachment.name or "（未命名）"))
    return Draft(word=word, pdf=pdf, roles=roles, findings=_once(findings))


def _slot_findings(slot: str, missing: str, failed: Sequence[FileSeen]) -> list[Finding]:
    """Why one of the two electronic forms is not there: it broke, is of another kind, or never came."""
    if any(seen.findings for seen in failed):
        return []
    readable = [seen for seen in failed if seen.slot == slot and seen.reading]
    if readable:
        best = max(readable, key=lambda seen: seen.named_as_form)
        return [finding("form-not-found", seen=best.attachment.name)]
    unread = [seen for seen in failed if seen.attachment.kind in UNSUPPORTED and not seen.attachment.inline]
    if unread:
        return [unsupported(unread[0].attachment)]
    return [finding(missing)]


def unsupported(attachment: Attachment) -> Finding:
    """`file-unsupported` for a kind that is not read, with what to send instead."""
    kind_zh, kind_en, expected, expected_en = UNSUPPORTED[attachment.kind]
    return finding(
        "file-unsupported",
        seen=attachment.name or "（未命名）",
        expected=expected,
        kind_zh=kind_zh,
        kind_en=kind_en,
        expected_en=expected_en,
    )


def _unread(pdf: FileSeen) -> Finding:
    pages = "、".join(map(str, pdf.reading.unread_pages)) if pdf.reading else ""
    return finding(
        "ocr-unsure",
        seen=f"{pdf.attachment.name}，第{pages}页",
        hint_zh="，且无WORD版可核对",
        hint_en=", and no Word file settles it",
    )


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings without exact repeats, such as one damaged file attached twice."""
    return tuple(dict.fromkeys(findings))


def _role(seen: FileSeen, word: FileSeen | None, pdf: FileSeen | None) -> str:
    """The role that the files table shows."""
    kind = seen.attachment.kind
    if seen is word or seen is pdf:
        return "word-form" if seen is word else "pdf-form"
    if kind in CONTAINERS:
        return "archive"
    if kind in (FileKind.MESSAGE, FileKind.MSG):
        return "message"
    if seen.form:
        return "further-version"
    return "body-image" if kind is FileKind.IMAGE and seen.attachment.inline else "other"
