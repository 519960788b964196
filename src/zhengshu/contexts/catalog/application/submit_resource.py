"""Send a version on its way to publication."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import locked_resource, open_version, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.change_draft import refuse_stale
from zhengshu.contexts.catalog.application.checking import accept
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.application.versions import declaration
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.events import ResourceSubmitted
from zhengshu.contexts.catalog.models import Resource, ResourceVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId

CASE_TYPE = "catalog-publication"


@transaction
def submit_resource(
    *, code: str, actor: Actor, at: datetime, expected_revision: int | None = None
) -> ResourceRecord:
    """Hand a draft, or one that was returned, to the department's head.

    The first time this opens a case; a returned version goes on in its case. Basis: Decree 809, articles 13, 16.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NothingOpen: the resource has no version on its way.
        StepNotYours: the actor is no data officer of the department.
        StepNotPossible: the version was submitted already.
        ChangedMeanwhile: somebody else saved it since.
        DraftNotAcceptable: a code table or element that it refers to is gone.
    """
    resource = locked_resource(code=code, actor=actor)
    version = open_version(resource)
    version.state = take(Step.SUBMIT, resource=resource, version=version, actor=actor)
    if expected_revision is not None:
        refuse_stale(version, expected_revision=expected_revision)
    provider = DepartmentId(resource.department_id)
    accept(declaration(version), department_id=provider)
    authority = trust.data_authority_for(department_id=provider)
    resource.authority_id = authority.id
    version.returned_reason = ""
    version.case_id = _case(resource, version, authority_id=authority.id, actor=actor, at=at)
    version.save()
    resource.opened = version
    faces.show(resource)
    publish(ResourceSubmitted(**about(resource, version, actor=actor, at=at)))
    return record_of(version)


def _case(
    resource: Resource, version: ResourceVersion, *, authority_id: DepartmentId, actor: Actor, at: datetime
) -> CaseId:
    if version.case_id is not None:
        case_id = CaseId(version.case_id)
        casework.complete_task(case_id=case_id, task="revise_draft", outcome="resubmit", actor=actor, at=at)
        return case_id
    provider = DepartmentId(resource.department_id)
    return casework.open_case(
        case_type=CASE_TYPE,
        subject=casework.CaseSubject(
            kind="catalog.resource",
            id=resource.id,
            title=version.name,
            path=f"/catalog/{resource.code}/draft/",
        ),
        parties={
            "provider": provider,
            "authority": authority_id,
        },
        data={},
        actor=actor,
        at=at,
    ).id
