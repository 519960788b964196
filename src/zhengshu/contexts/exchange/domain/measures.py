"""Who may end or suspend a use, and what must be said (Decree 809, article 27)."""

from dataclasses import dataclass
from enum import StrEnum

from zhengshu.kernel.errors import Kind, Refused


class MeasureReasonMissing(Refused):
    """A use is ended, suspended or resumed for a reason only."""

    code = "exchange.measure-reason-missing"
    kind = Kind.INVALID
    message = "State the reason."


class ConsultationMissing(Refused):
    """Article 27: the provider consults the consumer before it ends a use."""

    code = "exchange.consultation-missing"
    kind = Kind.INVALID
    message = "State how and when the consuming department was consulted (Decree 809, article 27)."


class FilingMissing(Refused):
    """Article 27: the provider files the end of a use with the data authority."""

    code = "exchange.filing-missing"
    kind = Kind.INVALID
    message = "State under which number this was filed with the data authority (Decree 809, article 27)."


class MeasureNotYours(Refused):
    """Only the three sides of a grant act on it; a consumer can give it up, not suspend it."""

    code = "exchange.measure-not-yours"
    kind = Kind.FORBIDDEN
    message = "Your department cannot do this with the grant."


class MeasureKind(StrEnum):
    """What can be done with a grant before its time is over."""

    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"


class Side(StrEnum):
    """In which part a department acts on a grant."""

    CONSUMER = "consumer"
    PROVIDER = "provider"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is done with a grant and why.

    Attributes:
        reason: why.
        consultation: what was agreed with the consumer, when, with which office.
        filing: the number of the filing with the data authority.
    """

    kind: MeasureKind
    reason: str
    consultation: str = ""
    filing: str = ""


def check_measure(measure: Measure, *, side: Side) -> Measure:
    """Return the measure with its texts trimmed, if this side may take it so.

    The consumer may only give up its grant. A provider that revokes says whom it consulted and where it filed;
    it may suspend a misuse at once. The data authority needs to give its reason only.

    Basis: Decree 809, article 27.

    Raises:
        MeasureNotYours: the consumer suspends or resumes.
        MeasureReasonMissing: no reason.
        ConsultationMissing: a provider revokes without consultation.
        FilingMissing: a provider revokes without filing.
    """
    if side is Side.CONSUMER and measure.kind is not MeasureKind.REVOKE:
        raise MeasureNotYours
    if not measure.reason.strip():
        raise MeasureReasonMissing
    if side is Side.PROVIDER and measure.kind is MeasureKind.REVOKE:
        if not measure.consultation.strip():
            raise ConsultationMissing
        if not measure.filing.strip():
            raise FilingMissing
    return Measure(
        kind=measure.kind,
        reason=measure.reason.strip(),
        consultation=measure.consultation.strip(),
        filing=measure.filing.strip(),
    )
