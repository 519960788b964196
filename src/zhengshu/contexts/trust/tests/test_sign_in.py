"""Signing in, and what is tried at the door."""

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.guard_sign_in import Step, begin_attempt, unlock_account
from zhengshu.contexts.trust.application.manage_account import (
    AdministratorProtected,
    remove_second_factors,
    reset_password,
)
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.lockouts import SignInLocked
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.interfaces.middleware import CLOSED_ROUTES, SEEN, STARTED
from zhengshu.contexts.trust.models import Account, AuditEvent, SessionRecord
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def official() -> Account:
    return fresh(factories.account(Role.DATA_OFFICER))


def fresh(account: Account) -> Account:
    """Let the password have been changed today: the tests sign in by the wall clock."""
    account.password_changed_at = timezone.now()
    account.save(update_fields=["password_changed_at"])
    return account


def sign_in(client: Client, username: str, password: str = PASSWORD, query: str = "") -> str:
    """Return where the answer leads, an empty text when the form is shown again."""
    response = client.post(LOGIN + query, {"login": username, "password": password})
    return response.headers.get("Location", "")


def is_in(client: Client) -> bool:
    return client.get(reverse("trust:me")).status_code == 200


def rewind(client: Client, **back: timedelta) -> None:
    """Make a session older than it is."""
    session = client.session
    for key, ago in back.items():
        session[key] = (timezone.now() - ago).timestamp()
    session.save()


class TestSignIn:
    def test_the_right_password_opens_a_session_that_the_audit_knows(self, official: Account) -> None:
        client = Client(REMOTE_ADDR="192.0.2.7")

        assert sign_in(client, official.username.upper()) == "/"

        assert SessionRecord.objects.get(account=official).address == "192.0.2.7"
        row = AuditEvent.objects.get(name="trust.session.started.v1", actor_id=official.id)
        assert row.address == "192.0.2.7"
        assert is_in(client)

    def test_signing_out_ends_the_session_and_is_recorded(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        client.post("/accounts/logout/")

        assert not is_in(client)
        row = AuditEvent.objects.get(name="trust.session.ended.v1", subject_id=str(official.id))
        assert row.data == {"reason": "signed_out"}

    def test_a_header_of_the_client_does_not_name_its_address(self, official: Account) -> None:
        client = Client(
            REMOTE_ADDR="192.0.2.8", headers={"X-Forwarded-For": "10.0.0.1", "X-Real-IP": "10.0.0.1"}
        )

        sign_in(client, official.username)

        assert SessionRecord.objects.get(account=official).address == "192.0.2.8"


class TestNothingIsGivenAway:
    def test_unknown_names_and_wrong_passwords_get_the_same_page(self, official: Account) -> None:
        answers = []
        for name in (official.username, "nobody.here"):
            response = Client().post(LOGIN, {"login": name, "password": "Wrong-Horse-1"})
            text = response.content.decode().replace(name, "NAME")
            answers.append((response.status_code, re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', "", text)))

        assert answers[0] == answers[1]

    def test_a_deactivated_account_answers_like_a_wrong_password(self, official: Account) -> None:
        Account.objects.filter(id=official.id).update(is_active=False)

        assert sign_in(Client(), official.username) == ""

        assert not SessionRecord.objects.filter(account=official).exists()

    def test_an_unknown_name_locks_like_a_known_one(self, official: Account) -> None:
        texts = []
        for name in (official.username, "nobody.there"):
            answers = [Client().post(LOGIN, {"login": name, "password": "Wrong-Horse-1"}) for _ in range(6)]
            texts.append(answers[-1].content.decode().replace(name, "NAME"))

        clean = [re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', "", text) for text in texts]
        assert clean[0] == clean[1]

    def test_an_unknown_name_takes_as_long_as_a_wrong_password(
        self, official: Account, real_hashes: None
    ) -> None:
        official.set_password(PASSWORD)
        official.save(update_fields=["password"])
        change_policy(values=PolicyValues(lock_after_failures=10), actor=factories.PLATFORM, at=AT)

        def median(name: str) -> float:
            taken = []
            for _ in range(7):
                begun = time.process_time()
                Client().post(LOGIN, {"login": name, "password": "Wrong-Horse-1"})
                taken.append(time.process_time() - begun)
            return statistics.median(taken)

        known, unknown = median(official.username), median("nobody.slow")

        assert 0.5 < known / unknown < 2

    def test_a_password_typed_as_a_name_is_not_kept(self) -> None:
        Client(REMOTE_ADDR="192.0.2.55").post(LOGIN, {"login": "My-Secret-Pass-1", "password": "x"})

        row = AuditEvent.objects.get(name="trust.sign-in.failed.v1", address="192.0.2.55")
        assert "My-Secret" not in f"{row.subject_id}{row.subject_label}{row.actor_name}{row.data}"


class TestLockOut:
    def test_five_failures_lock_and_the_right_password_no_longer_helps(self, official: Account) -> None:
        for _ in range(5):
            sign_in(Client(), official.username, "Wrong-Horse-1")

        assert sign_in(Client(), official.username) == ""

        failed = AuditEvent.objects.filter(name="trust.sign-in.failed.v1", subject_id=str(official.id))
        locked = AuditEvent.objects.filter(name="trust.account.locked.v1", subject_id=str(official.id))
        assert (failed.count(), locked.count()) == (5, 1)

    def test_a_success_before_the_limit_forgets_the_failures(self, official: Account) -> None:
        for _ in range(3):
            for _ in range(4):
                sign_in(Client(), official.username, "Wrong-Horse-1")
            assert sign_in(Client(), official.username) == "/"

    def test_the_security_administrator_unlocks(self, official: Account) -> None:
        for _ in range(5):
            sign_in(Client(), official.username, "Wrong-Horse-1")

        unlock_account(account_id=official.id, actor=factories.actor(Role.SECURITY_ADMIN), at=timezone.now())

        assert sign_in(Client(), official.username) == "/"

    def test_the_list_shows_who_is_locked(self, official: Account) -> None:
        for _ in range(5):
            sign_in(Client(), official.username, "Wrong-Horse-1")
        change_policy(
            values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=factories.PLATFORM, at=AT
        )
        client = Client()
        client.force_login(factories.account(Role.SECURITY_ADMIN))

        page = client.get(reverse("trust:account-list"), {"q": official.username}).content.decode()

        assert "ui-badge-red" in page


@pytest.mark.django_db(transaction=True)
class TestBruteForce:
    def test_many_attempts_at_once_get_no_more_than_five(self) -> None:
        def attempt(_: int) -> bool:
            try:
                begin_attempt(username="victim", step=Step.PASSWORD, at=AT)
            except SignInLocked:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(attempt, range(40)))

        assert sum(made) == 5


class TestSessions:
    def test_the_session_id_changes_at_sign_in(self, official: Account) -> None:
        client = Client()
        client.get(LOGIN)
        session = client.session
        session["planted"] = "by an attacker"
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key or ""

        sign_in(client, official.username)

        assert client.session.session_key != planted
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = planted
        assert not is_in(thief)

    def test_idleness_signs_out(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)
        rewind(client, **{SEEN: timedelta(minutes=15)})

        response = client.get(reverse("trust:me"))

        assert response.headers["Location"].startswith(LOGIN)
        assert not is_in(client)
        row = AuditEvent.objects.get(name="trust.session.ended.v1", subject_id=str(official.id))
        assert row.data == {"reason": "idle"}

    def test_use_keeps_a_session_alive_but_not_for_ever(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        rewind(client, **{SEEN: timedelta(minutes=14), STARTED: timedelta(hours=11)})
        assert is_in(client)
        assert timezone.now().timestamp() - client.session[SEEN] < 60
        rewind(client, **{STARTED: timedelta(hours=12)})

        assert not is_in(client)

    def test_the_api_is_told_by_its_status(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)
        rewind(client, **{SEEN: timedelta(hours=1)})

        assert client.get("/api/trust/departments").status_code == 401

    def test_a_changed_password_ends_all_other_sessions(self, official: Account) -> None:
        here, there = Client(), Client()
        for client in (here, there):
            sign_in(client, official.username)

        here.post(
            CHANGE,
            {"oldpassword": PASSWORD, "password1": "Battery-Staple-8", "password2": "Battery-Staple-8"},
        )

        assert is_in(here)
        assert not is_in(there)

    def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == ""


class TestPasswords:
    def test_a_first_password_must_be_changed_before_anything_else(self) -> None:
        account = factories.account(Role.DATA_OFFICER, must_change=True)
        client = Client()
        sign_in(client, account.username)

        assert client.get(reverse("trust:me")).headers["Location"] == CHANGE
        assert client.get("/api/trust/departments").status_code == 403
        client.post(
            CHANGE,
            {"oldpassword": PASSWORD, "password1": "Battery-Staple-8", "password2": "Battery-Staple-8"},
        )

        assert is_in(client)
        row = AuditEvent.objects.get(name="trust.password.changed.v1", actor_id=account.id)
        assert "Battery" not in str(row.data)

    @pytest.mark.parametrize("weak", ["Aa1!", "alllowercase", "alllower1", "Xuser-User-1"])
    def test_a_weak_one_is_refused(self, weak: str) -> None:
        account = fresh(factories.account(username="xuser"))
        client = Client()
        sign_in(client, account.username)

        response = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": weak, "password2": weak})

        assert response.status_code == 200
        account.refresh_from_db()
        assert account.check_password(PASSWORD)

    def test_the_last_five_are_not_used_again(self, official: Account) -> None:
        client, present = Client(), PASSWORD
        sign_in(client, official.username)
        for number in range(4):
            after = f"Battery-Staple-{number}"
            client.post(CHANGE, {"oldpassword": present, "password1": after, "password2": after})
            present = after
        cache.clear()

        refused = client.post(CHANGE, {"oldpassword": present, "password1": PASSWORD, "password2": PASSWORD})
        client.post(
            CHANGE, {"oldpassword": present, "password1": "Battery-Staple-9", "password2": "Battery-Staple-9"}
        )
        allowed = client.post(
            CHANGE, {"oldpassword": "Battery-Staple-9", "password1": PASSWORD, "password2": PASSWORD}
        )

        assert (refused.status_code, allowed.status_code) == (200, 302)

    def test_one_that_is_too_old_must_be_changed_at_the_sign_in_that_uses_it(self, official: Account) -> None:
        Account.objects.filter(id=official.id).update(password_changed_at=timezone.now() - timedelta(days=90))
        client = Client()

        sign_in(client, official.username)

        assert client.get(reverse("trust:me")).headers["Location"] == CHANGE


def code_now() -> str:
    """Return the one-time code of this half minute."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SECRET, counter)))


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

    def test_the_page_for_passkeys_opens_after_the_password_was_given_again(self, official: Account) -> None:
        client = Client()
        sign_in(client, official.username)

        assert client.get("/accounts/2fa/").status_code == 200
        assert (
            client.get("/accounts/2fa/webauthn/add/")
            .headers["Location"]
            .startswith("/accounts/reauthenticate/")
        )
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
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
