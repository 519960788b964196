"""The audit is searched and exported by the audit administrator, by nobody else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.events import AuditExported, AuditRefused
from zhengshu.contexts.trust.models import Account, AuditEvent, AuditEventSet
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

SUBJECT = Subject("audit", "all", "")


class AuditEventNotFound(Refused):
    """No such event, or not one that the actor may see."""

    code = "trust.audit-event-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such audit event."


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What an administrator asks of the audit; empty means anything.

    Attributes:
        who: a user name or a person's name, whole.
        name: a wire name, or the beginning of some up to a dot (``trust.``, ``exchange.grant.``).
        department_id: the department concerned, or that of the person who acted.
        subject: the id of what it happened to, or the beginning of its name.
        address: the address that the request came from.
        since: from this instant.
        until: before this instant.
        only_failures: only what did not succeed.
    """

    who: str = ""
    name: str = ""
    department_id: UUID | None = None
    subject: str = ""
    address: str = ""
    since: datetime | None = None
    until: datetime | None = None
    only_failures: bool = False

    def as_text(self) -> dict[str, str]:
        """Return what was asked, for the audit of an export."""
        asked: Mapping[str, object] = {
            "name": self.name,
            "department_id": self.department_id,
            "since": self.since,
            "until": self.until,
            "only_failures": self.only_failures,
            "who": "given" if self.who else "",
            "subject": "given" if self.subject else "",
            "address": "given" if self.address else "",
        }
        return {field: str(value) for field, value in asked.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """One audit event."""

    id: int
    at: datetime
    name: str
    is_success: bool
    actor_id: UUID
    actor_name: str
    actor_department_id: DepartmentId | None
    address: str
    department_id: DepartmentId | None
    subject_kind: str
    subject_id: str
    subject_label: str
    data: Mapping[str, object]

    @classmethod
    def of(cls, row: AuditEvent) -> "AuditRecord":
        """Make the record of a row."""
        return cls(
            id=row.id,
            at=row.at,
            name=row.name,
            is_success=row.is_success,
            actor_id=row.actor_id,
            actor_name=row.actor_name,
            actor_department_id=DepartmentId(row.actor_department_id) if row.actor_department_id else None,
            address=row.address,
            department_id=DepartmentId(row.department_id) if row.department_id else None,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            subject_label=row.subject_label,
            data=row.data,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """One page of the audit, newest first, without a count: it costs the same at the millionth row.

    Attributes:
        rows: the events.
        older: pass as `before` for the next page; None on the last.
        newer: pass as `after` for the page before; None on the first.
    """

    rows: tuple[AuditRecord, ...]
    older: int | None
    newer: int | None


def search_audit(
    *, asked: AuditFilter, before: int | None = None, after: int | None = None, size: int = 50, actor: Actor
) -> AuditPage:
    """Return one page of events, newest first.

    Args:
        asked: what is looked for.
        before: only events older than this id (the next page).
        after: only events newer than this id (the page before).
        size: how many.
        actor: the audit administrator; others see what they did themselves.
    """
    rows = _matching(asked, actor)
    if after is not None:
        found = list(reversed(rows.filter(id__gt=after).order_by("id")[: size + 1]))
        more_newer, found = len(found) > size, found[-size:]
        more_older = bool(found)
    else:
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: size + 1])
        more_older, found = len(found) > size, found[:size]
        more_newer = before is not None
    return AuditPage(
        rows=tuple(AuditRecord.of(row) for row in found),
        older=found[-1].id if found and more_older else None,
        newer=found[0].id if found and more_newer else None,
    )


def audit_event(*, event_id: int, actor: Actor) -> AuditRecord:
    """Return one event.

    Raises:
        AuditEventNotFound: the actor may not see such an event.
    """
    row = AuditEvent.objects.visible_to(actor).filter(id=event_id).first()
    if row is None:
        raise AuditEventNotFound
    return AuditRecord.of(row)


def all_matching(*, asked: AuditFilter, actor: Actor) -> Iterator[AuditRecord]:
    """Yield every event that matches, newest first, in constant memory."""
    require(actor, Role.AUDIT_ADMIN)
    for row in _matching(asked, actor).order_by("-id").iterator(chunk_size=2000):
        yield AuditRecord.of(row)


def count_matching(*, asked: AuditFilter, most: int, actor: Actor) -> int:
    """Return how many events match, counted no further than `most`."""
    return _matching(asked, actor).order_by()[:most].count()


@transaction
def record_export(*, asked: AuditFilter, form: str, rows: int, actor: Actor, at: datetime) -> None:
    """Record that the audit was exported: who, which part, how much.

    Raises:
        NotYourDuty: the actor is not the audit administrator.
    """
    require(actor, Role.AUDIT_ADMIN)
    publish(AuditExported(at=at, actor=actor, subject=SUBJECT, form=form, rows=rows, filters=asked.as_text()))


@transaction
def record_refusal(*, path: str, actor: Actor, at: datetime) -> None:
    """Record that somebody without the duty tried to open the audit."""
    publish(AuditRefused(at=at, actor=actor, subject=SUBJECT, path=path[:200]))


def _matching(asked: AuditFilter, actor: Actor) -> AuditEventSet:
    rows = AuditEvent.objects.visible_to(actor)
    if asked.who:
        rows = rows.filter(actor_id__in=_accounts_called(asked.who)) | rows.filter(actor_name=asked.who)
    if asked.name:
        rows = (
            rows.filter(name__startswith=asked.name)
            if asked.name.endswith(".")
            else rows.filter(name=asked.name)
        )
    if asked.department_id:
        rows = rows.filter(department_id=asked.department_id) | rows.filter(
            actor_department_id=asked.department_id
        )
    if asked.subject:
        rows = rows.filter(subject_id=asked.subject) | rows.filter(subject_label__startswith=asked.subject)
    if asked.address:
        rows = rows.filter(address=asked.address)
    if asked.since:
        rows = rows.filter(at__gte=asked.since)
    if asked.until:
        rows = rows.filter(at__lt=asked.until)
    return rows.filter(is_success=False) if asked.only_failures else rows


def _accounts_called(who: str) -> list[UUID]:
    named = Account.objects.filter(username=who.lower()) | Account.objects.filter(name=who)
    return list(named.values_list("id", flat=True)[:100])
