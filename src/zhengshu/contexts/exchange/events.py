"""What the exchange announces. No event carries personal data; the subject is the request or the grant."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from zhengshu.foundation.events import Event, event_type
from zhengshu.kernel.identity import CaseId, DepartmentId, GrantId, RequestId, ResourceId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReference:
    """Which share request an event is about, with both sides of it.

    Attributes:
        request_id: the request.
        resource_id: the resource asked for.
        resource_code: its code.
        consumer_id: the department that asks.
        provider_id: the department that owns the resource.
    """

    request_id: RequestId
    resource_id: ResourceId
    resource_code: str
    consumer_id: DepartmentId
    provider_id: DepartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantReference:
    """Which grant an event is about, with both sides of it.

    Attributes:
        grant_id: the grant.
        resource_id: the resource.
        resource_code: its code.
        consumer_id: the department that may use it.
        provider_id: the department that owns it.
        system_id: the consuming system.
    """

    grant_id: GrantId
    resource_id: ResourceId
    resource_code: str
    consumer_id: DepartmentId
    provider_id: DepartmentId
    system_id: SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent(Event):
    """Something happened to a share request."""

    wire_name: ClassVar[str] = ""

    request: RequestReference


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestDrafted(RequestEvent):
    """A draft was saved."""

    wire_name: ClassVar[str] = "exchange.share-request.drafted.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestSubmitted(RequestEvent):
    """A request was submitted to the requester's head."""

    wire_name: ClassVar[str] = "exchange.share-request.submitted.v1"

    case_id: CaseId
    purpose: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestApproved(RequestEvent):
    """The requester's head signed the request, or returned it."""

    wire_name: ClassVar[str] = "exchange.share-request.approved.v1"

    outcome: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestAnswered(RequestEvent):
    """The provider agreed, refused, or asked for completion."""

    wire_name: ClassVar[str] = "exchange.share-request.answered.v1"
    is_proven: ClassVar[bool] = True

    outcome: str
    ground: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestCompleted(RequestEvent):
    """The requester supplied what was missing."""

    wire_name: ClassVar[str] = "exchange.share-request.completed.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestReviewed(RequestEvent):
    """The data authority confirmed or refused the release."""

    wire_name: ClassVar[str] = "exchange.share-request.reviewed.v1"
    is_proven: ClassVar[bool] = True

    outcome: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRequestWithdrawn(RequestEvent):
    """The requester withdrew the request."""

    wire_name: ClassVar[str] = "exchange.share-request.withdrawn.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAsked(RequestEvent):
    """The provider asked the data authority for more time to answer."""

    wire_name: ClassVar[str] = "exchange.extension.asked.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDecided(RequestEvent):
    """The data authority consented to a later answer, or not; the requester is told."""

    wire_name: ClassVar[str] = "exchange.extension.decided.v1"

    is_consented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterReference:
    """Which matter about shared data an event is about.

    Attributes:
        matter_id: the correction, misuse, demand or dispute.
        kind: which of them.
        case_id: its case.
    """

    matter_id: UUID
    kind: str
    case_id: CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEvent(Event):
    """Something happened to a grant."""

    wire_name: ClassVar[str] = ""

    grant: GrantReference


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class GrantIssued(GrantEvent):
    """A grant came into force."""

    wire_name: ClassVar[str] = "exchange.grant.issued.v1"
    is_proven: ClassVar[bool] = True

    request_id: RequestId
    purpose: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnUseAllowed(GrantEvent):
    """A department let its own system read its own register through the gateway."""

    wire_name: ClassVar[str] = "exchange.grant.own-use-allowed.v1"
    is_proven: ClassVar[bool] = True

    purpose: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRevoked(GrantEvent):
    """A grant was ended before its time."""

    wire_name: ClassVar[str] = "exchange.grant.revoked.v1"
    is_proven: ClassVar[bool] = True

    reason: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSuspended(GrantEvent):
    """A grant was suspended until a misuse is corrected."""

    wire_name: ClassVar[str] = "exchange.grant.suspended.v1"
    is_proven: ClassVar[bool] = True

    reason: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class GrantResumed(GrantEvent):
    """A suspended grant is in force again."""

    wire_name: ClassVar[str] = "exchange.grant.resumed.v1"
    is_proven: ClassVar[bool] = True

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterEvent(Event):
    """Something happened to a matter about shared data."""

    wire_name: ClassVar[str] = ""

    matter: MatterReference


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterStepTaken(MatterEvent):
    """A step of a matter was taken."""

    wire_name: ClassVar[str] = ""

    task: str
    outcome: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequested(MatterEvent):
    """A department asked for the correction of shared data."""

    wire_name: ClassVar[str] = "exchange.correction.requested.v1"

    resource_id: ResourceId
    resource_code: str
    requester_id: DepartmentId
    provider_id: DepartmentId


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionStepTaken(MatterStepTaken):
    """A request for a correction was verified, passed on or answered."""

    wire_name: ClassVar[str] = "exchange.correction.step-taken.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionValuesShown(MatterEvent):
    """Somebody looked at the values in a request for a correction."""

    wire_name: ClassVar[str] = "exchange.correction.values-shown.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseReported(MatterEvent):
    """A misuse was found, and its grant suspended."""

    wire_name: ClassVar[str] = "exchange.misuse.reported.v1"

    grant: GrantReference


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseStepTaken(MatterStepTaken):
    """A misuse was corrected, verified or decided."""

    wire_name: ClassVar[str] = "exchange.misuse.step-taken.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DataDemanded(MatterEvent):
    """A department demanded data that no resource offers."""

    wire_name: ClassVar[str] = "exchange.demand.raised.v1"

    requester_id: DepartmentId


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStepTaken(MatterStepTaken):
    """A demand was assigned, accepted, fulfilled or declined."""

    wire_name: ClassVar[str] = "exchange.demand.step-taken.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRaised(MatterEvent):
    """A department raised a dispute on the sharing of data."""

    wire_name: ClassVar[str] = "exchange.dispute.raised.v1"

    claimant_id: DepartmentId
    respondent_id: DepartmentId
    authority_id: DepartmentId


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeStepTaken(MatterStepTaken):
    """A side of a dispute answered, or it was mediated or decided."""

    wire_name: ClassVar[str] = "exchange.dispute.step-taken.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class MatterWithdrawn(MatterEvent):
    """A correction, demand, dispute or finding of misuse was taken back."""

    wire_name: ClassVar[str] = "exchange.matter.withdrawn.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRaised(Event):
    """A rule found calls that are worth a look."""

    wire_name: ClassVar[str] = "exchange.finding.raised.v1"
    is_proven: ClassVar[bool] = True
    rule: str
    value: int
    limit: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class FindingJudged(Event):
    """A finding was judged to be a true or a false alarm."""

    wire_name: ClassVar[str] = "exchange.finding.judged.v1"
    is_proven: ClassVar[bool] = True
    rule: str
    verdict: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRuleChanged(Event):
    """A rule that watches calls was changed, switched on or off."""

    wire_name: ClassVar[str] = "exchange.watch-rule.changed.v1"
    is_proven: ClassVar[bool] = True
    before: dict[str, str]
    after: dict[str, str]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReadsExported(Event):
    """A person exported the list of who read the own record."""

    wire_name: ClassVar[str] = "exchange.own-reads.exported.v1"
