"""Sensitive acts ask again who sits there."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.assign_role import assign_role
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.domain.assurance import Assurance, Step, is_assured, level_of
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account, SystemKey
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD
from zhengshu.contexts.trust.tests.signing import SECRET, code_now, rewind, sign_in
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import StepUpDue

pytestmark = pytest.mark.django_db

KEY = {"algorithm": "hmac-sm3", "public_key": "", "overlap_hours": "0"}


def aged(client: Client, minutes: int) -> None:
    """Let the sign-in be older than it is, and the session still in use."""
    rewind(client, trust_started_at=timedelta(minutes=minutes))
    session = client.session
    for record in session.get("account_authentication_methods", []):
        record["at"] -= minutes * 60
    session.save()


class TestSensitiveActs:
    def test_an_old_sign_in_is_asked_for_the_password_again_and_then_issues_the_key(
        self, official: Account
    ) -> None:
        system = factories.system(department_id=official.department_id)
        place = reverse("trust:key-issue", args=[system.id])
        client = Client()
        sign_in(client, official.username)
        young = client.get(place).status_code
        aged(client, 20)

        asked = client.post(place, KEY, headers={"Referer": f"http://testserver{place}"})
        issued_before = SystemKey.objects.filter(system=system.id).count()
        to_password = client.get(asked.headers["Location"])
        shown = client.post(to_password.headers["Location"], {"password": PASSWORD})
        client.post(place, KEY)

        assert young == 200
        assert asked.headers["Location"] == f"/identity/step-up/?next={place.replace('/', '%2F')}"
        assert issued_before == 0
        assert "/accounts/reauthenticate/" in to_password.headers["Location"]
        assert shown.headers["Location"] == place
        assert SystemKey.objects.filter(system=system.id).count() == 1

    def test_whoever_has_a_second_factor_shows_that_one(self, official: Account) -> None:
        TOTP.activate(official, SECRET)
        system = factories.system(department_id=official.department_id)
        place = reverse("trust:key-issue", args=[system.id])
        client = Client()
        client.force_login(official)

        asked = client.get(client.get(place).headers["Location"])
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        by_password = client.get(place).status_code
        client.post(asked.headers["Location"], {"code": code_now()})

        assert "/accounts/2fa/reauthenticate/" in asked.headers["Location"]
        assert by_password == 302
        assert client.get(place).status_code == 200

    def test_the_use_case_demands_it_whatever_page_calls_it(self) -> None:
        admin = factories.actor(Role.SECURITY_ADMIN)
        tired = Actor(id=admin.id, name=admin.name, roles=admin.roles, is_assured=False)

        with pytest.raises(StepUpDue):
            change_policy(values=PolicyValues(idle_minutes=20), actor=tired, at=AT)
        with pytest.raises(StepUpDue):
            assign_role(account_id=factories.account().id, role=Role.DATA_OFFICER, actor=tired, at=AT)

    def test_the_declared_routes_are_those_of_the_law_of_the_house(self) -> None:
        from django.urls import get_resolver

        found = {
            str(pattern.name)
            for resolver in get_resolver().url_patterns
            for pattern in getattr(resolver, "url_patterns", [])
            if getattr(getattr(pattern, "callback", None), "is_sensitive", False)
        }

        assert {
            "key-issue",
            "role-assign",
            "policy",
            "party-add",
            "request-approve",
            "request-answer",
        } <= found

    def test_the_page_in_between_leads_nowhere_else(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        assert "evil" not in client.get("/identity/step-up/?next=https://evil.example/").headers["Location"]

    def test_a_stranger_is_sent_to_sign_in(self) -> None:
        assert "/accounts/login/" in Client().get("/identity/step-up/").headers["Location"]


class TestLevels:
    def test_add_up(self) -> None:
        at = timezone.now()
        password, code, key = (Step(method=name, at=at) for name in ("password", "totp", "webauthn"))
        province = Step(method="provider", at=at, level=Assurance.TWO_FACTORS)

        assert level_of([password]) is Assurance.ONE_FACTOR
        assert level_of([password, code]) is Assurance.TWO_FACTORS
        assert level_of([province]) is Assurance.TWO_FACTORS
        assert level_of([password, key]) is Assurance.BOUND_KEY

    def test_a_fresh_password_does_not_stand_in_for_the_second_factor(self) -> None:
        at = timezone.now()
        steps = [Step(method="totp", at=at - timedelta(hours=1)), Step(method="password", at=at)]

        def assured(*, needs_second: bool) -> bool:
            quarter = timedelta(minutes=15)
            return is_assured(steps=steps, started_at=at, needs_second=needs_second, within=quarter, at=at)

        assert assured(needs_second=False)
        assert not assured(needs_second=True)
