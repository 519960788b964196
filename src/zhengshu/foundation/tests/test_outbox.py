from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from zhengshu.foundation import events, outbox
from zhengshu.foundation.events import Event, Subject
from zhengshu.foundation.models import OutboxDelivery, OutboxMessage
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@events.event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class BellRung(Event):
    wire_name: ClassVar[str] = "foundation.bell.rung.v1"

    times: int


def _rung(times: int = 1) -> BellRung:
    actor = Actor(id=new_id(), name="Ringer", roles=frozenset({Role.OPERATOR}))
    return BellRung(at=AT, actor=actor, subject=Subject("bell", "1", "the bell"), times=times)


@pytest.fixture
def heard() -> Iterator[list[BellRung]]:
    received: list[BellRung] = []

    def hear(event: BellRung) -> None:
        received.append(event)
        if event.times == 13:
            message = "unlucky"
            raise ValueError(message)

    events.on(BellRung)(hear)
    yield received
    events._handlers.pop(BellRung.wire_name)


@pytest.mark.django_db
class TestOutbox:
    def test_hands_an_event_to_its_handler_once(self, heard: list[BellRung]) -> None:
        event = _rung()
        outbox.publish(event)

        assert outbox.deliver_due(at=AT) == 1
        assert outbox.deliver_due(at=AT) == 0
        assert heard == [event]

    def test_forgets_an_event_that_was_rolled_back(self, heard: list[BellRung]) -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            outbox.publish(_rung())
            1 / 0  # noqa: B018

        assert outbox.deliver_due(at=AT) == 0
        assert heard == []

    def test_tries_a_failed_handler_again_later(self, heard: list[BellRung]) -> None:
        outbox.publish(_rung(times=13))

        assert outbox.deliver_due(at=AT) == 0
        assert len(heard) == 1
        assert outbox.deliver_due(at=AT) == 0
        assert len(heard) == 1
        outbox.deliver_due(at=AT + timedelta(seconds=3))
        assert len(heard) == 2
        assert OutboxDelivery.objects.get().last_fault == "ValueError"

    def test_calls_who_may_wait_one_at_a_time_after_all_others(self) -> None:
        calls: list[str] = []

        def slow(event: BellRung) -> None:
            calls.append(f"slow {event.times}")

        def quick(event: BellRung) -> None:
            calls.append(f"quick {event.times}")

        events.on(BellRung, may_wait=True)(slow)
        events.on(BellRung)(quick)
        try:
            outbox.publish(_rung(times=1), _rung(times=2))
            first = outbox.deliver_due(at=AT)
            outbox.publish(_rung(times=3))
            later = [outbox.deliver_due(at=AT) for _ in range(3)]
        finally:
            events._handlers.pop(BellRung.wire_name)

        assert (first, later) == (3, [2, 1, 0])
        assert calls == ["quick 1", "quick 2", "slow 1", "quick 3", "slow 2", "slow 3"]

    def test_does_not_let_one_failure_stop_the_next(self, heard: list[BellRung]) -> None:
        outbox.publish(_rung(times=13))
        outbox.publish(_rung(times=2))

        assert outbox.deliver_due(at=AT) == 1
        assert [event.times for event in heard] == [13, 2]

    def test_stores_nothing_for_an_event_that_nobody_hears(self) -> None:
        outbox.publish(_rung())

        assert not OutboxMessage.objects.exists()

    def test_costs_one_statement_where_somebody_listens(self, heard: list[BellRung]) -> None:
        event = _rung()
        with CaptureQueriesContext(connection) as queries:
            outbox.publish(event)

        listened = [q for q in queries.captured_queries if "foundation_outbox" in q["sql"]]
        assert len(listened) == 1


class TestEventTypes:
    def test_refuses_two_events_of_one_name(self) -> None:
        with pytest.raises(TypeError, match="two events"):

            @events.event_type
            @dataclass(frozen=True, slots=True, kw_only=True)
            class Other(Event):
                wire_name: ClassVar[str] = "foundation.bell.rung.v1"
