"""The OpenID provider: what a relying party gets, and what thieves do not."""

from datetime import timedelta
from urllib.parse import urlsplit

import jwt
import pytest
from allauth.idp.oidc.models import Token
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.keep_sessions import end_idle_sessions
from zhengshu.contexts.trust.application.manage_account import deactivate_account
from zhengshu.contexts.trust.application.sign_on.keep_parties import (
    PartyNameTaken,
    PartyValues,
    add_party,
    close_party,
)
from zhengshu.contexts.trust.application.sign_on.keys import rotate_signing_key, signing_keys
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.models import Account, AuditEvent, Consent, SessionRecord, SignInCode
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM
from zhengshu.contexts.trust.tests.relying import BACK, Party, answer_of, challenge, opened, post, registered
from zhengshu.contexts.trust.tests.signing import LOGIN, sign_in
from zhengshu.kernel.actors import Role
from zhengshu.kernel.levels import Assurance

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(official: Account) -> Party:
    found = registered()
    sign_in(found.browser, official.username)
    return found


class TestSigningInElsewhere:
    def test_the_person_signs_in_consents_once_and_is_known_by_an_opaque_name(
        self, official: Account
    ) -> None:
        party = registered()

        to_login = party.ask()
        assert to_login.status_code == 302
        assert to_login.headers["Location"].startswith(LOGIN)
        sign_in(party.browser, official.username)
        page = party.ask()
        answer = answer_of(party.agree())
        tokens = party.redeem(answer["code"]).json()
        told = opened(tokens["id_token"], audience=party.client_id)

        assert official.name in page.content.decode()
        assert answer["state"] == "s-1"
        assert answer["iss"] == told["iss"]
        assert told["nonce"] == "n-1"
        assert told["acr"] == Assurance.ONE_FACTOR.acr
        assert told["amr"] == ["pwd"]
        assert told["sub"] != str(official.id)
        assert "name" not in told
        assert "refresh_token" not in tokens
        assert party.userinfo(tokens["access_token"]).json() == {"sub": told["sub"], "name": official.name}
        assert party.ask().status_code == 303

    def test_two_relying_parties_cannot_compare_their_people(self, party: Party) -> None:
        other = registered(browser=party.browser)

        subjects = {
            opened(one.redeem(one.code()).json()["id_token"], audience=one.client_id)["sub"]
            for one in (party, other)
        }

        assert len(subjects) == 2

    def test_nothing_is_told_beyond_the_scopes(self, party: Party) -> None:
        tokens = party.redeem(party.code(scope="openid")).json()

        assert set(party.userinfo(tokens["access_token"]).json()) == {"sub"}

    def test_a_refusal_tells_nothing(self, party: Party) -> None:
        party.ask()

        assert answer_of(party.agree("no"))["error"] == "access_denied"

    def test_the_consent_page_lets_its_answer_lead_to_the_asking_site_only(self, party: Party) -> None:
        policy = party.ask().headers["Content-Security-Policy"]

        assert "form-action 'self' https://rp.example;" in policy

    def test_silence_is_kept_where_it_is_asked_for(self, official: Account) -> None:
        party = registered()

        assert answer_of(party.ask(prompt="none"))["error"] == "login_required"
        sign_in(party.browser, official.username)
        assert answer_of(party.ask(prompt="none"))["error"] == "consent_required"
        party.ask()
        party.agree()
        assert "code" in answer_of(party.ask(prompt="none"))

    def test_an_old_sign_in_is_asked_for_again_where_the_party_wants_a_young_one(self, party: Party) -> None:
        party.code()
        session = party.browser.session
        past = (timezone.now() - timedelta(minutes=4)).timestamp()
        session["trust_started_at"] = past
        session["account_authentication_methods"] = [{"method": "password", "at": past}]
        session.save()

        assert "/accounts/reauthenticate/" in party.ask(max_age="60").headers["Location"]
        assert answer_of(party.ask(max_age="60", prompt="none"))["error"] == "login_required"
        assert "code" in answer_of(party.ask(max_age="600"))

    def test_a_party_that_asks_for_two_factors_gets_nobody_with_one(self, party: Party) -> None:
        asked = party.ask(acr_values=Assurance.TWO_FACTORS.acr)

        assert answer_of(asked)["error"] == "unmet_authentication_requirements"

    def test_consent_is_audited_and_can_be_withdrawn_with_all_that_it_opened(self, party: Party) -> None:
        tokens = party.redeem(party.code()).json()
        consent = Consent.objects.get(party_id=party.client_id)

        page = party.browser.get(reverse("trust:me")).content.decode()
        party.browser.post(reverse("sign_on:consent-withdraw", args=[consent.id]))

        assert reverse("sign_on:consent-withdraw", args=[consent.id]) in page
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert party.ask().status_code == 200
        names = set(
            AuditEvent.objects.filter(subject_id=str(consent.account_id)).values_list("name", flat=True)
        )
        assert {"trust.consent.given.v1", "trust.consent.withdrawn.v1"} <= names

    def test_nobody_withdraws_the_consent_of_another(self, party: Party) -> None:
        party.code()
        consent = Consent.objects.get(party_id=party.client_id)
        stranger = Client()
        stranger.force_login(factories.account(Role.DATA_OFFICER))

        stranger.post(reverse("sign_on:consent-withdraw", args=[consent.id]))

        consent.refresh_from_db()
        assert consent.given_at is not None


class TestThieves:
    def test_a_code_is_good_once_and_its_second_use_ends_what_it_opened(self, party: Party) -> None:
        code = party.code()
        tokens = party.redeem(code).json()
        assert party.userinfo(tokens["access_token"]).status_code == 200

        again = party.redeem(code)

        assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert AuditEvent.objects.filter(name="trust.sign-in-code.replayed.v1").count() == 1

    def test_a_code_of_another_party_is_refused_and_left_to_its_owner(self, party: Party) -> None:
        thief = registered()
        code = party.code()

        stolen = thief.redeem(code, code_verifier=party.verifier)

        assert stolen.json()["error"] == "invalid_grant"
        assert party.redeem(code).status_code == 200

    def test_a_wrong_verifier_spends_the_code(self, party: Party) -> None:
        code = party.code()

        assert party.redeem(code, code_verifier="x" * 50).json()["error"] == "invalid_grant"
        assert party.redeem(code).status_code == 400

    def test_no_verifier_no_tokens(self, party: Party) -> None:
        assert party.redeem(party.code(), code_verifier="").status_code == 400

    def test_a_wrong_secret_gets_nothing_and_spends_nothing(self, party: Party) -> None:
        code = party.code()

        assert party.redeem(code, client_secret="guessed").status_code == 401
        assert party.redeem(code).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            {"code_challenge": ""},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": ""},
            {"response_type": "id_token"},
            {"response_type": "token"},
            {"response_mode": "fragment"},
            {"request": "eyJhbGciOiJub25lIn0.e30."},
            {"request_uri": "https://evil.example/r"},
            {"scope": "openid citizen_id"},
            {"scope": "profile"},
        ],
    )
    def test_only_the_code_flow_with_a_hashed_challenge_is_answered(
        self, party: Party, changes: dict[str, str]
    ) -> None:
        answer = answer_of(party.ask(**changes))

        assert "error" in answer
        assert "code" not in answer

    @pytest.mark.parametrize(
        "address",
        [
            BACK + "/more",
            BACK + "?x=1",
            BACK + "#x",
            BACK.upper(),
            "https://rp.example:444/callback",
            "https://rp.example.evil.example/callback",
            "https://rp.example/callback/../open",
            "http://rp.example/callback",
            "https://rp.example/%63allback",
            "https://u@rp.example/callback",
            "",
        ],
    )
    def test_nobody_is_sent_to_an_address_that_is_not_registered_letter_by_letter(
        self, party: Party, address: str
    ) -> None:
        response = party.ask(redirect_uri=address)

        assert response.status_code == 400
        assert "Location" not in response.headers

    def test_a_code_is_bound_to_the_address_that_it_was_sent_to(self, official: Account) -> None:
        values = PartyValues(name="两处", redirect_uris=(BACK, "https://rp.example/other"))
        issued = add_party(values=values, actor=PLATFORM, at=AT)
        party = Party(issued.client_id, issued.secret)
        sign_in(party.browser, official.username)
        code = party.code(scope="openid")

        assert party.redeem(code, redirect_uri="https://rp.example/other").status_code == 400

    def test_a_late_code_is_refused(self, party: Party) -> None:
        code = party.code()
        SignInCode.objects.update(expires_at=timezone.now())

        assert party.redeem(code).json()["error"] == "invalid_grant"

    def test_an_id_token_of_another_audience_is_none_for_this_party(self, party: Party) -> None:
        other = registered(browser=party.browser)
        token = other.redeem(other.code()).json()["id_token"]

        with pytest.raises(jwt.InvalidAudienceError):
            opened(token, audience=party.client_id)

    def test_an_id_token_is_no_access_token(self, party: Party) -> None:
        token = party.redeem(party.code()).json()["id_token"]

        assert party.userinfo(token).status_code == 401

    def test_an_access_token_in_the_address_is_not_read(self, party: Party) -> None:
        token = party.redeem(party.code()).json()["access_token"]

        assert party.machine.get(reverse("sign_on:userinfo"), {"access_token": token}).status_code == 401

    def test_a_party_ends_tokens_of_its_own_only(self, party: Party) -> None:
        token = party.redeem(party.code()).json()["access_token"]
        thief = registered()
        sent = {"token": token, "client_id": thief.client_id, "client_secret": thief.secret}

        post(thief.machine, "sign_on:revoke", **sent)
        assert party.userinfo(token).status_code == 200
        own = sent | {"client_id": party.client_id, "client_secret": party.secret}
        post(party.machine, "sign_on:revoke", **own)

        assert party.userinfo(token).status_code == 401

    def test_the_consent_cannot_be_pressed_by_another_site(self, official: Account) -> None:
        party = registered(browser=Client(enforce_csrf_checks=True))
        party.browser.force_login(official)
        party.ask()

        assert party.agree().status_code == 403
        assert not SignInCode.objects.exists()

    def test_a_session_key_planted_before_the_sign_in_is_not_used(self, official: Account) -> None:
        victim = Client()
        victim.get(LOGIN)
        session = victim.session
        session["planted"] = True
        session.save()
        planted = session.session_key

        sign_in(victim, official.username)

        assert victim.session.session_key != planted
        assert not SessionRecord.objects.filter(session_key=planted).exists()

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example/identity/authorize", "javascript:1"]
    )
    def test_the_page_in_between_leads_nowhere_else(self, target: str) -> None:
        page = Client().get(reverse("sign_on:proceed"), {"to": target}).content.decode()

        assert 'content="0;url=/"' in page


class TestLeaving:
    def test_who_leaves_has_nothing_open_elsewhere_at_once(self, party: Party, official: Account) -> None:
        token = party.redeem(party.code()).json()["access_token"]
        waiting = party.code()

        deactivate_account(account_id=official.id, actor=PLATFORM, at=timezone.now())

        assert party.userinfo(token).status_code == 401
        assert party.redeem(waiting).status_code == 400
        assert not Token.objects.filter(user=official).exists()

    def test_signing_out_ends_the_tokens_of_the_session(self, party: Party) -> None:
        token = party.redeem(party.code()).json()["access_token"]

        party.browser.post("/accounts/logout/")

        assert party.userinfo(token).status_code == 401

    def test_a_session_that_nobody_uses_ends_though_nobody_comes(
        self, party: Party, official: Account
    ) -> None:
        token = party.redeem(party.code()).json()["access_token"]

        assert end_idle_sessions(at=timezone.now()) == 0
        assert end_idle_sessions(at=timezone.now() + timedelta(minutes=17)) == 1

        assert party.userinfo(token).status_code == 401
        assert not SessionRecord.objects.filter(account=official, ended_at=None).exists()

    def test_a_closed_party_gets_nothing_more(self, party: Party) -> None:
        token = party.redeem(party.code()).json()["access_token"]

        close_party(client_id=party.client_id, actor=PLATFORM, at=timezone.now())

        assert party.userinfo(token).status_code == 401
        assert party.ask().status_code == 400


class TestProvider:
    def test_says_what_it_can_and_nothing_more(self) -> None:
        told = Client().get("/.well-known/openid-configuration", headers={"Host": "localhost"}).json()

        assert told["code_challenge_methods_supported"] == ["S256"]
        assert told["response_types_supported"] == ["code"]
        assert told["subject_types_supported"] == ["pairwise"]
        assert "registration_endpoint" not in told
        places = [told[name] for name in told if name.endswith(("_endpoint", "_uri"))]
        assert {urlsplit(place).netloc for place in places} == {urlsplit(told["issuer"]).netloc}

    def test_the_next_key_is_published_before_it_signs(self, party: Party) -> None:
        first = jwt.get_unverified_header(party.redeem(party.code()).json()["id_token"])["kid"]

        rotate_signing_key(actor=PLATFORM, at=timezone.now())
        published = [key["kid"] for key in Client().get(reverse("sign_on:jwks")).json()["keys"]]
        still = jwt.get_unverified_header(party.redeem(party.code()).json()["id_token"])["kid"]

        assert len(published) == 2
        assert still == first
        assert len(signing_keys(at=timezone.now() + timedelta(hours=4))) == 1

    def test_private_keys_lie_sealed(self, party: Party) -> None:
        from zhengshu.contexts.trust.models import SigningKey

        party.redeem(party.code())

        assert b"PRIVATE" not in bytes(SigningKey.objects.get().sealed_pem)

    def test_only_the_security_administrator_registers_parties(self) -> None:
        with pytest.raises(NotYourDuty):
            add_party(
                values=PartyValues(name="x", redirect_uris=(BACK,)),
                actor=factories.actor(Role.DATA_OFFICER),
                at=AT,
            )

    def test_two_parties_of_one_name_would_deceive(self) -> None:
        values = PartyValues(name="省厅门户", redirect_uris=(BACK,))
        add_party(values=values, actor=PLATFORM, at=AT)

        with pytest.raises(PartyNameTaken):
            add_party(values=values, actor=PLATFORM, at=AT)

    def test_challenge_is_that_of_the_standard(self) -> None:
        # RFC 7636, appendix B
        assert (
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
            == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        )
