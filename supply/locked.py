"""The packages of `requirements.lock`: pin, digests, licence and what each needs, as installed here."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+?))?\s*\\?$")
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
UNKNOWN = "not stated"
SPDX = {
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Classifiers that say one licence, by their SPDX names; `BSD License` may be any of several."""


@dataclass(frozen=True, slots=True)
class Package:
    """A pin of the lock that this platform installs."""

    name: str
    version: str
    licence: str
    """As the package states it: an SPDX expression, else its classifiers, else its own words."""
    needs: tuple[str, ...]
    digests: tuple[str, ...]
    """Of every file that the lock admits for it."""
    product: bool
    """Whether the product needs it; else the tests alone do."""


def pins(lock: Path = ROOT / "requirements.lock") -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, version and digests of the pins that hold on this platform."""
    found: list[tuple[str, str, list[str]]] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if pin := _PIN.match(line):
            holds = pin[3] is None or Marker(pin[3]).evaluate()
            digests: list[str] = []
            if holds:
                found.append((canonicalize_name(pin[1]), pin[2], digests))
        elif digest := _DIGEST.search(line):
            digests.append(digest[1])
    return [(name, version, tuple(digests)) for name, version, digests in found]


def packages() -> list[Package]:
    """The lock's packages by name, with what is installed of each.

    Raises:
        PackageNotFoundError: the environment is not the lock's; `make` sets it up.
    """
    listed = pins()
    needs = {name: _needs(metadata.requires(name) or ()) for name, _, _ in listed}
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    product: set[str] = set()
    reached = _needs(told["dependencies"])
    while reached:
        product |= reached
        reached = set().union(*(needs.get(name, set()) for name in reached)) - product
    return sorted(
        (
            Package(name, version, _licence(name), tuple(sorted(needs[name])), digests, name in product)
            for name, version, digests in listed
        ),
        key=lambda one: one.name,
    )


def _needs(required: list[str] | tuple[str, ...]) -> set[str]:
    wanted = [Requirement(one) for one in required]
    return {
        canonicalize_name(one.name) for one in wanted if not one.marker or one.marker.evaluate({"extra": ""})
    }


def _licence(name: str) -> str:
    told = metadata.metadata(name)
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [one.split(" :: ")[-1] for one in told.get_all("Classifier") or [] if one.startswith("License")]
    named = [SPDX.get(one, one) for one in classes if one != "OSI Approved"]
    words = told["License"].strip().split("\n")[0][:80] if "License" in told else ""
    return " OR ".join(named) or words or UNKNOWN
