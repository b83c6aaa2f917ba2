"""How the tests themselves are run: nothing is built twice that a group shares."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("suite")
def test_groups_stay_together(request: pytest.FixtureRequest) -> None:
    """xdist tells a group by the end of an id; with a pytest whose ids it cannot write it groups nothing."""
    by_group = request.config.getoption("loadgroup", False)
    assert request.node.nodeid.endswith("@suite") == by_group
