"""A later version takes a certificate's place: changed, or renewed for a further period."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.certificates.application.end_certificate import end, locked_of_office
from zhengshu.contexts.certificates.application.issue_certificate import (
    Wanted,
    local_midnight,
    put_in_force,
)
from zhengshu.contexts.certificates.application.load_types import current_version
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.domain.states import (
    CHANGED,
    RENEWED,
    CertificateEnded,
    CertificateNeverEnds,
    Ending,
)
from zhengshu.contexts.certificates.domain.values import Holder, fit_values
from zhengshu.contexts.certificates.models import Certificate, CertificateReader
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId


@transaction
def replace(
    *,
    certificate_id: UUID,
    values: Mapping[str, str],
    case_id: CaseId | None,
    actor: Actor,
    at: datetime,
    holder_name: str = "",
) -> CertificateRecord:
    """Issue a version with other values; the period stays. Repeating the command of a case changes nothing.

    Args:
        certificate_id: the version in whose place it stands.
        values: what changes; everything else is taken over.
        case_id: the case that decided it.
        actor: who decided, or the platform.
        at: now.
        holder_name: the holder's new name, where that changes.

    Raises:
        CertificateNotFound: there is none such that the actor may change.
        CertificateEnded: it is not the latest version, or has ended.
        ValuesUnfit, IssuedOtherwise, and what sealing refuses: nothing is changed then.
    """
    former = locked_of_office(certificate_id, actor=actor)
    known = {
        code: value for code, value in former.values.items() if not holder_name or value != former.holder_name
    }
    wanted = _wanted(former, {**known, **values}, holder_name=holder_name, case_id=case_id)
    return _in_place_of(former, wanted, reason=CHANGED, actor=actor, at=at)


@transaction
def renew(*, certificate_id: UUID, case_id: CaseId | None, actor: Actor, at: datetime) -> CertificateRecord:
    """Issue a version for a further period, under the same number; repeating the command of a case changes nothing.

    The further period begins when the former one ends or ended, at the earliest today; or with the decision, where the
    type says so.

    Raises:
        CertificateNotFound: there is none such that the actor may renew.
        CertificateNeverEnds: it is valid without end.
        CertificateEnded: it is not the latest version, or was taken back.
        IssuedOtherwise, and what sealing refuses: nothing is changed then.
    """
    former = locked_of_office(certificate_id, actor=actor)
    if former.active_to is None:
        raise CertificateNeverEnds
    today = local_midnight(at)
    wanted = _wanted(former, former.values, holder_name="", case_id=case_id)
    if wanted.type.renewal is not None and wanted.type.renewal.counts_from == "decision":
        begins, counted = at, today
    else:
        begins = former.active_from if former.active_to > today else today
        counted = max(former.active_to, today)
    further = dataclasses.replace(wanted, active_from=begins, active_to=wanted.type.validity.end(counted))
    return _in_place_of(former, further, reason=RENEWED, actor=actor, at=at)


def _wanted(
    former: Certificate,
    values: Mapping[str, str],
    *,
    holder_name: str,
    case_id: CaseId | None,
) -> Wanted:
    version = current_version(former.type_code)
    found = version.read()
    name = holder_name or former.holder_name
    holder = Holder(kind=found.holder, name=name, number=former.holder_number)
    known = {code: value for code, value in values.items() if found.field(code) is not None}
    return Wanted(
        version=version,
        type=found,
        holder=holder,
        values=fit_values(found, known, holder=holder),
        keepers=(),
        case_id=case_id,
        department_id=DepartmentId(former.department_id),
        active_from=former.active_from,
        active_to=former.active_to,
        predecessor=former,
    )


def _in_place_of(
    former: Certificate, wanted: Wanted, *, reason: str, actor: Actor, at: datetime
) -> CertificateRecord:
    successor = Certificate.objects.filter(predecessor=former).select_related("version").first()
    is_repeated = successor is not None and wanted.case_id is not None and successor.case_id == wanted.case_id
    if former.ending and not is_repeated:
        raise CertificateEnded
    row = put_in_force(wanted, actor=actor, at=at)
    if not is_repeated:
        end(former, Ending.VOID, reason=reason, actor=actor, at=at)
        digests = former.readers.filter(is_holder=False).values_list("digest", flat=True)
        CertificateReader.objects.bulk_create(
            CertificateReader(certificate=row, digest=bytes(digest), is_holder=False) for digest in digests
        )
    return record_of(row, wanted.type, at=at)
