"""Known vulnerabilities of the lock's packages, from an export of OSV on disk: no network is asked."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


@dataclass(frozen=True, slots=True)
class Known:
    """A vulnerability that a pinned version has."""

    name: str
    version: str
    advisory: str
    also: tuple[str, ...]
    """Its other names, such as the CVE's."""
    summary: str
    fixed: tuple[str, ...]
    """Versions in which it is mended."""


def advisories(export: Path) -> Iterator[dict[str, Any]]:
    """The advisories of an export: a zip or a folder of JSON files in OSV's format.

    Raises:
        ValueError: it is neither, or holds none.
    """
    count = 0
    if export.is_dir():
        texts: Iterable[bytes] = (path.read_bytes() for path in sorted(export.rglob("*.json")))
    elif zipfile.is_zipfile(export):
        texts = _members(export)
    else:
        raise ValueError(f"{export} is neither a zip nor a folder of OSV's JSON files")
    for text in texts:
        count += 1
        yield json.loads(text)
    if not count:
        raise ValueError(f"{export} holds no advisory: nothing was looked at")


def _members(export: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(export) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield archive.read(name)


def known(pins: Iterable[tuple[str, str]], told: Iterable[Mapping[str, Any]]) -> list[Known]:
    """What the advisories tell of the pinned versions."""
    versions = {canonicalize_name(name): version for name, version in pins}
    found = []
    for advisory in told:
        if advisory.get("withdrawn"):
            continue
        for affected in advisory.get("affected", ()):
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") != "PyPI" or name not in versions:
                continue
            if _has(versions[name], affected):
                found.append(_told(name, versions[name], advisory, affected))
    return sorted(set(found), key=lambda one: (one.name, one.advisory))


def _told(name: str, version: str, advisory: Mapping[str, Any], affected: Mapping[str, Any]) -> Known:
    events = [event for span in affected.get("ranges", ()) for event in span.get("events", ())]
    words = advisory.get("summary") or advisory.get("details", "").strip().split("\n")[0]
    fixed = tuple(event["fixed"] for event in events if "fixed" in event)
    return Known(name, version, advisory["id"], tuple(advisory.get("aliases", ())), words[:160], fixed)


def _has(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether a version is listed, or lies in a span: from an `introduced` up to a `fixed` or a last one."""
    return version in affected.get("versions", ()) or any(
        _lies_in(version, span.get("events", ()))
        for span in affected.get("ranges", ())
        if span.get("type") == "ECOSYSTEM"
    )


def _lies_in(version: str, events: Iterable[Mapping[str, str]]) -> bool:
    """Whether a version lies between events; an end that cannot be read is none, a beginning is the first."""
    here, inside = Version(version), False
    read = ((kind, _version(text)) for event in events for kind, text in event.items())
    timed = [(at or Version("0"), kind) for kind, at in read if at is not None or kind == "introduced"]
    for at, kind in sorted(timed, key=lambda one: (one[0], one[1] != "introduced")):
        if kind == "introduced" and here >= at:
            inside = True
        elif (kind == "fixed" and here >= at) or (kind == "last_affected" and here > at):
            inside = False
    return inside


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
