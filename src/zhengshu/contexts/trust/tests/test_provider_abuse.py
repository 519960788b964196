"""The ways in which another provider's name is abused."""

from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.providers.keep_providers import (
    ProviderValues,
    add_provider,
)
from zhengshu.contexts.trust.models import (
    Account,
    AuditEvent,
    LinkedIdentity,
    SessionRecord,
)
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.coming_in import begin, come_back, link, whole
from zhengshu.contexts.trust.tests.factories import PLATFORM
from zhengshu.contexts.trust.tests.lying_provider import FORGED, Claims, LyingProvider
from zhengshu.contexts.trust.tests.signing import fresh, is_in
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestAbuse:
    def test_an_equal_address_or_name_takes_nobody_s_account_over(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        province.twist = lambda claims: {
            **claims,
            "email": f"{official.username}@example.gov.cn",
            "email_verified": True,
            "preferred_username": official.username,
            "sub": str(official.id),
            "name": official.name,
        }
        client = Client()

        whole(client, provider_id, province)

        assert not is_in(client)
        assert not LinkedIdentity.objects.exists()

    def test_an_identity_of_somebody_else_cannot_be_linked_again(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        thief = fresh(factories.account(Role.DATA_OFFICER))
        client = Client()
        client.force_login(thief)
        whole(client, provider_id, province)

        client.post(reverse("providers:link"), {"answer": "yes"})

        assert LinkedIdentity.objects.get().account_id == official.id

    @pytest.mark.parametrize(
        ("name", "twist"),
        [
            ("audience", lambda claims: {**claims, "aud": "another"}),
            ("audiences", lambda claims: {**claims, "aud": ["us", "another"]}),
            ("azp", lambda claims: {**claims, "azp": "another"}),
            ("issuer", lambda claims: {**claims, "iss": "https://other.example"}),
            ("nonce", lambda claims: {**claims, "nonce": "of another question"}),
            ("no nonce", lambda claims: {k: v for k, v in claims.items() if k != "nonce"}),
            ("old", lambda claims: {**claims, "exp": int(claims["exp"]) - 1000}),
            ("future", lambda claims: {**claims, "iat": int(claims["iat"]) + 1000}),
            ("nobody", lambda claims: {**claims, "sub": ""}),
        ],
    )
    def test_an_id_token_that_is_not_the_answer_is_refused(
        self,
        province: LyingProvider,
        provider_id: UUID,
        official: Account,
        name: str,
        twist: Callable[[Claims], Claims],
    ) -> None:
        link(official, provider_id)
        province.twist = twist
        client = Client()

        response = whole(client, provider_id, province)

        assert response.status_code == 403
        assert not is_in(client)
        assert AuditEvent.objects.filter(name="trust.provider.refused.v1").count() == 1

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "forged"])
    def test_a_signature_that_is_not_the_provider_s_is_refused(
        self, province: LyingProvider, provider_id: UUID, official: Account, algorithm: str
    ) -> None:
        link(official, provider_id)
        province.algorithm, province.signer = algorithm, FORGED
        client = Client()

        assert whole(client, provider_id, province).status_code == 403
        assert not is_in(client)

    @pytest.mark.parametrize("state", ["", "guessed"])
    def test_an_answer_without_the_state_of_this_browser_is_refused(
        self, province: LyingProvider, provider_id: UUID, official: Account, state: str
    ) -> None:
        link(official, provider_id)
        client = Client()
        begin(client, provider_id, province)

        assert come_back(client, provider_id, province, state=state).status_code == 403
        assert not province.asked

    def test_an_answer_brought_to_another_browser_is_refused(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        asked = begin(Client(), provider_id, province)

        assert come_back(Client(), provider_id, province, state=asked["state"]).status_code == 403

    def test_an_answer_is_good_once(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        client = Client()
        asked = begin(client, provider_id, province)
        come_back(client, provider_id, province, state=asked["state"])
        client.post("/accounts/logout/")

        assert come_back(client, provider_id, province, state=asked["state"]).status_code == 403

    def test_a_mix_up_between_two_providers_is_noticed(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        with LyingProvider() as evil:
            evil_id = add_provider(
                values=ProviderValues(name="另一家", issuer=evil.issuer, client_id="us"),
                actor=PLATFORM,
                at=timezone.now(),
            )
            client = Client()
            asked = begin(client, provider_id, province)
            named_wrong = come_back(client, provider_id, province, state=asked["state"], iss=evil.issuer)
            asked = begin(client, evil_id, evil)
            sent_wrong = come_back(client, provider_id, province, state=asked["state"])
            asked = begin(client, provider_id, province)
            unnamed = come_back(client, provider_id, province, state=asked["state"], iss="")

        assert [one.status_code for one in (named_wrong, sent_wrong, unnamed)] == [403, 403, 403]
        assert not province.asked
        assert not evil.asked

    def test_the_session_key_changes_at_the_sign_in(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)
        client = Client()
        asked = begin(client, provider_id, province)
        planted = client.session.session_key
        come_back(client, provider_id, province, state=asked["state"])

        assert is_in(client)
        assert client.session.session_key != planted

    def test_nobody_is_led_elsewhere_afterwards(
        self, province: LyingProvider, provider_id: UUID, official: Account
    ) -> None:
        link(official, provider_id)

        arrived = whole(Client(), provider_id, province, "https://evil.example/")

        assert urlsplit(arrived.headers["Location"]).netloc == ""


class TestLogoutNotices:
    @pytest.fixture
    def client(self, province: LyingProvider, provider_id: UUID, official: Account) -> Client:
        link(official, provider_id)
        client = Client()
        whole(client, provider_id, province)
        assert is_in(client)
        return client

    def test_the_end_there_is_the_end_here(
        self, province: LyingProvider, provider_id: UUID, client: Client
    ) -> None:
        answer = Client().post(
            reverse("providers:logout", args=[provider_id]), {"logout_token": province.logout_token()}
        )

        assert answer.status_code == 200
        assert not is_in(client)
        assert SessionRecord.objects.filter(ended_at=None).count() == 0

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "https://other.example"},
            {"aud": "another"},
            {"events": {}},
            {"nonce": "n"},
            {"iat": 1},
            {"jti": None},
            {"sub": None, "sid": None},
        ],
    )
    def test_what_is_no_notice_for_us_is_refused(
        self, province: LyingProvider, provider_id: UUID, client: Client, changes: dict[str, object]
    ) -> None:
        answer = Client().post(
            reverse("providers:logout", args=[provider_id]),
            {"logout_token": province.logout_token(**changes)},
        )

        assert answer.status_code == 400
        assert is_in(client)

    def test_a_forged_notice_is_refused(
        self, province: LyingProvider, provider_id: UUID, client: Client
    ) -> None:
        place = reverse("providers:logout", args=[provider_id])
        province.signer = FORGED

        assert Client().post(place, {"logout_token": province.logout_token()}).status_code == 400
        assert Client().post(place, {"logout_token": "nonsense"}).status_code == 400
        assert is_in(client)

    def test_a_notice_is_obeyed_once(
        self, province: LyingProvider, provider_id: UUID, client: Client, official: Account
    ) -> None:
        place, token = reverse("providers:logout", args=[provider_id]), province.logout_token()
        Client().post(place, {"logout_token": token})
        whole(client, provider_id, province)

        assert Client().post(place, {"logout_token": token}).status_code == 400
        assert is_in(client)

    def test_an_id_token_is_no_notice(
        self, province: LyingProvider, provider_id: UUID, client: Client
    ) -> None:
        place = reverse("providers:logout", args=[provider_id])

        assert Client().post(place, {"logout_token": province.id_token()}).status_code == 400
        assert is_in(client)
