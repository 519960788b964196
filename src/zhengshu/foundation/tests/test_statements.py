from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhengshu.foundation.models import CalendarOverride, OutboxDelivery, OutboxMessage
from zhengshu.foundation.statements import Insertion, Selection, Statement, record_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OF_NAME = Selection(OutboxMessage, "WHERE name = %s ORDER BY id")
INSERTION = Insertion(OutboxMessage)


def _message(name: str = "bell") -> OutboxMessage:
    return OutboxMessage.objects.create(name=name, payload={"次数": [1, None], "是": True}, published_at=AT)


class TestSelection:
    def test_loads_what_a_query_set_loads(self) -> None:
        _message("other")
        mine = [_message(), _message()]
        found = OF_NAME.rows("bell")
        assert found == mine
        assert [vars(one) | {"_state": None} for one in found] == [
            vars(one) | {"_state": None} for one in OutboxMessage.objects.filter(name="bell").order_by("id")
        ]

    def test_a_loaded_row_is_saved_as_a_change(self) -> None:
        _message()
        (row,) = OF_NAME.rows("bell")
        row.name = "gong"
        row.save()
        assert [one.name for one in OutboxMessage.objects.all()] == ["gong"]


class TestInsertion:
    def test_writes_what_saving_writes(self) -> None:
        payload = {"次数": [1, None, 2.5], "是": True, "空": ""}
        rows = [OutboxMessage(name=name, payload=payload, published_at=AT) for name in ("a", "b", "c")]
        rows[0].save()
        INSERTION.run(*rows[1:])
        saved, *inserted = OutboxMessage.objects.order_by("name").values("name", "payload", "published_at")
        assert [one | {"name": ""} for one in inserted] == [saved | {"name": ""}] * 2

    def test_writes_columns_of_every_kind_as_saving_does(self) -> None:
        days = [
            CalendarOverride(day=date(2026, 3, day), is_working=day == 2, reason="洪水", basis="“通知”")
            for day in (2, 3)
        ]
        days[0].save()
        Insertion(CalendarOverride).run(days[1])
        found = CalendarOverride.objects.order_by("day").values_list()
        assert list(found) == [
            (date(2026, 3, 2), True, "洪水", "“通知”"),
            (date(2026, 3, 3), False, "洪水", "“通知”"),
        ]

    def test_a_row_that_was_written_is_saved_as_a_change(self) -> None:
        day = CalendarOverride(day=date(2026, 3, 2), is_working=True, reason="洪水", basis="通知")
        Insertion(CalendarOverride).run(day)
        day.reason = "台风"
        day.save()
        assert CalendarOverride.objects.get().reason == "台风"

    def test_nothing_is_written_of_nothing(self) -> None:
        with CaptureQueriesContext(connection) as seen:
            INSERTION.run()
        assert not seen.captured_queries

    def test_a_conflict_leads_to_what_its_ending_says(self) -> None:
        day = CalendarOverride(day=date(2026, 3, 2), is_working=True, reason="洪水", basis="通知")
        Insertion(CalendarOverride).run(day)
        Insertion(CalendarOverride, "ON CONFLICT DO NOTHING").run(day)
        with pytest.raises(IntegrityError), transaction.atomic():
            Insertion(CalendarOverride).run(day)


class TestStatement:
    def test_values_are_never_text_of_the_statement(self) -> None:
        hostile = "'; DROP TABLE foundation_outbox_message; --"
        _message(hostile)
        assert [row.name for row in OF_NAME.rows(hostile)] == [hostile]

    def test_is_seen_by_what_watches_queries(self) -> None:
        with CaptureQueriesContext(connection) as seen:
            OF_NAME.rows("bell")
        assert ["foundation_outbox_message" in query["sql"] for query in seen] == [True]

    def test_its_plan_is_kept_by_the_connection(self) -> None:
        for _ in range(4):
            OF_NAME.rows("bell")
        (count,) = Statement(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%outbox_message%%WHERE name%%'"
        ).rows()[0]
        assert count == 1

    def test_a_breach_is_the_error_that_django_raises(self) -> None:
        insert = Statement(
            "INSERT INTO foundation_outbox_delivery (message_id, handler, attempts, last_fault, not_before)"
            " VALUES (%s, %s, 0, '', %s)"
        )
        message = _message()
        insert.run(message.pk, "h", AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            insert.run(message.pk, None, AT)
        assert OutboxDelivery.objects.count() == 1


def test_a_record_names_each_column_with_its_type() -> None:
    assert record_of(OutboxMessage, ("name", "payload")) == "name varchar(100), payload jsonb"
