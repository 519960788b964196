import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.models import Case, CaseParty, Task
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, person
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


def queries_of(call: Callable[[], object]) -> int:
    call()
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


class TestNumberOfQueries:
    def test_is_the_same_for_10_and_200_rows(self) -> None:
        place = factories.city()
        query = ListQuery(size=200)
        calls = {
            "inbox": lambda: api.inbox(actor=place.head, query=query, at=AT),
            "started": lambda: api.started(actor=place.officer, query=query, at=AT),
            "supervised": lambda: api.supervised(actor=place.reviewer, query=query, at=AT),
        }
        factories.share_request(place)
        copies(9, day="0303")
        few = {name: queries_of(call) for name, call in calls.items()}

        copies(190, day="0304")

        assert {name: queries_of(call) for name, call in calls.items()} == few
        assert api.inbox(actor=place.head, query=query, at=AT).total == 200
        assert max(few.values()) <= 9

    def test_of_a_step_is_the_same_at_any_length(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        counts = []
        for _ in range(6):
            with CaptureQueriesContext(connection) as captured:
                api.complete_task(
                    case_id=case.id,
                    task="head_approval",
                    outcome="return",
                    reason="再改",
                    actor=place.head,
                    at=AT,
                )
            counts.append(len(captured))
            api.complete_task(
                case_id=case.id, task="complete_request", outcome="submit", actor=place.officer, at=AT
            )
        sizes = Case.objects.values_list("running", "done").get(pk=case.id)

        assert counts[1:] == [counts[1]] * 5
        assert len(str(sizes)) < 400


def copies(count: int, *, day: str) -> None:
    """Copy the first case so many times, as its rows."""
    row = Case.objects.first()
    assert row is not None
    parts, tasks = list(row.parties.all()), list(row.tasks.all())
    for number in range(count):
        copy = Case.objects.get(pk=row.pk)
        copy.pk, copy.number = new_id(), f"GX2026{day}{number:04d}"
        copy.save(force_insert=True)
        for part in parts:
            CaseParty.objects.create(
                case=copy, name=part.name, department_id=part.department_id, is_supervisor=part.is_supervisor
            )
        for task in tasks:
            task.pk, task.case = new_id(), copy
            task.save(force_insert=True)


class TestWhoSeesWhat:
    def test_parties_and_supervisors_see_a_case_and_nobody_else(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        everybody: dict[str, tuple[Actor, bool]] = {
            "opener": (place.officer, True),
            "head of the requester": (place.head, True),
            "provider": (place.provider_officer, True),
            "reviewer": (place.reviewer, True),
            "stranger": (place.stranger, False),
            "system administrator of a party": (
                person(Role.SYSTEM_ADMIN, department_id=place.requester),
                False,
            ),
            "operator of a party": (person(Role.OPERATOR, department_id=place.requester), False),
            "opener after a transfer": (
                Actor(
                    id=place.officer.id,
                    name="调离",
                    department_id=place.stranger.department_id,
                    roles=frozenset({Role.DATA_OFFICER}),
                ),
                False,
            ),
            "anonymous": (Actor.anonymous(), False),
            "citizen": (Actor(id=new_id(), name="群众", roles=frozenset({Role.CITIZEN})), False),
            "platform": (Actor.platform("tests"), True),
        }

        seen = {
            name: Case.objects.visible_to(actor).filter(pk=case.id).exists()
            for name, (actor, _) in everybody.items()
        }

        assert seen == {name: expected for name, (_, expected) in everybody.items()}

    def test_supervisor_without_part_needs_a_supervising_role(self) -> None:
        place = factories.city()
        factories.share_request(place)
        CaseParty.objects.filter(department_id=place.authority, is_supervisor=False).delete()

        officer = person(Role.DATA_OFFICER, department_id=place.authority)

        assert Case.objects.visible_to(place.reviewer).exists()
        assert not Case.objects.visible_to(officer).exists()
        assert not Task.objects.visible_to(officer).exists()

    def test_lists_counts_and_pages_agree_with_a_plain_reading(self) -> None:
        place = factories.city()
        generator = random.Random(7)  # noqa: S311 - repeatable tests
        actors = [place.officer, place.provider_officer, place.reviewer, place.stranger]
        for _ in range(6):
            if generator.random() < 0.5:
                factories.share_request(place)
            else:
                factories.at_provider(place)

        for actor in actors:
            visible = {case.pk for case in Case.objects.all() if sees(actor, case)}
            listed = api.supervised(actor=actor, query=ListQuery(size=200), at=AT)
            assert {row.id for row in listed.rows} == visible
            assert listed.total == len(visible) == sum(api.lights(actor=actor, at=AT).values())


def sees(actor: Actor, case: Case) -> bool:
    return any(
        part.department_id == actor.department_id and (not part.is_supervisor or actor.has(Role.REVIEWER))
        for part in case.parties.all()
    )


class TestFilters:
    def test_inbox_narrows_by_words_type_light_and_department(self) -> None:
        place = factories.city()
        case = factories.share_request(place, about=factories.subject("养老保险参保信息"))
        factories.share_request(place, about=factories.subject("车辆登记信息"))

        def found(**more: object) -> list[str]:
            text = more.pop("text", "")
            filters = {name: (str(value),) for name, value in more.items()}
            query = ListQuery(text=str(text), filters=filters)
            return [row.subject.title for row in api.inbox(actor=place.head, query=query, at=AT).rows]

        assert found(text="养老") == ["养老保险参保信息"]
        assert found(text=case.number) == ["养老保险参保信息"]
        assert len(found(type="share-request", light="grey", department=place.requester)) == 2
        assert found(type="catalog-publication") == []
        assert found(light="red") == []
        assert found(department=place.provider) == []
        assert len(found(department="not-an-id")) == 2

    def test_nearest_limit_comes_first_and_none_last(self) -> None:
        place = factories.city()
        factories.at_provider(place)
        factories.at_provider(place, sharing_class="unconditional")

        rows = api.inbox(actor=place.provider_officer, query=ListQuery(), at=AT).rows

        assert [row.due_at for row in rows] == sorted(row.due_at for row in rows if row.due_at)

    def test_supervision_list_shows_what_is_late_or_nearly(self) -> None:
        place = factories.city()
        late = factories.at_provider(place, sharing_class="unconditional")
        factories.at_provider(place)
        query = ListQuery(filters={"light": ("red", "yellow")})

        rows = api.supervised(actor=place.reviewer, query=query, at=AT + timedelta(days=3)).rows

        assert [row.id for row in rows] == [late.id]

    def test_cases_of_subjects_are_the_latest_each(self) -> None:
        place = factories.city()
        about = factories.subject()
        factories.share_request(place, about=about)
        second = factories.share_request(place, about=about, at=AT + timedelta(hours=1))

        found = api.cases_of(subject_ids=[about.id, new_id()])

        assert {key: case.id for key, case in found.items()} == {about.id: second.id}
