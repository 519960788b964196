"""What the use cases of a share request have in common: who acts, at which step, and how its case moves it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.domain.requests import STATE_OF_TASK, Offer, RequestState
from zhengshu.contexts.exchange.domain.requests_scope import OfferedField
from zhengshu.contexts.exchange.events import RequestReference
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.events import Subject
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId, RequestId, ResourceId

CASE_TYPE = "share-request"
ANSWER_CLOCK = "answer"
EXTENSION_TASK = "extend_answer"
"""The task in which the data authority consents to a longer answer clock."""


class NotYourStep(Refused):
    """The step belongs to another department or another role of the flow."""

    code = "exchange.not-your-step"
    kind = Kind.FORBIDDEN
    message = "This step is not yours: it belongs to another department or needs another role."


class StepNotOpen(Refused):
    """The request has moved on, or has not come so far; reload its page to see where it is."""

    code = "exchange.step-not-open"
    kind = Kind.CONFLICT
    message = "The request is not at this step any more, or not yet. Reload the page to see where it is."


def must_act_for(department_id: UUID, *, actor: Actor, roles: Sequence[Role]) -> None:
    """Refuse an actor who is not one of the department's officials in one of the roles.

    Raises:
        NotYourStep: another department, or none of the roles.
    """
    if actor.is_platform:
        return
    if actor.department_id != department_id or not actor.has(*roles):
        raise NotYourStep


def must_be_at(request: ShareRequest, *states: RequestState) -> None:
    """Refuse a request that is elsewhere in its flow.

    Raises:
        StepNotOpen: it is.
    """
    if request.state not in states:
        raise StepNotOpen


def case_of(request: ShareRequest) -> CaseId:
    """Return the case of a submitted request.

    Raises:
        StepNotOpen: it was not submitted.
    """
    if request.case_id is None:
        raise StepNotOpen
    return CaseId(request.case_id)


def follow(request: ShareRequest, case: casework.CaseRecord, *, at: datetime) -> None:
    """Bring the request's state and clock in line with its case, and save it."""
    bring_in_line(request, case)
    request.touch(at=at)


def bring_in_line(request: ShareRequest, case: casework.CaseRecord) -> None:
    """Set the request's state and clock by its case, unsaved."""
    tasks = [STATE_OF_TASK[task.task] for task in case.open_tasks if task.task in STATE_OF_TASK]
    request.state = tasks[0] if tasks else RequestState(case.state)
    running = [clock.due_at for clock in case.clocks if clock.is_running and not clock.is_paused]
    request.due_at = min((due for due in running if due is not None), default=None)


def subject_of(request: ShareRequest) -> Subject:
    """Return what the audit shows of a request."""
    return Subject("share_request", str(request.id), f"{request.number} {request.resource_name}".strip())


def reference_of(request: ShareRequest) -> RequestReference:
    """Return what an event says of a request."""
    return RequestReference(
        request_id=RequestId(request.id),
        resource_id=ResourceId(request.resource_id),
        resource_code=request.resource_code,
        consumer_id=DepartmentId(request.consumer_department_id),
        provider_id=DepartmentId(request.provider_department_id),
    )


def offer_of(resource: catalog.ResourceRecord) -> Offer:
    """Return the published resource as a request is judged by it."""
    return Offer(
        resource_id=ResourceId(resource.id),
        code=resource.code,
        name=resource.name,
        version=resource.version,
        department_id=DepartmentId(resource.department_id),
        sharing_class=str(resource.sharing_class),
        conditions=resource.sharing_conditions,
        basis=resource.sharing_basis,
        fields=tuple(
            OfferedField(
                name=item.name,
                column=item.column,
                data_type=str(item.data_type),
                grade=int(item.grade),
                is_key=item.is_key,
            )
            for item in resource.items
        ),
    )
