"""The checks of PyPI `scim2-tester` against our SCIM endpoint: every one that it has for what we keep."""

import pytest
from scim2_tester import Status, check_server

from tests.peers.scim_client import client
from zhengshu.contexts.trust.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

LEAST_CHECKS = 30
"""What the tester knows to ask of one resource with an extension; fewer would mean that it could not begin."""


def test_finds_nothing_wrong() -> None:
    factories.department()

    results = check_server(client())

    wrong = [
        f"{one.title}: {one.reason}"
        for one in results
        if one.status not in {Status.SUCCESS, Status.SKIPPED, Status.ACCEPTABLE}
    ]
    assert wrong == []
    assert sum(one.status == Status.SUCCESS for one in results) >= LEAST_CHECKS
