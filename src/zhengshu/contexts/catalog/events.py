"""What the catalogue announces.

Reasons that people wrote stay with the version that they are about, for they may name persons.
"""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceEvent(Event):
    """Something happened to a version of a resource.

    Attributes:
        code: the resource's code.
        version: the number of the version concerned.
    """

    code: str
    version: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDrafted(ResourceEvent):
    """A department began a new entry."""

    wire_name: ClassVar[str] = "catalog.resource.drafted.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanged(ResourceEvent):
    """A department changed a version that is not published."""

    wire_name: ClassVar[str] = "catalog.draft.changed.v1"

    revision: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAbandoned(ResourceEvent):
    """A department gave a draft up."""

    wire_name: ClassVar[str] = "catalog.draft.abandoned.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSubmitted(ResourceEvent):
    """A version went to the department's head."""

    wire_name: ClassVar[str] = "catalog.resource.submitted.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceApproved(ResourceEvent):
    """The head approved a version and declared the assessments done."""

    wire_name: ClassVar[str] = "catalog.resource.approved.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceReturned(ResourceEvent):
    """The head or the data authority sent a version back."""

    wire_name: ClassVar[str] = "catalog.resource.returned.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePublished(ResourceEvent):
    """The data authority announced a version to all departments."""

    wire_name: ClassVar[str] = "catalog.resource.published.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRevised(ResourceEvent):
    """A department began a new version of a published resource."""

    wire_name: ClassVar[str] = "catalog.resource.revised.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRetired(ResourceEvent):
    """A resource left the catalogue; its versions stay readable."""

    wire_name: ClassVar[str] = "catalog.resource.retired.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRegistered(Event):
    """A department put an information system into the ledger, or changed its entry."""

    wire_name: ClassVar[str] = "catalog.system.registered.v1"

    revision: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ClassificationDeclared(Event):
    """The classification was loaded or changed."""

    wire_name: ClassVar[str] = "catalog.classification.declared.v1"

    nodes: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ElementDeclared(Event):
    """A data element was declared or changed."""

    wire_name: ClassVar[str] = "catalog.element.declared.v1"

    code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTableDeclared(Event):
    """A code table was declared or changed."""

    wire_name: ClassVar[str] = "catalog.code-table.declared.v1"

    code: str
    entries: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritativeSourceNamed(Event):
    """The data authority named the one source of a data element."""

    wire_name: ClassVar[str] = "catalog.source.named.v1"
    is_proven: ClassVar[bool] = True

    element: str
    code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritativeSourceWithdrawn(Event):
    """A source ceased to be the source of a data element."""

    wire_name: ClassVar[str] = "catalog.source.withdrawn.v1"
    is_proven: ClassVar[bool] = True

    element: str
    code: str
