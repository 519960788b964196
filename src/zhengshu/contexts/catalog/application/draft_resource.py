"""Begin a new entry of the catalogue."""

from datetime import datetime

from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import StepNotYours
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.checking import accept
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.application.versions import declare
from zhengshu.contexts.catalog.domain.codes import ResourceCode
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.domain.resources import Known, ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.events import ResourceDrafted
from zhengshu.contexts.catalog.models import CodeCounter, Resource, ResourceVersion
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId


@transaction
def draft_resource(
    *,
    draft: ResourceDraft,
    actor: Actor,
    at: datetime,
    department_id: DepartmentId | None = None,
    known: Known | None = None,
) -> ResourceRecord:
    """Declare a resource and give it its code.

    The entry belongs to the actor's department; only the platform itself names another.
    Basis: Decree 809, articles 12 and 13.

    Raises:
        StepNotYours: the actor is no data officer of a department.
        DraftNotAcceptable: with every field that breaks a rule.
    """
    owner = department_id if actor.is_platform else actor.department_id
    if owner is None or not actor.has(Role.DATA_OFFICER):
        raise StepNotYours(step=Step.CHANGE.value)
    accept(draft, department_id=owner, known=known)
    resource = Resource(
        code=_next_code(draft.classification).slug, department_id=owner, state=State.DRAFT, changed_at=at
    )
    faces.fill_face(resource, draft, department_name="")
    resource.save()
    version = ResourceVersion(
        resource=resource, number=1, state=State.DRAFT, changed_by=actor.name, changed_at=at
    )
    declare(version, draft)
    resource.opened = version
    faces.show(resource)
    publish(ResourceDrafted(**about(resource, version, actor=actor, at=at)))
    return record_of(version)


def _next_code(classification: str) -> ResourceCode:
    CodeCounter.objects.get_or_create(classification=classification, defaults={"last": 0})
    counter = CodeCounter.objects.select_for_update().get(classification=classification)
    counter.last += 1
    counter.save(update_fields=["last"])
    return ResourceCode(classification, counter.last)
