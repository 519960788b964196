"""A certificate serves instead of a paper: its values fill an application, a rule asks for it; each use is counted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.utils.translation import get_language

from zhengshu.contexts.certificates.application.issue_certificate import subject_of
from zhengshu.contexts.certificates.application.queries import valid_at
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.domain.values import Holder
from zhengshu.contexts.certificates.domain.wording import in_words
from zhengshu.contexts.certificates.events import CertificateUsed
from zhengshu.contexts.certificates.models import Certificate, CertificateReader, CertificateUse, UseKind
from zhengshu.contexts.certificates.models.readers import digest_of
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId, DepartmentId


class UseWithoutCase(Refused):
    """Nobody looks at somebody's certificate without a case and a purpose."""

    code: ClassVar[str] = "certificates.use-without-case"
    message: ClassVar[str] = "A certificate is used for a case only, and for a purpose."


@transaction
def supply(
    *,
    holder: Holder,
    type_code: str,
    fields: Iterable[str] = (),
    case_id: CaseId | None,
    purpose: str,
    actor: Actor,
    at: datetime,
    department_id: DepartmentId | None = None,
    who: str = "",
) -> CertificateRecord | None:
    """Return the newest valid certificate of a type that somebody holds, with the wanted fields only; count the use.

    For prefill: what is not wanted is not handed out. None where there is no valid one; that is not counted.

    Args:
        holder: whose certificate; one that he keeps for a child counts only as the child's.
        type_code: which type.
        fields: which values are wanted; all of them where none is named.
        case_id: the case (or the draft of one) that needs it.
        purpose: what for, in the words that the holder reads.
        actor: in whose name it is asked.
        at: now.
        department_id: the department that handles the case.
        who: its name, or who else uses it, for the holder.

    Basis: State Council Decree 716, article 11.

    Raises:
        UseWithoutCase: no case or no purpose was named.
    """
    row = _newest(holder, type_code, at=at)
    wanted = tuple(fields)
    return None if row is None else _used(
        row, UseKind.SUPPLIED, wanted, case_id=case_id, purpose=purpose, actor=actor, at=at,
        department_id=department_id, who=who,
    )  # fmt: skip


@transaction
def has_valid(
    *,
    holder: Holder,
    type_code: str,
    case_id: CaseId | None,
    purpose: str,
    actor: Actor,
    at: datetime,
    department_id: DepartmentId | None = None,
    who: str = "",
) -> bool:
    """Whether somebody holds a valid certificate of a type, and nothing of it; for pre-review. Counted when he does.

    Raises:
        UseWithoutCase: no case or no purpose was named.
    """
    row = _newest(holder, type_code, at=at)
    if row is None:
        return False
    _used(
        row, UseKind.CHECKED, (), case_id=case_id, purpose=purpose, actor=actor, at=at,
        department_id=department_id, who=who,
    )  # fmt: skip
    return True


def count_supply(
    row: Certificate,
    fields: Iterable[str],
    *,
    case_id: CaseId,
    purpose: str,
    actor: Actor,
    at: datetime,
    department_id: DepartmentId | None,
    who: str,
) -> None:
    """Count and audit that a case took over what a certificate says."""
    note_use(
        row, UseKind.SUPPLIED, at=at, who=who, purpose=purpose, fields=fields, case_id=case_id,
        department_id=department_id,
    )  # fmt: skip
    _publish(row, UseKind.SUPPLIED, case_id=case_id, purpose=purpose, actor=actor, at=at)


def note_use(
    row: Certificate,
    kind: UseKind,
    *,
    at: datetime,
    who: str = "",
    purpose: str = "",
    fields: Iterable[str] = (),
    case_id: CaseId | None = None,
    department_id: DepartmentId | None = None,
) -> None:
    """Count a use of a certificate."""
    CertificateUse.objects.create(
        certificate=row,
        kind=kind,
        at=at,
        who=who[:200],
        purpose=purpose[:200],
        fields=list(fields),
        case_id=case_id,
        department_id=department_id,
    )


def _newest(holder: Holder, type_code: str, *, at: datetime) -> Certificate | None:
    digest = digest_of(holder)
    if digest is None:
        return None
    own = CertificateReader.objects.filter(digest=digest, is_holder=True)
    rows = Certificate.objects.filter(type_code=type_code, pk__in=own.values("certificate_id"))
    return valid_at(rows, at=at).select_related("version").order_by("-issued_at", "-id").first()


def _used(
    row: Certificate,
    kind: UseKind,
    wanted: tuple[str, ...],
    *,
    case_id: CaseId | None,
    purpose: str,
    actor: Actor,
    at: datetime,
    department_id: DepartmentId | None,
    who: str,
) -> CertificateRecord:
    if not purpose.strip() or case_id is None:
        raise UseWithoutCase
    found = row.version.read()
    record = record_of(row, found, at=at)
    values = {code: value for code, value in record.values.items() if not wanted or code in wanted}
    fields = tuple(values) if kind is UseKind.SUPPLIED else ()
    note_use(
        row, kind, at=at, who=who or actor.department_name, purpose=purpose, fields=fields, case_id=case_id,
        department_id=department_id,
    )  # fmt: skip
    _publish(row, kind, case_id=case_id, purpose=purpose, actor=actor, at=at)
    return replace(record, values=values, facts=in_words(found, values, language=get_language() or ""))


def _publish(
    row: Certificate, kind: UseKind, *, case_id: CaseId, purpose: str, actor: Actor, at: datetime
) -> None:
    publish(
        CertificateUsed(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            certificate_id=str(row.pk),
            kind=kind.value,
            case_id=str(case_id),
            purpose=purpose[:200],
        )
    )
