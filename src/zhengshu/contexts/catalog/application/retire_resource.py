"""Take a resource out of the catalogue."""

from datetime import datetime

from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import NotPublished, locked_resource, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.application.return_resource import ReasonMissing
from zhengshu.contexts.catalog.application.revise_resource import RevisionUnderWay
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.events import ResourceRetired
from zhengshu.contexts.catalog.models import AuthoritativeSource
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class StillTheSource(Refused):
    """Other departments rely on it as the one source of an element; let the data authority name another first."""

    code = "catalog.still-the-source"
    kind = Kind.CONFLICT
    message = "“%(name)s” is the authoritative source of “%(element)s”. Name another source first."


@transaction
def retire_resource(*, code: str, reason: str, actor: Actor, at: datetime) -> ResourceRecord:
    """Retire a published resource; its versions stay readable, its code is never given again.

    Basis: Decree 809, article 17.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NotPublished: it is not published.
        StepNotYours: the actor is not the head of the department.
        ReasonMissing: no reason was given.
        RevisionUnderWay: a new version is on its way; abandon it first.
        StillTheSource: it is the authoritative source of a data element.
    """
    resource = locked_resource(code=code, actor=actor)
    if resource.published is None or resource.retired_at is not None:
        raise NotPublished(name=resource.name)
    version = resource.published
    state = take(Step.RETIRE, resource=resource, version=version, actor=actor)
    if not reason.strip():
        raise ReasonMissing
    if resource.opened is not None:
        raise RevisionUnderWay(version=resource.opened.number, name=resource.name)
    source = (
        AuthoritativeSource.objects.select_related("element")
        .filter(resource=resource, active_to=None)
        .first()
    )
    if source is not None:
        raise StillTheSource(name=resource.name, element=source.element.name)
    version.state = state
    version.save(update_fields=["state"])
    resource.retired_at, resource.retired_reason = at, reason.strip()
    faces.show(resource)
    publish(ResourceRetired(**about(resource, version, actor=actor, at=at)))
    return record_of(version)
