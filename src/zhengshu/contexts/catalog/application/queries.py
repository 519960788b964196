"""Questions about resources."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models.functions import Coalesce

from zhengshu.contexts.catalog.application.access import (
    NotPublished,
    ResourceNotFound,
    slug_of,
    visible_resource,
)
from zhengshu.contexts.catalog.application.records import ResourceRecord, VersionRecord
from zhengshu.contexts.catalog.application.versions import record
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.models import Classification, Resource, ResourceVersion
from zhengshu.contexts.catalog.models.resources import ResourceVersionQuerySet
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, ResourceId

MOST_WITH_ELEMENT = 100


class VersionNotFound(ResourceNotFound):
    """The resource has no such version, or none that you may see."""

    code = "catalog.version-not-found"
    message = "There is no version %(number)s of “%(code)s” that you may see."


def resource(*, code: str, actor: Actor) -> ResourceRecord:
    """Return a resource as others see it: its published version, or its first draft to those who may see that.

    Raises:
        ResourceNotFound: there is none that the actor may see.
    """
    found = visible_resource(code=code, actor=actor)
    shown = [one for one in (found.published_id, found.opened_id) if one is not None][:1]
    version = with_items().visible_to(actor).filter(id__in=shown).first()
    if version is None:
        raise ResourceNotFound(code=found.code)
    return record_of(version)


def resource_version(*, code: str, number: int, actor: Actor) -> ResourceRecord:
    """Return one version of a resource.

    Raises:
        VersionNotFound: there is none that the actor may see.
    """
    slug = slug_of(code)
    version = with_items().visible_to(actor).filter(resource__code=slug, number=number).first()
    if version is None:
        raise VersionNotFound(code=slug, number=number)
    return record_of(version)


def versions_of(*, code: str, actor: Actor) -> tuple[VersionRecord, ...]:
    """Return the history of a resource, newest first, as far as the actor may see it."""
    rows = ResourceVersion.objects.visible_to(actor).filter(resource__code=slug_of(code)).order_by("-number")
    return tuple(_history(row) for row in rows)


def published_resource(*, resource_id: ResourceId) -> ResourceRecord:
    """Return the published version of a resource, for the other contexts.

    Raises:
        ResourceNotFound: no such resource.
        NotPublished: it is a draft, or retired.
    """
    found = Resource.objects.filter(id=resource_id).first()
    if found is None:
        raise ResourceNotFound(code=str(resource_id))
    return _published(found)


def published_by_code(*, code: str) -> ResourceRecord:
    """Return the published version of a resource by its code, in either spelling.

    Raises:
        ResourceNotFound: no such resource.
        NotPublished: it is a draft, or retired.
    """
    slug = slug_of(code)
    found = Resource.objects.filter(code=slug).first()
    if found is None:
        raise ResourceNotFound(code=slug)
    return _published(found)


def resources(*, ids: Iterable[ResourceId]) -> Mapping[ResourceId, ResourceRecord]:
    """Return resources by id, each in the version that others see, in a fixed number of queries."""
    shown = Resource.objects.filter(id__in=tuple(ids)).annotate(shown=Coalesce("published_id", "opened_id"))
    versions = tuple(with_items().filter(id__in=shown.values("shown")))
    return {found.id: found for found in records_of(versions)}


def resources_with_element(*, code: str, actor: Actor) -> tuple[ResourceRecord, ...]:
    """Return the published resources that have an item of a data element, at most `MOST_WITH_ELEMENT`."""
    versions = (
        with_items()
        .filter(
            state=State.PUBLISHED, items__element_code=code, resource__in=Resource.objects.visible_to(actor)
        )
        .order_by("name", "id")
        .distinct()
    )
    return records_of(versions[:MOST_WITH_ELEMENT])


def resources_of_system(*, system_id: UUID, actor: Actor) -> tuple[ResourceRecord, ...]:
    """Return the published resources that come from an information system, at most `MOST_WITH_ELEMENT`."""
    versions = with_items().filter(
        state=State.PUBLISHED, system_id=system_id, resource__in=Resource.objects.visible_to(actor)
    )
    return records_of(versions.order_by("name", "id")[:MOST_WITH_ELEMENT])


def record_of(version: ResourceVersion) -> ResourceRecord:
    """Return one version as a record."""
    return records_of((version,))[0]


def records_of(versions: Iterable[ResourceVersion]) -> tuple[ResourceRecord, ...]:
    """Return versions as records, names of departments and of the classification filled in."""
    rows = tuple(versions)
    owners = {DepartmentId(row.resource.department_id) for row in rows}
    departments = {key: found.name for key, found in trust.departments(ids=owners).items()}
    nodes = Classification.objects.filter(code__in={row.classification for row in rows})
    classifications = dict(nodes.values_list("code", "name"))
    return tuple(record(row, departments=departments, classifications=classifications) for row in rows)


def with_items() -> ResourceVersionQuerySet:
    """Return versions with all that a record needs, fetched in two queries for any number."""
    return ResourceVersion.objects.select_related("resource", "system").prefetch_related("items")


def _published(found: Resource) -> ResourceRecord:
    if found.state != State.PUBLISHED or found.published_id is None:
        raise NotPublished(name=found.name)
    return record_of(with_items().get(id=found.published_id))


def _history(row: ResourceVersion) -> VersionRecord:
    return VersionRecord(
        number=row.number,
        revision=row.revision,
        state=State(row.state),
        cause=row.cause,
        cause_on=row.cause_on,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        case_id=row.case_id,
        returned_reason=row.returned_reason,
        is_secrecy_assessed=row.is_secrecy_assessed,
        is_personal_assessed=row.is_personal_assessed,
        assessment_note=row.assessment_note,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        published_by=row.published_by,
        published_at=row.published_at,
    )
