"""Small messages with forms, made in the test: read and judged within a tenth of a second each."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from tests.extractors.pdf_samples import HEIGHT, Table, pdf, say
from tests.extractors.word_samples import p, tbl, tr, word_file

HEAD = (
    "序号", "职业编码", "职业", "工种", "国家职业标准名称", "国家职业标准版本", "是否已纳入急需紧缺职业目录",
    "产业类别", "预计评价人次", "推荐理由",
)  # fmt: skip
BUYER = ("1", "4-01-01-00", "采购员", "", "采购员", "2019年版", "否", "汽车", "300", "行业规划")
AMMONIA = (
    "1",
    "6-11-03-01",
    "合成氨生产工",
    "",
    "合成氨生产工",
    "2019年版",
    "是",
    "先进材料",
    "1550",
    "规划",
)
PIPELINE = (
    "1",
    "6-16-02-12",
    "油气管道维护工",
    "",
    "油气管道维护工",
    "2022年版",
    "否",
    "城市更新",
    "20",
    "文件",
)
XUHUI = "上海市徐汇区人力资源和社会保障局"
JINSHAN = "上海市金山区人力资源和社会保障局"
JUNE = "Mon, 23 Jun 2025 09:00:00 +0800"
MARCH = "Mon, 24 Mar 2025 09:00:00 +0800"

Row = Sequence[str]


def _head(unit: str, date: str) -> list[str]:
    return [f"推荐单位：{unit}　联系人：周明　联系电话：021-55552232　填表日期：{date}"]


def word_form(unit: str, *rows: Row, date: str = "2025年6月20日") -> bytes:
    """The form as a Word file."""
    return word_file("".join(map(p, _head(unit, date))) + tbl(tr(*HEAD), *(tr(*row) for row in rows)))


def pdf_form(unit: str, *rows: Row, date: str = "2025年6月20日") -> bytes:
    """The form as a PDF without a seal."""
    head = [text.replace("急需紧缺职业", "急需紧缺\n职业") for text in HEAD]
    table = Table([head, *map(list, rows)])

    def page(canvas: object) -> None:
        for number, line in enumerate(_head(unit, date)):
            say(canvas, 60, 40 + 15 * number, line)  # type: ignore[arg-type]
        table(canvas)  # type: ignore[arg-type]

    return pdf(page, size=(1020, HEIGHT))


def message(number: int, *files: tuple[str, bytes], received: str = JUNE, text: str = "请查收") -> bytes:
    """A message with these files, as a mailbox exports it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.invalid", "推荐表报送"
    mail["Message-ID"], mail["Received"] = f"<{number}@example.invalid>", f"from a by b; {received}"
    mail.set_content(text)
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def tiny_export(folder: Path) -> Path:
    """Two units, one of which sends twice, in two windows; a copy of a message at a second place."""
    folder.mkdir(parents=True)
    first = message(
        1,
        ("推荐表.docx", word_form(XUHUI, BUYER)),
        ("推荐表.pdf", pdf_form(XUHUI, BUYER)),
    )
    (folder / "1.eml").write_bytes(first)
    (folder / "2.eml").write_bytes(message(2, ("推荐表.docx", word_form(JINSHAN, BUYER))))
    again = word_form(XUHUI, BUYER, ("2", *AMMONIA[1:]))
    (folder / "3.eml").write_bytes(message(3, ("推荐表.docx", again), received=JUNE.replace("23", "24")))
    march = word_form(XUHUI, BUYER, date="2025年3月20日")
    (folder / "4.eml").write_bytes(message(4, ("推荐表.docx", march), received=MARCH))
    (folder / "copy-of-1.eml").write_bytes(first)
    return folder
