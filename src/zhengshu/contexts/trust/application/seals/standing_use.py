"""Standing use of a seal: its department lets the platform put it on documents of one kind, with nobody at hand.

An instant case is decided at night by rules; its certificate cannot wait for a person with a seal. The head of the
seal's department allows that once for a kind of document, takes it back at any time, and sees each use.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.trust.application.seals.apply_for_seal import SealNotFound, subject_of
from zhengshu.contexts.trust.application.seals.seal_queries import SealUseRecord, sealed_files
from zhengshu.contexts.trust.application.seals.use_seal import approve_document, put
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.domain.seals import (
    ApprovedDocument,
    DocumentNotApproved,
    SealFacts,
    SealFormat,
    SealNotInUse,
    SealState,
    check_use,
)
from zhengshu.contexts.trust.models import Seal, SealApproval, SealStandingUse
from zhengshu.contexts.trust.seal_events import SealStandingUseAllowed, SealStandingUseEnded
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.seals.texts import Sealable
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class NoStandingUse(Refused):
    """The department has allowed no seal for documents of the kind; its head can allow one."""

    code: ClassVar[str] = "trust.no-standing-use"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The department has not allowed any of its seals for these documents. Its head can allow one."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingUseRecord:
    """A seal that the platform may put on documents of a kind."""

    id: UUID
    seal_id: UUID
    seal_name: str
    department_id: DepartmentId
    document_kind: str
    active_from: datetime
    allowed_by_name: str


@transaction
def allow_standing_use(*, seal_id: UUID, document_kind: str, actor: Actor, at: datetime) -> None:
    """Let the platform put a seal on its department's documents of a kind; one seal of a department for each kind.

    Repeating it changes nothing; another seal takes the place of the former.

    Raises:
        SealNotFound: the actor may not see such a seal.
        NotYourDuty: he is not the head of the seal's department.
        StepUpDue: the actor has not shown lately who he is.
        SealNotInUse: it is not in use.
    """
    row = Seal.objects.visible_to(actor).select_for_update().filter(pk=seal_id).first()
    if row is None:
        raise SealNotFound
    if not actor.has(Role.DEPARTMENT_HEAD) or actor.department_id not in {None, row.department_id}:
        raise NotYourDuty
    require_assured(actor)
    if row.state != SealState.IN_USE or row.holder_id is not None:
        raise SealNotInUse(name=row.name)
    standing = SealStandingUse.objects.select_for_update().filter(
        department_id=row.department_id, document_kind=document_kind, active_to=None
    )
    former = standing.first()
    if former is not None and former.seal_id == row.pk:
        return
    standing.update(active_to=at)
    SealStandingUse.objects.create(
        seal=row,
        department_id=row.department_id,
        document_kind=document_kind,
        active_from=at,
        allowed_by=actor.id,
        allowed_by_name=actor.name[:100],
    )
    publish(
        SealStandingUseAllowed(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            document_kind=document_kind,
        )
    )


@transaction
def end_standing_use(*, standing_use_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a seal back from the platform; repeating it changes nothing.

    Raises:
        SealNotFound: the actor may not see such a seal.
        NotYourDuty: he is neither the head of the seal's department nor the security administrator.
    """
    row = SealStandingUse.objects.select_related("seal").filter(pk=standing_use_id).first()
    if row is None or not Seal.objects.visible_to(actor).filter(pk=row.seal_id).exists():
        raise SealNotFound
    is_head = actor.has(Role.DEPARTMENT_HEAD) and actor.department_id in {None, row.department_id}
    if not is_head and not actor.has(Role.SECURITY_ADMIN):
        raise NotYourDuty
    if SealStandingUse.objects.filter(pk=row.pk, active_to=None).update(active_to=at):
        publish(
            SealStandingUseEnded(
                at=at,
                actor=actor,
                subject=subject_of(row.seal),
                department_id=DepartmentId(row.department_id),
                document_kind=row.document_kind,
            )
        )


def standing_uses(*, document_kinds: Iterable[str]) -> tuple[StandingUseRecord, ...]:
    """Return which seals the platform may put on documents of some kinds, in one query."""
    rows = SealStandingUse.objects.filter(document_kind__in=tuple(document_kinds), active_to=None)
    return tuple(
        StandingUseRecord(
            id=row.pk,
            seal_id=row.seal_id,
            seal_name=row.seal.name,
            department_id=DepartmentId(row.department_id),
            document_kind=row.document_kind,
            active_from=row.active_from,
            allowed_by_name=row.allowed_by_name,
        )
        for row in rows.select_related("seal").order_by("document_kind", "active_from", "id")
    )


@transaction
def seal_by_standing_use(
    *,
    document_kind: str,
    document_id: UUID,
    document: Sealable,
    department_id: UUID,
    formats: frozenset[SealFormat],
    actor: Actor,
    at: datetime,
) -> tuple[SealUseRecord, ...]:
    """Approve a document and put its department's seal on it, in each format once; return its sealed files.

    Who may issue the document is the caller's to say. What was approved first stays: another text is refused.

    Raises:
        NoStandingUse: the department has allowed no seal for such documents.
        SealNotInUse, SealOutOfTime: the seal was revoked or its time has passed.
        DocumentOtherThanApproved: another text was approved under this id.
        CharactersNotSet: the document has characters that no font of ours has.
        NoTimestamp: the timestamp authority does not answer.
    """
    standing = (
        SealStandingUse.objects.select_related("seal")
        .filter(department_id=department_id, document_kind=document_kind, active_to=None)
        .first()
    )
    if standing is None:
        raise NoStandingUse
    row = standing.seal
    approve_document(
        document_kind=document_kind,
        document_id=document_id,
        text=document.text,
        department_id=department_id,
        actor=actor,
        at=at,
    )
    approval = SealApproval.objects.filter(document_kind=document_kind, document_id=document_id).first()
    if approval is None:
        raise DocumentNotApproved
    approved = ApprovedDocument(department_id=approval.department_id, digest=approval.digest)
    check_use(_facts(row, actor), approved, digest=document.text.digest, account_id=actor.id, at=at)
    put(row, approval, document, formats=formats, actor=actor, at=at)
    return sealed_files(document_kind=document_kind, document_ids=[document_id])


def _facts(row: Seal, actor: Actor) -> SealFacts:
    """Return what decides about the use: the head's standing word makes whoever acts its user."""
    return SealFacts(
        name=row.name,
        state=SealState(row.state),
        department_id=row.department_id,
        active_from=row.active_from,
        active_to=row.active_to,
        users=frozenset({actor.id}),
    )
