"""Who may issue a type of certificate: the data authority names the department, its head allows the seal."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.certificates.application.load_types import current_version
from zhengshu.contexts.certificates.events import IssuerNamed, IssuerRemoved
from zhengshu.contexts.certificates.models import CertificateIssuer
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import NOBODY, Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class IssuerUnknown(Refused):
    """No department, or more than one, may issue the type; the data authority names issuers."""

    code: ClassVar[str] = "certificates.issuer-unknown"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "It is not settled which department issues certificates of the type %(type)s. The data authority names it."
    )


class NotForIssuers(Refused):
    """Only the data authority's reviewers name who issues a type; only a department's head allows its seal."""

    code: ClassVar[str] = "certificates.not-for-issuers"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "Only a reviewer of the data authority names who issues certificates, and only the head of that department "
        "allows its seal for them."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerRecord:
    """A department that issues a type, and the seal that it has allowed for it."""

    department_id: DepartmentId
    department_name: str
    active_from: datetime
    named_by_name: str
    seal_id: UUID | None
    seal_name: str
    standing_use_id: UUID | None


@transaction
def name_issuer(*, type_code: str, department_id: DepartmentId, actor: Actor, at: datetime) -> None:
    """Let a department issue certificates of a type; repeating it changes nothing.

    Raises:
        CertificateTypeNotFound: there is no such type.
        NotForIssuers: the actor is no reviewer of the data authority.
        DepartmentNotFound: there is no such department.
    """
    if not actor.has(Role.REVIEWER):
        raise NotForIssuers
    version, found = current_version(type_code), trust.department(department_id=department_id)
    _row, is_new = CertificateIssuer.objects.get_or_create(
        type_code=version.code,
        department_id=found.id,
        active_to=None,
        defaults={"active_from": at, "named_by_name": actor.name[:100]},
    )
    if is_new:
        subject = Subject("certificate_type", str(version.pk), type_code)
        publish(IssuerNamed(at=at, actor=actor, subject=subject, department_id=found.id, type_code=type_code))


@transaction
def remove_issuer(*, type_code: str, department_id: DepartmentId, actor: Actor, at: datetime) -> None:
    """Let a department issue a type no longer; what it issued stays.

    Raises:
        CertificateTypeNotFound: there is no such type.
        NotForIssuers: the actor is no reviewer of the data authority.
    """
    if not actor.has(Role.REVIEWER):
        raise NotForIssuers
    version = current_version(type_code)
    rows = CertificateIssuer.objects.filter(type_code=type_code, department_id=department_id, active_to=None)
    if rows.update(active_to=at):
        subject = Subject("certificate_type", str(version.pk), type_code)
        publish(
            IssuerRemoved(
                at=at, actor=actor, subject=subject, department_id=department_id, type_code=type_code
            )
        )


@transaction
def allow_seal(*, type_code: str, seal_id: UUID, actor: Actor, at: datetime) -> None:
    """Let the platform put a seal of the actor's department on the certificates of a type that it issues.

    Raises:
        CertificateTypeNotFound: there is no such type.
        IssuerUnknown: his department does not issue it.
        SealNotFound, SealNotInUse, NotYourDuty, StepUpDue: what `trust` refuses.
    """
    current_version(type_code)
    if not actor.is_platform:
        issuer_of(type_code, wanted=actor.department_id or NOBODY, actor=actor)
    trust.allow_standing_use(seal_id=seal_id, document_kind=document_kind(type_code), actor=actor, at=at)


@transaction
def take_seal_back(*, type_code: str, actor: Actor, at: datetime) -> None:
    """Let the platform no longer put the seal of the actor's department on certificates of a type.

    Raises:
        SealNotFound, NotYourDuty: what `trust` refuses.
    """
    for one in trust.standing_uses(document_kinds=[document_kind(type_code)]):
        if one.department_id == actor.department_id:
            trust.end_standing_use(standing_use_id=one.id, actor=actor, at=at)


def types_with_a_seal() -> frozenset[str]:
    """Return the types that can be issued: some department has allowed a seal for them."""
    codes = CertificateIssuer.objects.filter(active_to=None).values_list("type_code", flat=True).distinct()
    uses = trust.standing_uses(document_kinds=[document_kind(code) for code in codes])
    return frozenset(one.document_kind.partition(".")[2] for one in uses)


def issuers(*, type_code: str) -> tuple[IssuerRecord, ...]:
    """Return who issues a type, with the seals that they have allowed for it."""
    rows = tuple(
        CertificateIssuer.objects.filter(type_code=type_code, active_to=None).order_by("active_from")
    )
    names = trust.department_names(ids=[DepartmentId(row.department_id) for row in rows])
    seals = {one.department_id: one for one in trust.standing_uses(document_kinds=[document_kind(type_code)])}
    found = []
    for row in rows:
        seal = seals.get(DepartmentId(row.department_id))
        found.append(
            IssuerRecord(
                department_id=DepartmentId(row.department_id),
                department_name=names.get(DepartmentId(row.department_id), ""),
                active_from=row.active_from,
                named_by_name=row.named_by_name,
                seal_id=seal.seal_id if seal else None,
                seal_name=seal.seal_name if seal else "",
                standing_use_id=seal.id if seal else None,
            )
        )
    return tuple(found)


def issuer_of(type_code: str, *, wanted: UUID | None, actor: Actor) -> DepartmentId:
    """Return which department issues: the wanted one, else the actor's own, else the only one.

    Raises:
        IssuerUnknown: that one may not, or it cannot be told which.
    """
    known = tuple(
        CertificateIssuer.objects.filter(type_code=type_code, active_to=None).values_list(
            "department_id", flat=True
        )
    )
    if wanted is None and actor.department_id in known:
        wanted = actor.department_id
    if wanted is None and len(known) == 1:
        wanted = known[0]
    if wanted is None or wanted not in known:
        raise IssuerUnknown(type=type_code)
    return DepartmentId(wanted)


def document_kind(type_code: str) -> str:
    """Return what the seals know certificates of a type as."""
    return f"certificates.{type_code}"
