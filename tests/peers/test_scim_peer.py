"""A foreign SCIM client (PyPI `scim2-client`) keeps officials' accounts here, a foreign tester finds nothing wrong.

Importing their libraries costs many seconds: whoever only collects the tests, as each process of a run does, does not.
"""

import pytest
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.trust.models import Account
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import PASSWORD
from zhengshu.contexts.trust.tests.signing import is_in, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

LEAST_CHECKS = 30
"""What `scim2-tester` knows to ask of one resource with an extension; fewer would mean that it could not begin."""


class TestForeignClient:
    def test_opens_finds_moves_and_closes_an_account(self) -> None:
        from scim2_models import Error, PatchOp, SearchRequest

        from tests.peers.scim_client import Person, client, person

        scim = client()
        first, second = factories.department(), factories.department()

        made = scim.create(person("novice", first.code))
        found = scim.query(Person, SearchRequest.model_validate({"filter": 'userName eq "novice"'}))
        assert not isinstance(made, Error | dict)
        assert not isinstance(found, Error | dict)
        account = Account.objects.get(username="novice")
        account.set_password(PASSWORD)
        account.must_change_password = False
        account.password_changed_at = timezone.now()
        account.save()
        visitor = Client()
        sign_in(visitor, "novice")
        was_in = is_in(visitor)
        moved = person("novice", second.code)
        moved.id = made.id
        scim.replace(moved)
        account.refresh_from_db()
        department_id = account.department_id
        change = {"Operations": [{"op": "replace", "path": "active", "value": False}]}
        scim.modify(Person, made.id, PatchOp[Person].model_validate(change))

        assert found.total_results == 1
        assert was_in
        assert department_id == second.id
        assert not is_in(visitor)
        account.refresh_from_db()
        assert not account.is_active


class TestForeignTester:
    def test_finds_nothing_wrong(self) -> None:
        from scim2_tester import Status, check_server

        from tests.peers.scim_client import client

        factories.department()

        results = check_server(client())

        wrong = [
            f"{one.title}: {one.reason}"
            for one in results
            if one.status not in {Status.SUCCESS, Status.SKIPPED, Status.ACCEPTABLE}
        ]
        assert wrong == []
        assert sum(one.status == Status.SUCCESS for one in results) >= LEAST_CHECKS
