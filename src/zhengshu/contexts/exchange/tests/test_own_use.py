"""A department reads its own register: no request, its head decides, and it is a grant like any other."""

from datetime import timedelta
from pathlib import Path

import pytest

from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.application.steps import NotYourStep
from zhengshu.contexts.exchange.domain.requests import PurposeUnknown, SystemNotYours
from zhengshu.contexts.exchange.domain.requests_scope import FieldUnknown
from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import GrantId, SystemId
from zhengshu.kernel.masks import Mask

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path) -> factories.City:
    return factories.city(tmp_path)


def system_of(officer: Actor) -> SystemId:
    assert officer.department_id is not None
    return trust.register_consuming_system(
        name="政枢办件", department_id=officer.department_id, actor=officer, at=AT
    ).id


def allow(place: factories.City, *, system_id: SystemId, actor: Actor, **changed: object) -> GrantId:
    wanted: dict[str, object] = {"columns": ("credit_code", "enterprise_name"), "purpose": "public_service"}
    return api.allow_own_use(
        resource_code=place.resource.code,
        system_id=system_id,
        valid_until=AT + timedelta(days=90),
        actor=actor,
        at=AT,
        **{**wanted, **changed},  # type: ignore[arg-type]  # the names stand above
    )


def test_is_a_grant_without_a_request_however_often_it_is_allowed(place: factories.City) -> None:
    system_id = system_of(place.provider)

    first = allow(place, system_id=system_id, actor=place.provider_head)
    again = allow(place, system_id=system_id, actor=place.provider_head)

    assert first == again
    found = api.grant(grant_id=first, actor=place.provider, at=AT)
    assert (found.request_id, found.state, found.consumer_id) == (None, "active", found.provider_id)
    assert {item.column: item.mask for item in found.fields} == {
        "credit_code": Mask.NONE,
        "enterprise_name": Mask.NONE,
    }


def test_only_the_head_allows_it_for_a_system_of_the_department(place: factories.City) -> None:
    own, foreign = system_of(place.provider), system_of(place.officer)
    abuses: list[tuple[SystemId, Actor, dict[str, object], type[Refused]]] = [
        (own, place.provider, {}, NotYourStep),
        (own, place.head, {}, NotYourStep),
        (foreign, place.provider_head, {}, SystemNotYours),
        (own, place.provider_head, {"purpose": "curiosity"}, PurposeUnknown),
        (own, place.provider_head, {"columns": ("nothing",)}, FieldUnknown),
    ]

    for system_id, actor, changed, refusal in abuses:
        with pytest.raises(refusal):
            allow(place, system_id=system_id, actor=actor, **changed)
    assert place.provider.department_id is not None
    assert not Grant.objects.filter(provider_department_id=place.provider.department_id).exists()
