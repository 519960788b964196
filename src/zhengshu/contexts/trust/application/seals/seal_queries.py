"""What pages show of seals: the register, one seal with its uses, the sealed files of documents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, ClassVar
from uuid import UUID

from django.db.models import Count, Q

from zhengshu.contexts.trust.application.seals.apply_for_seal import SealNotFound
from zhengshu.contexts.trust.domain.seals import SealState
from zhengshu.contexts.trust.models import Seal, SealApproval, SealKey, SealSet, SealUse, SealUser
from zhengshu.foundation.files.keeping import open_kept, refers
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.foundation.seals.stamps import SealKind
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

SEAL_FILTERS = ("kind", "state", "department")
SEAL_SORTS = ("name", "active_to", "applied_at")
EXPIRED, EXPIRING = "expired", "expiring"
SOON = timedelta(days=30)
"""A seal that ends sooner is shown as one to apply for anew."""
MOST_USES = 200


class SealedFileNotFound(Refused):
    """There is no such sealed file."""

    code: ClassVar[str] = "trust.sealed-file-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such sealed file, or you may not have it."


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRecord:
    """A seal.

    Attributes:
        state: as stored; `expired` and `expiring` follow from the period.
    """

    id: UUID
    code: str
    kind: SealKind
    name: str
    purpose: str
    department_id: DepartmentId
    department_name: str
    holder_name: str
    state: str
    active_from: datetime
    active_to: datetime
    made_at: datetime | None
    case_id: UUID | None
    case_number: str
    applied_at: datetime
    applied_by_name: str
    revoked_at: datetime | None
    revoked_by_name: str
    revoked_because: str
    uses: int

    @property
    def last_at(self) -> datetime:
        """The last instant of its period, whose day is the last day."""
        return self.active_to - timedelta(microseconds=1)

    @classmethod
    def of(cls, row: Seal, *, at: datetime, uses: int = 0) -> "SealRecord":
        """Return the record of a row with its department and holder."""
        return cls(
            id=row.pk,
            code=row.code,
            kind=SealKind(row.kind),
            name=row.name,
            purpose=row.purpose,
            department_id=DepartmentId(row.department_id),
            department_name=row.department.name,
            holder_name=row.holder.name if row.holder else "",
            state=_state(row, at=at),
            active_from=row.active_from,
            active_to=row.active_to,
            made_at=row.made_at,
            case_id=row.case_id,
            case_number=row.case_number,
            applied_at=row.applied_at,
            applied_by_name=row.applied_by_name,
            revoked_at=row.revoked_at,
            revoked_by_name=row.revoked_by_name,
            revoked_because=row.revoked_because,
            uses=uses,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealUserRecord:
    """Who may use a seal."""

    account_id: UUID
    name: str
    username: str
    active_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKeyRecord:
    """A certificate of a seal."""

    scheme: str
    serial: str
    fingerprint: str
    active_from: datetime
    active_to: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealUseRecord:
    """One use of a seal."""

    id: UUID
    seal_id: UUID
    seal_name: str
    document_id: UUID
    number: str
    format: str
    digest: str
    size: int
    used_at: datetime
    used_by_name: str
    approved_by_name: str
    approved_at: datetime


def list_seals(*, query: ListQuery, actor: Actor, at: datetime) -> Page[SealRecord]:
    """Return one page of the register."""
    rows = _narrowed(query, actor, at=at).select_related("department", "holder").annotate(used=Count("uses"))
    return paged(
        rows.order_by(query.sort or "name", "id"),
        query,
        lambda row: SealRecord.of(row, at=at, uses=getattr(row, "used", 0)),
    )


def seal(*, seal_id: UUID, actor: Actor, at: datetime) -> SealRecord:
    """Return a seal.

    Raises:
        SealNotFound: there is none such that the actor may see.
    """
    row = _one(seal_id, actor)
    return SealRecord.of(row, at=at, uses=row.uses.count())


def seal_picture(*, seal_id: UUID, actor: Actor) -> bytes:
    """Return the picture of a seal as PNG.

    Raises:
        SealNotFound: there is none such that the actor may see.
    """
    return bytes(_one(seal_id, actor).picture)


def seal_users(*, seal_id: UUID, actor: Actor) -> tuple[SealUserRecord, ...]:
    """Return who may use a seal now.

    Raises:
        SealNotFound: there is none such that the actor may see.
    """
    rows = SealUser.objects.filter(seal=_one(seal_id, actor), active_to=None).select_related("account")
    return tuple(
        SealUserRecord(
            account_id=row.account_id,
            name=row.account.name,
            username=row.account.username,
            active_from=row.active_from,
        )
        for row in rows.order_by("account__name", "id")
    )


def seal_keys(*, seal_id: UUID, actor: Actor) -> tuple[SealKeyRecord, ...]:
    """Return the certificates of a seal, the latest first.

    Raises:
        SealNotFound: there is none such that the actor may see.
    """
    rows = SealKey.objects.filter(seal=_one(seal_id, actor)).order_by("-active_from", "scheme")
    return tuple(
        SealKeyRecord(
            scheme=row.scheme,
            serial=row.serial,
            fingerprint=row.fingerprint,
            active_from=row.active_from,
            active_to=row.active_to,
            revoked_at=row.revoked_at,
        )
        for row in rows
    )


def seal_uses(*, seal_id: UUID, actor: Actor) -> tuple[SealUseRecord, ...]:
    """Return the latest uses of a seal.

    Raises:
        SealNotFound: there is none such that the actor may see.
    """
    rows = SealUse.objects.filter(seal=_one(seal_id, actor)).select_related("seal", "approval")
    return tuple(_use(row) for row in rows.order_by("-used_at", "-id")[:MOST_USES])


def usable_seals(*, actor: Actor, at: datetime) -> tuple[SealRecord, ...]:
    """Return the seals that the actor may put on his department's documents now."""
    if actor.department_id is None:
        return ()
    rows = Seal.objects.visible_to(actor).filter(
        state=SealState.IN_USE,
        department_id=actor.department_id,
        active_from__lte=at,
        active_to__gt=at,
        users__account_id=actor.id,
        users__active_to=None,
    )
    return tuple(
        SealRecord.of(row, at=at)
        for row in rows.select_related("department", "holder").order_by("kind", "name")
    )


def seals_of_department(*, actor: Actor, at: datetime) -> tuple[SealRecord, ...]:
    """Return all seals of the actor's own department, also those that were only applied for."""
    if actor.department_id is None:
        return ()
    rows = Seal.objects.visible_to(actor).filter(department_id=actor.department_id)
    return tuple(
        SealRecord.of(row, at=at)
        for row in rows.select_related("department", "holder").order_by("name", "id")
    )


def approved_documents(*, document_kind: str, document_ids: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Return which documents were approved for sealing, with the department whose seal they may bear."""
    rows = SealApproval.objects.filter(document_kind=document_kind, document_id__in=tuple(document_ids))
    return dict(rows.values_list("document_id", "department_id"))


def sealed_files(*, document_kind: str, document_ids: Iterable[UUID]) -> tuple[SealUseRecord, ...]:
    """Return the sealed files of documents, the oldest first; who may see the documents is the caller's to say."""
    rows = SealUse.objects.filter(
        approval__document_kind=document_kind, approval__document_id__in=tuple(document_ids)
    )
    return tuple(_use(row) for row in rows.select_related("seal", "approval").order_by("used_at", "id"))


def open_sealed_file(
    *, use_id: UUID, document_kind: str, document_id: UUID
) -> tuple[SealUseRecord, BinaryIO]:
    """Return a sealed file of a document with its content; who may have it is the caller's to say.

    Raises:
        SealedFileNotFound: the document has none such.
        FileGone: the store has lost it.
    """
    row = (
        SealUse.objects.select_related("seal", "approval")
        .filter(pk=use_id, approval__document_kind=document_kind, approval__document_id=document_id)
        .first()
    )
    if row is None:
        raise SealedFileNotFound
    return _use(row), open_kept(row.digest)


@refers
def sealed_digests_in_use(digests: frozenset[str]) -> Iterable[str]:
    """Return which kept files are sealed documents."""
    return SealUse.objects.filter(digest__in=digests).order_by().values_list("digest", flat=True)


def _narrowed(query: ListQuery, actor: Actor, *, at: datetime) -> SealSet:
    rows = Seal.objects.visible_to(actor)
    if query.text:
        rows = rows.filter(
            Q(name__icontains=query.text)
            | Q(department__name__icontains=query.text)
            | Q(code__istartswith=query.text)
            | Q(case_number__iexact=query.text)
        )
    if kinds := [int(one) for one in query.filters.get("kind", ()) if one.isdecimal()]:
        rows = rows.filter(kind__in=kinds)
    if department := _uuid(query.one("department")):
        rows = rows.filter(department_id=department)
    state = query.one("state")
    if state in {EXPIRED, EXPIRING, SealState.IN_USE}:
        rows = rows.filter(state=SealState.IN_USE)
        if state == EXPIRED:
            return rows.filter(active_to__lte=at)
        rows = rows.filter(active_to__gt=at)
        return rows.filter(active_to__lte=at + SOON) if state == EXPIRING else rows
    return rows.filter(state=state) if state else rows


def _state(row: Seal, *, at: datetime) -> str:
    if row.state != SealState.IN_USE:
        return row.state
    if row.active_to <= at:
        return EXPIRED
    return EXPIRING if row.active_to <= at + SOON else row.state


def _one(seal_id: UUID, actor: Actor) -> Seal:
    row = Seal.objects.visible_to(actor).select_related("department", "holder").filter(pk=seal_id).first()
    if row is None:
        raise SealNotFound
    return row


def _use(row: SealUse) -> SealUseRecord:
    return SealUseRecord(
        id=row.pk,
        seal_id=row.seal_id,
        seal_name=row.seal.name,
        document_id=row.approval.document_id,
        number=row.approval.number,
        format=row.format,
        digest=row.digest,
        size=row.size,
        used_at=row.used_at,
        used_by_name=row.used_by_name,
        approved_by_name=row.approval.approved_by_name,
        approved_at=row.approval.approved_at,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)
