"""Events leave in the transaction of their cause and reach each handler exactly once."""

from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import transaction as django_transaction

from zhengshu.foundation import events
from zhengshu.foundation.events import Event
from zhengshu.foundation.models import OutboxDelivery, OutboxMessage

log = structlog.get_logger(__name__)

MOST_SECONDS_BETWEEN_TRIES = 3600


def publish(*published: Event) -> None:
    """Record events for the audit and queue them for their handlers, in order, all in the open transaction.

    However many there are, they cost the same few statements.
    """
    if not published:
        return
    for record in events.recorders():
        record(published)
    heard = [event for event in published if events.handler_names(event.wire_name)]
    messages = OutboxMessage.objects.bulk_create(
        OutboxMessage(name=event.wire_name, payload=msgspec.to_builtins(event), published_at=event.at)
        for event in heard
    )
    OutboxDelivery.objects.bulk_create(
        OutboxDelivery(message=message, handler=name, not_before=message.published_at)
        for message in messages
        for name in events.handler_names(message.name)
    )


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
        delivery.last_fault = f"{type(fault).__name__}: {fault}"[:2000]
        wait = min(2**delivery.attempts, MOST_SECONDS_BETWEEN_TRIES)
        delivery.not_before = at + timedelta(seconds=wait)
        delivery.save(update_fields=["attempts", "last_fault", "not_before"])
        return 0
    delivery.delete()
    return 1
