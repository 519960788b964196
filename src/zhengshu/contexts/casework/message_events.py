"""What is announced of messages, for the audit only; no context above listens to it."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.contexts.casework.events import CaseEvent
from zhengshu.foundation.events import Event, event_type


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsChosen(Event):
    """Somebody chose by which channels he wants messages; the addresses are not announced."""

    wire_name: ClassVar[str] = "casework.channels.chosen.v1"

    by_email: bool
    by_sms: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AddressConfirmed(Event):
    """Somebody confirmed by a code that an address is his; the address is not announced."""

    wire_name: ClassVar[str] = "casework.address.confirmed.v1"

    channel: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRetried(Event):
    """An operator had a message sent again that could not be delivered."""

    wire_name: ClassVar[str] = "casework.delivery.retried.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived(CaseEvent):
    """A message arrived for which the flow of a case waited."""

    wire_name: ClassVar[str] = "casework.message.arrived.v1"

    message: str
