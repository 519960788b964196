"""One item, one source (一数一源): who keeps the values of a data element."""

from dataclasses import dataclass
from uuid import UUID

from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class SourceAlreadyNamed(Refused):
    """Another department is the source of this element; withdraw it first if the duty moved."""

    code = "catalog.source-already-named"
    kind = Kind.CONFLICT
    message = (
        "“%(element)s” already has its authoritative source: %(department)s, resource “%(resource)s”. One data"
        " element has one source (Decree 809, article 19); withdraw the first before naming another."
    )


class ElementNotInResource(Refused):
    """A resource cannot be the source of an element that none of its items follows."""

    code = "catalog.element-not-in-resource"
    message = "No item of “%(resource)s” follows the data element “%(element)s”. Set it on the item first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The resource of a department that is the authority for an element."""

    department_id: DepartmentId
    department_name: str
    resource_id: UUID
    resource_name: str


def name_source(*, element: str, current: Source | None, proposed: Source, has_item: bool) -> bool:
    """Decide whether a source may be named; return False when it already is that very one.

    Basis: Decree 809, article 19.

    Raises:
        SourceAlreadyNamed: another source is in force.
        ElementNotInResource: the resource has no item for the element.
    """
    if current is not None and current.resource_id == proposed.resource_id:
        return False
    if current is not None:
        raise SourceAlreadyNamed(
            element=element, department=current.department_name, resource=current.resource_name
        )
    if not has_item:
        raise ElementNotInResource(element=element, resource=proposed.resource_name)
    return True
