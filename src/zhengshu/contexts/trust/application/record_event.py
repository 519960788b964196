"""The audit's recorder: every published event becomes a row in the very transaction that publishes it."""

import msgspec

from zhengshu.contexts.trust.application.log_sources import ACT
from zhengshu.contexts.trust.models import AuditEvent, LogQueueItem
from zhengshu.foundation.events import Event

COMMON = frozenset({"at", "actor", "subject", "department_id"})


def record_event(event: Event) -> None:
    """Write the audit row of an event; called by the outbox for all events of the platform."""
    fields: dict[str, object] = msgspec.to_builtins(event)
    row = AuditEvent.objects.create(
        at=event.at,
        name=event.wire_name,
        is_success=getattr(type(event), "is_success", True),
        actor_id=event.actor.id,
        actor_name=event.actor.name[:100],
        actor_department_id=event.actor.department_id,
        address=event.actor.address[:45],
        department_id=event.department_id,
        subject_kind=event.subject.kind[:60],
        subject_id=event.subject.id[:120],
        subject_label=event.subject.label[:300],
        data={name: value for name, value in fields.items() if name not in COMMON},
    )
    if event.is_proven:
        LogQueueItem.objects.create(kind=ACT, source=row.pk)
