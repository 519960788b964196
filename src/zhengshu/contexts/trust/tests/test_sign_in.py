"""Signing in, and what is tried at the door."""

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.guard_sign_in import Step, begin_attempt, unlock_account
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.lockouts import SignInLocked
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.interfaces.assurance import STARTED
from zhengshu.contexts.trust.interfaces.middleware import SEEN
from zhengshu.contexts.trust.models import Account, AuditEvent, SessionRecord
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD
from zhengshu.contexts.trust.tests.signing import (
    CHANGE,
    LOGIN,
    fresh,
    is_in,
    rewind,
    sign_in,
)
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


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
