"""Begin a new version of a published resource."""

from datetime import date, datetime

from zhengshu.contexts.catalog.application.access import (
    NotPublished,
    locked_resource,
    take,
)
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.checking import accept
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.application.versions import declaration, declare
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.domain.resources import ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.events import ResourceRevised
from zhengshu.contexts.catalog.models import ResourceVersion
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class RevisionUnderWay(Refused):
    """A new version is already being prepared; go on with that one."""

    code = "catalog.revision-under-way"
    kind = Kind.CONFLICT
    message = "Version %(version)s of “%(name)s” is already on its way. Go on with that one."


@transaction
def revise_resource(
    *,
    code: str,
    actor: Actor,
    at: datetime,
    draft: ResourceDraft | None = None,
    cause: str = "",
    cause_on: date | None = None,
) -> ResourceRecord:
    """Begin the next version, as a copy of the published one or with a declaration of its own.

    Basis: Decree 809, article 17: a change of law or duty is entered within the limit counted from `cause_on`.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NotPublished: it was never published, or is retired.
        StepNotYours: the actor is no data officer of the department.
        RevisionUnderWay: a new version was begun already.
        DraftNotAcceptable: with every field that breaks a rule.
    """
    resource = locked_resource(code=code, actor=actor)
    if resource.published is None or resource.retired_at is not None:
        raise NotPublished(name=resource.name)
    current = resource.published
    state = take(Step.REVISE, resource=resource, version=current, actor=actor)
    if resource.opened is not None:
        raise RevisionUnderWay(version=resource.opened.number, name=resource.name)
    declared = draft or declaration(current)
    accept(declared, department_id=DepartmentId(resource.department_id))
    latest = resource.versions.order_by("-number").values_list("number", flat=True)[0]
    version = ResourceVersion(
        resource=resource,
        number=latest + 1,
        state=State(state),
        cause=cause.strip(),
        cause_on=cause_on,
        changed_by=actor.name,
        changed_at=at,
    )
    declare(version, declared)
    resource.opened = version
    resource.save(update_fields=["opened"])
    publish(ResourceRevised(**about(resource, version, actor=actor, at=at)))
    return record_of(version)
