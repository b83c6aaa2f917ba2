"""`python -m benchmarks.scans [forms] [--wrong] [--only WORDS]`: scans read back, condition by condition."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.scans.conditions import CONDITIONS, Condition, degraded
from benchmarks.scans.printed import Printed, catalogue_form, forms
from benchmarks.scans.stamps import stamped
from extractors.pdf.form import read_pdf
from reference.model import Cell, Field, FileReading, Form, FormRow, Place
from reference.settings import Limits
from reference.tables.load import ReferenceTables, load_tables
from reference.text import fold
from validators.facts import witnesses
from validators.matching.resolve import resolve
from validators.rules.pdf_against_word import versus

DATA = Path(__file__).parents[2] / "reference" / "data"
ALONE = """
import re
import sys
from pathlib import Path
from extractors.pdf.form import read_pdf
from reference.settings import Limits
read_pdf(Path(sys.argv[1]).read_bytes(), "f", "scan.pdf", Limits())
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""
"""What a process of its own does and how many kilobytes it took; drawing forms takes more than reading."""
ALTERED = 0.08
"""Share of the Word file's cells that are made to differ."""


@dataclass
class Score:
    """What one condition gave."""

    cells: int = 0
    exact: int = 0
    codes: int = 0
    codes_exact: int = 0
    altered: int = 0
    found: int = 0
    same: int = 0
    false: int = 0
    asked: int = 0
    pages: int = 0
    seconds: float = 0.0
    seals: int = 0
    seals_seen: int = 0
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Print a line for each condition."""
    arguments = sys.argv[1:]
    count = next((int(word) for word in arguments if word.isdigit()), 12)
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    tables = load_tables(DATA)
    printed = list(forms(count, 1, tables))
    _read(degraded(printed[0].pages[0], CONDITIONS[0], random.Random(0)))  # the models load once
    print(f"{'condition':30} cells    exact   bar    codes  PDF/Word found  false  asked   seal    s/page")
    for how in CONDITIONS:
        if only not in how.name:
            continue
        score = measured(printed, how, tables)
        print(line(how, score))
        if "--wrong" in arguments:
            print(*(f"    {wrong}" for wrong in score.wrong[:14]), sep="\n")
    annex = Score()
    _annex_2(annex, tables)
    print(
        f"Annex 2, {annex.pages} pages at 200 dpi, askew, noisy: {annex.exact} of {annex.cells} cells exact"
    )
    print(*(f"    {wrong}" for wrong in annex.wrong), sep="\n")
    print(f"most memory of a process that reads ten pages at 400 dpi: {_memory(printed):.2f} GB")
    return 0


def _memory(printed: Sequence[Printed]) -> float:
    """Gigabytes that a process of its own takes to read ten pages at the highest resolution."""
    how = max(CONDITIONS, key=lambda one: one.dpi)
    pages = [page for form in printed for page in form.pages][:10]
    data = _bound([degraded(page, how, random.Random(number)) for number, page in enumerate(pages)])
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        told = subprocess.run(
            [sys.executable, "-c", ALONE, file.name], check=True, capture_output=True, text=True
        )
    return int(told.stdout) / 1e6


def line(how: Condition, s: Score) -> str:
    """A condition's figures."""
    return (
        f"{how.name:30} {s.cells:5}  {s.exact / s.cells:7.2%} {how.bar:6.1%} {s.codes_exact / s.codes:7.2%}"
        f"  {s.found:4}/{s.altered:<4} {s.found / max(s.altered, 1):7.2%} {s.false / max(s.same, 1):6.2%}"
        f" {s.asked / s.cells:6.2%}"
        f"  {s.seals_seen}/{s.seals}  {s.seconds / s.pages:6.2f}"
    )


def measured(printed: Sequence[Printed], how: Condition, tables: ReferenceTables) -> Score:
    """All the forms under one condition."""
    score = Score()
    for number, form in enumerate(printed):
        chance = random.Random(f"{how.name}/{number}")
        pages = list(form.pages)
        if how.seal:
            pages[-1] = stamped(pages[-1], form.unit, chance, how.seal)
            score.seals += 1
        data = _bound([degraded(page, how, chance) for page in pages])
        began = time.perf_counter()
        reading = _read(data)
        score.seconds += time.perf_counter() - began
        score.pages += len(pages)
        score.seals_seen += bool(how.seal) and reading.seal == "present"
        _cells(form, reading, score, number)
        _codes(form, reading, score, tables)
        _versus(form, reading, score, tables, chance)
    return score


def _annex_2(score: Score, tables: ReferenceTables) -> None:
    """The notice's own table, printed, scanned and read back."""
    form, how = catalogue_form(tables), CONDITIONS[2]
    chance = random.Random("annex 2")
    reading = _read(_bound([degraded(page, how, chance) for page in form.pages]))
    score.pages = len(form.pages)
    _cells(form, reading, score, 0)


def _read(data: bytes) -> FileReading:
    return read_pdf(data, "f", "scan.pdf", Limits())


def _bound(pages: Sequence[bytes]) -> bytes:
    """Pages of one page each as one PDF."""
    if len(pages) == 1:
        return pages[0]
    import io

    import pypdfium2

    bound = pypdfium2.PdfDocument.new()
    for page in pages:
        bound.import_pages(pypdfium2.PdfDocument(page))
    buffer = io.BytesIO()
    bound.save(buffer)
    return buffer.getvalue()


def _plain(text: str | None) -> str:
    return fold(text or "")


def _rows(reading: FileReading) -> dict[str, FormRow]:
    """Rows by their number as printed, or their place."""
    rows = reading.form.rows if reading.form else ()
    return {row.text(Field.PRIORITY) or str(row.row_no): row for row in rows}


def _cells(form: Printed, reading: FileReading, score: Score, number: int) -> None:
    rows = _rows(reading)
    for cells in form.rows:
        row = rows.get(cells[Field.PRIORITY])
        for column, text in cells.items():
            got = row.text(column) if row else None
            score.cells += 1
            if row is not None and _plain(got) == _plain(text):
                score.exact += 1
            elif row is not None or column is Field.CODE:
                score.wrong.append(f"{number} {cells[Field.PRIORITY]} {column.value}: {text} -> {got}")


def _codes(form: Printed, reading: FileReading, score: Score, tables: ReferenceTables) -> None:
    rows = _rows(reading)
    for cells in form.rows:
        score.codes += 1
        row = rows.get(cells[Field.PRIORITY])
        if row is None:
            continue
        found = resolve(witnesses(lambda name, row=row: row.text(Field(name))), tables)
        score.codes_exact += found.occupation is not None and found.occupation.code == cells[Field.CODE]


def _versus(
    form: Printed, reading: FileReading, score: Score, tables: ReferenceTables, chance: random.Random
) -> None:
    """The Word file with some cells altered, held against the scan."""
    if reading.form is None:
        return
    altered: set[tuple[int, Field]] = set()
    rows = []
    for number, cells in enumerate(form.rows, 1):
        typed = {}
        for column, text in cells.items():
            other = _altered(column, text, tables, chance) if chance.random() < ALTERED else text
            if other != text:
                altered.add((number, column))
            typed[column] = Cell(text=other, place=Place(file_id="w"))
        rows.append(FormRow(row_no=number, cells=typed))
    word = Form(
        file_id="w",
        source="word",
        columns=tuple(Field),
        rows=tuple(rows),
        unit=None,
        contact=None,
        phone=None,
        form_date=None,
    )
    alike = tables.lookalikes
    told = list(versus(word, reading.form, reading, lambda a, b: (a, b) in alike))
    unsure = {(one.row_no, one.field) for one in told if one.code == "ocr-unsure"}
    found = {(one.row_no, one.field) for one in told} - unsure
    score.altered += len(altered)
    score.found += len(altered & (found | unsure))
    score.asked += len(unsure)
    score.same += 10 * len(rows) - len(altered)
    score.false += len(found - altered)
    for number, column in sorted(altered - found - unsure):
        score.wrong.append(f"difference missed: row {number} {column} {rows[number - 1].text(column)}")
    for number, column in sorted(found - altered, key=str):
        score.wrong.append(f"difference false: row {number} {column}")


def _altered(column: Field, text: str, tables: ReferenceTables, chance: random.Random) -> str:
    """Another value of the same kind, or one character changed, as a late correction in one file makes it."""
    if column is Field.PRIORITY:
        return text
    if column is Field.DEMAND:
        return str(int(text) + chance.choice((1, 10, 100, 300)))
    if column is Field.STANDARD_VERSION:
        return f"{chance.randint(2015, 2025)}年版"
    if column is Field.SHORTAGE_FLAG:
        return "否" if text == "是" else "是"
    if column is Field.INDUSTRIES:
        return chance.choice(tables.industries).label
    if column is Field.CODE and chance.random() < 0.5:
        return text[:-1] + str((int(text[-1]) + chance.randint(1, 9)) % 10)
    if column is Field.REASON or (text and chance.random() < 0.3):
        at = chance.randrange(len(text))
        return text[:at] + chance.choice(("新", "经研究", "第二", "高")) + text[at + chance.randint(0, 1) :]
    other = chance.choice(tables.occupations)
    return other.code if column is Field.CODE else other.name


if __name__ == "__main__":
    raise SystemExit(main())
