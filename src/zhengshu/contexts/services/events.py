"""What `services` announces."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type
from zhengshu.kernel.identity import CaseId


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
class ApplicationSubmitted(Event):
    """An application for a service item was submitted.

    Attributes:
        item: the item's code.
        case_id: the case that handles it.
        channel: by which way it came (GB/T 39046-2020, table A.5).
        verdict: what the checks said together.
    """

    wire_name: ClassVar[str] = "services.application.submitted.v1"

    item: str
    case_id: CaseId
    channel: str
    verdict: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSubmitted(ItemEvent):
    """A version of a service item was handed in for approval."""

    wire_name: ClassVar[str] = "services.item.submitted.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReturned(ItemEvent):
    """A version of a service item was given back to its organ."""

    wire_name: ClassVar[str] = "services.item.returned.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemTakenBack(ItemEvent):
    """An approved version of a service item was taken back before its first day."""

    wire_name: ClassVar[str] = "services.item.taken-back.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRetired(ItemEvent):
    """A service item is not offered any more."""

    wire_name: ClassVar[str] = "services.item.retired.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPublished(ItemEvent):
    """A version of a service item was published."""

    wire_name: ClassVar[str] = "services.item.published.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RatingGiven(Event):
    """A service was rated; who did it is not announced."""

    wire_name: ClassVar[str] = "services.rating.given.v1"

    is_bad: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BadRatingMended(Event):
    """The rectification of a bad rating ended."""

    wire_name: ClassVar[str] = "services.rating.mended.v1"

    end: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RaterRead(Event):
    """The call-back desk read who gave a bad rating."""

    wire_name: ClassVar[str] = "services.rater.read.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitEvent(Event):
    """Something happened to a benefit without application.

    Attributes:
        benefit: its code.
    """

    benefit: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitSwitched(BenefitEvent):
    """A benefit was switched on or off."""

    wire_name: ClassVar[str] = "services.benefit.switched.v1"

    is_on: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRunStarted(BenefitEvent):
    """A search for those who are entitled was started."""

    wire_name: ClassVar[str] = "services.benefit.run-started.v1"

    is_dry: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRunEnded(BenefitEvent):
    """A search for those who are entitled ended."""

    wire_name: ClassVar[str] = "services.benefit.run-ended.v1"

    is_dry: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementAnswered(BenefitEvent):
    """Somebody confirmed, declined or objected to what he was found entitled to."""

    wire_name: ClassVar[str] = "services.entitlement.answered.v1"

    answer: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementChecked(BenefitEvent):
    """Somebody asked why he was or was not found entitled."""

    wire_name: ClassVar[str] = "services.entitlement.checked.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementDoubted(BenefitEvent):
    """The rules could not decide about somebody, and an official looks into it; who had confirmed is suspended."""

    wire_name: ClassVar[str] = "services.entitlement.doubted.v1"

    is_suspended: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtDecided(BenefitEvent):
    """An official decided whether somebody about whom there was a doubt is entitled."""

    wire_name: ClassVar[str] = "services.entitlement.doubt-decided.v1"

    is_entitled: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementRead(BenefitEvent):
    """An official looked at the name and number of somebody about whom there is a doubt or an objection."""

    wire_name: ClassVar[str] = "services.entitlement.read.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListMade(BenefitEvent):
    """A list of payments was made for the treasury."""

    wire_name: ClassVar[str] = "services.payment-list.made.v1"

    payments: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentListTaken(BenefitEvent):
    """A list of payments was downloaded, with names and accounts."""

    wire_name: ClassVar[str] = "services.payment-list.taken.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEvent(Event):
    """Something happened to one thing.

    Attributes:
        bundle: the code of the bundle.
    """

    bundle: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSent(BundleEvent):
    """One thing was asked for by one form."""

    wire_name: ClassVar[str] = "services.bundle.sent.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEnded(BundleEvent):
    """Every part of one thing has ended."""

    wire_name: ClassVar[str] = "services.bundle.ended.v1"

    end: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class KioskRegistered(Event):
    """A machine became a kiosk."""

    wire_name: ClassVar[str] = "services.kiosk.registered.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class KioskEnded(Event):
    """A machine is a kiosk no more."""

    wire_name: ClassVar[str] = "services.kiosk.ended.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class WindowGroupFormed(Event):
    """Windows of a hall began to call numbers together."""

    wire_name: ClassVar[str] = "services.window-group.formed.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class WindowGroupEnded(Event):
    """Windows of a hall call no numbers any more."""

    wire_name: ClassVar[str] = "services.window-group.ended.v1"
