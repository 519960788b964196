"""Follow a case that was handled in the inbox instead of on the resource's page."""

from collections.abc import Mapping
from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.events import (
    DraftAbandoned,
    ResourceApproved,
    ResourceEvent,
    ResourcePublished,
    ResourceReturned,
    ResourceSubmitted,
)
from zhengshu.contexts.catalog.models import Resource, ResourceVersion
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

_BY_TASK: Mapping[str, State] = {
    "head_approval": State.SUBMITTED,
    "authority_review": State.APPROVED,
    "revise_draft": State.RETURNED,
}
_BY_END: Mapping[str, State] = {
    "published": State.PUBLISHED,
    "abandoned": State.ABANDONED,
    "withdrawn": State.DRAFT,
}
_EVENTS: Mapping[State, type[ResourceEvent]] = {
    State.SUBMITTED: ResourceSubmitted,
    State.APPROVED: ResourceApproved,
    State.RETURNED: ResourceReturned,
    State.PUBLISHED: ResourcePublished,
    State.ABANDONED: DraftAbandoned,
    State.DRAFT: ResourceReturned,
}


@transaction
def follow_case(*, case_id: CaseId, actor: Actor, at: datetime) -> bool:
    """Bring the version on its way to where its case stands; return whether anything changed.

    What the resource's own page does is in step with the case already, so that this changes nothing. The order in
    which announcements arrive does not matter: the case as it stands now decides. By approving in the inbox the
    head declares the assessments that the task's text names.
    Basis: Decree 809, articles 13 and 16.
    """
    version = ResourceVersion.objects.filter(case_id=case_id).first()
    if version is None:
        return False
    resource = Resource.objects.select_for_update().get(id=version.resource_id)
    version = ResourceVersion.objects.select_for_update().get(id=version.id)
    case = casework.case(case_id=case_id, actor=Actor.platform("catalog.follow"), at=at)
    state = _state(case)
    if resource.opened_id != version.id or state is None or version.state == state:
        return False
    _move(version, state, case, actor=actor, at=at)
    if state is State.PUBLISHED:
        supersede(resource, version, at=at)
    else:
        resource.opened = version
    faces.show(resource)
    publish(_EVENTS[state](**about(resource, version, actor=actor, at=at)))
    return True


def supersede(resource: Resource, version: ResourceVersion, *, at: datetime) -> None:
    """Make a version the published one, in place of the one before it; the caller saves the resource."""
    if resource.published_id is not None:
        ResourceVersion.objects.filter(id=resource.published_id).update(state=State.SUPERSEDED)
    resource.published, resource.opened, resource.published_at = version, None, at


def _state(case: casework.CaseRecord) -> State | None:
    if not case.is_open:
        return _BY_END.get(case.state)
    return next((_BY_TASK[task.task] for task in case.open_tasks if task.task in _BY_TASK), None)


def _move(
    version: ResourceVersion, state: State, case: casework.CaseRecord, *, actor: Actor, at: datetime
) -> None:
    version.state = state
    done = [step for step in case.timeline if step.kind is casework.StepKind.TASK_COMPLETED]
    if state is State.APPROVED or (state is State.PUBLISHED and not version.approved_by):
        approval = next((step for step in reversed(done) if step.task == "head_approval"), None)
        version.is_secrecy_assessed = version.is_personal_assessed = True
        version.approved_by = approval.actor_name if approval else actor.name
        version.approved_at = approval.at if approval else at
    if state is State.PUBLISHED:
        version.published_by, version.published_at = actor.name, at
    if state in {State.RETURNED, State.ABANDONED, State.DRAFT}:
        version.returned_reason = done[-1].reason if done else ""
        version.is_secrecy_assessed = version.is_personal_assessed = False
        version.approved_by, version.approved_at = "", None
    if state is State.DRAFT:
        version.case_id = None
    version.save()
