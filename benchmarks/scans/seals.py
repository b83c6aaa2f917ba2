"""`python -m benchmarks.scans.seals [pages]`: seals found and read, and red ink that is none."""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from rapidfuzz import fuzz, process

from benchmarks.scans.conditions import CONDITIONS, degraded
from benchmarks.scans.printed import forms
from benchmarks.scans.stamps import DECORATIONS, decorated, stamped
from extractors.pdf.form import SEAL_DPI, read_pdf
from extractors.picture.raster import pictures
from extractors.seal.find import find_seals
from reference.settings import Limits
from reference.tables.load import load_tables
from reference.text import fold

DATA = Path(__file__).parents[2] / "reference" / "data"
PLACES = ("beside", "over", "edge")


def main() -> int:
    """Print how many seals were found and read by place and condition, and how many were seen falsely."""
    count = next((int(word) for word in sys.argv[1:] if word.isdigit()), 200)
    tables = load_tables(DATA)
    pages = [(form.unit, page) for form in forms(12, 3, tables) for page in form.pages]
    seen, found, read, near, false = (
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
        Counter[str](),
    )
    colour = [how for how in CONDITIONS if how.mode == "RGB"]
    for number in range(count):
        chance = random.Random(f"seal/{number}")
        how, place = replace(chance.choice(colour), turn=chance.random() < 0.2), PLACES[number % 3]
        _, page = chance.choice(pages)
        unit = chance.choice(tables.units).name
        stamp = stamped(page, unit, chance, place)
        if chance.random() < 0.25:
            stamp = decorated(stamp, chance.choice(("letterhead", "logo")), chance)
        data = degraded(stamp, how, chance)
        seals = [seal for picture in pictures(data, (1,), SEAL_DPI) for seal in find_seals(picture)]
        key = place + (", turned" if how.turn else "")
        seen[key] += 1
        found[key] += len(seals) == 1
        if len(seals) != 1 and "--wrong" in sys.argv:
            print("found", len(seals), how.name, key)
        texts = [name for seal in read_pdf(data, "f", "scan.pdf", Limits()).seals for name in seal.names]
        best = process.extractOne(unit, texts, scorer=fuzz.ratio, processor=fold)
        score = best[1] if best else 0.0
        read[key] += score == 100
        near[key] += score >= 75
        if "--wrong" in sys.argv and score < 100:
            print("   ", how.name, key, unit, texts)
        kind = DECORATIONS[number % len(DECORATIONS)]
        data = degraded(decorated(page, kind, chance), how, chance)
        false[kind] += sum(len(find_seals(picture)) for picture in pictures(data, (1,), SEAL_DPI))
    for key, of in [*sorted(seen.items()), ("all", seen.total())]:
        part = [(count.total() if key == "all" else count[key]) / of for count in (found, read, near)]
        print(
            f"{key:16} {of:4}  found {part[0]:7.2%}  name exact {part[1]:7.2%}  three quarters {part[2]:7.2%}"
        )
    print(f"red ink that is no seal: {false.total()} of {count} taken for one", dict(false))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
