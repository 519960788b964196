"""What the catalogue tells others: frozen records, never rows."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from zhengshu.contexts.catalog.domain.resources import ItemDraft, ResourceDraft
from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    FormatCategory,
    Grade,
    Network,
    OpeningClass,
    SharingClass,
    SharingMethod,
    State,
    SystemStage,
    UpdateCycle,
)
from zhengshu.kernel.identity import DepartmentId, ResourceId

ItemRecord = ItemDraft
"""An item reads the same as it was declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRecord:
    """One version of a resource with all its facts (Decree 809, article 13).

    Attributes:
        id: the resource's id, the same for all versions.
        code: URL-safe code; `official_code` is the same in the spelling of the standard.
        state: where the version stands.
        version: its number, from 1.
        sharing_conditions: the conditions of use in words, as the official layout has them.
        is_retired: whether the resource as a whole left the catalogue.
        See `ResourceDraft` for the declared facts.
    """

    id: ResourceId
    code: str
    official_code: str
    name: str
    summary: str
    department_id: DepartmentId
    department_name: str
    state: State
    version: int
    is_retired: bool
    classification: str
    classification_name: str
    category: Category
    format_category: FormatCategory
    format_type: str
    update_cycle: UpdateCycle
    sharing_class: SharingClass
    sharing_methods: tuple[SharingMethod, ...]
    sharing_scope: str
    sharing_purposes: str
    withheld_reason: str
    sharing_basis: str
    sharing_conditions: str
    opening_class: OpeningClass
    opening_conditions: str
    grade: Grade
    holds_personal_information: bool
    system_id: UUID | None
    system_name: str
    duty_basis: str
    keywords: tuple[str, ...]
    related_codes: tuple[str, ...]
    items: tuple[ItemRecord, ...]
    changed_at: datetime
    published_at: datetime | None

    def declared(self) -> ResourceDraft:
        """Return the declaration that this version holds, as the start of a revision."""
        return ResourceDraft(**{field.name: getattr(self, field.name) for field in fields(ResourceDraft)})

    @property
    def keys(self) -> tuple[ItemRecord, ...]:
        """The items by which rows are found."""
        return tuple(item for item in self.items if item.is_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSummary:
    """One line of a list or of search results."""

    id: ResourceId
    code: str
    name: str
    summary: str
    department_id: DepartmentId
    department_name: str
    state: State
    version: int
    sharing_class: SharingClass
    opening_class: OpeningClass
    grade: Grade
    update_cycle: UpdateCycle
    format_category: FormatCategory
    items: int
    has_revision: bool
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version in the history of a resource: who did what to it, and when."""

    number: int
    revision: int
    state: State
    cause: str
    cause_on: date | None
    changed_by: str
    changed_at: datetime
    case_id: UUID | None
    returned_reason: str
    is_secrecy_assessed: bool
    is_personal_assessed: bool
    assessment_note: str
    approved_by: str
    approved_at: datetime | None
    published_by: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRecord:
    """An information system of the ledger."""

    id: UUID
    name: str
    summary: str
    department_id: DepartmentId
    department_name: str
    network: Network
    stage: SystemStage
    protection_level: int
    builder: str
    launched_on: date | None
    revision: int
    resources: int
