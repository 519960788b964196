"""Parties that an outcome names, and limits that are chosen in a case."""

from pathlib import Path

import pytest
from django.db import transaction

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.parties import name_party
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.models import CaseParty
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, person
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import DepartmentId, new_id

TYPE = "data-demand"


def opened(place: factories.City) -> api.CaseRecord:
    return api.open_case(
        case_type=TYPE,
        subject=factories.subject("残疾人证信息"),
        parties={"requester": place.requester, "authority": place.authority},
        data={},
        actor=place.officer,
        at=AT,
    )


def assigned(place: factories.City, case: api.CaseRecord, department_id: DepartmentId) -> api.CaseRecord:
    return api.complete_task(
        case_id=case.id,
        task="find_responsible",
        outcome="assign",
        parties={"responsible": department_id},
        actor=place.reviewer,
        at=AT,
    )


@pytest.mark.django_db
class TestNamedParties:
    def test_take_their_part_when_they_are_named(self) -> None:
        place = factories.city()

        case = assigned(place, opened(place), place.provider)

        (task,) = case.open_tasks
        assert (task.task, task.department_id) == ("accept_responsibility", place.provider)
        assert api.case(case_id=case.id, actor=place.provider_officer, at=AT).number == case.number

    def test_lose_it_when_another_is_named(self) -> None:
        place = factories.city()
        case = assigned(place, opened(place), place.provider)
        refused = api.complete_task(
            case_id=case.id,
            task="accept_responsibility",
            outcome="refuse",
            reason="不属于本部门职责",
            actor=place.provider_officer,
            at=AT,
        )
        assert place.stranger.department_id is not None

        again = assigned(place, refused, place.stranger.department_id)

        assert again.open_tasks[0].department_id == place.stranger.department_id
        with pytest.raises(api.CaseNotFound):
            api.case(case_id=case.id, actor=place.provider_officer, at=AT)

    def test_take_over_the_open_to_dos_of_the_part(self) -> None:
        place = factories.city()
        case = assigned(place, opened(place), place.provider)
        assert place.stranger.department_id is not None

        with transaction.atomic():
            working = WorkingCase.lock(case_id=case.id, actor=place.reviewer)
            name_party(
                working, party="responsible", given={"responsible": place.stranger.department_id}, at=AT
            )
            working.store(at=AT)

        assert api.inbox(actor=place.stranger, query=ListQuery(), at=AT).total == 1
        assert api.inbox(actor=place.provider_officer, query=ListQuery(), at=AT).total == 0

    def test_bring_the_data_authority_of_their_region_as_supervisor_once(self) -> None:
        place = factories.city()
        far = trust.department(region="470400")
        other = trust.department(region="470400", is_data_authority=True)

        case = assigned(place, opened(place), far.id)

        supervisors = CaseParty.objects.filter(case_id=case.id, is_supervisor=True)
        assert sorted(supervisors.values_list("department_id", flat=True)) == sorted(
            [place.authority, other.id]
        )

    @pytest.mark.parametrize("given", [{}, {"requester": None}, {"responsible": None, "requester": None}])
    def test_none_or_others_are_refused(self, given: dict[str, None]) -> None:
        place = factories.city()
        case = opened(place)

        with pytest.raises(api.PartyNotNamed):
            api.complete_task(
                case_id=case.id,
                task="find_responsible",
                outcome="assign",
                parties=dict.fromkeys(given, place.provider),
                actor=place.reviewer,
                at=AT,
            )

    def test_a_department_that_does_not_exist_is_refused(self) -> None:
        place = factories.city()
        case = opened(place)

        with pytest.raises(Exception, match="no such department"):
            assigned(place, case, DepartmentId(new_id()))

    def test_cannot_be_given_at_the_opening(self) -> None:
        place = factories.city()

        with pytest.raises(api.PartiesWrong):
            api.open_case(
                case_type=TYPE,
                subject=factories.subject(),
                parties={
                    "requester": place.requester,
                    "authority": place.authority,
                    "responsible": place.provider,
                },
                data={},
                actor=place.officer,
                at=AT,
            )


@pytest.mark.django_db
class TestChosenLimits:
    @pytest.mark.parametrize(
        ("chosen", "due"), [(9, "2026-03-11"), (0, "2026-03-03"), (10_000, "2027-03-02")]
    )
    def test_are_what_was_chosen_within_the_declared_limit(self, chosen: int, due: str) -> None:
        place = factories.city()
        case = assigned(place, opened(place), place.provider)

        accepted = api.complete_task(
            case_id=case.id,
            task="accept_responsibility",
            outcome="accept",
            data={"promised_days": chosen},
            actor=person(Role.DATA_OFFICER, department_id=place.provider),
            at=AT,
        )

        assert accepted.due_at is not None
        assert f"{accepted.due_at.astimezone():%Y-%m-%d}" == due


class TestChecker:
    @pytest.mark.parametrize(
        ("old", "new", "code", "element"),
        [
            ("named_later: [responsible]", "named_later: [nobody]", "unknown-reference", "named_later"),
            (
                "assign: {tone: primary, names: responsible}",
                "assign: {tone: primary}",
                "party-not-named",
                "named_later.responsible",
            ),
            (
                "names: responsible",
                "names: requester",
                "unknown-reference",
                "tasks.find_responsible.outcomes.assign.names",
            ),
            (
                "chosen_by: promised_days",
                "chosen_by: days",
                "unknown-reference",
                "clocks.promise.limits[0].chosen_by",
            ),
        ],
    )
    def test_finds_what_cannot_work(
        self, tmp_path: Path, old: str, new: str, code: str, element: str
    ) -> None:
        folder = tmp_path / TYPE
        (folder / "texts").mkdir(parents=True)
        for file in (factories.PACKS / TYPE).rglob("*.*"):
            text = file.read_text(encoding="utf-8")
            changed = text.replace(old, new) if file.name == "type.yaml" else text
            (folder / file.relative_to(factories.PACKS / TYPE)).write_text(changed, encoding="utf-8")

        found = {(fault.code, fault.element) for fault in api.check_case_type(folder=folder)}

        assert (code, element) in found
