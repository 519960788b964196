"""The SCIM endpoint: what a source may do, and what it may not."""

import json

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.trust.application.scim import add_source, close_source
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.models import Account, AccountSource, AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USERS = "/scim/v2/Users"


class Source:
    """A program with a token."""

    def __init__(self, name: str = "人事系统") -> None:
        self.token = add_source(name=name, actor=PLATFORM, at=AT)
        self.code = factories.department().code

    def call(self, method: str, path: str = USERS, body: object = None) -> HttpResponseBase:
        return Client().generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/scim+json",
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def add(self, username: str = "novice", **more: object) -> HttpResponseBase:
        body = {"userName": username, "displayName": "王小明", ENTERPRISE: {"department": self.code}, **more}
        return self.call("POST", body=body)


def told(response: HttpResponseBase) -> dict[str, object]:
    found: dict[str, object] = json.loads(response.content)  # type: ignore[attr-defined]
    return found


class TestSources:
    def test_nobody_without_a_token_sees_anything(self) -> None:
        assert Client().get(USERS).status_code == 401
        assert Client().get(USERS, headers={"Authorization": "Bearer guessed"}).status_code == 401

    def test_a_closed_source_has_lost_its_token(self) -> None:
        source = Source()
        close_source(source_id=AccountSource.objects.get().id, actor=PLATFORM, at=AT)

        assert source.call("GET").status_code == 401

    def test_a_source_sees_and_touches_its_own_accounts_only(self) -> None:
        one, other = Source(), Source("另一个")
        mine = told(one.add())["id"]
        by_hand = factories.account(Role.DATA_OFFICER)

        assert told(other.call("GET"))["totalResults"] == 0
        assert other.call("DELETE", f"{USERS}/{mine}").status_code == 404
        assert one.call("PATCH", f"{USERS}/{by_hand.id}", {"Operations": []}).status_code == 404
        assert one.add(by_hand.username).status_code == 409
        assert Account.objects.get(pk=by_hand.pk).is_active

    def test_a_source_gives_no_roles_and_acts_under_its_name(self) -> None:
        source = Source()

        made = source.add(roles=[{"value": "security_admin"}], entitlements=[{"value": "x"}])

        account = Account.objects.get(username="novice")
        assert made.status_code == 201
        assert not account.role_assignments.exists()
        assert (
            AuditEvent.objects.filter(name="trust.account.added.v1").latest("id").actor_name
            == "scim: 人事系统"
        )

    def test_removing_ends_the_account_and_keeps_it_for_the_audit(self) -> None:
        source = Source()
        place = f"{USERS}/{told(source.add())['id']}"

        assert source.call("DELETE", place).status_code == 204
        assert source.call("GET", place).status_code == 404
        assert not Account.objects.get(username="novice").is_active

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            ([], "invalidSyntax"),
            ({"userName": "novice"}, "invalidValue"),
            (
                {"userName": "novice", "displayName": "王", ENTERPRISE: {"department": "nowhere"}},
                "invalidValue",
            ),
            (
                {"userName": "novice", "displayName": "王", ENTERPRISE: {"department": "x"}, "active": "?"},
                "invalidValue",
            ),
        ],
    )
    def test_what_is_wrong_is_said_as_the_standard_has_it(self, body: object, kind: str) -> None:
        answer = Source().call("POST", body=body)

        assert answer.status_code == 400
        assert told(answer)["scimType"] == kind

    def test_names_do_not_change_and_unknown_filters_are_refused(self) -> None:
        source = Source()
        place = f"{USERS}/{told(source.add())['id']}"
        rename = {"Operations": [{"op": "replace", "path": "userName", "value": "other"}]}

        assert told(source.call("PATCH", place, rename))["scimType"] == "mutability"
        assert told(source.call("GET", USERS + "?filter=displayName%20pr"))["scimType"] == "invalidFilter"
        assert told(source.call("GET", USERS + "?filter=userName%20eq%20%22NOVICE%22"))["totalResults"] == 1

    def test_patches_without_a_path_and_by_the_extension_are_understood(self) -> None:
        source, other = Source(), factories.department()
        place = f"{USERS}/{told(source.add())['id']}"
        change = {
            "Operations": [
                {"op": "Replace", "value": {"active": "False", ENTERPRISE: {"department": other.code}}}
            ]
        }

        answer = told(source.call("PATCH", place, change))

        assert answer["active"] is False
        assert answer[ENTERPRISE] == {"department": other.code}

    def test_only_the_security_administrator_admits_sources(self) -> None:
        with pytest.raises(NotYourDuty):
            add_source(name="x", actor=factories.actor(Role.SYSTEM_ADMIN), at=timezone.now())
