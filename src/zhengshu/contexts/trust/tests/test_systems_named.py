"""Systems of some departments by their name, as the query set would find them."""

from uuid import UUID

import pytest

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.models import ConsumingSystem
from zhengshu.contexts.trust.tests import factories


@pytest.mark.django_db
def test_are_those_of_the_departments_that_are_active() -> None:
    ours, other = factories.department(), factories.department()
    wanted = factories.system(department_id=ours.id, name="政枢办件")
    factories.system(department_id=ours.id, name="别的系统")
    theirs = factories.system(department_id=other.id, name="政枢办件")

    def named(*departments: UUID) -> set[UUID]:
        rows = ConsumingSystem.objects.filter(name="政枢办件", department__in=departments, is_active=True)
        return set(rows.values_list("id", flat=True))

    found = api.systems_named(name="政枢办件", departments=[ours.id])
    assert found == {wanted.id} == named(ours.id)
    both = api.systems_named(name="政枢办件", departments=[ours.id, other.id])
    assert both == {wanted.id, theirs.id} == named(ours.id, other.id)

    ConsumingSystem.objects.filter(id=wanted.id).update(is_active=False)

    assert api.systems_named(name="政枢办件", departments=[ours.id]) == frozenset()
