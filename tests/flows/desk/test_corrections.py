"""A corrected file that would not do is refused in a sentence; what stood before stays in force."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import docx
import pytest

from extractors.mail.messages import read_message
from flows.cli import main
from flows.desk.rerun import rerun_submission, withdraw_correction
from flows.intake.pipeline import run_intake
from outputs.store.decisions import decisions_of
from outputs.store.originals import originals_beside
from outputs.store.store import Store
from reference.decisions import Action
from reference.errors import UsageError
from reference.records import Submission
from reference.settings import Limits, Settings
from tests.conftest import SAMPLES, share_readings

NOW = dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)
GOOD = SAMPLES / "export" / "2025-06" / "M0001.eml"
"""A message with both forms in order."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, readings: Path) -> Settings:
    folder = tmp_path_factory.mktemp("corrections")
    (folder / "box").mkdir()
    shutil.copy(GOOD, folder / "box")
    settings = Settings(db=folder / "z.duckdb", out=folder)
    share_readings(settings.db, readings)
    run_intake(folder / "box", settings, report=lambda _: None)
    return settings


def stored(settings: Settings) -> Submission:
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        (row,) = store.database.rows(
            "select submission_id from submissions where not contains(submission_id, '~')"
        )
        return store.submission(row["submission_id"])


def form_of(kind: str) -> bytes:
    """The sample's own form of a kind."""
    message = read_message(GOOD.read_bytes(), "m", Limits(), exported_at=None)
    return next(file.data for file in message.attachments if str(file.kind) == kind)


def letter() -> bytes:
    document = docx.Document()
    document.add_paragraph("关于报送推荐表的函")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("推荐表.pdf", b"", "文件为空"),
        ("推荐表.pdf", b"%PDF-1.7 and then nothing", "推荐表.pdf"),
        ("推荐表.docx", form_of("docx")[:4000], "推荐表.docx"),
        ("说明.txt", "请见附件".encode(), "不是PDF或Word文件"),
        ("来函.docx", letter(), "读不出推荐表"),
        ("推荐表.pdf", form_of("docx"), "内容与扩展名不符"),
        ("更正.zip", zipped(form_docx=form_of("docx"), empty_pdf=b""), "文件为空"),
        ("更正.zip", zipped(note_txt=b"see the letter"), "不是PDF或Word文件"),
    ],
)
def test_what_would_not_do_is_refused_and_changes_nothing(
    name: str, data: bytes, said: str, settings: Settings, tmp_path: Path
) -> None:
    before = stored(settings)
    path = tmp_path / "sent" / name
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(UsageError) as refused:
        rerun_submission(before.submission_id, settings, run_id="r", person="王敏", now=NOW, corrected=[path])
    assert said in (refused.value.zh or "")
    assert "原有文件仍然有效" in (refused.value.zh or "")
    assert "the earlier files stay in force" in str(refused.value)
    assert stored(settings) == before
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        assert decisions_of(store.database, before.submission_id) == ()


def sent(tmp_path: Path, **files: bytes) -> list[Path]:
    paths = []
    for name, data in files.items():
        paths.append(tmp_path / name.replace("_", "."))
        paths[-1].write_bytes(data)
    return paths


def test_two_files_of_a_kind_are_refused(settings: Settings, tmp_path: Path) -> None:
    before, form = stored(settings), form_of("docx")
    with pytest.raises(UsageError, match=r"2 Word files: one\.docx, two\.docx"):
        rerun_submission(
            before.submission_id, settings, run_id="r", person="王敏", now=NOW,
            corrected=sent(tmp_path, one_docx=form, two_docx=form),
        )  # fmt: skip


def test_what_is_too_large_is_refused_not_cut(settings: Settings, tmp_path: Path) -> None:
    before = stored(settings)
    small = settings.model_copy(update={"limits": Limits(upload_bytes=1000)})
    with pytest.raises(UsageError, match=r"form\.docx is larger than"):
        rerun_submission(
            before.submission_id, small, run_id="r", person="王敏", now=NOW,
            corrected=sent(tmp_path, form_docx=form_of("docx")),
        )  # fmt: skip


def test_a_good_correction_is_taken_and_stands_in_the_history(settings: Settings, tmp_path: Path) -> None:
    before = stored(settings)
    rerun_submission(
        before.submission_id, settings, run_id="r", person="王敏", now=NOW,
        corrected=sent(tmp_path, form_docx=form_of("docx")),
    )  # fmt: skip
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        (event,) = decisions_of(store.database, before.submission_id)
    assert (event.action, event.person, event.value) == (Action.RERUN, "王敏", "form.docx")
    assert event.decided_at == NOW


def test_a_bad_correction_of_an_earlier_version_no_longer_pushes_the_good_file_out(
    settings: Settings,
) -> None:
    before = stored(settings)
    with Store.open(settings.db, wait_seconds=1) as store:  # as the page stored it before it refused such
        store.database.execute(
            "insert into files select sha256(''), message_id, ?, position, 'empty.pdf', 'x', 'empty', 0,"
            " 'corrected', 'recorded', within, run_id from files limit 1",
            before.submission_id,
        )
    originals_beside(settings.db).keep(b"")
    after = rerun_submission(before.submission_id, settings, run_id="r", person="王敏", now=NOW).after
    assert after.status == before.status
    assert [f.code for f in after.findings] == [f.code for f in before.findings]


def another_form(reason: str) -> bytes:
    """The sample's Word form with another reason in its first row."""
    document = docx.Document(io.BytesIO(form_of("docx")))
    row = next(row for row in document.tables[0].rows if row.cells[0].text.strip() == "1")
    row.cells[9].text = reason
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def reasons(settings: Settings, name: str) -> list[str | None]:
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        return [row.raw_reason for row in store.submission(name).recommendations]


def test_a_correction_is_withdrawn_and_the_one_before_it_stands_again(
    settings: Settings, tmp_path: Path
) -> None:
    before = stored(settings)
    name = before.submission_id
    for file, reason in (("one.docx", "第一次更正"), ("two.docx", "错投的更正")):
        (tmp_path / file).write_bytes(another_form(reason))
        rerun_submission(
            name, settings, run_id="r", person="王敏", now=NOW, corrected=[tmp_path / file]
        )  # fmt: skip
    assert reasons(settings, name)[0] == "错投的更正"
    withdraw_correction(name, settings, run_id="r", person="李强", now=NOW + dt.timedelta(hours=1))
    assert reasons(settings, name)[0] == "第一次更正"
    withdraw_correction(name, settings, run_id="r", person="李强", now=NOW + dt.timedelta(hours=2))
    after = stored(settings)
    assert after.recommendations == before.recommendations
    assert (after.status, after.file_ids) == (before.status, before.file_ids)
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        events = decisions_of(store.database, name)
        one, two = (event.decision_id for event in events[:2])
        assert [(event.action, event.person, event.value) for event in events[2:]] == [
            (Action.WITHDRAW, "李强", two),
            (Action.WITHDRAW, "李强", one),
        ]
        assert store.corrections(name) == {}
        assert len(store.files_of(before.message_id, name)) == 2  # nothing is deleted
    assert [reasons(settings, f"{name}~{n}")[0] for n in (2, 3)] == ["第一次更正", "错投的更正"]
    with pytest.raises(UsageError, match="no such correction") as refused:
        withdraw_correction(name, settings, run_id="r", person="李强", now=NOW)
    assert "已撤回" in (refused.value.zh or "")


def test_an_earlier_correction_is_withdrawn_by_its_entry(settings: Settings, tmp_path: Path) -> None:
    name = stored(settings).submission_id
    (word,) = sent(tmp_path, form_docx=another_form("更正的WORD版"))
    (pdf,) = sent(tmp_path, form_pdf=form_of("pdf"))
    for file in (word, pdf):
        rerun_submission(name, settings, run_id="r", person="王敏", now=NOW, corrected=[file])
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        which, _ = store.corrections(name)
    withdraw_correction(name, settings, run_id="r", person="王敏", now=NOW, which=which)
    assert reasons(settings, name)[0] != "更正的WORD版"
    with Store.open(settings.db, wait_seconds=1, read_only=True) as store:
        assert [[file.name for file in files] for files in store.corrections(name).values()] == [["form.pdf"]]
    with pytest.raises(UsageError, match="no such correction"):
        withdraw_correction(name, settings, run_id="r", person="王敏", now=NOW, which=which)


def test_the_command_withdraws_what_came_last(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = stored(settings).submission_id
    (word,) = sent(tmp_path, form_docx=another_form("错投的更正"))
    where = ["--db", str(settings.db)]
    assert main(["rerun", name, *where, "--file", str(word)]) == 0
    assert main(["rerun", name, *where, "--withdraw", "--file", str(word)]) == 2
    assert main(["rerun", name, *where, "--withdraw"]) == 0
    assert reasons(settings, name)[0] != "错投的更正"
    assert main(["rerun", name, *where, "--withdraw"]) == 2
    assert "no such correction in force" in capsys.readouterr().err
