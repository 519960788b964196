"""Coming in by another provider, and the ways in which its name is abused."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.providers.keep_providers import (
    ProviderKnown,
    ProviderValues,
    add_provider,
    close_provider,
)
from zhengshu.contexts.trust.application.providers.talk import ProviderUnreachable
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import (
    Account,
    AuditEvent,
    IdentityProvider,
    LinkedIdentity,
)
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.coming_in import admitted, begin, link, whole
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM
from zhengshu.contexts.trust.tests.lying_provider import LyingProvider
from zhengshu.contexts.trust.tests.signing import is_in, sign_in
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestComingIn:
    def test_the_button_stands_on_the_sign_in_page_and_asks_by_code_and_verifier(
        self, province: LyingProvider, provider_id: UUID
    ) -> None:
        client = Client()

        page = client.get("/accounts/login/").content.decode()
        asked = begin(client, provider_id, province)

        assert "省统一身份认证" in page
        assert reverse("providers:start", args=[provider_id]) in page
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) > 40

    def test_a_stranger_signs_in_with_his_password_once_and_links(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        client = Client()

        to_login = whole(client, provider_id, province)
        target = sign_in(client, official.username, query="?next=" + reverse("providers:link"))
        page = client.get(target).content.decode()
        client.post(target, {"answer": "yes"})
        other = Client()
        arrived = whole(other, provider_id, province, "/trust/departments/")

        assert "/accounts/login/" in to_login.headers["Location"]
        assert "李华" in page
        assert official.username in page
        assert is_in(other)
        assert arrived.headers["Location"] == "/trust/departments/"
        names = AuditEvent.objects.filter(subject_id=str(official.id)).values_list("name", flat=True)
        assert "trust.identity.linked.v1" in names

    def test_whoever_declines_links_nothing(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        client = Client()
        client.force_login(official)
        whole(client, provider_id, province)

        client.post(reverse("providers:link"), {"answer": "no"})
        client.post(reverse("providers:link"), {"answer": "yes"})

        assert not LinkedIdentity.objects.exists()

    def test_a_second_factor_is_asked_for_as_after_a_password(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        from allauth.mfa.totp.internal.auth import TOTP

        from zhengshu.contexts.trust.tests.signing import SECRET, code_now

        TOTP.activate(official, SECRET)
        link(official, provider_id)
        client = Client()

        response = whole(client, provider_id, province)
        before = is_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code_now()})
        ended = client.post(
            reverse("providers:logout", args=[provider_id]), {"logout_token": province.logout_token()}
        )

        assert response.headers["Location"] == reverse("mfa_authenticate")
        assert not before
        assert ended.status_code == 200
        assert not is_in(client)

    def test_a_deactivated_account_stays_outside(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        Account.objects.filter(id=official.id).update(is_active=False)
        client = Client()

        whole(client, provider_id, province)

        assert not is_in(client)

    def test_unlinking_ends_the_sessions_that_it_opened(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        client, other = Client(), Client()
        whole(client, provider_id, province)
        sign_in(other, official.username)
        page = other.get(reverse("trust:me")).content.decode()
        row = LinkedIdentity.objects.get()

        other.post(reverse("providers:unlink", args=[row.id]))

        assert reverse("providers:unlink", args=[row.id]) in page
        assert not is_in(client)
        assert is_in(other)

    def test_two_factors_there_count_as_two_here_only_where_that_was_agreed(
        self, province: LyingProvider, official: Account
    ) -> None:
        provider_id = admitted(province, strong_acrs=("loa3",))
        link(official, provider_id)
        province.twist = lambda claims: {**claims, "acr": "loa3"}
        client = Client()

        whole(client, provider_id, province)

        assert client.session["account_authentication_methods"][-1]["level"] == 2


class TestKeeping:
    def test_the_secret_lies_sealed(self, provider_id: UUID) -> None:
        assert bytes(IdentityProvider.objects.get().sealed_secret or b"")[:1] == b"\x01"

    def test_a_provider_that_is_somebody_else_is_not_admitted(self, province: LyingProvider) -> None:
        values = ProviderValues(name="x", issuer=province.issuer + "/other", client_id="us")

        with pytest.raises(ProviderUnreachable):
            add_provider(values=values, actor=PLATFORM, at=AT)

    def test_one_issuer_is_admitted_once(self, province: LyingProvider, provider_id: UUID) -> None:
        with pytest.raises(ProviderKnown):
            admitted(province)

    def test_closing_ends_what_it_opened(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        client = Client()
        whole(client, provider_id, province)

        close_provider(provider_id=provider_id, actor=PLATFORM, at=timezone.now() + timedelta(seconds=1))

        assert not is_in(client)
        assert Client().get(reverse("providers:start", args=[provider_id])).status_code == 404
        assert "省统一身份认证" not in Client().get("/accounts/login/").content.decode()

    def test_only_the_security_administrator_admits(self, province: LyingProvider) -> None:
        values = ProviderValues(name="x", issuer=province.issuer, client_id="us")

        with pytest.raises(NotYourDuty):
            add_provider(values=values, actor=factories.actor(Role.SYSTEM_ADMIN), at=AT)

    def test_pages_admit_change_and_close(self, province: LyingProvider) -> None:
        change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=PLATFORM, at=AT)
        admin = Client()
        admin.force_login(factories.account(Role.SECURITY_ADMIN))
        entered = {"name": "省厅", "issuer": province.issuer, "client_id": "us", "secret": "geheim"}

        dead = admin.post(reverse("providers:add"), {**entered, "issuer": "http://127.0.0.1:9"})
        admin.post(reverse("providers:add"), entered)
        row = IdentityProvider.objects.get()
        admin.post(reverse("providers:change", args=[row.id]), {**entered, "name": "省厅新"})
        listed = admin.get(reverse("providers:list")).content.decode()
        admin.post(reverse("providers:close", args=[row.id]))

        assert dead.status_code == 200
        assert "省厅新" in listed
        assert "geheim" not in listed
        row.refresh_from_db()
        assert not row.is_active
