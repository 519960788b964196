"""A character that no font has is named before anything is sent, and before anything is accepted."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.answer_bundle import answer_bundle
from zhengshu.contexts.services.application.begin_bundle import begin_bundle
from zhengshu.contexts.services.application.foresee_letters import lacking_in_bundle, lacking_in_case
from zhengshu.contexts.services.application.one_thing_pack import OneThingNotFound
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
ITEM = "insured-certificate"
RARE = "\U0002bd73"
TOLD = f"“{RARE}”（U+2BD73）"


@pytest.fixture
def hall() -> kit.Hall:
    """A department that issues certificates of insurance, of which no register tells it anything."""
    made = kit.hall()
    kit.offer(made, code=ITEM)
    kit.certified(ITEM)
    kit.certify(made, ITEM)
    return made


def named(actor: Actor, name: str) -> Actor:
    """Return somebody under another name."""
    get_user_model().objects.filter(id=actor.id).update(name=name)
    return trust.actor_of(official_id=actor.id)


class TestBeforeSending:
    def check_page(self, actor: Actor) -> str:
        draft = casework.prepare_form(
            case_type=ITEM, answers={"purpose": ("落户",)}, actor=actor, at=timezone.now()
        )
        return browser(actor).get(reverse("apply:check", args=[draft])).content.decode()

    def test_is_named_and_keeps_nobody_from_sending(self, hall: kit.Hall) -> None:
        shown = self.check_page(named(hall.citizen, f"王{RARE}"))

        assert f"平台的字库中没有{TOLD}" in shown
        assert "/send/" in shown

    def test_nothing_is_said_of_other_names(self, hall: kit.Hall) -> None:
        assert "平台的字库中没有" not in self.check_page(named(hall.citizen, "王㛃䶮"))

    def test_nor_where_no_certificate_follows(self) -> None:
        hall = kit.hall()
        kit.offer(hall, code=ITEM)

        assert "平台的字库中没有" not in self.check_page(named(hall.citizen, f"王{RARE}"))

    def test_of_one_thing_all_forms_are_looked_at(self, hall: kit.Hall) -> None:
        for code in ("birth-certificate", "household-registration"):
            kit.offer(hall, code=code)
        key = begin_bundle(code="newborn", left_in=(), actor=hall.citizen, at=timezone.now())
        answer_bundle(
            bundle_id=key, answers={"child_name": (f"许\u200b{RARE}",)}, actor=hall.citizen, at=timezone.now()
        )

        assert lacking_in_bundle(bundle_id=key, actor=hall.citizen, on=date(2026, 3, 2)) == RARE
        with pytest.raises(OneThingNotFound):
            lacking_in_bundle(bundle_id=key, actor=hall.other, on=date(2026, 3, 2))


class TestBeforeDeciding:
    def sent(self, actor: Actor) -> api.ApplicationRecord:
        draft = casework.prepare_form(
            case_type=ITEM, answers={"purpose": ("落户",)}, actor=actor, at=timezone.now()
        )
        return api.submit_application(draft_id=draft, channel=Channel.MOBILE, actor=actor, at=timezone.now())

    def test_an_official_reads_it_on_the_case_from_the_beginning(self, hall: kit.Hall) -> None:
        person = named(hall.citizen, f"王{RARE}")
        found = self.sent(person)

        shown = browser(hall.approver).get(reverse("casework:case-detail", args=[found.case_id]))
        own = browser(person).get(reverse("apply:my-case", args=[found.case_id]))

        assert f"平台的字库中没有{TOLD}" in shown.content.decode()
        assert "平台的字库中没有" not in own.content.decode()

    def test_what_an_official_found_out_counts_too(self, hall: kit.Hall) -> None:
        found = self.sent(hall.citizen)
        before = lacking_in_case(case_id=found.case_id, at=timezone.now())

        kit.reviewed(found.case_id, by=hall.approver, insurances=f"工伤{RARE}保险")

        assert (before, lacking_in_case(case_id=found.case_id, at=timezone.now())) == ("", RARE)
