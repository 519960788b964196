"""From the application for a seal to a sealed notice in an applicant's hands, and what must not happen on the way."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from ofdkit.document import OFDDocument

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.issue_notices import NoticeNotFound, text_of_notice
from zhengshu.contexts.casework.application.seals.apply_for_seal import CASE_TYPE, apply_for_seal
from zhengshu.contexts.casework.application.seals.decide_seal import decide_seal, seal_task
from zhengshu.contexts.casework.application.seals.seal_notice import (
    may_be_sealed,
    seal_notice,
    sealed_notices,
)
from zhengshu.contexts.casework.models import Case, Notice
from zhengshu.contexts.casework.tests import factories, licences
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as people
from zhengshu.contexts.trust.tests import seals
from zhengshu.foundation.outbox import deliver_due
from zhengshu.foundation.seals.findings import FileKind
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db
BOTH = frozenset(trust.SealFormat)


@pytest.fixture
def place() -> licences.Office:
    found = licences.office()
    factories.load_types(at=timezone.now())
    return found


@pytest.fixture
def notice(place: licences.Office) -> Notice:
    case = licences.accepted(place, at=timezone.now())
    return Notice.objects.select_related("case").get(case_id=case.id)


def wanted(place: licences.Office) -> trust.WantedSeal:
    return seals.wanted(place.clerk.id, name="云岭市行政审批局")


def decided(place: licences.Office, *, review: str) -> UUID:
    at = timezone.now()
    seal_id, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=at)
    steps = (("head_approval", "approve", place.head), ("authority_review", review, place.reviewer))
    for task, outcome, actor in steps:
        api.complete_task(case_id=case.id, task=task, outcome=outcome, reason="核对", actor=actor, at=at)
    deliver_due(at=at + timedelta(minutes=1))
    return seal_id


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(people.account_of(actor))
    return client


class TestApplication:
    def test_approved_by_the_head_and_the_data_authority_makes_the_seal(self, place: licences.Office) -> None:
        seal = seals.stored(decided(place, review="approve"))

        assert (seal.state, seal.case_number[:2]) == ("in_use", "YZ")
        assert seals.times_told("trust.seal.made.v1", seal.pk) == 1

    def test_refused_makes_none(self, place: licences.Office) -> None:
        seal = seals.stored(decided(place, review="refuse"))

        assert (seal.state, seal.made) == ("refused", None)

    def test_withdrawn_makes_none(self, place: licences.Office) -> None:
        at = timezone.now()
        seal_id, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=at)
        api.withdraw_case(case_id=case.id, reason="不再需要", actor=place.clerk, at=at)
        deliver_due(at=at + timedelta(minutes=1))

        assert seals.stored(seal_id).state == "refused"

    def test_is_not_approved_by_its_own_applicant_at_the_data_authority(self, place: licences.Office) -> None:
        at = timezone.now()
        _seal, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=at)

        with pytest.raises(api.NotYourTask):
            api.complete_task(
                case_id=case.id, task="head_approval", outcome="approve", actor=place.clerk, at=at
            )

    def test_handed_in_twice_is_one(self, place: licences.Office) -> None:
        at, asked = timezone.now(), wanted(place)

        twice = [
            apply_for_seal(wanted=asked, actor=place.clerk, at=at, idempotency_key="k") for _ in range(2)
        ]

        assert twice[0] == twice[1]
        assert Case.objects.filter(type_code=CASE_TYPE).count() == 1
        with pytest.raises(api.KeyUsedOtherwise):
            apply_for_seal(
                wanted=replace(asked, purpose="另一用途"), actor=place.clerk, at=at, idempotency_key="k"
            )

    def test_is_not_for_citizens(self, place: licences.Office) -> None:
        with pytest.raises(api.NotYourTask):
            apply_for_seal(wanted=wanted(place), actor=place.citizen, at=timezone.now())

    def test_is_made_on_a_page(self, place: licences.Office) -> None:
        today = timezone.localdate()
        client = signed_in(place.clerk)
        entered = {
            "kind": "1",
            "name": "云岭市行政审批局",
            "purpose": "行政审批文书",
            "users": [str(place.clerk.id)],
            "first": today.isoformat(),
            "last": (today + timedelta(days=365)).isoformat(),
        }
        page = client.get(reverse("casework:seal-apply"))
        wrong = client.post(reverse("casework:seal-apply"), {**entered, "last": "2020-01-01"})
        done = client.post(reverse("casework:seal-apply"), entered)

        assert page.status_code == 200
        assert "有效期至少一天" in wrong.content.decode()
        seal = seals.stored()
        assert done["Location"] == reverse("trust:seal-detail", args=[seal.pk])
        shown = client.get(done["Location"]).content.decode()
        assert seal.case_number in shown


class TestDecision:
    def test_is_made_on_a_page_by_those_whose_turn_it_is(self, place: licences.Office) -> None:
        at = timezone.now()
        seal_id, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=at)
        address, seal = (
            reverse("casework:seal-decide", args=[case.id]),
            reverse("trust:seal-detail", args=[seal_id]),
        )
        head, reviewer, clerk = (signed_in(one) for one in (place.head, place.reviewer, place.clerk))

        assert clerk.get(address).status_code == 403
        assert reviewer.get(address)["Location"] == seal
        assert address in head.get(seal).content.decode()
        head.post(address, {"outcome": "approve", "reason": ""})
        assert address not in head.get(seal).content.decode()
        without = reviewer.post(address, {"outcome": "refuse", "reason": ""})
        assert without.status_code == 200
        reviewer.post(address, {"outcome": "approve", "reason": ""})
        assert seals.stored(seal_id).state == "in_use"

    def test_makes_the_seal_once_though_the_case_announces_its_end_too(self, place: licences.Office) -> None:
        at = timezone.now()
        seal_id, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=at)
        for actor in (place.head, place.reviewer):
            _case, task = seal_task(case_id=case.id, actor=actor, at=at)
            assert task is not None
            decide_seal(case_id=case.id, task_id=task.id, outcome="approve", reason="", actor=actor, at=at)
        deliver_due(at=at + timedelta(minutes=1))

        assert seals.times_told("trust.seal.made.v1", seal_id) == 1


class TestWithdrawal:
    def test_is_for_the_department_that_applied_and_makes_no_seal(self, place: licences.Office) -> None:
        seal_id, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=timezone.now())
        address, seal = (
            reverse("casework:seal-withdraw", args=[case.id]),
            reverse("trust:seal-detail", args=[seal_id]),
        )
        clerk, reviewer, stranger = (signed_in(one) for one in (place.clerk, place.reviewer, place.stranger))

        assert address in clerk.get(seal).content.decode()
        assert address not in reviewer.get(seal).content.decode()
        assert reviewer.post(address, {"reason": "x"}).status_code == 403
        assert stranger.post(address, {"reason": "x"}).status_code == 404
        assert clerk.post(address, {"reason": " "}).status_code == 200
        done = clerk.post(address, {"reason": "名称写错了"}, follow=True)

        assert done.redirect_chain[0][0] == seal
        assert seals.stored(seal_id).state == "refused"
        page = done.content.decode()
        assert "已撤回" in page
        assert address not in page
        assert clerk.get(address)["Location"] == seal
        assert not seals.keys_of(seal_id)

    def test_is_too_late_once_the_seal_was_made(self, place: licences.Office) -> None:
        seal_id = decided(place, review="approve")
        case_id = seals.stored(seal_id).case_id
        assert case_id is not None

        answer = signed_in(place.clerk).post(
            reverse("casework:seal-withdraw", args=[case_id]), {"reason": "不要了"}, follow=True
        )

        assert "您现在不能撤回此申请" in answer.content.decode()
        assert seals.stored(seal_id).state == "in_use"

    def test_the_page_of_the_seal_says_whose_turn_it_is(self, place: licences.Office) -> None:
        seal_id, case = apply_for_seal(wanted=wanted(place), actor=place.clerk, at=timezone.now())
        page = reverse("trust:seal-detail", args=[seal_id])
        before = signed_in(place.clerk).get(page).content.decode()
        api.complete_task(
            case_id=case.id, task="head_approval", outcome="approve", actor=place.head, at=timezone.now()
        )

        after = signed_in(place.clerk).get(page).content.decode()

        assert "本部门负责人审批" in before
        assert "主管部门审核" in after


class TestNotice:
    def test_is_sealed_by_who_may_and_read_by_strangers(self, place: licences.Office, notice: Notice) -> None:
        seal, at = decided(place, review="approve"), timezone.now()
        case_id = CaseId(notice.case_id)
        seal_notice(
            case_id=case_id, notice_id=notice.pk, seal_id=seal, formats=BOTH, actor=place.clerk, at=at
        )

        pdf, ofd = (seals.files(notice.pk)[kind] for kind in (FileKind.PDF.value, FileKind.OFD.value))
        assert pdf.startswith(b"%PDF-")
        assert notice.titles["zh-hans"] in OFDDocument(ofd).text()
        assert {one.format for one in sealed_notices(notice_ids=[notice.pk])[notice.pk]} == {"pdf", "ofd"}

    def test_is_offered_only_to_named_users_of_the_department_that_decided(
        self, place: licences.Office, notice: Notice
    ) -> None:
        seal, at = decided(place, review="approve"), timezone.now()

        offered = {
            actor.name: [one.id for one in may_be_sealed(notice_id=notice.pk, actor=actor, at=at)]
            for actor in (place.clerk, place.colleague, place.reviewer, place.citizen)
        }
        assert offered == {
            place.clerk.name: [seal],
            place.colleague.name: [],
            place.reviewer.name: [],
            place.citizen.name: [],
        }

    def test_of_a_case_that_one_may_not_see_is_not_found(
        self, place: licences.Office, notice: Notice
    ) -> None:
        seal = decided(place, review="approve")

        with pytest.raises(NoticeNotFound):
            seal_notice(
                case_id=CaseId(notice.case_id),
                notice_id=notice.pk,
                seal_id=seal,
                formats=BOTH,
                actor=place.stranger,
                at=timezone.now(),
            )

    def test_by_a_colleague_who_is_not_named_is_refused(self, place: licences.Office, notice: Notice) -> None:
        seal = decided(place, review="approve")

        with pytest.raises(trust.SealNotYours):
            seal_notice(
                case_id=CaseId(notice.case_id),
                notice_id=notice.pk,
                seal_id=seal,
                formats=BOTH,
                actor=place.colleague,
                at=timezone.now(),
            )

    def test_that_was_never_approved_is_refused(self, place: licences.Office, notice: Notice) -> None:
        seal = decided(place, review="approve")
        copy = Notice.objects.create(
            case=notice.case,
            code="forged",
            titles=notice.titles,
            texts=notice.texts,
            issued_at=notice.issued_at,
            issued_by=place.clerk.id,
        )

        with pytest.raises(trust.DocumentNotApproved):
            seal_notice(
                case_id=CaseId(notice.case_id),
                notice_id=copy.pk,
                seal_id=seal,
                formats=BOTH,
                actor=place.clerk,
                at=timezone.now(),
            )

    def test_says_the_same_whatever_language_is_read(self, notice: Notice) -> None:
        from django.utils import translation

        with translation.override("en"):
            english = text_of_notice(notice)
        with translation.override("zh-hans"):
            chinese = text_of_notice(notice)

        assert english == chinese
        assert english.title == notice.titles["zh-hans"]


class TestPages:
    def test_seal_and_download_and_are_closed_to_others(self, place: licences.Office, notice: Notice) -> None:
        seal = decided(place, review="approve")
        arguments = [notice.case_id, notice.pk]
        clerk, stranger, citizen = (signed_in(one) for one in (place.clerk, place.stranger, place.citizen))

        form = clerk.get(reverse("casework:notice-seal", args=arguments)).content.decode()
        done = clerk.post(
            reverse("casework:notice-seal", args=arguments), {"seal": str(seal), "ofd": "on"}, follow=True
        ).content.decode()

        assert "云岭市行政审批局" in form
        assert "加盖电子印章" in form
        assert "用印情况已记入存证日志" in done
        for use in sealed_notices(notice_ids=[notice.pk])[notice.pk]:
            address = reverse("casework:sealed-file", args=[*arguments, use.id])
            assert b"".join(citizen.get(address).streaming_content)[:2] in {b"%P", b"PK"}  # type: ignore[attr-defined]
            assert stranger.get(address).status_code == 404
            assert Client().get(address).status_code == 302
        assert seals.times_told("casework.document.taken.v1", notice.case_id) == 2

    def test_say_to_others_why_they_cannot_seal(self, place: licences.Office, notice: Notice) -> None:
        decided(place, review="approve")
        arguments = [notice.case_id, notice.pk]
        page = (
            signed_in(place.colleague).get(reverse("casework:notice-seal", args=arguments)).content.decode()
        )

        assert "您不能在此文书上盖章" in page
        assert (
            signed_in(place.citizen).get(reverse("casework:notice-seal", args=arguments)).status_code == 403
        )
