"""Digital PDF to cells against bare `pdfplumber.extract_tables` on the same pages, run A B A B."""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import pdfplumber

from extractors.mail.mailbox import open_mailbox
from extractors.mail.messages import read_message
from extractors.pdf.document import pdf_pieces
from reference.model import FileKind
from reference.settings import Limits

BAR = 1.3
"""No slower than so many times the bare library."""
ROUNDS = 5


def digital_pdfs(export: Path) -> list[bytes]:
    """The PDFs of a mailbox export that have a text layer on every page."""
    limits = Limits()
    out: dict[str, bytes] = {}
    with open_mailbox(export, limits) as mailbox:
        for source in mailbox.sources:
            message = read_message(source.read(), source.source, limits, exported_at=source.exported_at)
            for file in message.attachments:
                if file.kind is FileKind.PDF:
                    read = pdf_pieces(file.data, file.file_id, file.name, limits)
                    if read.pages and not read.unread_pages and not read.findings:
                        out[file.file_id] = file.data
    return list(out.values())


def measure(pdfs: Sequence[bytes], rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds a page of both ways, and the median of the paired rounds' ratios."""
    limits = Limits()

    def ours(data: bytes) -> int:
        return pdf_pieces(data, "", None, limits).pages

    def bare(data: bytes) -> int:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages:
                page.extract_tables()
            return len(pdf.pages)

    pages = sum(map(bare, pdfs))
    pairs = [(_seconds(ours, pdfs), _seconds(bare, pdfs)) for _ in range(rounds)]
    return {
        "pages": pages,
        "ours_ms_per_page": 1000 * median(one for one, _ in pairs) / pages,
        "bare_ms_per_page": 1000 * median(other for _, other in pairs) / pages,
        "ratio": median(one / other for one, other in pairs),
    }


def _seconds(read: Callable[[bytes], int], pdfs: Sequence[bytes]) -> float:
    start = time.perf_counter()
    for data in pdfs:
        read(data)
    return time.perf_counter() - start


def main() -> int:
    """Prints the ratio; 1 when it is above the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("export", type=Path, nargs="?", default=Path("samples/export"))
    result = measure(digital_pdfs(parser.parse_args().export))
    print(
        f"digital PDF page to cells: {result['ours_ms_per_page']:.1f} ms,"
        f" bare pdfplumber {result['bare_ms_per_page']:.1f} ms,"
        f" ratio {result['ratio']:.2f} (bar {BAR}), {result['pages']:.0f} pages"
    )
    return int(result["ratio"] > BAR)


if __name__ == "__main__":
    sys.exit(main())
