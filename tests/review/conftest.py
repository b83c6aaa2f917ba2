"""A desk with a few samples and one hostile form, served by the real server."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest

from extractors.mail.messages import read_message
from flows.intake.pipeline import run_intake
from reference.settings import Limits, Settings
from review.app import create_app
from review.server import server_of
from tests.conftest import SAMPLES, share_readings

NOW = dt.datetime(2025, 6, 27, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
EXPORT = SAMPLES / "export" / "2025-06"
BOX = ("M0001", "M0002", "M0005", "M0012")
HOSTILE = {
    2: "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
    3: '=HYPERLINK("http://example.invalid","请点击")',
    9: "\u202e文字倒排" + "很长的理由" * 400,
}
"""By column of the form: markup, a formula, a right-to-left mark and ten pages of text."""


def hostile_message() -> bytes:
    """A good message whose first row holds what a browser, a spreadsheet and a page layout may stumble on."""
    original = read_message((EXPORT / "M0001.eml").read_bytes(), "m", Limits(), exported_at=None)
    word = next(file.data for file in original.attachments if str(file.kind) == "docx")
    document = docx.Document(io.BytesIO(word))
    for column, text in HOSTILE.items():
        document.tables[0].rows[-1].cells[column].text = text
    out = io.BytesIO()
    document.save(out)
    message = EmailMessage()
    message["From"] = "hostile@example.invalid"
    message["Subject"] = "推荐表 <script>document.title='owned'</script>"
    message["Message-ID"] = "<hostile@example.invalid>"
    message["Received"] = "from a by b; Thu, 26 Jun 2025 09:00:00 +0800"
    message.set_content("请查收")
    name = "推荐表<img src=x onerror=alert(1)>.docx"
    message.add_attachment(out.getvalue(), maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.fixture(scope="session")
def judged_desk(tmp_path_factory: pytest.TempPathFactory, readings: Path) -> Settings:
    """Four samples and the hostile form, judged once."""
    folder = tmp_path_factory.mktemp("desk")
    box = folder / "box"
    box.mkdir()
    for name in BOX:
        shutil.copy(EXPORT / f"{name}.eml", box)
    (box / "hostile.eml").write_bytes(hostile_message())
    settings = Settings(db=folder / "z.duckdb", out=folder)
    share_readings(settings.db, readings)
    run_intake(box, settings, report=lambda _: None)
    return settings


@pytest.fixture
def desk(judged_desk: Settings, tmp_path: Path, readings: Path) -> Settings:
    """The desk with a database of the test's own."""
    for part in ("z.duckdb", "z.originals"):
        source = judged_desk.db.parent / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / part)
    share_readings(tmp_path / "z.duckdb", readings)
    return judged_desk.model_copy(update={"db": tmp_path / "z.duckdb", "out": tmp_path})


@pytest.fixture
def address(desk: Settings) -> Iterator[str]:
    """The page's address while it is served."""
    server = server_of(desk.model_copy(update={"port": 0}), create_app(desk, lambda: NOW))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=5)
