"""Deliver what was agreed: issue the grant."""

from datetime import datetime

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import statements, steps
from zhengshu.contexts.exchange.application.grants import reference_of, subject_of
from zhengshu.contexts.exchange.domain.answers import Terms
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import GrantIssued
from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, GrantId, RequestId, ResourceId, SystemId


class ResourceNotServed(Refused):
    """No batch of the resource was published yet; the provider collects its data first."""

    code = "exchange.resource-not-served"
    kind = Kind.CONFLICT
    message = "“%(resource)s” has no published data yet. Collect a batch of it first, then deliver."


class FieldNotServed(Refused):
    """The published data lacks a granted field; the provider delivers a batch that has it."""

    code = "exchange.field-not-served"
    kind = Kind.CONFLICT
    message = "The published data of the resource has no field %(column)s. Collect a batch that has it first."


class UseOver(Refused):
    """The agreed time of use ended before the delivery; the requester asks anew."""

    code = "exchange.use-over"
    kind = Kind.CONFLICT
    message = "The agreed time of use has ended; a new request is needed."


@transaction
def deliver_request(*, request_id: RequestId, actor: Actor, at: datetime) -> GrantId:
    """Issue the grant on what was agreed; from then on the consuming system can call.

    Basis: Decree 809, article 22.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no data officer of the provider.
        StepNotOpen: nothing is to be delivered, or it was delivered before.
        ResourceNotServed: the resource has no published data.
        FieldNotServed: its published data lacks a granted field.
        UseOver: the agreed time of use has ended.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.provider_department_id, actor=actor, roles=[Role.DATA_OFFICER])
    steps.must_be_at(request, RequestState.DELIVERY)
    terms = statements.terms_of(request)
    if terms is None or request.system_id is None:
        raise steps.StepNotOpen
    if terms.valid_until <= at:
        raise UseOver
    grant = _grant(request, terms, system_id=SystemId(request.system_id), at=at)
    case = casework.complete_task(
        case_id=steps.case_of(request), task="deliver", outcome="delivered", actor=actor, at=at
    )
    request.delivered_at, request.delivery_due_at = at, request.due_at
    steps.follow(request, case, at=at)
    publish(
        GrantIssued(
            at=at,
            actor=actor,
            subject=subject_of(grant),
            department_id=DepartmentId(request.provider_department_id),
            grant=reference_of(grant),
            request_id=request_id,
            purpose=request.purpose,
        )
    )
    return GrantId(grant.id)


def _grant(request: ShareRequest, terms: Terms, *, system_id: SystemId, at: datetime) -> Grant:
    serving = lake.serving(resource_id=ResourceId(request.resource_id))
    if serving is None:
        raise ResourceNotServed(resource=request.resource_name)
    served = {found.column for found in serving.columns}
    needed = [*(item.column for item in terms.fields), *(item.column for item in terms.conditions)]
    for column in needed:
        if column not in served:
            raise FieldNotServed(column=column)
    return Grant.objects.create(
        request_id=request.id,
        system_id=system_id,
        system_name=trust.consuming_system(system_id=system_id).name,
        consumer_department_id=request.consumer_department_id,
        provider_department_id=request.provider_department_id,
        resource_id=request.resource_id,
        resource_code=request.resource_code,
        resource_name=request.resource_name,
        view_name=serving.view,
        key_columns=list(serving.key_columns),
        fields=[
            {"name": item.name, "column": item.column, "grade": item.grade, "mask": item.mask.value}
            for item in terms.fields
        ],
        row_filter=msgspec.to_builtins(terms.conditions),
        purposes=[request.purpose],
        needs_case=terms.needs_case,
        quota_per_second=terms.per_second,
        quota_per_day=terms.per_day,
        active_from=at,
        active_to=terms.valid_until,
    )
