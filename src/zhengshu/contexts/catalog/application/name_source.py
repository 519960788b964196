"""Name the one authoritative source of a data element, or withdraw it."""

from datetime import datetime

from zhengshu.contexts.catalog.application.access import NotPublished, locked_resource
from zhengshu.contexts.catalog.application.declare_standards import require_authority
from zhengshu.contexts.catalog.application.queries_standards import ElementNotFound
from zhengshu.contexts.catalog.application.return_resource import ReasonMissing
from zhengshu.contexts.catalog.domain.sources import Source, name_source
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.events import AuthoritativeSourceNamed, AuthoritativeSourceWithdrawn
from zhengshu.contexts.catalog.models import AuthoritativeSource, DataElement, Resource
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class NoSourceNamed(Refused):
    """The element has no authoritative source to withdraw."""

    code = "catalog.no-source-named"
    kind = Kind.CONFLICT
    message = "“%(element)s” has no authoritative source."


@transaction
def name_authoritative_source(*, element_code: str, resource_code: str, actor: Actor, at: datetime) -> None:
    """Name the published resource that is the source of a data element; naming it again changes nothing.

    Basis: Decree 809, article 19.

    Raises:
        NotTheDataAuthority: the actor is no reviewer.
        ElementNotFound: no such element.
        ResourceNotFound: no such resource that the actor may see.
        NotPublished: the resource is not published.
        SourceAlreadyNamed: with the name of the first source.
        ElementNotInResource: no item of the resource follows the element.
    """
    require_authority(actor)
    element = _locked_element(element_code)
    resource = locked_resource(code=resource_code, actor=actor)
    if resource.state != State.PUBLISHED or resource.published is None:
        raise NotPublished(name=resource.name)
    current = (
        AuthoritativeSource.objects.select_related("resource").filter(element=element, active_to=None).first()
    )
    is_new = name_source(
        element=element.name,
        current=_source(current.resource) if current else None,
        proposed=_source(resource),
        has_item=resource.published.items.filter(element_code=element.code).exists(),
    )
    if not is_new:
        return
    AuthoritativeSource.objects.create(
        element=element,
        resource=resource,
        department_id=resource.department_id,
        named_by=actor.name,
        active_from=at,
    )
    publish(
        AuthoritativeSourceNamed(
            at=at,
            actor=actor,
            subject=_subject(element),
            department_id=DepartmentId(resource.department_id),
            element=element.code,
            code=resource.code,
        )
    )


@transaction
def withdraw_authoritative_source(*, element_code: str, reason: str, actor: Actor, at: datetime) -> None:
    """End the period of an element's source, so that another may be named.

    Raises:
        NotTheDataAuthority: the actor is no reviewer.
        ElementNotFound: no such element.
        ReasonMissing: no reason was given.
        NoSourceNamed: there is none.
    """
    require_authority(actor)
    element = _locked_element(element_code)
    if not reason.strip():
        raise ReasonMissing
    current = (
        AuthoritativeSource.objects.select_related("resource").filter(element=element, active_to=None).first()
    )
    if current is None:
        raise NoSourceNamed(element=element.name)
    current.active_to, current.withdrawn_reason = at, reason.strip()
    current.save(update_fields=["active_to", "withdrawn_reason"])
    publish(
        AuthoritativeSourceWithdrawn(
            at=at,
            actor=actor,
            subject=_subject(element),
            department_id=DepartmentId(current.department_id),
            element=element.code,
            code=current.resource.code,
        )
    )


def _locked_element(code: str) -> DataElement:
    found = DataElement.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise ElementNotFound(code=code[:60])
    return found


def _source(resource: Resource) -> Source:
    owner = trust.department(department_id=DepartmentId(resource.department_id))
    return Source(
        department_id=owner.id,
        department_name=owner.name,
        resource_id=resource.id,
        resource_name=resource.name,
    )


def _subject(element: DataElement) -> Subject:
    return Subject(kind="catalog.element", id=str(element.id), label=f"{element.code} {element.name}")
