"""Send a version back to its officers."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import locked_resource, open_version, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.approve_resource import case_of
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.events import ResourceReturned
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused


class ReasonMissing(Refused):
    """Whoever sends something back or takes it away says why."""

    code = "catalog.reason-missing"
    message = "Give the reason, so that the others know what to do."


@transaction
def return_resource(*, code: str, reason: str, actor: Actor, at: datetime) -> ResourceRecord:
    """Return a version with the reason: the head a submitted one, the reviewer an approved one.

    Basis: Decree 809, articles 13 and 16.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NothingOpen: the resource has no version on its way.
        StepNotYours: it is not this person's turn.
        StepNotPossible: the version is neither submitted nor approved.
        ReasonMissing: no reason was given.
    """
    resource = locked_resource(code=code, actor=actor)
    version = open_version(resource)
    task = "head_approval" if version.state == State.SUBMITTED else "authority_review"
    version.state = take(Step.RETURN, resource=resource, version=version, actor=actor)
    if not reason.strip():
        raise ReasonMissing
    version.returned_reason = reason.strip()
    version.is_secrecy_assessed = version.is_personal_assessed = False
    version.approved_by, version.approved_at = "", None
    version.save()
    resource.opened = version
    faces.show(resource)
    casework.complete_task(
        case_id=case_of(version), task=task, outcome="return", reason=reason.strip(), actor=actor, at=at
    )
    publish(ResourceReturned(**about(resource, version, actor=actor, at=at)))
    return record_of(version)
