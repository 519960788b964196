"""Seals as tests need them: applied for, made, and documents that may be sealed."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.seals.check_sealed_file import check_sealed_file
from zhengshu.contexts.trust.models import AuditEvent, LogQueueItem, Seal, SealKey, SealUse
from zhengshu.contexts.trust.tests import factories
from zhengshu.foundation.files.keeping import open_kept
from zhengshu.foundation.seals.tests.makers import TEXT
from zhengshu.foundation.seals.texts import Text
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, new_id

BOTH = frozenset(api.SealFormat)


def wanted(
    *people: UUID,
    kind: api.SealKind = api.SealKind.ORGAN,
    at: datetime | None = None,
    name: str = TEXT.office,
) -> api.WantedSeal:
    at = at or timezone.now()
    is_personal = kind is api.SealKind.PERSONAL
    return api.WantedSeal(
        kind=kind,
        name=name,
        holder_id=people[0] if is_personal else None,
        users=() if is_personal else people,
        active_from=at,
        active_to=at + timedelta(days=365),
    )


def made(
    user: Actor,
    *,
    at: datetime | None = None,
    kind: api.SealKind = api.SealKind.ORGAN,
    name: str = TEXT.office,
) -> UUID:
    """Return a seal in use that a person may use."""
    at = at or timezone.now()
    assert user.department_id is not None
    seal_id = api.apply_for_seal(
        wanted=wanted(user.id, kind=kind, at=at, name=name),
        department_id=user.department_id,
        actor=user,
        at=at,
    )
    case_id = new_id()
    api.note_seal_case(seal_id=seal_id, case_id=case_id, number="YZ-1")
    api.make_seal(case_id=case_id, actor=factories.PLATFORM, at=at)
    return seal_id


def approved(department_id: DepartmentId | None, *, text: Text = TEXT) -> UUID:
    """Return a document that was approved for sealing."""
    assert department_id is not None
    document_id = new_id()
    api.approve_document(
        document_kind=api.NOTICE,
        document_id=document_id,
        text=text,
        department_id=department_id,
        actor=factories.PLATFORM,
        at=timezone.now(),
    )
    return document_id


def put(
    seal_id: UUID, document_id: UUID, actor: Actor, *, text: Text = TEXT, at: datetime | None = None
) -> None:
    """Put a seal on a document, as PDF and as OFD."""
    api.use_seal(
        seal_id=seal_id,
        document_kind=api.NOTICE,
        document_id=document_id,
        text=text,
        formats=BOTH,
        actor=actor,
        at=at or timezone.now(),
    )


def files(document_id: UUID) -> dict[str, bytes]:
    """Return the sealed files of a document by their format."""
    found = {}
    for row in SealUse.objects.filter(approval__document_id=document_id):
        with open_kept(row.digest) as file:
            found[row.format] = file.read()
    return found


def other(text: Text = TEXT) -> Text:
    return replace(text, title="另一份决定书")


def official(*roles: Role, department_id: DepartmentId | None = None) -> Actor:
    return factories.actor(*(roles or (Role.APPROVER,)), department_id=department_id)


def stored(seal_id: UUID | None = None) -> Seal:
    """Return a seal as it is stored; the only one where none is named."""
    return Seal.objects.get(pk=seal_id) if seal_id else Seal.objects.get()


def keys_of(seal_id: UUID) -> list[str]:
    """Return the numbers of the certificates of a seal."""
    return list(SealKey.objects.filter(seal=seal_id).values_list("serial", flat=True))


def is_sound(content: bytes) -> bool:
    """Whether a file bears one seal that is genuine and valid, and is unchanged."""
    (verdict,) = check_sealed_file(content, at=timezone.now()).verdicts
    return verdict.is_unchanged and verdict.is_genuine and verdict.is_valid


def noted(name: str, subject_id: object) -> list[dict[str, object]]:
    """Return what the audit says of events of a name about a subject."""
    return list(
        AuditEvent.objects.filter(name=name, subject_id=str(subject_id)).values_list("data", flat=True)
    )


def is_queued_for_the_log(name: str, subject_id: object) -> bool:
    """Whether an event of a name about a subject will stand in the proof log."""
    rows = AuditEvent.objects.filter(name=name, subject_id=str(subject_id)).values("pk")
    return LogQueueItem.objects.filter(kind="act", source__in=rows).exists()


def times_told(name: str, subject_id: UUID) -> int:
    """Return how often the audit has a name of one subject; tests that end processes leave rows of their own."""
    return AuditEvent.objects.filter(name=name, subject_id=str(subject_id)).count()
