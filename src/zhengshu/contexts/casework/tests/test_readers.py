"""The readers of a case say what its parties and its row say, whoever changes those."""

from datetime import timedelta
from uuid import UUID

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.models import Case, CaseParty, CaseReader, CaseWords
from zhengshu.contexts.casework.models.readers import NEVER, Scope
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


def readers(case_id: UUID) -> set[tuple[UUID, bool]]:
    return set(CaseReader.objects.filter(case_id=case_id).values_list("reader", "is_supervisor"))


def parties(case_id: UUID) -> set[tuple[UUID, bool]]:
    return set(CaseParty.objects.filter(case_id=case_id).values_list("department_id", "is_supervisor"))


class TestReaders:
    def test_are_the_parties_and_the_supervisors(self) -> None:
        place = factories.city()

        case = factories.share_request(place)

        assert readers(case.id) == parties(case.id)
        assert (place.authority, True) in readers(case.id)

    def test_follow_parties_that_come_go_and_change(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        late = new_id()

        CaseParty.objects.create(case_id=case.id, name="consulted", department_id=late)
        assert readers(case.id) == parties(case.id)
        CaseParty.objects.filter(case_id=case.id, name="provider").update(department_id=late)
        assert readers(case.id) == parties(case.id)
        CaseParty.objects.filter(case_id=case.id, name="consulted").delete()

        assert readers(case.id) == parties(case.id)
        assert (late, False) in readers(case.id)
        assert (place.provider, False) not in readers(case.id)

    def test_keep_the_department_that_opened_the_case(self) -> None:
        place = factories.city()
        case = factories.share_request(place)

        CaseParty.objects.filter(case_id=case.id, name="requester").delete()

        assert (place.requester, False) in readers(case.id)
        assert Case.objects.visible_to(place.officer).filter(pk=case.id).exists()

    def test_carry_the_times_and_the_end_of_the_case(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        own = CaseReader.objects.filter(case_id=case.id, reader=place.provider)
        assert case.due_at is not None
        assert own.filter(is_ended=False, due_at=case.due_at, closed_at=NEVER).exists()

        api.withdraw_case(case_id=case.id, reason="不再需要", actor=place.officer, at=AT + timedelta(hours=1))

        row = Case.objects.get(pk=case.id)
        assert row.state != api.OPEN
        assert row.closed_at is not None
        assert own.filter(is_ended=True, due_at=NEVER, closed_at=row.closed_at).exists()


class TestWordsOfReaders:
    def test_follow_the_readers(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        late = new_id()
        words = CaseWords.objects.filter(case_id=case.id)
        words.delete()
        CaseWords.objects.create(case_id=case.id, words="'参保':1A")

        def found(scope: Scope) -> bool:
            return words.extra(where=["words @@ %s::tsquery"], params=[f"'{scope.lexeme}' & '参保'"]).exists()

        assert found(Scope(reader=place.requester))
        assert found(Scope(reader=place.authority, is_supervisor=True))
        assert not found(Scope(reader=place.requester, is_supervisor=True))
        assert not found(Scope(reader=late))
        CaseParty.objects.create(case_id=case.id, name="consulted", department_id=late)
        assert found(Scope(reader=late))
        CaseParty.objects.filter(case_id=case.id, name="consulted").delete()
        assert not found(Scope(reader=late))
        assert found(Scope(reader=place.requester))
