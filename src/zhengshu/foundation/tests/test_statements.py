from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhengshu.foundation.models import OutboxDelivery, OutboxMessage
from zhengshu.foundation.statements import Selection, Statement, record_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OF_NAME = Selection(OutboxMessage, "WHERE name = %s ORDER BY id")


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
