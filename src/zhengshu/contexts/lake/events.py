"""What the lake announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from zhengshu.foundation.events import Event, event_type


@dataclass(frozen=True, slots=True, kw_only=True)
class _BatchEvent(Event):
    """What all events about batches say: counts, never values."""

    batch_id: UUID
    resource_id: UUID
    resource_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchReceived(_BatchEvent):
    """A delivery arrived and waits to be collected."""

    wire_name: ClassVar[str] = "lake.batch.received.v1"

    file_name: str
    size: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPublished(_BatchEvent):
    """The rows of a batch are served and kept as a snapshot."""

    wire_name: ClassVar[str] = "lake.batch.published.v1"

    mode: str
    rows: int
    accepted: int
    set_aside: int
    served: int
    digest: str
    snapshot_id: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRefused(_BatchEvent):
    """A delivery was not published; what was served before is still served."""

    wire_name: ClassVar[str] = "lake.batch.refused.v1"

    reason_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchInterrupted(_BatchEvent):
    """The process that collected a batch died; what was served before is still served."""

    wire_name: ClassVar[str] = "lake.batch.interrupted.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RowsReplayed(_BatchEvent):
    """Rows that had been set aside were corrected and published."""

    wire_name: ClassVar[str] = "lake.rows.replayed.v1"

    original_batch_id: UUID
    rows: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SetAsideRowsExported(_BatchEvent):
    """Somebody downloaded the rows that were set aside."""

    wire_name: ClassVar[str] = "lake.set-aside-rows.exported.v1"

    rows: int
    file_format: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRuleChanged(Event):
    """What a resource demands of its deliveries was changed."""

    wire_name: ClassVar[str] = "lake.delivery-rule.changed.v1"

    resource_id: UUID
    is_all_or_nothing: bool
