"""A foreign SCIM client (PyPI `scim2-client`) keeps officials' accounts here."""

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.utils import timezone
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import EnterpriseUser, Error, PatchOp, SearchRequest, User

from zhengshu.contexts.trust.application.scim import add_source
from zhengshu.contexts.trust.models import Account
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import PASSWORD, PLATFORM
from zhengshu.contexts.trust.tests.signing import is_in, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

Person = User[EnterpriseUser]


def client() -> WSGISCIMClient:
    token = add_source(name="人事系统", actor=PLATFORM, at=timezone.now())
    made = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://localhost/scim/v2",
        headers={"Authorization": f"Bearer {token}"},
    )
    made.discover(schemas=True, resource_types=True, service_provider_config=True)
    return made


def person(username: str, code: str) -> Person:
    made = Person(user_name=username, display_name="王小明", active=True)
    made[EnterpriseUser] = EnterpriseUser(department=code)
    return made


class TestForeignClient:
    def test_opens_finds_moves_and_closes_an_account(self) -> None:
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
