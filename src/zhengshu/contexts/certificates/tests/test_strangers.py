"""Strangers and programs: codes and identifiers by page and interface, and what is tried in vain."""

import json

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.certificates import api
from zhengshu.contexts.certificates.application.limit_tries import MOST_TRIES, WITHIN, TooManyTries
from zhengshu.contexts.certificates.application.present_certificate import (
    open_presentation,
    refused_presentations,
)
from zhengshu.contexts.certificates.application.queries import uses
from zhengshu.contexts.certificates.domain.presenting import PresentationNotFound
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.factories import Issuer
from zhengshu.contexts.certificates.tests.test_showing import PASSER_BY, code, revoke
from zhengshu.contexts.trust.tests import factories as people
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.certificates import CertificateNumber

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Issuer:
    return factories.issuer("food-permit", "insured-certificate")


@pytest.fixture
def zhao() -> Actor:
    return factories.citizen()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(people.account_of(actor))
    return client


def post(client: Client, path: str, body: dict[str, str]) -> HttpResponseBase:
    return client.post(f"/api/certificates/{path}", body, content_type="application/json")


def body(answer: HttpResponseBase) -> dict[str, object]:
    read: dict[str, object] = json.loads(getattr(answer, "content", b""))
    return read


class TestTrying:
    def test_made_up_codes_and_identifiers_ends_for_some_minutes(self, by: Issuer, zhao: Actor) -> None:
        record, now = factories.insured(by), timezone.now()
        token = code(record, zhao)
        forged = CertificateNumber.of(
            kind="11470500MB4713227X002",
            issuer=CertificateNumber.parse(record.number).issuer,
            serial="20261111AAAAAAAAAAAA",
            version=1,
        )
        for place in range(MOST_TRIES // 2):
            with pytest.raises(PresentationNotFound):
                open_presentation(token=f"guess{place}", actor=PASSER_BY, at=now)
            with pytest.raises(api.CertificateNotIssued):
                api.verify(number=str(forged), actor=PASSER_BY, at=now)

        with pytest.raises(TooManyTries):
            open_presentation(token=token, actor=PASSER_BY, at=now)
        with pytest.raises(TooManyTries):
            api.verify(number=record.number, actor=PASSER_BY, at=now)
        assert Client(REMOTE_ADDR=PASSER_BY.address).get(f"/certificates/shown/{token}/").status_code == 429
        elsewhere = Actor.anonymous(address="192.0.2.8")
        assert api.verify(number=record.number, actor=elsewhere, at=now).is_valid
        assert api.verify(number=record.number, actor=PASSER_BY, at=now + 2 * WITHIN).is_valid


class TestInterfaceForPrograms:
    def test_makes_a_code_that_an_official_opens_once(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)
        holder, verifier = signed_in(zhao), signed_in(by.approver)

        made = post(holder, "presentations", {"certificate_id": str(record.id)})
        opened = post(verifier, "presentations/open", {"code": str(body(made)["address"])})
        again = post(verifier, "presentations/open", {"code": str(body(made)["address"])})

        assert (made.status_code, opened.status_code, again.status_code) == (201, 200, 409)
        assert (body(opened)["holder_number"], body(opened)["is_valid"]) == (factories.ZHAO.number, True)
        assert body(again)["code"] == "certificates.presentation-used"
        (use,) = [one for one in uses(certificate_id=record.id, actor=zhao) if one.kind == "shown"]
        assert use.who == by.approver.department_name
        assert refused_presentations(certificate_id=record.id, actor=zhao) == 1

    def test_makes_none_of_somebody_elses_or_of_a_revoked_one(self, by: Issuer, zhao: Actor) -> None:
        other = factories.insured(by, holder=api.Holder.person(name="别人", citizen_id="470302199002022340"))
        own = factories.insured(by)
        revoke(own, by)
        holder = signed_in(zhao)

        answers = [post(holder, "presentations", {"certificate_id": str(one.id)}) for one in (other, own)]

        assert [(one.status_code, body(one)["code"]) for one in answers] == [
            (404, "certificates.not-found"),
            (409, "certificates.not-valid"),
        ]

    def test_is_not_for_whoever_has_not_signed_in(self, client: Client, by: Issuer) -> None:
        wanted = {"certificate_id": str(factories.insured(by).id)}

        assert post(client, "presentations", wanted).status_code == 403
        assert post(client, "presentations/open", {"code": "guess"}).status_code == 403


class TestPublicPages:
    def test_check_one_by_its_identifier(self, client: Client, by: Issuer) -> None:
        record = factories.insured(by)

        page = client.get("/certificates/verify/", {"number": record.number})

        words = page.content.decode()
        assert page.status_code == 200
        assert "证照真实" in words
        assert factories.ZHAO.number not in words
        assert factories.ZHAO.name not in words

    def test_lead_from_version_to_version_and_say_why(self, client: Client, by: Issuer) -> None:
        record = factories.food(by)
        later = api.renew(certificate_id=record.id, case_id=None, actor=by.approver, at=timezone.now())
        revoke(later, by)

        pages = [client.get("/certificates/verify/", {"number": one.number}) for one in (record, later)]
        client.cookies["django_language"] = "en"
        english = text_of(client.get("/certificates/verify/", {"number": record.number}))

        former, latest = (one.content.decode() for one in pages)
        assert f"number={later.number}" in former
        assert "延续换发" in former
        assert f"number={record.number}" in latest
        assert "以欺骗手段取得" in latest
        assert "renewed for a further period" in english

    def test_say_of_one_that_was_revoked_within_the_minute_that_it_is_not_in_force(
        self, client: Client, by: Issuer, zhao: Actor
    ) -> None:
        record = factories.insured(by)
        token = code(record, zhao)
        revoke(record, by)

        words = client.post(f"/certificates/shown/{token}/").content.decode()

        assert "目前无效" in words
        assert "证照真实" not in words

    def test_say_of_a_forged_one_that_it_is_none(self, client: Client) -> None:
        page = client.get("/certificates/verify/", {"number": "1.2.156.3005.2.X.Y.Z.001.0"})

        assert page.status_code == 422
        assert "alert-danger" in page.content.decode()

    def test_open_a_code_by_post_only_and_once(self, client: Client, by: Issuer, zhao: Actor) -> None:
        address = f"/certificates/shown/{code(factories.insured(by), zhao)}/"

        looked, opened, again = client.get(address), client.post(address), client.post(address)

        assert factories.ZHAO.name not in looked.content.decode()
        assert factories.ZHAO.number in opened.content.decode()
        assert (opened.headers["Cache-Control"], again.status_code) == ("no-store", 409)
        assert "仅能使用一次" in again.content.decode()
        assert client.get("/certificates/shown/made-up/").status_code == 404
