"""Pages of certificates: each for whom it is, and nothing for anybody else."""

import io

import pytest
import segno
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.certificates import api
from zhengshu.contexts.certificates.interfaces.web_mine import _code
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.factories import Issuer
from zhengshu.contexts.trust.tests import factories as people
from zhengshu.contexts.trust.tests import seals
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db
SHOWING = "zhengshu.contexts.certificates.application.present_certificate"


@pytest.fixture
def by() -> Issuer:
    return factories.issuer("food-permit", "insured-certificate")


@pytest.fixture
def zhao() -> Actor:
    return factories.citizen()


def as_(actor: Actor) -> Client:
    client = Client()
    client.force_login(people.account_of(actor))
    return client


class TestMine:
    def test_shows_ones_own_and_nobody_elses(self, by: Issuer, zhao: Actor) -> None:
        own, other = factories.insured(by), factories.food(by)
        client = as_(zhao)

        words = client.get("/certificates/").content.decode()

        assert str(own.id) in words
        assert str(other.id) not in words
        for address in ("", "show/", "file/pdf/"):
            assert client.get(f"/certificates/{other.id}/{address}").status_code in {302, 404}
        assert client.post(f"/certificates/{other.id}/show/").status_code == 404

    def test_a_code_holds_the_address_that_opens_it(
        self, by: Issuer, zhao: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record = factories.insured(by)
        monkeypatch.setattr(f"{SHOWING}.secrets.token_urlsafe", lambda _bytes: "fixed-token")

        page = as_(zhao).post(f"/certificates/{record.id}/show/")

        address = settings.PUBLIC_URL + reverse("certificates:shown", args=["fixed-token"])
        drawn = io.BytesIO()
        segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, omitsize=True)
        (path,) = [part for part in drawn.getvalue().decode().split('"') if part.startswith("M2")]
        assert path in page.content.decode()
        assert page.headers["Cache-Control"] == "no-store"

    def test_a_page_of_codes_that_is_loaded_again_makes_none(self, by: Issuer, zhao: Actor) -> None:
        record = factories.insured(by)

        assert as_(zhao).get(f"/certificates/{record.id}/show/").status_code == 302

    def test_draws_a_name_with_marks_harmlessly(self) -> None:
        assert "<script" not in _code("https://example.cn/", title="<script>")


class TestOffice:
    def test_list_names_persons_in_part_and_costs_the_same_for_many(
        self, by: Issuer, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(12):
            factories.insured(by, months=str(number))
        client = as_(by.approver)
        client.get("/certificates/issued/")

        with django_assert_max_num_queries(20):
            words = client.get("/certificates/issued/").content.decode()

        assert "赵**" in words
        assert factories.ZHAO.name not in words

    def test_list_is_searched_and_filtered(self, by: Issuer) -> None:
        food, insured = factories.food(by), factories.insured(by)
        client = as_(by.approver)

        def found(**query: str) -> set[str]:
            words = client.get("/certificates/issued/", query).content.decode()
            return {name for name, one in {"food": food, "insured": insured}.items() if str(one.id) in words}

        assert found(q=food.number) == {"food"}
        assert found(q=factories.ZHAO.number) == {"insured"}
        assert found(type="food-permit") == {"food"}
        assert found(standing="ended") == set()
        assert found(q="没有") == set()

    def test_list_and_export_are_the_departments_own(self, by: Issuer) -> None:
        record, other = factories.food(by), factories.issuer()

        for client, is_there in ((as_(by.approver), True), (as_(other.approver), False)):
            assert (str(record.id) in client.get("/certificates/issued/").content.decode()) is is_there
            sent = b"".join(client.get("/certificates/issued/export/"))
            assert (record.number in sent.decode()) is is_there
        assert seals.noted("certificates.list.exported.v1", by.department_id) == [{"rows": 1}]

    def test_ends_one_after_asking(self, by: Issuer) -> None:
        record = factories.food(by)
        client, address = as_(by.approver), f"/certificates/{record.id}/end/"

        assert "alert" not in client.get(address).content.decode()
        assert client.post(address, {"ending": "05", "reason": "x"}).status_code == 200
        assert client.post(address, {"ending": "04", "reason": "申请注销"}).status_code == 302
        again = client.post(address, {"ending": "04", "reason": "申请注销"})

        assert "该证照已不再有效" in again.content.decode()
        assert as_(by.head).get(f"/certificates/{record.id}/").status_code == 200

    def test_a_clerk_ends_none(self, by: Issuer) -> None:
        record = factories.food(by)
        clerk = seals.official(Role.WINDOW_CLERK, department_id=by.department_id)

        assert as_(clerk).get(f"/certificates/{record.id}/end/").status_code == 403
        assert as_(clerk).get(f"/certificates/{record.id}/").status_code == 200


class TestTypes:
    def test_are_listed_with_what_was_issued(self, by: Issuer) -> None:
        factories.food(by)

        words = as_(by.head).get("/certificates/types/").content.decode()

        assert "食品经营许可证" in words
        assert as_(by.head).get("/certificates/types/no-such/").status_code == 404

    def test_reviewer_names_and_head_allows(self, by: Issuer) -> None:
        office = people.department()
        reviewer, head = (
            seals.official(Role.REVIEWER),
            seals.official(Role.DEPARTMENT_HEAD, department_id=office.id),
        )
        seal_id = seals.made(head)
        page = "/certificates/types/signboard-permit/"

        assert as_(head).post(f"{page}issuers/add/", {"chosen": office.id}).status_code == 403
        as_(head).post(f"{page}seal/", {"chosen": seal_id})
        assert not any(one.department_id == office.id for one in api.issuers(type_code="signboard-permit"))
        as_(reviewer).post(f"{page}issuers/add/", {"chosen": office.id})
        as_(head).post(f"{page}seal/", {"chosen": seal_id})
        (named,) = [
            one for one in api.issuers(type_code="signboard-permit") if one.department_id == office.id
        ]
        assert named.seal_id == seal_id
        as_(head).post(f"{page}seal/take-back/")
        as_(reviewer).post(f"{page}issuers/remove/", {"department": office.id})
        assert not any(one.department_id == office.id for one in api.issuers(type_code="signboard-permit"))
