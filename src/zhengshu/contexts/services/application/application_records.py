"""What others learn of applications: frozen records, without names and answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models import Application, PreReviewCheck
from zhengshu.kernel.identity import CaseId, DepartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecord:
    """What one check said, in both languages."""

    code: str
    verdict: PreReview
    name: str
    name_en: str
    words: str
    words_en: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A data element that a source supplied for one application; the value stands in the form."""

    element: str
    source: str
    at: datetime
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRecord:
    """An application.

    Attributes:
        number: its case's number.
        item_name: the item's name as it is now.
        is_fresh: whether it was submitted just now and not before.
        sources: what was not asked of the person, and who said it.
        typed: how many answers the person gave; `letters` how many characters were typed for them.
        verdict: what the checks said together.
        is_hands_free: whether it was decided in the request that sent it, by nobody.
        certificate_words: why its certificate could not be made yet, in Chinese and in English; empty where nothing is.
    """

    id: UUID
    number: str
    item_code: str
    item_name: str
    item_name_en: str
    item_version: int
    case_type: str
    case_id: CaseId
    draft_id: UUID
    bundle_id: UUID | None
    ticket_id: UUID | None
    channel: Channel
    applicant_id: UUID
    enterprise_id: UUID | None
    department_id: DepartmentId
    sources: tuple[SourceRecord, ...]
    typed: int
    letters: int
    verdict: PreReview
    is_hands_free: bool
    state: ApplicationState
    certificate_id: UUID | None
    has_certificate_fault: bool
    certificate_words: tuple[str, ...]
    submitted_at: datetime
    decided_at: datetime | None
    is_fresh: bool = False
    checks: tuple[CheckRecord, ...] = ()


def application_of(
    row: Application, *, checks: tuple[CheckRecord, ...] = (), is_fresh: bool = False
) -> ApplicationRecord:
    """Return the record of a row whose item was loaded with it, its sources in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return ApplicationRecord(
        id=row.id,
        number=row.number,
        item_code=row.item.code,
        item_name=row.item.name,
        item_name_en=row.item.name_en,
        item_version=row.item_version,
        case_type=row.case_type,
        case_id=CaseId(row.case_id),
        draft_id=row.draft_id,
        bundle_id=row.bundle_id,
        ticket_id=row.ticket_id,
        channel=Channel(row.channel),
        applicant_id=row.applicant_id,
        enterprise_id=row.enterprise_id,
        department_id=DepartmentId(row.department_id),
        sources=tuple(
            SourceRecord(
                element=one["element"],
                source=(one.get("source_en") if is_english else "") or one["source"],
                at=datetime.fromisoformat(one["at"]),
                receipt=one["receipt"],
            )
            for one in row.sources
        ),
        typed=row.typed,
        letters=row.letters,
        verdict=PreReview(row.verdict),
        is_hands_free=row.is_hands_free,
        state=ApplicationState(row.state),
        certificate_id=row.certificate_id,
        has_certificate_fault=bool(row.certificate_fault),
        certificate_words=tuple(row.certificate_words or ()),
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
        is_fresh=is_fresh,
        checks=checks,
    )


def check_of(row: PreReviewCheck) -> CheckRecord:
    """Return the record of a check."""
    return CheckRecord(
        code=row.check_code,
        verdict=PreReview(row.verdict),
        name=row.name[0],
        name_en=row.name[1],
        words=row.words[0],
        words_en=row.words[1],
        basis=row.basis,
    )
