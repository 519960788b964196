"""What `portal` announces: who changed what the public site says."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementWritten(Event):
    """An announcement was written or changed; nobody but its office reads it yet."""

    wire_name: ClassVar[str] = "portal.announcement.written.v1"

    revision: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementPublished(Event):
    """An announcement was published."""

    wire_name: ClassVar[str] = "portal.announcement.published.v1"

    revision: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementWithdrawn(Event):
    """An announcement was withdrawn from the public site."""

    wire_name: ClassVar[str] = "portal.announcement.withdrawn.v1"

    revision: int
