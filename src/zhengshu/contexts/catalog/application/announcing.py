"""What every event of a resource says."""

from datetime import datetime
from typing import TypedDict

from zhengshu.contexts.catalog.models import Resource, ResourceVersion
from zhengshu.foundation.events import Subject
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId


class Facts(TypedDict):
    """The fields that all events of resources share."""

    at: datetime
    actor: Actor
    subject: Subject
    department_id: DepartmentId
    code: str
    version: int


def about(resource: Resource, version: ResourceVersion, *, actor: Actor, at: datetime) -> Facts:
    """Return those fields, to be unpacked into an event."""
    return Facts(
        at=at,
        actor=actor,
        subject=Subject(
            kind="catalog.resource", id=str(resource.id), label=f"{resource.code} {version.name}"
        ),
        department_id=DepartmentId(resource.department_id),
        code=resource.code,
        version=version.number,
    )
