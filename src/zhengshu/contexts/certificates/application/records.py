"""What other contexts and the pages learn of certificates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from zhengshu.contexts.certificates.domain.states import Ending, Standing, standing
from zhengshu.contexts.certificates.domain.types import CertificateType, HolderKind
from zhengshu.contexts.certificates.domain.values import Holder
from zhengshu.contexts.certificates.domain.wording import in_words
from zhengshu.contexts.certificates.models import Certificate
from zhengshu.kernel.identity import CaseId, DepartmentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRecord:
    """One version of a certificate.

    Attributes:
        number: its identifier by GB/T 36904.
        serial: what stands on it as its number; the versions of one certificate share it.
        edition: from 1.
        type_name: in the reader's language.
        values: field → what it says, days as `2026-11-28`.
        facts: the same for people: the field's name in the reader's language, and what it says.
        standing: where it stands at the instant at which it was asked for.
        ending: the code of how it ended; empty while it is in force.
    """

    id: UUID
    number: str
    serial: str
    edition: int
    type_code: str
    type_name: str
    holder: Holder
    values: Mapping[str, str] = field(repr=False)
    facts: tuple[tuple[str, str], ...] = field(repr=False)
    case_id: CaseId | None
    department_id: DepartmentId
    office_name: str
    active_from: datetime
    active_to: datetime | None
    issued_at: datetime
    issued_by_name: str
    standing: Standing
    ending: str
    ended_at: datetime | None
    ended_by_name: str
    ended_because: str
    predecessor_id: UUID | None
    uses: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether it is in force at the instant at which it was asked for."""
        return self.standing is Standing.VALID


def record_of(row: Certificate, found: CertificateType, *, at: datetime) -> CertificateRecord:
    """Return the record of a row; its values are decrypted here."""
    language, values = get_language() or "", row.values
    return CertificateRecord(
        id=row.pk,
        number=row.number,
        serial=row.serial,
        edition=row.edition,
        type_code=row.type_code,
        type_name=found.names.of(language),
        holder=Holder(kind=HolderKind(row.holder_kind), name=row.holder_name, number=row.holder_number),
        values=values,
        facts=in_words(found, values, language=language),
        case_id=CaseId(row.case_id) if row.case_id else None,
        department_id=DepartmentId(row.department_id),
        office_name=row.office_name,
        active_from=row.active_from,
        active_to=row.active_to,
        issued_at=row.issued_at,
        issued_by_name=row.issued_by_name,
        standing=standing_of(row, at=at),
        ending=row.ending,
        ended_at=row.ended_at,
        ended_by_name=row.ended_by_name,
        ended_because=row.ended_because,
        predecessor_id=row.predecessor_id,
        uses=getattr(row, "used", 0),
    )


def standing_of(row: Certificate, *, at: datetime) -> Standing:
    """Return where a certificate stands at an instant."""
    return standing(
        ending=Ending(row.ending) if row.ending else None,
        has_successor=row.ending == Ending.VOID,
        active_from=row.active_from,
        active_to=row.active_to,
        at=at,
    )
