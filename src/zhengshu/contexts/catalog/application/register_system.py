"""Information systems: the ledger from which resources come."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from zhengshu.contexts.catalog.application.change_draft import ChangedMeanwhile
from zhengshu.contexts.catalog.application.records import SystemRecord
from zhengshu.contexts.catalog.domain.vocabulary import Network, SystemStage
from zhengshu.contexts.catalog.events import SystemRegistered
from zhengshu.contexts.catalog.models import InformationSystem
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

_HIGHEST_PROTECTION = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDraft:
    """An information system as its department declares it.

    Attributes:
        network: where it runs.
        stage: planned, being built, running, stopped.
        protection_level: level of graded protection (等保), 1 to 5.
        builder: who built or runs it on the department's behalf.
    """

    name: str
    summary: str
    network: Network = Network.EXTRANET
    stage: SystemStage = SystemStage.RUNNING
    protection_level: int = 3
    builder: str = ""
    launched_on: date | None = None


class SystemNotFound(Refused):
    """No such information system."""

    code = "catalog.system-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such information system."


class SystemNotYours(Refused):
    """Systems are registered by a data officer of the department that runs them."""

    code = "catalog.system-not-yours"
    kind = Kind.FORBIDDEN
    message = "Only a data officer of the department that runs a system registers or changes it."


class SystemNotAcceptable(Refused):
    """A field of the system is missing or out of range."""

    code = "catalog.system-not-acceptable"
    message = "Give the system a name, a summary, and a protection level from 1 to 5."


class SystemAlreadyRegistered(Refused):
    """The department has a system of that name."""

    code = "catalog.system-already-registered"
    kind = Kind.CONFLICT
    message = "Your department has already registered a system called “%(name)s”."


@transaction
def register_system(
    *, draft: SystemDraft, actor: Actor, at: datetime, department_id: DepartmentId | None = None
) -> UUID:
    """Put an information system into the ledger; return its id. Only the platform names another department.

    Raises:
        SystemNotYours: the actor is no data officer of a department.
        SystemNotAcceptable: a field is missing or out of range.
        SystemAlreadyRegistered: the department has one of that name.
    """
    owner = department_id if actor.is_platform else actor.department_id
    if owner is None or not actor.has(Role.DATA_OFFICER):
        raise SystemNotYours
    return _save(InformationSystem(department_id=owner, revision=0), draft, actor=actor, at=at)


@transaction
def change_system(
    *, system_id: UUID, draft: SystemDraft, expected_revision: int, actor: Actor, at: datetime
) -> UUID:
    """Change the entry of an information system.

    Raises:
        SystemNotFound: there is none.
        SystemNotYours: another department's, or the actor is no data officer.
        ChangedMeanwhile: somebody else saved it first.
        SystemNotAcceptable: a field is missing or out of range.
        SystemAlreadyRegistered: the department has another of that name.
    """
    found = InformationSystem.objects.visible_to(actor).select_for_update().filter(id=system_id).first()
    if found is None:
        raise SystemNotFound
    is_own = actor.is_platform or found.department_id == actor.department_id
    if not (is_own and actor.has(Role.DATA_OFFICER)):
        raise SystemNotYours
    if found.revision != expected_revision:
        raise ChangedMeanwhile(name=found.name, revision=found.revision, yours=expected_revision)
    return _save(found, draft, actor=actor, at=at)


def find_systems(*, query: ListQuery, actor: Actor) -> Page[SystemRecord]:
    """Search information systems by name and summary; filters `department`, `stage`, `network`."""
    rows = InformationSystem.objects.visible_to(actor)
    for word in query.text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(summary__icontains=word))
    for name, column in {"department": "department_id", "stage": "stage", "network": "network"}.items():
        if values := query.filters.get(name):
            rows = rows.filter(**{f"{column}__in": values if name != "department" else _uuids(values)})
    total = rows.count()
    start = (query.page - 1) * query.size
    chosen = rows.annotate(uses=Count("resourceversion__resource", distinct=True)).order_by(
        query.sort or "name", "id"
    )
    return Page(rows=_records(tuple(chosen[start : start + query.size])), total=total, query=query)


def system(*, system_id: UUID, actor: Actor) -> SystemRecord:
    """Return one information system.

    Raises:
        SystemNotFound: there is none.
    """
    rows = InformationSystem.objects.visible_to(actor).filter(id=system_id)
    found = _records(tuple(rows.annotate(uses=Count("resourceversion__resource", distinct=True))))
    if not found:
        raise SystemNotFound
    return found[0]


def _records(rows: tuple[InformationSystem, ...]) -> tuple[SystemRecord, ...]:
    departments = trust.departments(ids={DepartmentId(row.department_id) for row in rows})
    return tuple(
        SystemRecord(
            id=row.id,
            name=row.name,
            summary=row.summary,
            department_id=DepartmentId(row.department_id),
            department_name=departments[DepartmentId(row.department_id)].name,
            network=Network(row.network),
            stage=SystemStage(row.stage),
            protection_level=row.protection_level,
            builder=row.builder,
            launched_on=row.launched_on,
            revision=row.revision,
            resources=getattr(row, "uses", 0),
        )
        for row in rows
    )


def _save(row: InformationSystem, draft: SystemDraft, *, actor: Actor, at: datetime) -> UUID:
    name, summary = draft.name.strip(), draft.summary.strip()
    if not name or not summary or not 1 <= draft.protection_level <= _HIGHEST_PROTECTION:
        raise SystemNotAcceptable
    others = InformationSystem.objects.filter(department_id=row.department_id, name=name).exclude(id=row.id)
    if others.exists():
        raise SystemAlreadyRegistered(name=name)
    row.name, row.summary, row.builder = name, summary, draft.builder.strip()
    row.network, row.stage, row.protection_level = draft.network, draft.stage, draft.protection_level
    row.launched_on, row.changed_at = draft.launched_on, at
    row.revision += 1
    row.save()
    publish(
        SystemRegistered(
            at=at,
            actor=actor,
            subject=Subject(kind="catalog.system", id=str(row.id), label=row.name),
            department_id=DepartmentId(row.department_id),
            revision=row.revision,
        )
    )
    return row.id


def _uuids(texts: tuple[str, ...]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
