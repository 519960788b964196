"""What `trust` announces of the proof log's own keys."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type
from zhengshu.foundation.tlog.handover import KIND


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeysAnnounced(Event):
    """New keys of the proof log were announced; they sign from the next checkpoint on that covers the announcement."""

    wire_name: ClassVar[str] = KIND
    is_proven: ClassVar[bool] = True
    version: int
    keys: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeysRetired(Event):
    """Former keys of the proof log sign no more."""

    wire_name: ClassVar[str] = "trust.log-keys.retired.v1"
    is_proven: ClassVar[bool] = True
    version: int
