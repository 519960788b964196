"""A seal is put on an approved document by a person who may, and the use is logged."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.trust.application.seals.apply_for_seal import SealNotFound, subject_of
from zhengshu.contexts.trust.application.seals.authority import key_of, root_certificate, stamper
from zhengshu.contexts.trust.domain.seals import (
    ApprovedDocument,
    DocumentNotApproved,
    SealFacts,
    SealFormat,
    SealState,
    check_use,
)
from zhengshu.contexts.trust.models import Seal, SealApproval, SealKey, SealUse
from zhengshu.contexts.trust.seal_events import SealUsed, SealUseRefused
from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.files.keeping import keep_judged
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.seals.texts import CharactersMissing, Ready, Sealable, Text
from zhengshu.foundation.seals.timestamps import TimestampRefused
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

NOTICE = "casework.notice"
"""The kind of document that a notice of a case is."""


class CharactersNotSet(Refused):
    """The document's font lacks characters; they would become empty boxes in a sealed document."""

    code: ClassVar[str] = "trust.characters-not-set"
    message: ClassVar[str] = (
        "The document holds characters that cannot be set: %(characters)s. It was not sealed, because they would be "
        "missing in it."
    )


class NoTimestamp(Refused):
    """The timestamp authority gave no timestamp, and without one nothing is sealed."""

    code: ClassVar[str] = "trust.no-timestamp"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    message: ClassVar[str] = "The timestamp authority does not answer. Nothing was sealed; try again later."


@transaction
def approve_document(
    *,
    document_kind: str,
    document_id: UUID,
    text: Text,
    department_id: UUID,
    actor: Actor,
    at: datetime,
) -> None:
    """Note that a text was approved by somebody entitled; the context that owns the document has seen to that.

    In one statement, because every decision that issues a document pays for it; the first approval stays.
    """
    approval = SealApproval(
        document_kind=document_kind,
        document_id=document_id,
        number=text.number[:60],
        digest=text.digest,
        department_id=department_id,
        approved_at=at,
        approved_by=actor.id,
        approved_by_name=actor.name[:100],
    )
    SealApproval.objects.bulk_create([approval], ignore_conflicts=True)


def use_seal(
    *,
    seal_id: UUID,
    document_kind: str,
    document_id: UUID,
    text: Text,
    formats: frozenset[SealFormat],
    actor: Actor,
    at: datetime,
) -> None:
    """Put a seal on an approved document, in each format once; a refusal is audited too.

    Raises:
        SealNotFound: the actor may not see such a seal.
        StepUpDue: the actor has not shown lately who he is.
        SealNotInUse, SealOutOfTime, SealNotYours, SealOfAnotherDepartment: the seal may not be used so.
        DocumentNotApproved, DocumentOtherThanApproved: nobody approved this.
        CharactersNotSet: the text cannot be set.
        NoTimestamp: the timestamp authority does not answer.
    """
    row = Seal.objects.visible_to(actor).filter(pk=seal_id).first()
    if row is None:
        raise SealNotFound
    require_assured(actor)
    try:
        _use(row.pk, document_kind, document_id, text=text, formats=formats, actor=actor, at=at)
    except Refused as refusal:
        _note_refusal(row, refusal, actor=actor, at=at)
        raise


@transaction
def _use(
    seal_id: UUID,
    document_kind: str,
    document_id: UUID,
    *,
    text: Text,
    formats: frozenset[SealFormat],
    actor: Actor,
    at: datetime,
) -> None:
    row = Seal.objects.select_for_update().get(pk=seal_id)
    approval = SealApproval.objects.filter(document_kind=document_kind, document_id=document_id).first()
    approved = approval and ApprovedDocument(department_id=approval.department_id, digest=approval.digest)
    check_use(_facts(row, actor), approved or None, digest=text.digest, account_id=actor.id, at=at)
    if approval is None:
        raise DocumentNotApproved
    put(row, approval, Sealable(text=text), formats=formats, actor=actor, at=at)


def put(
    row: Seal,
    approval: SealApproval,
    document: Sealable,
    *,
    formats: frozenset[SealFormat],
    actor: Actor,
    at: datetime,
) -> None:
    """Put a seal on a document in the formats in which it does not bear it yet; that it may be was checked.

    Raises:
        CharactersNotSet: the document cannot be set.
        NoTimestamp: the timestamp authority does not answer.
    """
    known = set(SealUse.objects.filter(seal=row, approval=approval).values_list("format", flat=True))
    for format_ in sorted(formats - known):
        content = _sealed(row, document, format_, at=at)
        use = SealUse.objects.create(
            seal=row,
            approval=approval,
            format=format_,
            digest=keep_judged(content),
            size=len(content),
            used_at=at,
            used_by=actor.id,
            used_by_name=actor.name[:100],
        )
        publish(
            SealUsed(
                at=at,
                actor=actor,
                subject=subject_of(row),
                department_id=DepartmentId(row.department_id),
                code=row.code,
                approval_id=str(approval.pk),
                format=format_,
                digest=use.digest,
            )
        )


@transaction
def _note_refusal(row: Seal, refusal: Refused, *, actor: Actor, at: datetime) -> None:
    publish(
        SealUseRefused(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            reason=refusal.code,
        )
    )


def _facts(row: Seal, actor: Actor) -> SealFacts:
    users = row.users.filter(active_to=None, account__is_active=True, account_id=actor.id)
    return SealFacts(
        name=row.name,
        state=SealState(row.state),
        department_id=row.department_id,
        active_from=row.active_from,
        active_to=row.active_to,
        users=frozenset(users.values_list("account_id", flat=True)),
    )


def _sealed(row: Seal, document: Sealable, format_: SealFormat, *, at: datetime) -> bytes:
    try:
        return _SEALERS[format_](row, document, at)
    except CharactersMissing as fault:
        raise CharactersNotSet(characters=str(fault)) from fault
    except TimestampRefused as fault:
        raise NoTimestamp from fault


def _sealed_pdf(row: Seal, document: Sealable, _at: datetime) -> bytes:
    """Return the document as a sealed PDF; the libraries for it are loaded when they are first needed."""
    from zhengshu.foundation.seals.pdf_sealing import PdfSeal, seal_pdf
    from zhengshu.foundation.seals.typesetting import typeset

    key = _key(row, Scheme.ECDSA_P256)
    if document.typeset:
        ready = document.typeset()
    else:
        set_text = typeset(document.text)
        ready = Ready(set_text.pdf, set_text.place)
    pdf_seal = PdfSeal(
        key=key_of(key),
        user=Certificate.read(bytes(key.certificate)),
        above=(root_certificate(Scheme.ECDSA_P256),),
        name=row.name,
        picture=bytes(row.picture),
        width_mm=row.width_mm,
        height_mm=row.width_mm,
        field=f"Seal-{row.code[:8]}",
    )
    return seal_pdf(
        ready.content,
        place=ready.place,
        seal=pdf_seal,
        reason=document.text.number,
        ask=stamper(Scheme.ECDSA_P256),
    )


def _sealed_ofd(row: Seal, document: Sealable, at: datetime) -> bytes:
    """Return the document as a sealed OFD; the libraries for it are loaded when they are first needed."""
    from zhengshu.foundation.seals.ofd_sealing import OfdSeal, seal_ofd
    from zhengshu.foundation.seals.ofd_writing import write_ofd

    key = _key(row, Scheme.SM2_SM3)
    if document.write:
        ready = document.write()
    else:
        written = write_ofd(document.text)
        ready = Ready(written.ofd, written.place)
    ofd_seal = OfdSeal(
        seal=bytes(row.made or b""),
        user=Certificate.read(bytes(key.certificate)),
        key=key_of(key),
        width_mm=row.width_mm,
        height_mm=row.width_mm,
    )
    return seal_ofd(ready.content, place=ready.place, seal=ofd_seal, ask=stamper(Scheme.SM2_SM3), at=at)


def _key(row: Seal, scheme: Scheme) -> SealKey:
    return SealKey.objects.get(seal=row, scheme=scheme.value, is_current=True)


_SEALERS: Mapping[SealFormat, Callable[[Seal, Sealable, datetime], bytes]] = {
    SealFormat.PDF: _sealed_pdf,
    SealFormat.OFD: _sealed_ofd,
}
