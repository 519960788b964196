"""Issuing the certificate of what was granted: by the item's outcome, with what the form holds, once for a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.certificate_faults import PLATFORM, make_or_note, note_fault
from zhengshu.contexts.services.application.one_thing_pack import part_of_item
from zhengshu.contexts.services.domain.applications import GRANTING
from zhengshu.contexts.services.models import Application, ItemVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId

Values = Mapping[str, str | int | bool | tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a certificate would say, and whose it would be; `keepers` also hold it as their own.

    Attributes:
        former: the certificate for a further period of which it stands; None where it is a new one.
    """

    type_code: str
    holder: certificates.Holder
    values: Mapping[str, str] = field(repr=False)
    keepers: tuple[certificates.Holder, ...] = ()
    former: certificates.CertificateRecord | None = None


class NothingToRenew(Refused):
    """The certificate has ended or was replaced since the application; decide otherwise, it is applied for anew."""

    code: ClassVar[str] = "services.nothing-to-renew"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The certificate that was to be renewed has ended or was replaced meanwhile, so that nothing can be renewed. "
        "Decide otherwise; whoever asked may apply for a new one."
    )


def issue_at_once(row: Application, version: ItemVersion, values: Values, *, at: datetime) -> None:
    """Issue the certificate of an application that was granted by nobody, in the request that sent it.

    What keeps it from being issued now (no seal, no timestamp) does not undo what was decided: it is noted, and the
    certificate is issued when the case's end is heard of.
    """
    if part_of_item(row.item.code) is not None:
        return
    try:
        _issue(row, version, values, actor=PLATFORM, at=at)
    except Refused as refusal:
        note_fault(row, refusal)


@transaction
def issue_when_granted(event: CaseClosed, *, at: datetime) -> None:
    """Issue the certificate of an application whose case gave what was asked for; heard twice, it is issued once.

    What keeps it from being issued is noted and told to those who mend it.

    Raises:
        Refused: what it needs does not answer now; the event comes again.
    """
    if event.end not in GRANTING:
        return
    rows = Application.objects.select_for_update(of=("self",)).filter(case_id=event.case_id)
    row = rows.filter(certificate_id=None).select_related("item").first()
    if row is None or part_of_item(row.item.code) is not None:
        return
    actor = PLATFORM if row.is_hands_free else event.actor
    make_or_note(row, lambda: issue_of(row, actor=actor, at=event.at), since=event.at, at=at)


def issue_of(row: Application, *, actor: Actor, at: datetime) -> None:
    """Issue the certificate of an application by the version of its item and the forms of its case.

    Raises:
        Refused: it cannot be issued; nothing is changed.
    """
    version = ItemVersion.objects.get(item=row.item, number=row.item_version)
    values = casework.case_values(case_id=CaseId(row.case_id), actor=PLATFORM)
    _issue(row, version, values, actor=actor, at=at)


def contents_of(row: Application, version: ItemVersion, values: Values, *, at: datetime) -> Contents | None:
    """Return what the certificate of an application would say; None where its item ends in none.

    Raises:
        CertificateTypeNotFound: there is no such type of certificate.
        NothingToRenew: the certificate that was to be renewed is not there any more.
    """
    code = certificate_type(version)
    if not code:
        return None
    kind = certificates.types().get(code)
    if kind is None:
        raise certificates.CertificateTypeNotFound(type=code)
    holder = _holder(row, kind.holder)
    if renews := renewing_field(version):
        former = _former(holder, code, number=_text(values.get(renews, "")), at=at)
        return Contents(type_code=code, holder=former.holder, values=former.values, former=former)
    return Contents(
        type_code=code,
        holder=holder,
        values={one.code: _text(values[one.code]) for one in kind.fields if one.code in values},
    )


def certificate_type(version: ItemVersion) -> str:
    """Return the type of certificate in which an item ends; empty for none."""
    outcomes = version.elements.get("outcomes", [])
    return next((one["certificate_type"] for one in outcomes if one.get("certificate_type")), "")


def renewing_field(version: ItemVersion) -> str:
    """Return the field of the form that names the certificate which an item renews; empty where it renews none."""
    outcomes = version.elements.get("outcomes", [])
    return next((one.get("renews", "") for one in outcomes if one.get("certificate_type")), "")


def _former(
    holder: certificates.Holder, code: str, *, number: str, at: datetime
) -> certificates.CertificateRecord:
    """Return the holder's own certificate of a number that nothing has ended; also one whose period is over."""
    held = certificates.held(holder, at=at, type_code=code) if number else ()
    former = next((one for one in held if one.serial == number and not one.ending), None)
    if former is None:
        raise NothingToRenew
    return former


@transaction
def _issue(row: Application, version: ItemVersion, values: Values, *, actor: Actor, at: datetime) -> None:
    wanted = contents_of(row, version, values, at=at)
    if wanted is None:
        return
    if wanted.former is not None:
        row.certificate_id = _renewed(wanted.former, CaseId(row.case_id), at=at)
        return
    issued = certificates.issue(
        type_code=wanted.type_code,
        holder=wanted.holder,
        values=wanted.values,
        case_id=CaseId(row.case_id),
        department_id=_issuer(row, wanted.type_code),
        actor=actor,
        at=at,
    )
    row.certificate_id = issued.id


def _renewed(former: certificates.CertificateRecord, case_id: CaseId, *, at: datetime) -> UUID:
    """Renew a certificate, in whichever department's name it was issued; what this case has renewed stays so."""
    if former.case_id == case_id:
        return former.id
    return certificates.renew(certificate_id=former.id, case_id=case_id, actor=PLATFORM, at=at).id


def _issuer(row: Application, code: str) -> DepartmentId | None:
    """Return the handling department where it issues such certificates itself; else the one that does is the issuer."""
    own = {one.department_id for one in certificates.issuers(type_code=code)}
    return DepartmentId(row.department_id) if row.department_id in own else None


def _holder(row: Application, kind: certificates.HolderKind) -> certificates.Holder:
    if kind is certificates.HolderKind.ENTERPRISE and row.enterprise_id is not None:
        wanted = [row.enterprise_id]
        return certificates.Holder.enterprise(
            name=trust.enterprise_names(ids=wanted)[row.enterprise_id],
            credit_code=next(iter(trust.enterprise_codes(ids=wanted))),
        )
    person = trust.actor_of(official_id=row.applicant_id)
    number = trust.own_citizen_id(actor=person)
    return certificates.Holder.person(name=person.name, citizen_id=str(number or ""))


def _text(value: str | int | bool | tuple[str, ...]) -> str:  # noqa: FBT001 - a value, not a switch
    if isinstance(value, tuple):
        return "；".join(value)
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
