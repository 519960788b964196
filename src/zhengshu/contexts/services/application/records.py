"""What `services` tells others of items: frozen records, never rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    ItemKind,
    ItemLevel,
    ItemState,
    ThemeKind,
    VersionState,
)
from zhengshu.kernel.identity import DepartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSummary:
    """An item as a list shows it."""

    id: UUID
    code: str
    name: str
    name_en: str
    summary: str
    department_id: DepartmentId | None
    department_name: str
    level: ItemLevel
    kind: ItemKind
    audiences: tuple[Audience, ...]
    case_kind: CaseKind
    case_type: str
    is_online: bool
    state: ItemState
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """One version of an item with all that was declared.

    Attributes:
        summary: the item's face.
        version_id: the version's row.
        version: its number, from 1.
        version_state: how far it has come.
        effective_from: its first day in force.
        effective_to: the first day on which it is no more; None: without an end.
        facts: the declaration, with materials and limits.
        cause: why it was changed.
        returned_reason: what the approver wants changed.
        revision: how often the draft was written.
        retired_at: when the item was retired.
        retired_reason: why.
    """

    summary: ItemSummary
    version_id: UUID
    version: int
    version_state: VersionState
    effective_from: date
    effective_to: date | None
    facts: ItemDraft
    cause: str
    returned_reason: str
    revision: int
    changed_by: str
    published_by: str
    retired_at: datetime | None
    retired_reason: str

    @property
    def code(self) -> str:
        """The item's code."""
        return self.summary.code

    @property
    def name(self) -> str:
        """The item's official name in this version."""
        return self.facts.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRecord:
    """A life event or a topic; `items` counts what is offered under it where a list asked for it."""

    code: str
    kind: ThemeKind
    name: str
    name_en: str
    note: str
    note_en: str
    icon: str
    is_for_people: bool
    is_for_enterprises: bool
    items: int = 0
