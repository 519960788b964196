"""Collecting files to the end: what arrives is served, what does not fit is set aside."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchState, DeliveryMode
from zhengshu.contexts.lake.tests import factories

pytestmark = pytest.mark.django_db


def served(target: object, columns: str = "*", *, order: str = "credit_code") -> list[tuple[object, ...]]:
    serving = api.serving(resource_id=target.id)  # type: ignore[attr-defined]  # a resource record
    assert serving is not None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM serving.{serving.view} ORDER BY {order}")  # noqa: S608 - our own view
        return [tuple(row) for row in cursor.fetchall()]


class TestCollect:
    def test_serves_typed_rows(self, tmp_path: Path) -> None:
        resource = factories.resource()

        batch = factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(7)])))

        assert (batch.state, batch.rows, batch.accepted, batch.set_aside) == (BatchState.PUBLISHED, 1, 1, 0)
        assert served(resource) == [
            (
                "914703000000000007",
                "云州第7商贸有限公司",
                date(2014, 5, 6),
                Decimal("1200000.5000000000"),
                7,
                False,
                datetime(2026, 3, 1, 0, 30, tzinfo=UTC),
                "张三丰",
            )
        ]

    def test_replaces_the_former_rows(self, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.collected(resource, factories.file(tmp_path, factories.text(map(factories.row, range(3)))))

        second = factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(9)])))

        assert second.served == 1
        assert served(resource, "credit_code") == [("914703000000000009",)]

    def test_upserts_by_key(self, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.collected(resource, factories.file(tmp_path, factories.text(map(factories.row, range(3)))))
        changed = factories.text([factories.row(1, name="新名称"), factories.row(5)])

        batch = factories.collected(resource, factories.file(tmp_path, changed), mode=DeliveryMode.UPSERT)

        assert batch.served == 4
        names = served(resource, "right(credit_code, 1), name")
        assert ("1", "新名称") in names
        assert [number for number, _ in names] == ["0", "1", "2", "5"]
