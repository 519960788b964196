"""Persons and enterprises as parties: what they may open, see and do, and what they may not."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import Applicant
from zhengshu.contexts.casework.events import TaskOpened
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.casework.tests import factories, licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust_factories
from zhengshu.contexts.trust.tests.factories import PLATFORM
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.identity import new_id

EVERYTHING = ListQuery(size=200)


def supplement(place: licences.Office, case: api.CaseRecord) -> api.CaseRecord:
    return api.complete_task(
        case_id=case.id,
        task="accept",
        outcome="ask_supplement",
        reason="缺身份证明",
        actor=place.clerk,
        at=AT,
    )


@pytest.mark.django_db
class TestOpening:
    def test_by_a_citizen_is_for_himself(self) -> None:
        place = licences.office()

        case = licences.applied(place)

        assert case.applicant == Applicant(
            account_id=place.citizen.id, name=place.citizen.name, title="申请人"
        )
        assert case.department_id is None
        assert [task.department_id for task in case.open_tasks] == [place.id]

    def test_by_a_delegate_is_for_his_enterprise(self) -> None:
        place = licences.office()

        case = licences.applied(place, actor=place.delegate)

        assert case.applicant is not None
        assert case.applicant.enterprise_id == place.enterprise_id
        assert case.applicant.enterprise_name == "云岭食品有限公司"

    def test_by_a_clerk_is_for_whom_he_names(self) -> None:
        place = licences.office()

        case = licences.applied(place, actor=place.clerk, applicant=Applicant(account_id=place.citizen.id))

        assert case.applicant is not None
        assert case.applicant.account_id == place.citizen.id
        assert api.case(case_id=case.id, actor=place.citizen, at=AT).number == case.number

    def test_by_a_clerk_for_nobody_is_refused(self) -> None:
        place = licences.office()

        with pytest.raises(api.ApplicantMissing):
            licences.applied(place, actor=place.clerk)

    def test_for_an_official_is_refused(self) -> None:
        place = licences.office()

        with pytest.raises(api.ApplicantUnfit):
            licences.applied(place, actor=place.clerk, applicant=Applicant(account_id=place.approver.id))

    def test_for_an_account_that_does_not_exist_is_refused(self) -> None:
        place = licences.office()

        with pytest.raises(trust_api.AccountNotFound):
            licences.applied(place, actor=place.clerk, applicant=Applicant(account_id=new_id()))

    def test_for_somebody_without_an_account_says_so(self) -> None:
        licences.office()

        with pytest.raises(trust_api.PersonWithoutAccount):
            trust_api.private_person(citizen_id=CitizenId.parse("11010519491231002X"))

    def test_for_an_enterprise_whose_delegation_ended_says_so(self) -> None:
        place = licences.office()
        cao, code = CitizenId.parse(licences.CAO), CreditCode.parse(trust_factories.credit_code(900_001))
        before = trust_api.private_person(citizen_id=cao, enterprise=code)
        trust_api.end_delegation(
            account_id=place.delegate.id, enterprise_id=place.enterprise_id, actor=PLATFORM, at=AT
        )

        assert before.account_id == place.delegate.id
        with pytest.raises(trust_api.DelegateNotFound):
            trust_api.private_person(citizen_id=cao, enterprise=code)

    def test_by_a_citizen_for_another_is_refused(self) -> None:
        place = licences.office()

        with pytest.raises(api.NotForOthers):
            licences.applied(place, applicant=Applicant(account_id=place.other_citizen.id))

    def test_for_an_enterprise_of_others_is_refused(self) -> None:
        place = licences.office()
        mine = Applicant(account_id=place.citizen.id, enterprise_id=place.enterprise_id)

        with pytest.raises(api.ApplicantUnfit):
            licences.applied(place, applicant=mine)
        with pytest.raises(api.NotForOthers):
            licences.applied(
                place,
                actor=place.delegate,
                applicant=Applicant(account_id=place.delegate.id, enterprise_id=new_id()),
            )

    def test_after_the_delegation_ended_is_refused(self) -> None:
        place = licences.office()
        trust_api.end_delegation(
            account_id=place.delegate.id, enterprise_id=place.enterprise_id, actor=PLATFORM, at=AT
        )
        former = trust_api.actor_of(official_id=place.delegate.id)

        with pytest.raises(api.ApplicantUnfit):
            licences.applied(place, actor=former)
        with pytest.raises(api.NotForOthers):
            licences.applied(
                place,
                actor=former,
                applicant=Applicant(account_id=former.id, enterprise_id=place.enterprise_id),
            )

    def test_with_an_applicant_that_the_type_does_not_have_is_refused(self) -> None:
        city = factories.city()

        with pytest.raises(api.ApplicantUnfit):
            api.open_case(
                case_type="share-request",
                subject=factories.subject(),
                parties=city.parties,
                data={"sharing_class": "conditional"},
                applicant=Applicant(account_id=city.officer.id),
                actor=city.officer,
                at=AT,
            )


@pytest.mark.django_db
class TestReading:
    def test_is_for_the_applicant_the_office_and_the_data_authority(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        nobody = Actor(id=new_id(), name="群众", roles=frozenset({Role.CITIZEN}))

        for reader in (place.citizen, place.clerk, place.approver, place.reviewer):
            assert Case.objects.visible_to(reader).filter(pk=case.id).exists()
        for stranger in (place.other_citizen, place.delegate, place.stranger, nobody, Actor.anonymous()):
            assert not Case.objects.visible_to(stranger).exists()
            assert not api.supervised(actor=stranger, query=EVERYTHING, at=AT).total
            with pytest.raises(api.CaseNotFound):
                api.case(case_id=case.id, actor=stranger, at=AT)

    def test_of_an_enterprise_is_for_all_its_present_delegates(self) -> None:
        place = licences.office()
        case = licences.applied(place, actor=place.delegate)
        second = licences.delegate("dai", "47030219900404456X", enterprise_id=place.enterprise_id)

        assert api.case(case_id=case.id, actor=second, at=AT).number == case.number
        assert [row.id for row in api.started(actor=second, query=EVERYTHING, at=AT).rows] == [case.id]

        trust_api.end_delegation(
            account_id=place.delegate.id, enterprise_id=place.enterprise_id, actor=PLATFORM, at=AT
        )
        former = trust_api.actor_of(official_id=place.delegate.id)
        assert not Case.objects.visible_to(former).exists()
        assert not Task.objects.doable_by(former).exists()

    def test_of_a_citizen_without_the_role_ends(self) -> None:
        place = licences.office()
        licences.applied(place)
        bare = Actor(id=place.citizen.id, name="无角色")

        assert not Case.objects.visible_to(bare).exists()

    def test_names_are_not_told_where_rows_were_found_by_other_rules(self) -> None:
        place = licences.office()
        case = licences.applied(place)

        (found,) = api.cases_of(subject_ids=[case.subject.id], at=AT).values()

        assert found.applicant is None


@pytest.mark.django_db
class TestToDos:
    def test_of_the_applicant_are_in_his_inbox_and_nobody_elses(self) -> None:
        place = licences.office()
        case = supplement(place, licences.applied(place))

        (task,) = case.open_tasks
        assert (task.task, task.department_id, task.person_id) == ("supplement", None, place.citizen.id)
        assert [row.id for row in api.inbox(actor=place.citizen, query=EVERYTHING, at=AT).rows] == [task.id]
        for stranger in (place.other_citizen, place.delegate, place.clerk, place.stranger):
            assert task.id not in {row.id for row in api.inbox(actor=stranger, query=EVERYTHING, at=AT).rows}
        for official in (place.clerk, place.approver):
            with pytest.raises(api.NotYourTask):
                api.complete_task(case_id=case.id, task="supplement", outcome="submit", actor=official, at=AT)

        done = api.complete_task(
            case_id=case.id, task="supplement", outcome="submit", actor=place.citizen, at=AT
        )
        assert [task.task for task in done.open_tasks] == ["accept"]

    def test_of_an_enterprise_may_be_done_by_another_delegate(self) -> None:
        place = licences.office()
        case = supplement(place, licences.applied(place, actor=place.delegate))
        second = licences.delegate("dai", "47030219900404456X", enterprise_id=place.enterprise_id)

        assert api.inbox(actor=second, query=EVERYTHING, at=AT).total == 1
        done = api.complete_task(case_id=case.id, task="supplement", outcome="submit", actor=second, at=AT)

        assert [task.task for task in done.open_tasks] == ["accept"]

    def test_are_announced_with_the_person(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[TaskOpened] = []
        monkeypatch.setattr(
            "zhengshu.contexts.casework.application.working.publish",
            lambda *events: told.extend(event for event in events if isinstance(event, TaskOpened)),
        )
        place = licences.office()
        supplement(place, licences.applied(place))

        assert [(one.for_department_id, one.for_person_id) for one in told] == [
            (place.id, None),
            (None, place.citizen.id),
        ]

    def test_may_be_withdrawn_by_the_applicant_only(self) -> None:
        place = licences.office()
        case = licences.applied(place)

        with pytest.raises(api.NotYourTask):
            api.withdraw_case(case_id=case.id, reason="不办了", actor=place.clerk, at=AT)
        ended = api.withdraw_case(
            case_id=case.id, reason="不办了", actor=place.citizen, at=AT + timedelta(hours=1)
        )

        assert ended.state == "withdrawn"

    def test_lists_cost_the_same_queries_at_any_length(self) -> None:
        place = licences.office()
        counts = []
        for _ in range(2):
            for _ in range(5):
                supplement(place, licences.applied(place))
            with CaptureQueriesContext(connection) as captured:
                api.inbox(actor=place.citizen, query=EVERYTHING, at=AT)
                api.started(actor=place.citizen, query=EVERYTHING, at=AT)
            counts.append(len(captured))

        assert counts[0] == counts[1]


class TestChecker:
    def test_finds_no_fault_in_the_licence(self) -> None:
        assert api.check_case_type(folder=licences.PACKS / "licence") == ()

    @pytest.mark.parametrize(
        ("old", "new", "code", "element"),
        [
            ("parties: [office]", "parties: [office, applicant]", "party-reserved", "parties.applicant"),
            (
                "applicant: [citizen, enterprise_delegate]\n",
                "applicant: [reviewer]\n",
                "role-unfit",
                "applicant",
            ),
            ("applicant: [citizen, enterprise_delegate]\n", "", "unknown-reference", "lanes.applicant.party"),
            (
                "{party: applicant, roles: [citizen, enterprise_delegate]}",
                "{party: applicant, roles: [window_clerk]}",
                "role-unfit",
                "lanes.applicant.roles",
            ),
            (
                "{party: office, roles: [window_clerk]}",
                "{party: office, roles: [citizen]}",
                "role-unfit",
                "lanes.window.roles",
            ),
        ],
    )
    def test_finds_what_cannot_work(
        self, tmp_path: Path, old: str, new: str, code: str, element: str
    ) -> None:
        folder = licences.changed(tmp_path, (old, new))

        found = {(fault.code, fault.element) for fault in api.check_case_type(folder=folder)}

        assert (code, element) in found
