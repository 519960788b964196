from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.models import Case, Task, TimelineEntry
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City, person
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId, new_id


def approve(place: City, case: api.CaseRecord, **more: str) -> api.CaseRecord:
    return api.complete_task(
        case_id=case.id,
        task="head_approval",
        outcome=more.get("outcome", "approve"),
        reason=more.get("reason", ""),
        actor=place.head,
        at=AT,
        idempotency_key=more.get("key", ""),
    )


@pytest.mark.django_db
class TestWhoMay:
    def test_other_roles_of_the_department_may_not(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        with pytest.raises(api.NotYourTask):
            api.complete_task(
                case_id=case.id, task="head_approval", outcome="approve", actor=place.officer, at=AT
            )

    def test_same_role_of_another_party_may_not(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        with pytest.raises(api.NotYourTask):
            api.complete_task(
                case_id=case.id, task="head_approval", outcome="approve", actor=place.provider_head, at=AT
            )

    def test_stranger_does_not_even_find_the_case(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        with pytest.raises(api.CaseNotFound):
            api.complete_task(
                case_id=case.id, task="head_approval", outcome="approve", actor=place.stranger, at=AT
            )
        with pytest.raises(api.CaseNotFound):
            api.case(case_id=CaseId(new_id()), actor=place.head, at=AT)

    def test_nobody_decides_his_own_matter(self) -> None:
        place = factories.city()
        both = person(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, department_id=place.requester)
        case = api.open_case(
            case_type="share-request",
            subject=factories.subject(),
            parties=place.parties,
            data={"sharing_class": "conditional"},
            actor=both,
            at=AT,
        )
        assert not case.open_tasks[0].is_mine

        with pytest.raises(api.OwnMatter):
            api.complete_task(case_id=case.id, task="head_approval", outcome="approve", actor=both, at=AT)

    def test_reviewer_who_answered_for_the_provider_does_not_review(self) -> None:
        place = factories.city()
        parties = {**place.parties, "provider": place.authority}
        everything = person(Role.DATA_OFFICER, Role.REVIEWER, department_id=place.authority)
        case = api.open_case(
            case_type="share-request",
            subject=factories.subject(),
            parties=parties,
            data={"sharing_class": "conditional", "needs_authority": True},
            actor=place.officer,
            at=AT,
        )
        approve(place, case)
        case = api.complete_task(
            case_id=case.id, task="provider_answer", outcome="agree", actor=everything, at=AT
        )

        with pytest.raises(api.FourEyes):
            api.complete_task(
                case_id=case.id, task="authority_review", outcome="confirm", actor=everything, at=AT
            )
        case = api.complete_task(
            case_id=case.id, task="authority_review", outcome="confirm", actor=place.reviewer, at=AT
        )
        assert case.task("deliver") is not None


@pytest.mark.django_db
class TestWithWhat:
    def test_unknown_outcome_is_refused_with_the_known_ones(self) -> None:
        place = factories.city()

        with pytest.raises(api.OutcomeUnknown) as refusal:
            approve(place, factories.share_request(place), outcome="perhaps")

        assert refusal.value.data["known"] == "approve, return"

    def test_data_must_be_declared_and_fit(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        for data in (
            {"unknown": 1},
            {"needs_authority": "yes"},
            {"sharing_class": "other"},
            {"head_approval": "x"},
        ):
            with pytest.raises(api.DataNotDeclared):
                api.complete_task(
                    case_id=case.id,
                    task="head_approval",
                    outcome="approve",
                    data=data,
                    actor=place.head,
                    at=AT,
                )

    def test_task_that_does_not_wait_is_refused(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        with pytest.raises(api.TaskNotOpen) as refusal:
            api.complete_task(
                case_id=case.id, task="deliver", outcome="delivered", actor=place.provider_officer, at=AT
            )

        assert not isinstance(refusal.value, api.TaskAlreadyDone)

    def test_second_one_is_told_when_and_how_it_was_done(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        approve(place, case)

        with pytest.raises(api.TaskAlreadyDone) as refusal:
            approve(place, case)

        assert refusal.value.data == {"at": "2026-03-02 09:00", "outcome": "同意报送"}


@pytest.mark.django_db
class TestExactlyOnce:
    def test_same_key_changes_nothing_the_second_time(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        first = approve(place, case, key="k1")
        second = approve(place, case, key="k1")

        assert first.open_tasks == second.open_tasks
        assert TimelineEntry.objects.filter(case=case.id, kind="task_completed").count() == 1

    def test_same_key_for_something_else_is_refused(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        approve(place, case, key="k1")

        with pytest.raises(api.KeyUsedOtherwise):
            approve(place, case, outcome="return", reason="改主意", key="k1")

    def test_refused_call_leaves_the_key_free_and_nothing_changed(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        before = Case.objects.values().get(pk=case.id)

        with pytest.raises(api.ReasonMissing):
            approve(place, case, outcome="return", key="k1")

        assert Case.objects.values().get(pk=case.id) == before
        assert approve(place, case, key="k1").task("provider_answer") is not None


@pytest.mark.django_db(transaction=True)
class TestTwoPeopleAtOnce:
    def test_one_wins_and_the_other_is_told(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        told = Event()

        def second() -> Refused | None:
            try:
                api.complete_task(
                    case_id=case.id, task="provider_answer", outcome="agree", actor=place.provider_head, at=AT
                )
            except Refused as refusal:
                return refusal
            finally:
                told.set()
                connection.close()
            return None

        with ThreadPoolExecutor(max_workers=1) as pool:
            with transaction.atomic():
                api.complete_task(
                    case_id=case.id,
                    task="provider_answer",
                    outcome="agree",
                    actor=place.provider_officer,
                    at=AT,
                )
                other = pool.submit(second)
                assert waits_for_a_lock(told), "the second one did not wait for the first"
            refusal = other.result(timeout=30)

        assert isinstance(refusal, api.TaskAlreadyDone)
        assert Task.objects.filter(case=case.id, code="provider_answer", state="done").count() == 1
        assert Task.objects.filter(case=case.id, code="deliver").count() == 1


def waits_for_a_lock(gave_up: Event) -> bool:
    """Look until another connection waits for a lock, or the other side is done."""
    question = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while not gave_up.is_set():
        with connection.cursor() as cursor:
            cursor.execute(question)
            if cursor.fetchone() != (0,):
                return True
    return False
