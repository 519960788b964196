"""Columns whose grade the policy wants encrypted: stored so, found by blind indexes, in every mode of delivery."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from zhengshu.contexts.catalog.api import Grade, ItemDraft, ResourceRecord
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import DeliveryMode
from zhengshu.contexts.lake.application.encrypting import EncryptionChanged
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.models import ServingTable
from zhengshu.contexts.lake.tests import factories
from zhengshu.contexts.lake.tests.test_publishing import _items as items_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.crypto.data_keys import ROW, Scope, blind_index, lookup_column, served_place
from zhengshu.foundation.vault import keys

pytestmark = pytest.mark.django_db

SECRET = frozenset({"credit_code", "legal_person", "founded_on", "capital"})
ITEMS = tuple(
    replace(item, grade=Grade.GENERAL_4) if item.column in SECRET else item for item in factories.ITEMS
)


@pytest.fixture(autouse=True)
def policy() -> Iterator[None]:
    keys.forget()
    set_grade(4)
    yield
    keys.forget()


def set_grade(grade: int) -> None:
    values = replace(trust.policy_values(), encrypt_from_grade=grade)
    trust.change_policy(values=values, actor=factories.PLATFORM, at=factories.AT)


def delivered(
    resource: ResourceRecord, folder: Path, numbers: tuple[int, ...], *, mode: DeliveryMode, **changes: str
) -> None:
    text = factories.text(factories.row(number, **changes) for number in numbers)
    factories.collected(resource, factories.file(folder, text), mode=mode)


def served(resource: ResourceRecord) -> list[dict[str, object]]:
    """The rows of the view as the database keeps them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM serving.{view_name(resource.code)}")  # noqa: S608 - our own view
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def opened(resource: ResourceRecord, row: dict[str, object], column: str) -> str:
    stored, row_id = row[column], row[ROW]
    assert isinstance(stored, bytes | memoryview)
    assert isinstance(row_id, bytes | memoryview)
    place = served_place(view_name(resource.code), column, bytes(row_id))
    return keys.key_of(bytes(stored)).decrypt(bytes(stored), place=place).decode()


class TestDelivery:
    def test_stores_graded_columns_encrypted_and_the_others_as_ever(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)

        delivered(resource, tmp_path, (1, 2), mode=DeliveryMode.REPLACE)

        rows = served(resource)
        assert sorted(opened(resource, row, "credit_code") for row in rows) == [
            "914703000000000001",
            "914703000000000002",
        ]
        assert {opened(resource, row, "founded_on") for row in rows} == {"2014-05-06"}
        assert float(opened(resource, rows[0], "capital")) == 1200000.50
        assert {row["name"] for row in rows} == {"云州第1商贸有限公司", "云州第2商贸有限公司"}
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM serving.{view_name(resource.code)} AS t")  # noqa: S608 - our own view
            text = repr(cursor.fetchall())
        for secret in ("914703000000000001", "张三丰", "2014-05-06"):
            assert secret not in text
            assert secret.encode().hex() not in text

    def test_uses_the_key_of_the_providing_department(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)

        delivered(resource, tmp_path, (1,), mode=DeliveryMode.REPLACE)

        (row,) = served(resource)
        stored = row["legal_person"]
        assert isinstance(stored, bytes | memoryview)
        assert keys.key_of(bytes(stored)).scope == Scope(resource.department_id, 4)

    def test_without_such_columns_leaves_the_table_as_it_was(self, tmp_path: Path) -> None:
        resource = factories.resource()

        delivered(resource, tmp_path, (1,), mode=DeliveryMode.REPLACE)

        (row,) = served(resource)
        assert list(row) == [item.column for item in factories.ITEMS]

    def test_replaces_the_row_of_an_encrypted_key(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)
        delivered(resource, tmp_path, (1, 2), mode=DeliveryMode.REPLACE)

        delivered(resource, tmp_path, (2, 3), mode=DeliveryMode.UPSERT, legal_person="李四")

        found = {
            opened(resource, row, "credit_code")[-1]: opened(resource, row, "legal_person")
            for row in served(resource)
        }
        assert found == {"1": "张三丰", "2": "李四", "3": "李四"}

    def test_finds_a_row_by_the_blind_index_of_its_key(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)
        delivered(resource, tmp_path, (1, 2), mode=DeliveryMode.REPLACE)
        view = view_name(resource.code)

        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT name FROM serving.{view} WHERE {lookup_column('credit_code')} = %s",  # noqa: S608 - our own view
                [blind_index(f"serving.{view}.credit_code")("914703000000000002")],
            )
            assert cursor.fetchall() == [("云州第2商贸有限公司",)]

    def test_an_empty_value_stays_empty(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)

        delivered(resource, tmp_path, (1,), mode=DeliveryMode.REPLACE, legal_person="")

        assert served(resource)[0]["legal_person"] is None

    def test_carries_rows_over_into_another_shape(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)
        delivered(resource, tmp_path, (1, 2), mode=DeliveryMode.REPLACE)

        with items_of(resource.code, [*ITEMS, ItemDraft(name="电话", column="phone")]):
            delivered(resource, tmp_path, (2, 3), mode=DeliveryMode.UPSERT)

        assert sorted(opened(resource, row, "credit_code")[-1] for row in served(resource)) == ["1", "2", "3"]


class TestChangedPolicy:
    def test_wants_the_resource_whole(self, tmp_path: Path) -> None:
        set_grade(6)
        resource = factories.resource(items=ITEMS)
        delivered(resource, tmp_path, (1, 2), mode=DeliveryMode.REPLACE)
        set_grade(4)

        with pytest.raises(EncryptionChanged):
            delivered(resource, tmp_path, (3,), mode=DeliveryMode.UPSERT)

        assert len(served(resource)) == 2
        delivered(resource, tmp_path, (1, 2, 3), mode=DeliveryMode.REPLACE)
        assert {opened(resource, row, "legal_person") for row in served(resource)} == {"张三丰"}


class TestPreview:
    def test_hides_what_is_encrypted(self, tmp_path: Path) -> None:
        resource = factories.resource(items=ITEMS)
        delivered(resource, tmp_path, (1,), mode=DeliveryMode.REPLACE)

        preview = api.preview(resource=resource, actor=factories.officer(resource.department_id))

        assert preview is not None
        ((code, *_),) = preview.rows
        assert code == "******"
        assert "encrypted" in ServingTable.objects.get(resource_id=resource.id).columns[0]
