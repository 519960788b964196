"""Who may deliver, and the resource as columns."""

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.domain.columns import Column, ColumnType
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class DeliveryNotYours(Refused):
    """Only data officers of the department that owns a resource deliver its rows."""

    code = "lake.delivery-not-yours"
    kind = Kind.FORBIDDEN
    message = "Only data officers of the department that owns the resource may deliver its rows."


class ResourceRetired(Refused):
    """The resource has left the catalogue; nobody may read it any more."""

    code = "lake.resource-retired"
    kind = Kind.CONFLICT
    message = "The resource has left the catalogue; nothing is collected for it any more."


def deliverable(*, resource_code: str, actor: Actor) -> catalog.ResourceRecord:
    """Return a resource for which the actor may deliver rows.

    Raises:
        ResourceNotFound: there is none that the actor may see.
        DeliveryNotYours: it is another department's.
        ResourceRetired: it is no longer in the catalogue.
    """
    resource = catalog.resource(code=resource_code, actor=actor)
    if not may_deliver(actor, resource):
        raise DeliveryNotYours
    if resource.is_retired:
        raise ResourceRetired
    return resource


def may_deliver(actor: Actor, resource: catalog.ResourceRecord) -> bool:
    """Whether an actor may deliver rows of a resource."""
    if actor.is_platform:
        return True
    return actor.has(Role.DATA_OFFICER) and actor.department_id == resource.department_id


def columns_of(resource: catalog.ResourceRecord) -> tuple[Column, ...]:
    """Return the items of a resource as columns; from which grade they are encrypted is the policy's."""
    encrypted_from = trust.policy_values().encrypt_from_grade
    return tuple(
        Column(
            name=item.name,
            column=item.column,
            kind=ColumnType(item.data_type.value),
            length=item.length,
            is_key=item.is_key,
            is_required=item.is_required,
            encrypted_grade=int(item.grade) if item.grade >= encrypted_from else 0,
        )
        for item in resource.items
    )
