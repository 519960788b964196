"""Sensitive acts ask again who sits there."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.assign_role import assign_role
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.domain.assurance import Step, fresh_level, is_assured, level_of
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account, SystemKey
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD
from zhengshu.contexts.trust.tests.signing import SECRET, code_now, rewind, sign_in
from zhengshu.foundation.http.rules import step_up
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import StepUpDue
from zhengshu.kernel.levels import Assurance

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
        assert asked.headers["Location"] == f"/identity/step-up/?next={place.replace('/', '%2F')}&level=1"
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
            "keys-rotate",
            "role-assign",
            "role-end",
            "policy",
            "party-add",
            "request-approve",
            "request-answer",
            "grant-revoke",
        } <= found

    def test_the_page_in_between_leads_nowhere_else(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        assert "evil" not in client.get("/identity/step-up/?next=https://evil.example/").headers["Location"]

    def test_a_stranger_is_sent_to_sign_in(self) -> None:
        assert "/accounts/login/" in Client().get("/identity/step-up/").headers["Location"]


class TestTheLevelOfAnAct:
    def test_without_a_second_factor_leads_to_where_it_is_set_up(self, official: Account) -> None:
        client = Client()
        client.force_login(official)

        two, key = (
            client.get(f"/identity/step-up/?next=/me/&level={level}", follow=True) for level in (2, 3)
        )

        assert two.redirect_chain[0][0] == key.redirect_chain[0][0] == reverse("mfa_index")
        assert "请先设置第二验证方式" in two.content.decode()
        assert "请先设置通行密钥" in key.content.decode()

    def test_of_two_factors_is_reached_by_the_second_one(self, official: Account) -> None:
        TOTP.activate(official, SECRET)
        client = Client()
        client.force_login(official)

        place = client.get("/identity/step-up/?next=/me/&level=2").headers["Location"]

        assert place == f"{reverse('mfa_reauthenticate')}?next=%2Fme%2F"

    def test_of_a_passkey_is_not_reached_by_a_code(self, official: Account) -> None:
        TOTP.activate(official, SECRET)
        client = Client()
        client.force_login(official)

        assert client.get("/identity/step-up/?next=/me/&level=3").headers["Location"] == reverse("mfa_index")
        Authenticator.objects.create(user=official, type=Authenticator.Type.WEBAUTHN, data={})
        place = client.get("/identity/step-up/?next=/me/&level=3").headers["Location"]
        assert place.startswith(reverse("mfa_reauthenticate_webauthn"))

    def test_a_program_is_told_which(self) -> None:
        due = StepUpDue(level=Assurance.TWO_FACTORS)
        request = RequestFactory().post("/api/casework/cases/")

        told = json.loads(step_up(request, due).content)

        assert (told["code"], told["status"], told["level"]) == ("access.step-up-due", 403, "two_factors")

    def test_counts_only_what_was_shown_lately(self) -> None:
        at = timezone.now()
        steps = [
            Step(method="webauthn", at=at - timedelta(hours=1)),
            Step(method="totp", at=at - timedelta(minutes=1)),
        ]

        def fresh(minutes: int) -> Assurance:
            within = timedelta(minutes=minutes)
            return fresh_level(steps=steps, started_at=at - timedelta(hours=1), within=within, at=at)

        assert fresh(15) is Assurance.TWO_FACTORS
        assert fresh(90) is Assurance.BOUND_KEY


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
