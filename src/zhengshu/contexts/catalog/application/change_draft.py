"""Change a version that is not published."""

from datetime import datetime

from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import locked_resource, open_version, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.checking import accept
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.application.versions import declare
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.domain.resources import ResourceDraft
from zhengshu.contexts.catalog.events import DraftChanged
from zhengshu.contexts.catalog.models import ResourceVersion
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class ChangedMeanwhile(Refused):
    """Somebody saved the same draft after you opened it; compare, then enter your changes again."""

    code = "catalog.changed-meanwhile"
    kind = Kind.CONFLICT
    message = (
        "%(name)s saved this draft after you opened it (revision %(revision)s, you had %(yours)s). Your changes"
        " were not kept: open it again and enter them once more."
    )


@transaction
def change_draft(
    *, code: str, draft: ResourceDraft, expected_revision: int, actor: Actor, at: datetime
) -> ResourceRecord:
    """Replace the declaration of the version on its way.

    Two officers may have it open; the second to save is told. Basis: Decree 809, article 13.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NothingOpen: the resource has no version on its way.
        StepNotYours: the actor is no data officer of the department.
        StepNotPossible: the version was submitted already.
        ChangedMeanwhile: somebody else saved it first.
        DraftNotAcceptable: with every field that breaks a rule.
    """
    resource = locked_resource(code=code, actor=actor)
    version = open_version(resource)
    version.state = take(Step.CHANGE, resource=resource, version=version, actor=actor)
    refuse_stale(version, expected_revision=expected_revision)
    accept(draft, department_id=DepartmentId(resource.department_id))
    version.revision += 1
    version.changed_by, version.changed_at = actor.name, at
    declare(version, draft)
    resource.opened = version
    faces.show(resource)
    publish(DraftChanged(**about(resource, version, actor=actor, at=at), revision=version.revision))
    return record_of(version)


def refuse_stale(version: ResourceVersion, *, expected_revision: int) -> None:
    """Refuse a change that was made to an older revision.

    Raises:
        ChangedMeanwhile: the revision is not the one that the person saw.
    """
    if version.revision != expected_revision:
        raise ChangedMeanwhile(name=version.changed_by, revision=version.revision, yours=expected_revision)
