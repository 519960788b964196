"""Who may not do a to-do, and who must agree before it is done: avoidance and countersignatures."""

from datetime import timedelta

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import CaseRecord
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.contexts.trust.tests.factories import PASSWORD, PLATFORM
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def inbox(actor: Actor, whose: str = "", *, at: object = AT) -> list[str]:
    query = ListQuery(size=200, filters={"whose": (whose,)} if whose else {})
    assert at is AT or at is LATER
    page = api.inbox(actor=actor, query=query, at=AT if at is AT else LATER)
    return sorted(row.case_number for row in page.rows)


def accept(case: CaseRecord, actor: Actor) -> CaseRecord:
    return api.complete_task(case_id=case.id, task="accept", outcome="accept", actor=actor, at=AT)


class TestAvoidance:
    def test_that_one_declares_sends_present_and_later_to_dos_to_colleagues(self) -> None:
        place = licences.office()
        both = trust.actor(Role.WINDOW_CLERK, Role.APPROVER, department_id=place.id)
        case = licences.applied(place)
        api.claim_task(case_id=case.id, task="accept", actor=both, at=AT)

        avoided = api.avoid_matter(case_id=case.id, reason="申请人是我的亲属", actor=both, at=AT)

        assert avoided.open_tasks[0].claimed_by_name == ""
        with pytest.raises(api.AvoidanceDeclared):
            accept(case, both)
        accept(case, place.clerk)
        assert inbox(both) == []
        with pytest.raises(api.AvoidanceDeclared):
            api.complete_task(case_id=case.id, task="decide", outcome="grant", actor=both, at=AT)

    def test_needs_somebody_else(self) -> None:
        place = licences.office()
        lonely = trust.department(parent_id=place.authority)
        clerk = trust.actor(Role.WINDOW_CLERK, department_id=lonely.id)
        case = api.open_case(
            case_type="licence",
            subject=licences.subject(),
            parties={"office": lonely.id},
            data={},
            actor=place.citizen,
            at=AT,
        )

        with pytest.raises(api.NobodyLeft):
            api.avoid_matter(case_id=case.id, reason="有利害关系", actor=clerk, at=AT)
        assert inbox(clerk) == [case.number]

    def test_is_only_for_those_who_have_something_to_do(self) -> None:
        place = licences.office()
        case = licences.applied(place)

        with pytest.raises(api.NotYourTask):
            api.avoid_matter(case_id=case.id, reason="有利害关系", actor=place.reviewer, at=AT)
        with pytest.raises(api.ReasonMissing):
            api.avoid_matter(case_id=case.id, reason=" ", actor=place.clerk, at=AT)

    @pytest.mark.parametrize("citizen_id", [licences.ADA, licences.CAO])
    def test_bars_the_official_who_asked_as_a_citizen_or_for_his_enterprise(self, citizen_id: str) -> None:
        place = licences.office()
        key = trust_api.add_official(
            username="twin",
            name="本人",
            department_id=place.id,
            roles=[Role.APPROVER],
            password=PASSWORD,
            citizen_id=citizen_id,
            actor=PLATFORM,
            at=AT,
        )
        twin = trust_api.actor_of(official_id=key)
        asker = place.citizen if citizen_id == licences.ADA else place.delegate
        case = accept(licences.applied(place, actor=asker), place.clerk)

        assert inbox(twin) == []
        with pytest.raises(api.OwnMatter):
            api.complete_task(case_id=case.id, task="decide", outcome="grant", actor=twin, at=AT)
        other = accept(licences.applied(place, actor=place.other_citizen), place.clerk)
        assert inbox(twin) == [other.number]


class TestCountersigning:
    def asked(self, place: licences.Office) -> CaseRecord:
        case = accept(licences.applied(place), place.clerk)
        return api.ask_countersign(
            case_id=case.id,
            task="decide",
            person_id=place.head.id,
            question="金额较大",
            actor=place.approver,
            at=AT,
        )

    def answer(self, case: CaseRecord, place: licences.Office, outcome: str) -> CaseRecord:
        (task,) = (one for one in case.open_tasks if one.kind.value == "countersign")
        return api.complete_task(
            case_id=case.id, task=task.id, outcome=outcome, reason="依据不足", actor=place.head, at=AT
        )

    def decide(self, case: CaseRecord, place: licences.Office) -> CaseRecord:
        return api.complete_task(case_id=case.id, task="decide", outcome="grant", actor=place.approver, at=AT)

    def test_holds_the_to_do_back_until_the_other_agrees(self) -> None:
        place = licences.office()
        case = self.asked(place)

        assert case.open_tasks[0].waits_for == place.head.name
        with pytest.raises(api.CountersignMissing):
            self.decide(case, place)
        with pytest.raises(api.NotYourTask):
            api.complete_task(
                case_id=case.id,
                task=case.open_tasks[1].id,
                outcome="agree",
                actor=trust.actor(Role.WINDOW_CLERK, department_id=place.id),
                at=AT,
            )
        self.answer(case, place, "agree")

        assert self.decide(case, place).state == "granted"

    def test_holds_it_back_after_an_objection_until_that_is_met_or_taken_back(self) -> None:
        place = licences.office()
        case = self.answer(self.asked(place), place, "object")

        with pytest.raises(api.CountersignObjected):
            self.decide(case, place)
        with pytest.raises(api.ReasonMissing):
            api.drop_countersign(case_id=case.id, task="decide", reason="", actor=place.approver, at=AT)
        api.drop_countersign(case_id=case.id, task="decide", reason="已另行核实", actor=place.approver, at=AT)

        assert self.decide(case, place).state == "granted"

    def test_can_be_asked_again_after_an_objection(self) -> None:
        place = licences.office()
        case = self.answer(self.asked(place), place, "object")

        again = api.ask_countersign(
            case_id=case.id,
            task="decide",
            person_id=place.head.id,
            question="已补充",
            actor=place.approver,
            at=AT,
        )
        self.answer(again, place, "agree")

        assert self.decide(case, place).state == "granted"

    def test_of_somebody_unfit_is_refused(self) -> None:
        place = licences.office()
        case = accept(licences.applied(place), place.clerk)

        for person in (place.clerk, place.approver, place.stranger, place.citizen):
            with pytest.raises(api.CountersignerUnfit):
                api.ask_countersign(
                    case_id=case.id,
                    task="decide",
                    person_id=person.id,
                    question="？",
                    actor=place.approver,
                    at=AT,
                )
        with pytest.raises(api.NotYourTask):
            api.ask_countersign(
                case_id=case.id,
                task="decide",
                person_id=place.head.id,
                question="？",
                actor=place.clerk,
                at=AT,
            )

    def test_goes_with_the_case(self) -> None:
        place = licences.office()
        case = self.asked(place)

        ended = api.withdraw_case(case_id=case.id, reason="不办了", actor=place.citizen, at=AT)

        assert ended.open_tasks == ()
        assert inbox(place.head) == []
