"""Events leave in the transaction of their cause and reach each handler exactly once."""

from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import transaction as django_transaction

from zhengshu.foundation import events
from zhengshu.foundation.events import Event
from zhengshu.foundation.faults import named
from zhengshu.foundation.models import OutboxDelivery
from zhengshu.foundation.statements import Statement

log = structlog.get_logger(__name__)

MOST_SECONDS_BETWEEN_TRIES = 3600

_QUEUE = Statement("""
    WITH fresh AS (
        SELECT * FROM jsonb_to_recordset(%s::jsonb)
        AS one (name text, payload jsonb, published_at timestamptz, handlers text[])
    ), message AS (
        INSERT INTO foundation_outbox_message (name, payload, published_at)
        SELECT name, payload, published_at FROM fresh RETURNING id, name, published_at
    )
    INSERT INTO foundation_outbox_delivery (message_id, handler, attempts, last_fault, not_before)
    SELECT message.id, handler, 0, '', message.published_at
    FROM message JOIN (SELECT DISTINCT name, handlers FROM fresh) AS kind USING (name), unnest(handlers) AS handler
    ORDER BY message.id
""")
"""One statement: every command of the platform pays for it."""


def publish(*published: Event) -> None:
    """Record events for the audit and queue them for their handlers, in order, all in the open transaction.

    However many there are, they cost the same few statements.
    """
    if not published:
        return
    for record in events.recorders():
        record(published)
    messages = [
        {"name": event.wire_name, "payload": event, "published_at": event.at, "handlers": handlers}
        for event in published
        if (handlers := events.handler_names(event.wire_name))
    ]
    if messages:
        _QUEUE.run(msgspec.json.encode(messages).decode())


def deliver_due(*, at: datetime, most: int = 500) -> int:
    """Hand due messages to their handlers, oldest first; return how many succeeded.

    A handler and the removal of its delivery commit together, so that a killed worker neither loses nor
    repeats one. A handler that fails is tried again later, twice as late each time.
    """
    done = 0
    for _ in range(most):
        with django_transaction.atomic():
            delivery = (
                OutboxDelivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("message")
                .filter(not_before__lte=at)
                .order_by("id")
                .first()
            )
            if delivery is None:
                return done
            done += _deliver(delivery, at=at)
    return done


def _deliver(delivery: OutboxDelivery, *, at: datetime) -> int:
    name = delivery.message.name
    handle = events.handler(name, delivery.handler)
    try:
        if handle is not None:
            event = msgspec.convert(delivery.message.payload, events.type_of(name))
            with django_transaction.atomic():
                handle(event)
    except Exception as fault:
        log.exception("outbox.handler_failed", event_name=name, handler=delivery.handler)
        delivery.attempts += 1
        delivery.last_fault = named(fault)[:2000]
        wait = min(2**delivery.attempts, MOST_SECONDS_BETWEEN_TRIES)
        delivery.not_before = at + timedelta(seconds=wait)
        delivery.save(update_fields=["attempts", "last_fault", "not_before"])
        return 0
    delivery.delete()
    return 1
