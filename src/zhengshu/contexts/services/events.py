"""What `services` announces."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent(Event):
    """Something happened to a version of a service item.

    Attributes:
        code: the item's code.
        version: the number of the version concerned.
    """

    code: str
    version: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPublished(ItemEvent):
    """A version of a service item was published."""

    wire_name: ClassVar[str] = "services.item.published.v1"
