"""A seal is applied for, refused, made."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.trust.application.seals.authority import SCHEMES, issue_seal_key, office
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.domain.seals import KeyUse, SealState
from zhengshu.contexts.trust.models import Account, Seal, SealUser
from zhengshu.contexts.trust.seal_events import SealAppliedFor, SealMade, SealRefused, SealUserNamed
from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.events import Event, Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.seals import stamps
from zhengshu.foundation.seals.stamps import SealKind, SealTerms
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

ROUND_MM, SQUARE_MM = 42, 18
"""How large seals appear: 42 mm for an organ (国发〔1999〕25号), 18 mm for a person's name."""
LONGEST_YEARS = 5
_DAYS_A_YEAR = 366


class SealNotFound(Refused):
    """There is no such seal that the actor may see."""

    code: ClassVar[str] = "trust.seal-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such seal, or you may not see it."


class SealPictureUnfit(Refused):
    """The file is no picture of a seal."""

    code: ClassVar[str] = "trust.seal-picture-unfit"
    message: ClassVar[str] = (
        "The picture must be a PNG of 120 to 1200 pixels a side and at most 1 MB. "
        "Without one the seal is drawn from its name."
    )


class SealNameUnfit(Refused):
    """The name cannot be written on a seal."""

    code: ClassVar[str] = "trust.seal-name-unfit"
    message: ClassVar[str] = "The name of the seal has characters that cannot be drawn: %(characters)s"


class SealPeriodUnfit(Refused):
    """A seal is valid from some day to a later one, for five years at most."""

    code: ClassVar[str] = "trust.seal-period-unfit"
    message: ClassVar[str] = (
        "A seal is valid for at least a day and at most five years, and not only in the past."
    )


class SealHolderUnfit(Refused):
    """A personal seal belongs to an official of the department, and only a personal seal has a holder."""

    code: ClassVar[str] = "trust.seal-holder-unfit"
    message: ClassVar[str] = "Name an official of your department as the holder of a personal seal."


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSeal:
    """What a department wants.

    Attributes:
        caption: what stands below the star, as 行政审批专用章.
        users: who may use it; the holder of a personal seal is its only user.
        picture: PNG; empty to have it drawn.
    """

    kind: SealKind
    name: str
    caption: str = ""
    purpose: str = ""
    holder_id: UUID | None = None
    users: tuple[UUID, ...] = ()
    active_from: datetime
    active_to: datetime
    picture: bytes = field(default=b"", repr=False)


@transaction
def apply_for_seal(*, wanted: WantedSeal, department_id: DepartmentId, actor: Actor, at: datetime) -> UUID:
    """Keep an application for a seal and return its id; the case about it decides.

    Raises:
        SealNameUnfit, SealPictureUnfit, SealPeriodUnfit, SealHolderUnfit: what is wanted cannot be made.
    """
    _check_wanted(wanted, at=at)
    known = _users(wanted, department_id=department_id)
    is_personal = wanted.kind is SealKind.PERSONAL
    row = Seal.objects.create(
        code=secrets.token_hex(16).upper(),
        kind=int(wanted.kind),
        name=wanted.name.strip(),
        caption=wanted.caption.strip(),
        purpose=wanted.purpose,
        department_id=department_id,
        holder_id=wanted.holder_id,
        picture=_picture(wanted),
        width_mm=SQUARE_MM if is_personal else ROUND_MM,
        state=SealState.APPLIED,
        active_from=wanted.active_from,
        active_to=wanted.active_to,
        applied_at=at,
        applied_by=actor.id,
        applied_by_name=actor.name,
    )
    SealUser.objects.bulk_create(SealUser(seal=row, account_id=one, active_from=at) for one in sorted(known))
    publish(
        SealAppliedFor(
            at=at, actor=actor, subject=subject_of(row), department_id=department_id, kind=int(wanted.kind)
        )
    )
    return row.pk


@transaction
def note_seal_case(*, seal_id: UUID, case_id: UUID, number: str) -> None:
    """Remember which case decides about an application."""
    Seal.objects.filter(pk=seal_id, state=SealState.APPLIED).update(case_id=case_id, case_number=number)


@transaction
def refuse_seal(*, case_id: UUID, actor: Actor, at: datetime) -> None:
    """Let an application rest whose case ended without approval; repeating it changes nothing."""
    row = Seal.objects.select_for_update().filter(case_id=case_id, state=SealState.APPLIED).first()
    if row is None:
        return
    row.state = SealState.REFUSED
    row.save(update_fields=["state"])
    publish(SealRefused(at=at, actor=actor, subject=subject_of(row), department_id=_whose(row)))


@transaction
def make_seal(*, case_id: UUID, actor: Actor, at: datetime) -> None:
    """Make the seal whose case ended with approval: keys, certificates, the maker's signature. Once.

    Basis: GB/T 38540-2020, clause 6.
    """
    row = (
        Seal.objects.select_for_update(of=("self",))
        .select_related("department", "holder")
        .filter(case_id=case_id, state=SealState.APPLIED)
        .first()
    )
    if row is None:
        return
    active_from, active_to = max(row.active_from, at).replace(microsecond=0), row.active_to
    keys = {
        scheme: issue_seal_key(
            row,
            scheme=scheme,
            subject=_certificate_names(row),
            active_from=at.replace(microsecond=0),
            active_to=active_to,
        )
        for scheme in SCHEMES
    }
    row.made = sealed_by_maker(row, user=Certificate.read(bytes(keys[Scheme.SM2_SM3].certificate)), at=at)
    row.state, row.made_at, row.active_from = SealState.IN_USE, at, active_from
    row.save(update_fields=["made", "state", "made_at", "active_from"])
    fingerprints = tuple(key.fingerprint for key in keys.values())
    users: list[Event] = [
        SealUserNamed(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=_whose(row),
            account_id=str(user.account_id),
        )
        for user in row.users.filter(active_to=None)
    ]
    publish(
        SealMade(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=_whose(row),
            code=row.code,
            fingerprints=fingerprints,
        ),
        *users,
    )


def sealed_by_maker(row: Seal, *, user: Certificate, at: datetime) -> bytes:
    """Return the seal of GB/T 38540 for the holder of a certificate."""
    maker = office(KeyUse.MAKER, Scheme.SM2_SM3)
    terms = SealTerms(
        id=row.code,
        kind=SealKind(row.kind),
        name=row.name,
        users=(user,),
        made_at=at,
        active_from=max(row.active_from, at),
        active_to=row.active_to,
        picture=bytes(row.picture),
        width_mm=row.width_mm,
        height_mm=row.width_mm,
    )
    return stamps.make_seal(terms, maker=maker.certificate, maker_key=maker.key)


def subject_of(row: Seal) -> Subject:
    """Return what the audit shows of a seal; a person's seal is named by its code only."""
    return Subject("seal", str(row.pk), row.code if row.holder_id else row.name)


def _certificate_names(row: Seal) -> dict[str, str]:
    return {
        "country_name": "CN",
        "organization_name": row.department.name[:64],
        "common_name": row.name[:64],
        "serial_number": row.department.code,
    }


def _check_wanted(wanted: WantedSeal, *, at: datetime) -> None:
    from zhengshu.foundation.seals.fonts import missing_characters, serif_characters

    lacking = missing_characters((wanted.name, wanted.caption), known=serif_characters())
    if lacking or not wanted.name.strip():
        raise SealNameUnfit(characters=lacking)
    days = (wanted.active_to - wanted.active_from).days
    if wanted.active_to <= at or not 1 <= days <= LONGEST_YEARS * _DAYS_A_YEAR:
        raise SealPeriodUnfit


def _users(wanted: WantedSeal, *, department_id: UUID) -> frozenset[UUID]:
    """Return who may use the seal: officials of the department; of a personal seal its holder alone."""
    if (wanted.kind is SealKind.PERSONAL) != (wanted.holder_id is not None):
        raise SealHolderUnfit
    people = frozenset(wanted.users) if wanted.holder_id is None else frozenset({wanted.holder_id})
    known = Account.objects.filter(
        pk__in=people, kind=AccountKind.OFFICIAL, department_id=department_id, is_active=True
    )
    if people != frozenset(known.values_list("pk", flat=True)):
        raise SealHolderUnfit
    return people


def _picture(wanted: WantedSeal) -> bytes:
    from zhengshu.foundation.seals.pictures import PictureUnfit, draw_seal, plain_picture

    if not wanted.picture:
        return draw_seal(kind=wanted.kind, name=wanted.name.strip(), caption=wanted.caption.strip())
    try:
        return plain_picture(wanted.picture)
    except PictureUnfit as fault:
        raise SealPictureUnfit from fault


def _whose(row: Seal) -> DepartmentId:
    return DepartmentId(row.department_id)
