"""Forms take values from certificates that the applicant holds: shown with their source, never typed, counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services import api
from zhengshu.contexts.services.domain.vocabulary import CaseKind, Channel
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import ANNA, FIRM_CODE, REGISTERED, Firm, Hall
from zhengshu.contexts.services.tests.test_food_permit import ANSWERS
from zhengshu.contexts.services.tests.test_web_applications import browser, text
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.contexts.trust.tests.factories import PLATFORM
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
LICENCE = {
    "enterprise_type": "有限责任公司",
    "legal_representative": "许望川",
    "registered_on": "2024-05-06",
    "address": "文澜区金桂路7号",
    "scope": "餐饮服务；食品销售",
}
PAGE = {
    "relation": "女",
    "gender": "女",
    "birth_date": "2026-02-14",
    "address": "文澜区书院路20号",
    "registered_on": "2026-02-20",
}
CHILD, CHILD_ID = "林小满", "47030220260214002X"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A department that offers two items and issues what they ask for, a firm, a mother."""

    hall: Hall
    firm: Firm

    def licence(self, **changes: str) -> certificates.CertificateRecord:
        return certificates.issue(
            type_code="business-licence",
            holder=certificates.Holder.enterprise(name="望川餐饮服务有限公司", credit_code=FIRM_CODE),
            values={**LICENCE, **changes},
            case_id=None,
            department_id=self.hall.department,
            actor=PLATFORM,
            at=timezone.now(),
        )

    def page(self) -> certificates.CertificateRecord:
        mother = certificates.Holder.person(name=self.hall.citizen.name, citizen_id=ANNA)
        return certificates.issue(
            type_code="household-page",
            holder=certificates.Holder.person(name=CHILD, citizen_id=CHILD_ID),
            values=PAGE,
            keepers=[mother],
            case_id=None,
            department_id=self.hall.department,
            actor=PLATFORM,
            at=timezone.now(),
        )

    def begun(self) -> UUID:
        return casework.prepare_form(
            case_type="food-permit", answers=ANSWERS, actor=self.firm.delegate, at=timezone.now()
        )

    def revoke(self, found: certificates.CertificateRecord) -> None:
        certificates.revoke(
            certificate_id=found.id,
            ending=certificates.Ending.REVOKED,
            reason="登记事项不实",
            actor=self.hall.head,
            at=timezone.now(),
        )


@pytest.fixture
def town() -> Iterator[Town]:
    with intake_kit.registers(**{f"id_{FIRM_CODE}": REGISTERED}):
        place = intake_kit.hall()
        heard = trust.department(parent_id=place.authority)
        for code in ("business-licence", "household-page"):
            intake_kit.certify(place, code)
        intake_kit.offer(place, code="food-permit", joint=[str(heard.code)], case_kind=CaseKind.PROMISED)
        intake_kit.offer(place, code="newborn-social-card", case_kind=CaseKind.PROMISED)
        yield Town(hall=place, firm=intake_kit.firm())


def send(key: UUID, *, actor: Actor) -> api.ApplicationRecord:
    return api.submit_application(draft_id=key, channel=Channel.WEB, actor=actor, at=timezone.now())


def asked(key: UUID, field: str, *, actor: Actor) -> casework.FormQuestion:
    return next(one for one in casework.form_questions(draft_id=key, actor=actor) if one.key == field)


def supplied(found: certificates.CertificateRecord, *, actor: Actor) -> list[certificates.UseRecord]:
    return [one for one in certificates.uses(certificate_id=found.id, actor=actor) if one.kind == "supplied"]


class TestOwnCertificate:
    def test_fills_the_form_with_its_source_and_is_not_typed(self, town: Town) -> None:
        licence = town.licence()

        one = asked(town.begun(), "licence_address", actor=town.firm.delegate)

        assert (one.value, one.is_typed) == ("文澜区金桂路7号", False)
        assert one.source.startswith(f"营业执照 {licence.serial[:4]}****{licence.serial[-4:]}")
        assert licence.office_name in one.source
        assert licence.serial not in one.source

    def test_is_counted_once_with_the_case_that_got_it(self, town: Town) -> None:
        licence, key = town.licence(), town.begun()
        assert supplied(licence, actor=town.firm.delegate) == []

        sent = send(key, actor=town.firm.delegate)
        send(key, actor=town.firm.delegate)

        (use,) = supplied(licence, actor=town.firm.delegate)
        assert (use.case_id, use.fields) == (sent.case_id, ("number", "address", "scope"))
        assert use.purpose.endswith(sent.number)
        assert use.who
        told = {one.element for one in sent.sources}
        assert {"business-licence.address", "business-licence.scope"} <= told

    def test_stays_empty_and_says_so_where_none_is_held(self, town: Town) -> None:
        key = town.begun()

        assert asked(key, "licence_scope", actor=town.firm.delegate).value == ""
        assert send(key, actor=town.firm.delegate).is_fresh

    def test_of_another_firm_fills_nothing(self, town: Town) -> None:
        other = certificates.Holder.enterprise(name="别家", credit_code=trust.credit_code(910_077))
        certificates.issue(
            type_code="business-licence", holder=other, values=LICENCE, case_id=None,
            department_id=town.hall.department, actor=PLATFORM, at=timezone.now(),
        )  # fmt: skip

        assert asked(town.begun(), "licence_scope", actor=town.firm.delegate).value == ""


class TestEndedMeanwhile:
    def test_sends_nothing(self, town: Town) -> None:
        licence, key = town.licence(), town.begun()
        town.revoke(licence)

        with pytest.raises(certificates.CertificateEndedMeanwhile):
            send(key, actor=town.firm.delegate)

        assert not Application.objects.exists()
        assert supplied(licence, actor=town.firm.delegate) == []

    def test_is_said_on_the_page_and_forgotten(self, town: Town) -> None:
        licence, key = town.licence(), town.begun()
        town.revoke(licence)
        client = browser(town.firm.delegate)

        page = text(client.post(reverse("apply:send", args=[key])))

        assert "有一份证照已经失效" in page
        assert LICENCE["address"] not in page
        client.post(reverse("apply:send", args=[key]))
        assert Application.objects.get().draft_id == key

    def test_its_later_version_takes_its_place(self, town: Town) -> None:
        licence, key = town.licence(), town.begun()
        certificates.replace(
            certificate_id=licence.id, values={"address": "文澜区金桂路9号"}, case_id=None,
            actor=town.hall.head, at=timezone.now(),
        )  # fmt: skip
        client = browser(town.firm.delegate)

        page = text(client.post(reverse("apply:send", args=[key])))

        assert "有一份证照已经失效" in page
        assert "文澜区金桂路9号" in page


class TestKeptCertificate:
    def begin(self, actor: Actor, name: str, **more: tuple[str, ...]) -> UUID:
        answers = {"child_name": (name,), "bank": ("工商银行",), **more}
        return casework.prepare_form(
            case_type="newborn-social-card", answers=answers, actor=actor, at=timezone.now()
        )

    def test_of_a_child_fills_what_its_mother_would_type(self, town: Town) -> None:
        page, mother = town.page(), town.hall.citizen

        sent = send(self.begin(mother, CHILD), actor=mother)

        assert casework.case_answers(case_id=sent.case_id)["child_citizen_id"] == CHILD_ID
        assert (sent.typed, sent.letters) == (2, len(CHILD))
        (use,) = supplied(page, actor=mother)
        assert set(use.fields) == {"gender", "citizen_id"}

    def test_goes_before_what_was_typed(self, town: Town) -> None:
        town.page()
        mother = town.hall.citizen
        key = self.begin(mother, CHILD, child_citizen_id=("470302199002022340",))

        sent = send(key, actor=mother)

        assert casework.case_answers(case_id=sent.case_id)["child_citizen_id"] == CHILD_ID

    def test_fills_nothing_for_whoever_only_knows_the_name(self, town: Town) -> None:
        town.page()

        one = asked(self.begin(town.hall.other, CHILD), "child_citizen_id", actor=town.hall.other)

        assert (one.value, one.is_typed) == ("", True)

    def test_of_another_child_fills_nothing(self, town: Town) -> None:
        town.page()

        one = asked(self.begin(town.hall.citizen, "林小雪"), "child_citizen_id", actor=town.hall.citizen)

        assert (one.value, one.is_typed) == ("", True)

    def test_that_an_official_saw_at_the_window_is_counted_at_once(self, town: Town) -> None:
        page, mother = town.page(), town.hall.citizen

        casework.prepare_form(
            case_type="newborn-social-card",
            answers={"child_name": (CHILD,)},
            applicant=casework.Applicant(account_id=mother.id),
            actor=town.hall.clerk,
            at=timezone.now(),
        )

        (use,) = supplied(page, actor=mother)
        assert (use.purpose, use.who) == ("窗口代为填写申请", town.hall.clerk.department_name)
