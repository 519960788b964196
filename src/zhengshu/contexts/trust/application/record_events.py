"""The audit's recorder: every published event becomes a row in the very transaction that publishes it."""

from collections.abc import Sequence

import msgspec

from zhengshu.contexts.trust.application.log_sources import ACT
from zhengshu.contexts.trust.models import AuditEvent, LogQueueItem
from zhengshu.foundation.events import Event

COMMON = frozenset({"at", "actor", "subject", "department_id"})


def record_events(published: Sequence[Event]) -> None:
    """Write the audit rows of events; called by the outbox for all events of the platform."""
    rows = AuditEvent.objects.bulk_create(_row(event) for event in published)
    LogQueueItem.objects.bulk_create(
        LogQueueItem(kind=ACT, source=row.pk)
        for row, event in zip(rows, published, strict=True)
        if event.is_proven
    )


def _row(event: Event) -> AuditEvent:
    fields: dict[str, object] = msgspec.to_builtins(event)
    return AuditEvent(
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
