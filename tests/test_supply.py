"""What is installed: pinned with digests, listed with licences, held against what is known, offline."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from supply.__main__ import main
from supply.known import known
from supply.locked import ROOT, packages, pins

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_every_pin_has_its_digests() -> None:
    listed = pins()
    assert len(listed) > 100
    assert all(digests for _, _, digests in listed)
    assert not re.findall(r"^[^\s#-].*(?<!\\)$", LOCK, re.M)  # nothing stands there without one


def test_what_is_at_0_0_x_is_pinned_exactly() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [*told["dependencies"], *told["optional-dependencies"]["dev"]]
    early = {name: version for name, version, _ in pins() if version.startswith("0.0.")}
    assert "python-oxmsg" in early
    for one in direct:
        name = re.split(r"[=<>~! ]", one)[0]
        if name in early:
            assert one == f"{name}=={early[name]}"


def test_nothing_of_the_product_is_under_the_gpl_alone() -> None:
    bound = [one for one in packages() if one.product and re.search(r"\bA?GPL|General Public", one.licence)]
    assert [one.name for one in bound] == ["text-unidecode"]
    assert bound[0].licence.startswith("Artistic License OR ")


def test_the_bill_lists_every_package_with_its_licence(tmp_path: Path) -> None:
    path = tmp_path / "sbom.json"
    assert main(["sbom", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert not JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    bill = json.loads(text)
    assert {(one["name"], one["version"]) for one in bill["components"]} == {
        (name, version) for name, version, _ in pins()
    }
    (prefect,) = [one for one in bill["components"] if one["name"] == "prefect"]
    assert prefect["licenses"] == [{"license": {"id": "Apache-2.0"}}]
    assert (prefect["scope"], prefect["purl"].split("@")[0]) == ("required", "pkg:pypi/prefect")
    hashes = prefect["externalReferences"][0]["hashes"]
    assert all(one["content"] in LOCK for one in hashes)
    needs = {one["ref"].split("@")[0]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(one.startswith("pkg:pypi/olefile@") for one in needs["pkg:pypi/python-oxmsg"])


def span(*events: dict[str, str]) -> dict[str, Any]:
    return {"ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}


FROM_START = {"introduced": "0"}


@pytest.mark.parametrize(
    ("version", "affected", "has"),
    [
        ("1.10", span(FROM_START, {"fixed": "1.9"}), False),
        ("1.8", span(FROM_START, {"fixed": "1.9"}), True),
        ("1.9rc1", span(FROM_START, {"fixed": "1.9"}), True),
        ("1.9", span({"introduced": "1.2"}, {"last_affected": "1.9"}), True),
        ("1.9.1", span({"introduced": "1.2"}, {"last_affected": "1.9"}), False),
        ("1.1", span({"introduced": "1.2"}), False),
        ("3.5", span({"introduced": "3"}, {"fixed": "3.6"}, FROM_START, {"fixed": "2.1"}), True),
        ("2.5", span({"introduced": "3"}, {"fixed": "3.6"}, FROM_START, {"fixed": "2.1"}), False),
        ("1.0", span({"introduced": "r12"}, {"fixed": "r13"}), True),
        ("1.0", {"versions": ["0.9", "1.0"]}, True),
        ("1.1", {"versions": ["0.9", "1.0"]}, False),
        ("1.1", {"ranges": [{"type": "GIT", "events": [FROM_START]}]}, False),
    ],
)
def test_an_advisory_s_versions(version: str, affected: dict[str, Any], has: bool) -> None:
    told = {"id": "X", "affected": [{"package": {"ecosystem": "PyPI", "name": "Some_Package"}, **affected}]}
    assert bool(known([("some-package", version)], [told])) is has
    assert not known([("some-package", version)], [{**told, "withdrawn": "2026-01-01T00:00:00Z"}])
    other = {"id": "X", "affected": [{"package": {"ecosystem": "npm", "name": "some-package"}, **affected}]}
    assert not known([("some-package", version)], [other])


def test_an_export_is_looked_through_offline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = {"package": {"ecosystem": "PyPI", "name": "python-oxmsg"}}
    told = {"id": "PYSEC-1", "aliases": ["CVE-1"], "summary": "bad", "affected": [package | span(FROM_START)]}
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as archive:
        archive.writestr("PYSEC-1.json", json.dumps(told))
    assert main(["vulnerabilities", str(export)]) == 1
    assert "python-oxmsg 0.0.2: PYSEC-1, CVE-1: bad" in capsys.readouterr().out
    with zipfile.ZipFile(export, "w") as archive:
        archive.writestr("PYSEC-1.json", json.dumps({**told, "affected": []}))
    assert main(["vulnerabilities", str(export)]) == 0
    for bad in (tmp_path / "none", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        assert main(["vulnerabilities", str(bad)]) == 2


def test_licences_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["licences"]) == 0
    assert main(["license"]) == 2
    assert re.search(r"^text-unidecode .* <- GPL among them$", capsys.readouterr().out, re.M)
