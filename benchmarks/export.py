"""A mailbox export of any size for timing: the digital samples, sent again by other units at other times.

Each copy has a Message-ID, a subject and a time of receipt of its own, so that each is a new message; its
two files are a sample's, byte for byte.
"""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"


def digital_samples() -> list[Path]:
    """The samples whose Word file and PDF are both there, digital and whole."""
    truth = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))
    files = {message["id"]: message["file"] for message in truth["messages"]}
    return [
        SAMPLES / files[one["message"]]
        for one in truth["submissions"]
        if one["pdf"] in ("digital", "digital-seal") and one["word"] == "docx" and one["window"]
        if not any(expected["code"].startswith("file-") for expected in one["expected"])
    ]


def make_export(folder: Path, count: int) -> int:
    """Write `count` messages into the folder; gives the number of files attached to them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, path in zip(range(count), itertools.cycle(digital_samples()), strict=False):
        data = path.read_bytes()
        data = re.sub(rb"(?im)^Message-ID: <", b"Message-ID: <%05d." % number, data, count=1)
        day, second = 20 + number % 10, number // 10
        stamp = b"Mon, %02d Jun 2025 %02d:%02d:%02d +0800" % (
            day,
            8 + second // 3600,
            second // 60 % 60,
            second % 60,
        )
        data = re.sub(rb"[A-Z][a-z]{2}, \d+ Jun 2025 \d\d:\d\d:\d\d [+-]\d{4}", stamp, data, count=1)
        (folder / f"{number:05d}.eml").write_bytes(data)
    return 2 * count
