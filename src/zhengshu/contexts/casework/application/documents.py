"""Documents of a case: adding one, listing them, taking one away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.naming import loaded
from zhengshu.contexts.casework.application.working import CaseClosedAlready, CaseNotFound, WorkingCase
from zhengshu.contexts.casework.domain.definitions import DocumentsRule
from zhengshu.contexts.casework.domain.records import INTERNAL, OPEN, StepKind
from zhengshu.contexts.casework.events import DocumentAdded, DocumentTaken
from zhengshu.contexts.casework.models import Case, CaseDocument, FormFile
from zhengshu.foundation.events import Subject
from zhengshu.foundation.files.keeping import KeptFile, open_kept, refers
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class DocumentNotFound(Refused):
    """There is no such document that the actor may have."""

    code: ClassVar[str] = "casework.document-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such document, or you may not have it."


class TooManyDocuments(Refused):
    """The case holds as many documents as its type allows."""

    code: ClassVar[str] = "casework.too-many-documents"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This case holds %(most)s documents already. Put several pages into one file."


class NotInternal(Refused):
    """Only officials share what the applicant does not see."""

    code: ClassVar[str] = "casework.not-internal"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "Only officials may add what the applicant does not see."


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """A document of a case."""

    id: UUID
    case_id: CaseId
    name: str
    media_type: str
    size: int
    digest: str
    sm3: str
    is_internal: bool
    added_at: datetime
    added_by_name: str


def documents_rule(*, case_id: CaseId, actor: Actor) -> DocumentsRule:
    """Return which documents may be added to a case now.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
        CaseClosedAlready: the case has ended.
    """
    row = Case.objects.visible_to(actor).filter(pk=case_id).only("version_id", "state", "number").first()
    if row is None:
        raise CaseNotFound
    if row.state != OPEN:
        raise CaseClosedAlready(number=row.number)
    return loaded(row.version_id).definition.documents


@transaction
def attach_document(
    *, case_id: CaseId, kept: KeptFile, actor: Actor, at: datetime, is_internal: bool = False
) -> DocumentRecord:
    """Add a kept file to a case; the same file under the same name is added once.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        TooManyDocuments: the case holds as many as its type allows.
        NotInternal: an applicant would hide something from himself.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    case.check_open()
    if is_internal and actor.department_id is None:
        raise NotInternal
    row, is_fresh = add_document(case, kept=kept, at=at, is_internal=is_internal)
    if is_fresh:
        case.store(at=at)
    return _record(row)


def add_document(
    case: WorkingCase, *, kept: KeptFile, at: datetime, is_internal: bool = False
) -> tuple[CaseDocument, bool]:
    """Add a kept file to a locked case, which its step then stores; return it, and whether it is new there.

    Raises:
        TooManyDocuments: the case holds as many as its type allows.
    """
    rows = CaseDocument.objects.filter(case=case.row)
    known = rows.filter(digest=kept.digest, name=kept.name, is_internal=is_internal).first()
    if known is not None:
        return known, False
    most = case.type.definition.documents.most
    if rows.count() >= most:
        raise TooManyDocuments(most=most)
    row = CaseDocument.objects.create(
        case=case.row,
        digest=kept.digest,
        sm3=kept.sm3,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        is_internal=is_internal,
        added_at=at,
        added_by=case.actor.id,
        added_by_name=case.actor.name,
        department_id=case.actor.department_id,
    )
    details = {"to": kept.name, **({INTERNAL: "1"} if is_internal else {})}
    case.note(StepKind.DOCUMENT_ADDED, at=at, details=details)
    case.announce(DocumentAdded, at=at, document_id=row.pk, digest=row.digest, is_internal=is_internal)
    return row, True


@transaction
def take_document(
    *, case_id: CaseId, document_id: UUID, actor: Actor, at: datetime
) -> tuple[DocumentRecord, BinaryIO]:
    """Return a document with its content, and note for the audit who took it.

    Raises:
        DocumentNotFound: the case has no such document that the actor may have.
        FileGone: the store has lost it.
    """
    rows = CaseDocument.objects.visible_to(actor).select_related("case")
    row = rows.filter(pk=document_id, case_id=case_id).first()
    if row is None:
        raise DocumentNotFound
    announce_taken(row.case, document_id=row.pk, digest=row.digest, actor=actor, at=at)
    return _record(row), open_kept(row.digest)


def announce_taken(case: Case, *, document_id: UUID, digest: str, actor: Actor, at: datetime) -> None:
    """Tell the audit who took a file of a case."""
    publish(
        DocumentTaken(
            at=at,
            actor=actor,
            subject=Subject(kind="case", id=str(case.pk), label=case.number),
            department_id=actor.department_id,
            on_behalf=actor.on_behalf(case.enterprise_id, matter=case.type_code),
            case_id=CaseId(case.pk),
            case_type=case.type_code,
            about_kind=case.subject_kind,
            about_id=case.subject_id,
            document_id=document_id,
            digest=digest,
        )
    )


def documents(*, case_id: CaseId, actor: Actor) -> tuple[DocumentRecord, ...]:
    """Return the documents of a case that the actor may have, the oldest first, in one query."""
    rows = CaseDocument.objects.visible_to(actor).filter(case_id=case_id)
    return tuple(_record(row) for row in rows.order_by("added_at", "id"))


def page_of(*, case_id: CaseId, actor: Actor) -> str:
    """Return the path of the page on which an actor who does not work with cases sees one.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
    """
    path = Case.objects.visible_to(actor).filter(pk=case_id).values_list("subject_path", flat=True).first()
    if path is None:
        raise CaseNotFound
    return path


@refers
def digests_in_use(digests: frozenset[str]) -> Iterable[str]:
    """Return which kept files are documents of cases, or attached to forms."""
    documents = CaseDocument.objects.filter(digest__in=digests).values_list("digest", flat=True)
    return documents.union(
        FormFile.objects.filter(digest__in=digests).order_by().values_list("digest", flat=True)
    )


def _record(row: CaseDocument) -> DocumentRecord:
    return DocumentRecord(
        id=row.pk,
        case_id=CaseId(row.case_id),
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        digest=row.digest,
        sm3=row.sm3,
        is_internal=row.is_internal,
        added_at=row.added_at,
        added_by_name=row.added_by_name,
    )
