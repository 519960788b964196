"""Events leave in the transaction of their cause and reach each handler exactly once."""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import structlog
from django.db import transaction as django_transaction

from zhengshu.foundation import events
from zhengshu.foundation.events import Event
from zhengshu.foundation.faults import named
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

_DUE = Statement("""
    SELECT delivery.id, delivery.handler, delivery.attempts, message.name, message.payload
    FROM foundation_outbox_delivery delivery JOIN foundation_outbox_message message ON message.id = delivery.message_id
    WHERE delivery.not_before <= %s AND (delivery.handler = ANY(%s)) = %s ORDER BY delivery.id LIMIT 1
    FOR UPDATE OF delivery SKIP LOCKED
""")
_DONE = Statement("DELETE FROM foundation_outbox_delivery WHERE id = %s")
_FAILED = Statement(
    "UPDATE foundation_outbox_delivery SET attempts = %s, last_fault = %s, not_before = %s WHERE id = %s"
)


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
    repeats one. A handler that fails is tried again later, twice as late each time. Of the handlers that may wait
    one is called, after all others: what was announced meanwhile comes before the next.
    """
    done = 0
    for _ in range(most):
        if (outcome := _deliver_next(at=at, may_wait=False)) is None:
            break
        done += outcome
    return done + (_deliver_next(at=at, may_wait=True) or 0)


def _deliver_next(*, at: datetime, may_wait: bool) -> int | None:
    """Deliver the oldest that is due; return 1 where its handler succeeded, 0 where it failed, None where none is due.

    What a handler that failed had written is rolled back with the hold on its delivery. Should another worker take it
    up before the failure is noted, the handler fails there as well.
    """
    due: _Due | None = None
    try:
        with django_transaction.atomic():
            rows = _DUE.rows(at, events.patient_handlers(), may_wait)
            if not rows:
                return None
            due = _Due(*rows[0])
            _handle(due)
            _DONE.run(due.id)
    except Exception as fault:
        if due is None:
            raise
        log.exception("outbox.handler_failed", event_name=due.name, handler=due.handler)
        attempts = due.attempts + 1
        wait = min(2**attempts, MOST_SECONDS_BETWEEN_TRIES)
        _FAILED.run(attempts, named(fault)[:2000], at + timedelta(seconds=wait), due.id)
        return 0
    return 1


class _Due(NamedTuple):
    """A delivery that this worker holds, with its message; the payload is JSON."""

    id: int
    handler: str
    attempts: int
    name: str
    payload: str


def _handle(due: _Due) -> None:
    handle = events.handler(due.name, due.handler)
    if handle is not None:
        handle(msgspec.json.decode(due.payload, type=events.type_of(due.name)))
