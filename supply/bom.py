"""The software bill of materials, CycloneDX 1.6 as JSON. The door to cyclonedx-python-lib."""

from __future__ import annotations

from collections.abc import Sequence

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from supply.locked import UNKNOWN, Package


def bill(packages: Sequence[Package], version: str) -> str:
    """The bill of the product of a version: each package with licence, digests, and what it needs."""
    bom, licences = Bom(), LicenseFactory()
    whole = Component(
        name="zhengji",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="zhengji",
        licenses=[licences.make_from_string("MIT")],
    )
    bom.metadata.component = whole
    made = {one.name: _component(one, licences) for one in packages}
    for one in packages:
        bom.components.add(made[one.name])
        bom.register_dependency(made[one.name], [made[name] for name in one.needs if name in made])
    needed = {name for one in packages for name in one.needs}
    bom.register_dependency(whole, [made[one.name] for one in packages if one.name not in needed])
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


def _component(one: Package, licences: LicenseFactory) -> Component:
    purl = PackageURL("pypi", name=one.name, version=one.version)
    stated = [] if one.licence == UNKNOWN else [licences.make_from_string(one.licence)]
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{one.name}/{one.version}/#files"),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in one.digests],
        comment="the files that requirements.lock admits",
    )
    return Component(
        name=one.name,
        version=one.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        licenses=stated,
        scope=ComponentScope.REQUIRED if one.product else ComponentScope.EXCLUDED,
        external_references=[files],
    )
