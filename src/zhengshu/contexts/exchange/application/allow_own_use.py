"""A department lets its own system read its own register through the gateway: no request, but each call on record."""

from collections.abc import Sequence
from datetime import datetime

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.application.deliver_request import FieldNotServed, ResourceNotServed
from zhengshu.contexts.exchange.application.grants import reference_of, subject_of
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.domain.requests import PurposeUnknown, SystemNotYours
from zhengshu.contexts.exchange.domain.requests_scope import choose_fields
from zhengshu.contexts.exchange.events import OwnUseAllowed
from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, GrantId, ResourceId, SystemId
from zhengshu.kernel.masks import Mask


@transaction
def allow_own_use(
    *,
    resource_code: str,
    system_id: SystemId,
    columns: Sequence[str],
    purpose: str,
    per_second: int = 10,
    per_day: int = 10_000,
    valid_until: datetime,
    actor: Actor,
    at: datetime,
) -> GrantId:
    """Let a system of the department that holds a register read it; while such a use is in force, it is returned.

    A department asks nobody for its own data, so that there is no share request. Its head decides, and the gateway
    judges, counts and proves each call as it does any other department's.

    Raises:
        NotYourStep: the actor is not the head of the department that holds the register.
        SystemNotYours: the system is another department's.
        PurposeUnknown: there is no such purpose.
        FieldUnknown, FieldNotServed, ResourceNotServed: the register has or serves no such field.
    """
    offer = steps.offer_of(catalog.published_by_code(code=resource_code))
    steps.must_act_for(offer.department_id, actor=actor, roles=[Role.DEPARTMENT_HEAD])
    system = trust.consuming_system(system_id=system_id)
    if system.department_id != offer.department_id:
        raise SystemNotYours
    if purpose not in purposes():
        raise PurposeUnknown(purpose=purpose[:40])
    standing = Grant.objects.active(at=at).filter(
        system_id=system_id, resource_code=resource_code, request_id=None, purposes=[purpose]
    )
    if (known := standing.first()) is not None:
        return GrantId(known.id)
    fields = choose_fields(columns, offered=offer.fields)
    serving = lake.serving(resource_id=ResourceId(offer.resource_id))
    if serving is None:
        raise ResourceNotServed(resource=offer.name)
    served = {found.column for found in serving.columns}
    for field in fields:
        if field.column not in served:
            raise FieldNotServed(column=field.column)
    grant = Grant.objects.create(
        system_id=system_id,
        system_name=system.name,
        consumer_department_id=offer.department_id,
        provider_department_id=offer.department_id,
        resource_id=offer.resource_id,
        resource_code=offer.code,
        resource_name=offer.name,
        view_name=serving.view,
        key_columns=list(serving.key_columns),
        fields=[
            {"name": one.name, "column": one.column, "grade": one.grade, "mask": Mask.NONE.value}
            for one in fields
        ],
        purposes=[purpose],
        quota_per_second=per_second,
        quota_per_day=per_day,
        active_from=at,
        active_to=valid_until,
    )
    publish(
        OwnUseAllowed(
            at=at,
            actor=actor,
            subject=subject_of(grant),
            department_id=DepartmentId(offer.department_id),
            grant=reference_of(grant),
            purpose=purpose,
        )
    )
    return GrantId(grant.id)
