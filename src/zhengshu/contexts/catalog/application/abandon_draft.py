"""Give a draft up."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import locked_resource, open_version, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.return_resource import ReasonMissing
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.events import DraftAbandoned
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def abandon_draft(*, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """End a version that will not be published; a first version takes its resource out of the lists.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NothingOpen: the resource has no version on its way.
        StepNotYours: the actor is no data officer of the department.
        StepNotPossible: the version is with the head or the data authority.
        ReasonMissing: no reason was given.
    """
    resource = locked_resource(code=code, actor=actor)
    version = open_version(resource)
    version.state = take(Step.ABANDON, resource=resource, version=version, actor=actor)
    if not reason.strip():
        raise ReasonMissing
    version.returned_reason = reason.strip()
    version.save(update_fields=["state", "returned_reason"])
    if resource.published is None:
        resource.opened, resource.state = version, version.state
        resource.save(update_fields=["state"])
    else:
        resource.opened = None
        faces.show(resource)
    if version.case_id is not None:
        casework.complete_task(
            case_id=CaseId(version.case_id),
            task="revise_draft",
            outcome="abandon",
            reason=reason.strip(),
            actor=actor,
            at=at,
        )
    publish(DraftAbandoned(**about(resource, version, actor=actor, at=at)))
