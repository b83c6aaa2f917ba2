"""`python -m supply sbom [FILE] | licences | vulnerabilities EXPORT`: what is installed from the lock."""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

from supply.bom import bill
from supply.known import advisories, known
from supply.locked import ROOT, packages, pins

_STRONG = re.compile(r"\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
"""Licences that would bind the product if it took them; of `A OR B` the other may be chosen."""


def main(words: list[str]) -> int:
    """Do what is asked; 1 where vulnerabilities are known, 2 for wrong use."""
    match words:
        case ["sbom", *rest] if len(rest) < 2:
            told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
            text = bill(packages(), told["version"])
            if rest:
                Path(rest[0]).write_text(text + "\n", encoding="utf-8")
            else:
                print(text)
            return 0
        case ["licences"]:
            return _licences()
        case ["vulnerabilities", export]:
            return _vulnerabilities(Path(export))
    print(__doc__, file=sys.stderr)
    return 2


def _licences() -> int:
    listed = packages()
    for one in listed:
        mark = "" if not _STRONG.search(one.licence) else "  <- GPL among them"
        print(f"{one.name:28} {one.version:16} {'product' if one.product else 'tests':8} {one.licence}{mark}")
    counts = Counter(one.licence for one in listed)
    print(f"\n{len(listed)} packages: " + ", ".join(f"{n} {name}" for name, n in counts.most_common()))
    return 0


def _vulnerabilities(export: Path) -> int:
    locked = [(name, version) for name, version, _ in pins()]
    try:
        found = known(locked, advisories(export))
    except (OSError, ValueError) as error:
        print(f"{error}. Fetch an export of OSV as docs/supply.md says.", file=sys.stderr)
        return 2
    for one in found:
        names = ", ".join((one.advisory, *one.also))
        mended = f" (mended in {', '.join(one.fixed)})" if one.fixed else ""
        print(f"{one.name} {one.version}: {names}: {one.summary}{mended}")
    print(f"{len(locked)} packages, {len(found)} known vulnerabilities")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
