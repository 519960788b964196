"""What is asked at every submission is asked in SQL that is written once; it finds what the query set finds."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models import Q
from django.utils import timezone

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.private_people import person_digest
from zhengshu.contexts.trust.models import Account, Delegation, RoleAssignment
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD, PLATFORM
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db

FIRST, SECOND = "11010519491231002X", "440524188001010014"


def citizen(username: str, number: str) -> Actor:
    key = api.add_citizen(
        username=username, name=username, citizen_id=number, password=PASSWORD, actor=PLATFORM, at=AT
    )
    return api.actor_of(official_id=key)


def related(accounts: list[UUID], enterprise_id: UUID | None = None) -> set[UUID]:
    """Return what the query set says."""
    now = timezone.now()
    delegates = Delegation.objects.filter(Q(active_to=None) | Q(active_to__gt=now), active_from__lte=now)
    delegates = delegates.filter(enterprise_id=enterprise_id) if enterprise_id else delegates.none()
    known = Q(id__in=accounts) | Q(id__in=delegates.values("account_id"))
    digests = Account.objects.filter(known).exclude(person_digest=None).values("person_digest")
    return set(Account.objects.filter(known | Q(person_digest__in=digests)).values_list("id", flat=True))


class TestRelatedAccounts:
    def test_are_those_of_the_same_person_and_nobody_else(self) -> None:
        firm = api.add_enterprise(code=factories.credit_code(77), name="甲公司", actor=PLATFORM, at=AT)
        one, other = citizen("one", FIRST), citizen("other", SECOND)
        at_work = factories.handler("one-at-work", FIRST, enterprise_id=firm, scope=("matters",))

        found = api.related_accounts(account_ids=[one.id])

        assert found == {one.id, at_work.id} == related([one.id])
        assert api.related_accounts(account_ids=[other.id, one.id]) == {one.id, at_work.id, other.id}

    def test_are_those_of_the_present_delegates_of_an_enterprise(self) -> None:
        firm = api.add_enterprise(code=factories.credit_code(78), name="乙公司", actor=PLATFORM, at=AT)
        one, asking = citizen("one", FIRST), citizen("asking", SECOND)
        now = timezone.now()
        present = factories.handler("present", FIRST, enterprise_id=firm, scope=("matters",))
        past = factories.handler(
            "past", "110101199003078515", enterprise_id=firm, scope=("matters",), active_to=now
        )

        found = api.related_accounts(account_ids=[asking.id], enterprise_id=firm)

        assert found == {asking.id, present.id, one.id} == related([asking.id], firm)
        assert past.id not in found

    def test_of_an_official_without_a_citizen_id_is_his_own(self) -> None:
        clerk = factories.actor(Role.WINDOW_CLERK)
        factories.actor(Role.WINDOW_CLERK)

        assert api.related_accounts(account_ids=[clerk.id]) == {clerk.id} == related([clerk.id])

    def test_of_nobody_are_none(self) -> None:
        assert api.related_accounts(account_ids=[]) == frozenset()
        assert api.related_accounts(account_ids=[new_id()]) == frozenset()


class TestOfficialsWith:
    def test_are_the_active_holders_of_a_role_in_the_department(self) -> None:
        place, elsewhere = factories.department(), factories.department()
        both = factories.actor(Role.WINDOW_CLERK, Role.APPROVER, department_id=place.id)
        clerk = factories.actor(Role.WINDOW_CLERK, department_id=place.id)
        former = factories.actor(Role.WINDOW_CLERK, department_id=place.id)
        gone = factories.account(Role.WINDOW_CLERK, department_id=place.id)
        factories.actor(Role.REVIEWER, department_id=place.id)
        factories.actor(Role.WINDOW_CLERK, department_id=elsewhere.id)
        RoleAssignment.objects.filter(account_id=former.id).update(active_to=AT + timedelta(days=1))
        Account.objects.filter(id=gone.id).update(is_active=False)

        found = api.officials_with(department_id=place.id, roles=["window_clerk", "approver"])

        wanted = {Role.WINDOW_CLERK, Role.APPROVER}
        listed = {one.id for one in api.officials(department_id=place.id) if wanted & set(one.roles)}
        assert found == {both.id, clerk.id} == listed
        assert api.officials_with(department_id=place.id, roles=[]) == frozenset()


class TestOwnCitizenId:
    def test_is_that_of_an_active_private_account(self) -> None:
        one = citizen("one", FIRST)
        clerk = factories.actor(Role.WINDOW_CLERK)

        assert api.own_citizen_id(actor=one) == CitizenId.parse(FIRST)
        assert api.own_citizen_id(actor=clerk) is None
        Account.objects.filter(id=one.id).update(is_active=False)
        assert api.own_citizen_id(actor=one) is None

    def test_is_nobody_elses(self) -> None:
        one = citizen("one", FIRST)
        number, other = CitizenId.parse(FIRST), CitizenId.parse(SECOND)

        assert api.is_citizen_id_of(account_id=one.id, citizen_id=number)
        assert Account.objects.filter(id=one.id, person_digest=person_digest(number)).exists()
        assert not api.is_citizen_id_of(account_id=one.id, citizen_id=other)
        assert not api.is_citizen_id_of(account_id=new_id(), citizen_id=number)
