"""A notice becomes a sealed document: PDF, and OFD where it is wanted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from zhengshu.contexts.casework.application.documents import announce_taken
from zhengshu.contexts.casework.application.issue_notices import NoticeNotFound, text_of_notice
from zhengshu.contexts.casework.models import Notice
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


def seal_notice(
    *,
    case_id: CaseId,
    notice_id: UUID,
    seal_id: UUID,
    formats: frozenset[trust.SealFormat],
    actor: Actor,
    at: datetime,
) -> None:
    """Put a seal on a notice that was issued by somebody entitled to decide.

    Raises:
        NoticeNotFound: the case has none such that the actor may see.
        Refused: by trust: the seal may not be used so.
    """
    row = _one(case_id, notice_id, actor)
    trust.use_seal(
        seal_id=seal_id,
        document_kind=trust.NOTICE,
        document_id=row.pk,
        text=text_of_notice(row),
        formats=formats,
        actor=actor,
        at=at,
    )


def sealed_notices(*, notice_ids: Sequence[UUID]) -> Mapping[UUID, tuple[trust.SealUseRecord, ...]]:
    """Return the sealed files of notices that the reader may see, in one query."""
    found: dict[UUID, tuple[trust.SealUseRecord, ...]] = {}
    for one in trust.sealed_files(document_kind=trust.NOTICE, document_ids=notice_ids):
        found[one.document_id] = (*found.get(one.document_id, ()), one)
    return found


def may_be_sealed(*, notice_id: UUID, actor: Actor, at: datetime) -> tuple[trust.SealRecord, ...]:
    """Return the seals that the actor may put on a notice; none where it was not approved by his department."""
    if actor.department_id is None:
        return ()
    approved = trust.approved_documents(document_kind=trust.NOTICE, document_ids=[notice_id])
    if approved.get(notice_id) != actor.department_id:
        return ()
    return trust.usable_seals(actor=actor, at=at)


def take_sealed_notice(
    *, case_id: CaseId, notice_id: UUID, use_id: UUID, actor: Actor, at: datetime
) -> tuple[trust.SealUseRecord, BinaryIO]:
    """Return a sealed notice with its content, and note for the audit who took it.

    Raises:
        NoticeNotFound: the case has no such notice that the actor may see.
        SealedFileNotFound: the notice has no such sealed file.
        FileGone: the store has lost it.
    """
    row = _one(case_id, notice_id, actor)
    record, content = trust.open_sealed_file(use_id=use_id, document_kind=trust.NOTICE, document_id=row.pk)
    announce_taken(row.case, document_id=use_id, digest=record.digest, actor=actor, at=at)
    return record, content


def _one(case_id: CaseId, notice_id: UUID, actor: Actor) -> Notice:
    row = (
        Notice.objects.visible_to(actor).filter(case_id=case_id, pk=notice_id).select_related("case").first()
    )
    if row is None:
        raise NoticeNotFound
    return row
