"""The data authority announces a version."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import locked_resource, open_version, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.approve_resource import case_of
from zhengshu.contexts.catalog.application.follow_case import supersede
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.events import ResourcePublished
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def publish_resource(*, code: str, actor: Actor, at: datetime) -> ResourceRecord:
    """Publish an approved version; it never changes again, and the version before it is superseded.

    Basis: Decree 809, articles 16 and 17.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NothingOpen: the resource has no version on its way.
        StepNotYours: the actor is no reviewer of the data authority in charge.
        StepNotPossible: the head has not approved it.
    """
    resource = locked_resource(code=code, actor=actor)
    version = open_version(resource)
    version.state = take(Step.PUBLISH, resource=resource, version=version, actor=actor)
    version.published_by, version.published_at = actor.name, at
    version.save()
    supersede(resource, version, at=at)
    faces.show(resource)
    casework.complete_task(
        case_id=case_of(version), task="authority_review", outcome="publish", actor=actor, at=at
    )
    publish(ResourcePublished(**about(resource, version, actor=actor, at=at)))
    return record_of(version)
