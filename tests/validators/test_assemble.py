"""Which files of a message make up a submission: literal files in, (word, pdf, codes) out."""

from __future__ import annotations

import hashlib

import pytest

from reference.findings import finding
from reference.model import Attachment, FileKind, FileReading, Finding, Form
from tests.validators.rows import form, row
from validators.assemble import Draft, FileSeen, assemble

UNIT = "上海市统计局"
DAMAGED = finding("file-unreadable", seen="x", reason_zh="文件不完整", reason_en="truncated")
LOCKED = finding("file-encrypted", seen="x")


def file(
    name: str | None,
    kind: FileKind,
    *,
    holds: Form | None = None,
    scan: bool = False,
    broken: Finding | None = None,
    within: tuple[str, ...] = (),
    inline: bool = False,
) -> FileSeen:
    digest = hashlib.sha256(f"{name}{kind}{holds}{within}".encode()).hexdigest()
    attachment = Attachment(
        file_id=digest, name=name, kind=kind, media_type="", data=b"", within=within, inline=inline
    )
    reads = kind in (FileKind.DOCX, FileKind.PDF)
    reading = FileReading(
        file_id=digest,
        form=holds,
        scanned_pages=(1,) if scan else (),
        unread_pages=(1,) if scan else (),
        findings=(broken,) if broken else (),
    )
    return FileSeen(attachment, reading if reads or broken else None)


def word(name: str = "推荐表.docx", **facts: object) -> FileSeen:
    return file(name, FileKind.DOCX, **{"holds": form(row(), unit=UNIT), **facts})  # type: ignore[arg-type]


def pdf(name: str = "推荐表（盖章）.pdf", **facts: object) -> FileSeen:
    return file(name, FileKind.PDF, **{"holds": form(row(), unit=UNIT), **facts})  # type: ignore[arg-type]


def told(drafts: tuple[Draft, ...]) -> list[tuple[str | None, str | None, list[str]]]:
    return [
        (
            d.word.attachment.name if d.word else None,
            d.pdf.attachment.name if d.pdf else None,
            [f.code for f in d.findings],
        )
        for d in drafts
    ]


LOGO = file("logo.png", FileKind.IMAGE, inline=True)
CASES = [
    ([word(), pdf()], [("推荐表.docx", "推荐表（盖章）.pdf", [])]),
    ([word(), pdf(), LOGO], [("推荐表.docx", "推荐表（盖章）.pdf", [])]),
    ([word()], [("推荐表.docx", None, ["pdf-missing"])]),
    ([pdf()], [(None, "推荐表（盖章）.pdf", ["word-missing"])]),
    ([word(), pdf(holds=None, scan=True)], [("推荐表.docx", "推荐表（盖章）.pdf", [])]),
    ([pdf(holds=None, scan=True)], [(None, "推荐表（盖章）.pdf", ["word-missing", "ocr-unsure"])]),
    ([word(holds=None), pdf()], [(None, "推荐表（盖章）.pdf", ["form-not-found"])]),
    ([word(holds=None, broken=DAMAGED), pdf()], [(None, "推荐表（盖章）.pdf", ["file-unreadable"])]),
    ([word(), pdf(holds=None, broken=LOCKED)], [("推荐表.docx", None, ["file-encrypted"])]),
    ([pdf(), file("推荐表.xlsx", FileKind.XLSX)], [(None, "推荐表（盖章）.pdf", ["file-unsupported"])]),
    ([word(), file("推荐表.jpg", FileKind.IMAGE)], [("推荐表.docx", None, ["file-unsupported"])]),
    ([word(), file("logo.jpg", FileKind.IMAGE)], [("推荐表.docx", None, ["pdf-missing"])]),
    # not what its name says
    ([pdf(), pdf("推荐表.docx")], [(None, "推荐表（盖章）.pdf", ["file-unreadable"])]),
    ([word(), word("推荐表（盖章）.pdf")], [("推荐表.docx", None, ["file-unreadable"])]),
    ([word(), file("推荐表.pdf", FileKind.IMAGE)], [("推荐表.docx", None, ["file-unreadable"])]),
    ([LOGO], []),
    ([], []),
    ([file("会议通知.pdf", FileKind.PDF)], []),
    ([file("推荐表.pdf", FileKind.PDF)], [(None, None, ["form-not-found", "word-missing"])]),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_one_submission(
    files: list[FileSeen], expected: list[tuple[str | None, str | None, list[str]]]
) -> None:
    assert told(assemble(files, subject="")) == expected


def test_a_message_that_announces_a_form_is_a_submission_though_its_files_fail() -> None:
    files = [file("a.pdf", FileKind.PDF)]
    assert told(assemble(files, subject="报送2025年第二季度推荐材料")) == [
        (None, None, ["form-not-found", "word-missing"])
    ]


def test_forms_of_two_units_are_two_submissions_each_with_its_own_pdf() -> None:
    other = form(row(), unit="上海市商务委员会")
    files = [
        word("甲.docx"),
        word("乙.docx", holds=other),
        pdf("2.pdf", holds=other),
        pdf("1.pdf"),
    ]
    assert sorted(told(assemble(files, subject=""))) == [
        ("乙.docx", "2.pdf", []),
        ("甲.docx", "1.pdf", []),
    ]


def test_a_scan_is_paired_by_its_name() -> None:
    other = form(row(), unit="上海市商务委员会")
    files = [
        word("推荐表-统计局.docx"),
        word("推荐表-商务委.docx", holds=other),
        pdf("推荐表-商务委-盖章扫描件.pdf", holds=None, scan=True),
        pdf("推荐表-统计局（盖章）.pdf", holds=None, scan=True),
    ]
    assert sorted(told(assemble(files, subject=""))) == [
        ("推荐表-商务委.docx", "推荐表-商务委-盖章扫描件.pdf", []),
        ("推荐表-统计局.docx", "推荐表-统计局（盖章）.pdf", []),
    ]


def test_a_further_version_of_one_unit_is_listed_not_judged_twice() -> None:
    files = [word("推荐表.docx"), word("推荐表（修改）.docx", holds=form(row(), row(2), unit=UNIT)), pdf()]
    (draft,) = assemble(files, subject="")
    assert sorted(draft.roles.values()) == ["further-version", "pdf-form", "word-form"]


def test_forms_that_have_nothing_in_common_are_no_pair() -> None:
    other = form(row(code="4-06-01-01"), unit="上海市商务委员会")
    assert sorted(told(assemble([word("甲.docx"), pdf("乙.pdf", holds=other)], subject="")), key=str) == [
        ("甲.docx", None, ["pdf-missing"]),
        (None, "乙.pdf", ["word-missing"]),
    ]


def test_every_file_has_a_role() -> None:
    files = [word(), pdf(), LOGO, file("说明.txt", FileKind.TEXT), file("包.zip", FileKind.ZIP)]
    (draft,) = assemble(files, subject="")
    assert sorted(draft.roles.values()) == ["archive", "body-image", "other", "pdf-form", "word-form"]


@pytest.mark.parametrize(
    ("verdict", "codes"),
    [("present", []), (None, []), ("missing", ["seal-missing"]), ("unsure", ["seal-unsure"])],
)
def test_the_seal_of_the_stamped_pdf(verdict: str | None, codes: list[str]) -> None:
    stamped = pdf()
    assert stamped.reading
    seen = FileSeen(stamped.attachment, stamped.reading.model_copy(update={"seal": verdict}))
    assert [
        found.code for draft in assemble([word(), seen], subject="推荐表") for found in draft.findings
    ] == codes
