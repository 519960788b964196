"""The second factor, and who tries to go around it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal import auth
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.manage_account import (
    AdministratorProtected,
    remove_second_factors,
    reset_password,
)
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.interfaces.middleware import CLOSED_ROUTES
from zhengshu.contexts.trust.models import Account, AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD
from zhengshu.contexts.trust.tests.signing import LOGIN, SECRET, code_now, fresh, is_in, sign_in
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestSecondFactor:
    def test_an_administrator_without_one_has_to_set_it_up(self) -> None:
        admin = fresh(factories.account(Role.SECURITY_ADMIN))
        client = Client()
        sign_in(client, admin.username)

        assert client.get(reverse("trust:policy")).headers["Location"] == "/accounts/2fa/"

    def test_the_code_is_asked_for_and_opens_the_door(self) -> None:
        admin = fresh(factories.account(Role.SECURITY_ADMIN))
        TOTP.activate(admin, SECRET)
        client = Client()

        assert sign_in(client, admin.username) == "/accounts/2fa/authenticate/"
        assert not is_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code_now()})

        assert client.get(reverse("trust:policy")).status_code == 200
        row = AuditEvent.objects.get(name="trust.session.started.v1", actor_id=admin.id)
        assert row.data == {"second_factor": "totp"}

    def test_a_security_key_is_offered_to_those_who_have_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        admin = fresh(factories.account(Role.SECURITY_ADMIN))
        TOTP.activate(admin, SECRET)
        client = Client()
        sign_in(client, admin.username)

        without = client.get("/accounts/2fa/authenticate/").content.decode()
        has_key = {"publicKey": {"challenge": "AA", "allowCredentials": [{"type": "public-key", "id": "AA"}]}}
        monkeypatch.setattr(auth, "begin_authentication", lambda _user: has_key)
        with_one = client.get("/accounts/2fa/authenticate/").content.decode()

        assert "安全密钥" not in without
        assert 'name="code"' in without
        assert "安全密钥" in with_one

    def test_codes_are_not_guessed(self) -> None:
        admin = fresh(factories.account(Role.SECURITY_ADMIN))
        TOTP.activate(admin, SECRET)
        client = Client()

        for _ in range(5):
            sign_in(client, admin.username)
            client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        sign_in(client, admin.username)
        client.post("/accounts/2fa/authenticate/", {"code": code_now()})

        assert not is_in(client)
        assert AuditEvent.objects.filter(name="trust.account.locked.v1", subject_id=str(admin.id)).exists()

    def test_secrets_lie_sealed_in_the_database(self, official: Account) -> None:
        TOTP.activate(official, SECRET)
        RecoveryCodes.activate(official)

        kept = str(list(Authenticator.objects.filter(user=official).values_list("data", flat=True)))
        assert SECRET not in kept
        assert TOTP(Authenticator.objects.get(user=official, type="totp")).validate_code(code_now())

    def test_who_lost_it_gets_it_removed_by_the_security_administrator(self, official: Account) -> None:
        TOTP.activate(official, SECRET)

        remove_second_factors(
            account_id=official.id, actor=factories.actor(Role.SECURITY_ADMIN), at=timezone.now()
        )

        assert not Authenticator.objects.filter(user=official).exists()

    def test_who_signed_in_just_now_is_not_asked_for_the_password_again(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        for page in ("", "totp/activate/", "webauthn/add/"):
            assert client.get(f"/accounts/2fa/{page}").status_code == 200

    def test_the_page_for_passkeys_opens_after_the_password_was_given_again(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)
        session = client.session
        session["account_authentication_methods"][-1]["at"] -= 301
        session.save()

        asked = client.get("/accounts/2fa/webauthn/add/")
        assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
        page = client.get(asked.headers["Location"]).content.decode()
        assert "请联系管理员" in page
        assert "/accounts/password/reset/" not in page
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert "密钥名称" in client.get("/accounts/2fa/webauthn/add/").content.decode()
        options = client.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
        assert options.status_code in {200, 302}


class TestTakingAnothersPlace:
    def test_no_administrator_resets_the_password_of_another(self) -> None:
        target = factories.account(Role.AUDIT_ADMIN)

        with pytest.raises(AdministratorProtected):
            reset_password(account_id=target.id, actor=factories.actor(Role.SYSTEM_ADMIN), at=AT)
        with pytest.raises(AdministratorProtected):
            remove_second_factors(account_id=target.id, actor=factories.actor(Role.SECURITY_ADMIN), at=AT)

    @pytest.mark.parametrize("role", [Role.DATA_OFFICER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.REVIEWER])
    def test_nobody_raises_the_own_roles_by_a_post(self, role: Role) -> None:
        change_policy(
            values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=factories.PLATFORM, at=AT
        )
        account = factories.account(role)
        client = Client()
        client.force_login(account)

        response = client.post(reverse("trust:role-assign", args=[account.id]), {"role": "security_admin"})

        assert response.status_code == 403
        assert set(account.role_assignments.values_list("role", flat=True)) == {role.value}

    def test_the_security_administrator_does_not_change_the_own_roles(self) -> None:
        change_policy(
            values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=factories.PLATFORM, at=AT
        )
        account = factories.account(Role.SECURITY_ADMIN)
        client = Client()
        client.force_login(account)

        client.post(reverse("trust:role-assign", args=[account.id]), {"role": "audit_admin"})
        client.post(reverse("trust:role-end", args=[account.id, "security_admin"]))

        assert list(account.role_assignments.values_list("role", "active_to")) == [("security_admin", None)]


class TestForgedRequests:
    def test_a_post_without_the_token_is_refused(self, official: Account) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(official)

        answers = [
            client.post(LOGIN, {"login": official.username, "password": PASSWORD}),
            client.post("/accounts/logout/"),
            client.post(reverse("trust:system-add"), {"name": "偷来的系统"}),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]

    def test_signing_out_by_a_link_does_nothing(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        client.get("/accounts/logout/")

        assert is_in(client)

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "http:evil.example",
            "https:///evil.example",
            "http://testserver@evil.example/",
        ],
    )
    def test_next_leads_nowhere_else(self, official: Account, target: str) -> None:
        client = Client()
        client.cookies.clear()

        response = client.post(LOGIN, {"login": official.username, "password": PASSWORD, "next": target})

        assert "evil" not in response.headers["Location"]
        assert not response.headers["Location"].startswith("javascript")

    def test_next_leads_to_our_own_page(self, official: Account) -> None:
        response = Client().post(
            LOGIN, {"login": official.username, "password": PASSWORD, "next": "/trust/me/"}
        )

        assert response.headers["Location"] == "/trust/me/"


class TestNoWayAround:
    @pytest.mark.parametrize(
        "route", sorted(CLOSED_ROUTES - {"account_confirm_email", "account_reset_password_from_key"})
    )
    def test_routes_for_mail_and_sign_up_are_closed(self, route: str) -> None:
        assert Client().get(reverse(route)).status_code == 404
        assert Client().post(reverse(route), {}).status_code == 404
