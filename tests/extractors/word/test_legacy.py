"""Legacy .doc files: through LibreOffice where it is installed, a clear finding where it is not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from extractors.word.legacy import read_legacy_word
from reference.settings import Limits

COMMAND = "soffice"
installed = pytest.mark.skipif(shutil.which(COMMAND) is None, reason="LibreOffice is not installed")

TITLES = (
    "序号", "职业编码", "职业", "工种", "国家职业标准名称", "国家职业标准版本",
    "是否已纳入急需紧缺职业目录", "产业类别", "预计评价人次", "推荐理由",
)  # fmt: skip
VALUES = (
    "1", "4-08-01-01", "航空气象员", "无", "航空气象员国家职业标准", "2021年版",
    "是", "现代服务业", "120", "人才紧缺",
)  # fmt: skip


def test_without_libreoffice_the_sender_is_told_what_to_send() -> None:
    reading = read_legacy_word(b"\xd0\xcf\x11\xe0", "f", "推荐表.doc", Limits(), "no-such-command")
    assert reading.form is None
    (found,) = reading.findings
    assert (found.code, found.message_zh) == (
        "file-unsupported",
        "附件“推荐表.doc”为旧版Word文件（.doc），系统不能读取；请改为报送WORD文件（.docx）。",
    )


@installed
def test_a_form_is_read(tmp_path: Path) -> None:
    source = tmp_path / "form.docx"
    document = docx.Document()
    document.add_paragraph("推荐单位：上海市气象局")
    table = document.add_table(2, 10)
    for row, texts in zip(table.rows, (TITLES, VALUES), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("填表日期：2025年6月18日")  # a .doc cannot end with a table
    document.save(str(source))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [COMMAND, profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(source)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    data = (tmp_path / "form.doc").read_bytes()
    assert data.startswith(b"\xd0\xcf\x11\xe0")
    form = read_legacy_word(data, "f", "推荐表.doc", Limits(), COMMAND).form
    assert form is not None
    assert form.unit is not None
    assert form.unit.text == "上海市气象局"
    assert [cell.text for cell in form.rows[0].cells.values()] == list(VALUES)


@installed
def test_a_damaged_file_is_a_finding() -> None:
    reading = read_legacy_word(b"\xd0\xcf\x11\xe0" + bytes(600), "f", "推荐表.doc", Limits(), COMMAND)
    assert [one.code for one in reading.findings] == ["file-unreadable"]
