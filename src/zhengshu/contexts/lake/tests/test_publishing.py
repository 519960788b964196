"""Modes, repetition, rules, evolution of columns, snapshots and lineage."""

from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection
from pyarrow import parquet as pq

from zhengshu.contexts.catalog.api import DataType, ItemDraft
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchState, DeliveryMode
from zhengshu.contexts.lake.application import warehouse
from zhengshu.contexts.lake.application.access import columns_of
from zhengshu.contexts.lake.application.locks import collecting
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.models import Batch, ServingTable
from zhengshu.contexts.lake.tests import factories
from zhengshu.contexts.lake.tests.factories import PLATFORM
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


def keys_served(view: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT credit_code FROM serving.{view} ORDER BY 1")  # noqa: S608 - our own view
        return [str(key)[-2:] for (key,) in cursor.fetchall()]


class TestModes:
    def test_append_keeps_what_is_there(self, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(1)])))

        batch = factories.collected(
            resource, factories.file(tmp_path, factories.text([factories.row(2)])), mode=DeliveryMode.APPEND
        )

        assert batch.served == 2
        assert keys_served(view_name(resource.code)) == ["01", "02"]

    def test_the_snapshot_holds_what_is_served_in_every_mode(self, tmp_path: Path) -> None:
        resource = factories.resource()
        for mode, numbers in (
            (DeliveryMode.REPLACE, (1, 2, 3)),
            (DeliveryMode.UPSERT, (3, 4)),
            (DeliveryMode.APPEND, (5,)),
        ):
            text = factories.text(factories.row(number) for number in numbers)
            factories.collected(resource, factories.file(tmp_path, text), mode=mode)

        table, paths = warehouse.current_paths(view_name(resource.code))
        kept = [
            row["credit_code"]
            for batch in warehouse.read(table, paths, columns=["credit_code"])
            for row in batch.to_pylist()
        ]

        assert (
            sorted(key[-2:] for key in kept)
            == keys_served(view_name(resource.code))
            == ["01", "02", "03", "04", "05"]
        )

    def test_upserting_without_a_key_is_refused(self, tmp_path: Path) -> None:
        resource = factories.resource(items=[ItemDraft(name="企业名称", column="name")])

        with pytest.raises(api.KeysMissing):
            factories.collected(resource, factories.file(tmp_path, "name\n甲\n"), mode=DeliveryMode.UPSERT)


class TestRepetition:
    def test_the_file_that_is_served_is_recognized(self, tmp_path: Path) -> None:
        resource = factories.resource()
        path = factories.file(tmp_path, factories.text([factories.row(1)]))
        first = factories.collected(resource, path)

        with pytest.raises(api.AlreadyDelivered, match=first.number):
            factories.collected(resource, path)

        refused = Batch.objects.filter(resource_id=resource.id).order_by("-id")[0]
        assert (refused.state, refused.refusal_code) == (BatchState.REFUSED, "lake.already-delivered")

    def test_it_is_collected_when_that_is_meant(self, tmp_path: Path) -> None:
        resource = factories.resource()
        path = factories.file(tmp_path, factories.text([factories.row(1)]))
        factories.collected(resource, path)

        assert factories.collected(resource, path, is_repetition_meant=True).state is BatchState.PUBLISHED

    def test_an_older_file_may_come_back(self, tmp_path: Path) -> None:
        resource = factories.resource()
        old = factories.file(tmp_path, factories.text([factories.row(1)]), name="old.csv")
        factories.collected(resource, old)
        factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(2)])))

        assert factories.collected(resource, old).state is BatchState.PUBLISHED


class TestRules:
    def test_a_resource_may_take_batches_only_whole(self, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(1)])))
        api.change_rule(resource_code=resource.code, is_all_or_nothing=True, actor=PLATFORM, at=factories.AT)
        bad = factories.file(tmp_path, factories.text([factories.row(2), factories.row(3, staff="x")]))

        with pytest.raises(api.FaultsNotTolerated):
            factories.collected(resource, bad)

        assert keys_served(view_name(resource.code)) == ["01"]

    def test_another_departments_officer_may_not_deliver(self, tmp_path: Path) -> None:
        resource = factories.resource()
        stranger = factories.officer()
        path = factories.file(tmp_path, factories.text([factories.row(1)]))

        with pytest.raises(Refused):
            api.collect(
                resource_code=resource.code, source=path, file_name="x.csv", actor=stranger, at=factories.AT
            )

        assert api.serving(resource_id=resource.id) is None

    def test_two_collections_of_one_resource_do_not_meet(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resource = factories.resource()
        monkeypatch.setattr("zhengshu.foundation.locks.take", lambda *_: False)

        with pytest.raises(api.CollectionRunning):
            factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(1)])))

        monkeypatch.undo()
        with collecting(resource.id):
            assert api.serving(resource_id=resource.id) is None


class TestColumns:
    def test_a_new_version_changes_the_served_columns(self, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(1)])))
        items = [
            *factories.ITEMS[:4],
            ItemDraft(name="从业人数", column="staff"),
            ItemDraft(name="电话", column="phone"),
        ]

        with _items(resource.code, items):
            path = factories.file(tmp_path, "credit_code,name,staff,phone\n914703000000000001,甲,许多,139\n")
            factories.collected(resource, path, mode=DeliveryMode.UPSERT)

        serving = api.serving(resource_id=resource.id)
        assert serving is not None
        assert [column.column for column in serving.columns][-2:] == ["staff", "phone"]
        assert {column.column: column.kind for column in serving.columns}["staff"] == DataType.TEXT

    def test_former_rows_are_carried_over_into_new_columns(self, tmp_path: Path) -> None:
        resource = factories.resource()
        rows = factories.text(map(factories.row, (1, 2)))
        factories.collected(resource, factories.file(tmp_path, rows))

        with _items(resource.code, [*factories.ITEMS, ItemDraft(name="电话", column="phone")]):
            path = factories.file(tmp_path, "credit_code,name,phone\n914703000000000002,乙,139\n")
            factories.collected(resource, path, mode=DeliveryMode.UPSERT)

        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, phone FROM serving.{view_name(resource.code)} ORDER BY credit_code")  # noqa: S608 - our own
            assert cursor.fetchall() == [("云州第1商贸有限公司", None), ("乙", "139")]


class TestLineage:
    def test_each_batch_is_one_snapshot_that_names_it(self, tmp_path: Path) -> None:
        resource = factories.resource()
        batches = [
            factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(number)])))
            for number in (1, 2)
        ]

        history = api.history(resource=resource, actor=PLATFORM)

        assert [one.batch_id for one in history] == [str(batch.id) for batch in reversed(batches)]
        assert [one.is_served for one in history] == [True, False]
        summary = warehouse.snapshots(view_name(resource.code))[0]
        assert summary["zhengshu.digest-sha256"] == batches[1].digest
        assert summary["zhengshu.accepted"] == "1"

    def test_a_part_of_a_file_without_a_fitting_row_leaves_no_empty_group(self) -> None:
        columns = columns_of(factories.resource())
        target = warehouse.prepare(name="parts", columns=columns, batch_id=new_id())
        row = dict.fromkeys((column.column for column in columns), None) | {"credit_code": "1", "name": "甲"}
        full = pa.RecordBatch.from_pylist([row], schema=target.schema)

        assert list(warehouse.write(target, [full, full.slice(0, 0), full])) == [1, 1]

        groups = pq.read_metadata(target.paths[0].removeprefix("file://"))
        assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [1, 1]

    def test_the_former_table_is_dropped_and_keys_are_indexed(self, tmp_path: Path) -> None:
        resource = factories.resource()
        tables = []
        for number in (1, 2):
            factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(number)])))
            tables.append(ServingTable.objects.get(resource_id=resource.id).table)

        former, table = tables
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'serving' AND tablename = ANY(%s)",
                [tables],
            )
            assert [name for (name,) in cursor.fetchall()] == [table] != [former]
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'serving' AND tablename = %s", [table]
            )
            assert ["(credit_code)" in definition for (definition,) in cursor.fetchall()] == [True]


class TestWhoSees:
    def test_officers_see_their_own_department_reviewers_all_but_no_rows(self, tmp_path: Path) -> None:
        resource = factories.resource()
        text = factories.text([factories.row(1), factories.row(2, staff="x")])
        batch = factories.collected(resource, factories.file(tmp_path, text))
        own, stranger = factories.officer(resource.department_id), factories.officer()
        reviewer = trust.actor(Role.REVIEWER)

        assert api.batch(batch_id=batch.id, actor=own) == batch
        assert api.batch(batch_id=batch.id, actor=reviewer).set_aside == 1
        assert api.set_aside_rows(batch_id=batch.id, actor=own, query=factories.ALL).total == 1
        with pytest.raises(api.BatchNotFound):
            api.batch(batch_id=batch.id, actor=stranger)
        with pytest.raises(api.RowsNotYours):
            api.set_aside_rows(batch_id=batch.id, actor=reviewer, query=factories.ALL)
        with pytest.raises(api.RowsNotYours):
            api.export_set_aside(batch_id=batch.id, file_format="csv", actor=reviewer, at=factories.AT)

    def test_the_preview_is_masked_by_grade(self, tmp_path: Path) -> None:
        resource = factories.resource()
        factories.collected(resource, factories.file(tmp_path, factories.text([factories.row(1)])))

        preview = api.preview(resource=resource, actor=factories.officer(resource.department_id))

        assert preview is not None
        shown = dict(zip(preview.headings, preview.rows[0], strict=True))
        assert shown["企业名称"] == "云州第1商贸有限公司"
        assert shown["法定代表人"] == "****"
        with pytest.raises(api.RowsNotYours):
            api.preview(resource=resource, actor=trust.actor(Role.REVIEWER))


class _items:  # noqa: N801 - reads as a phrase
    """Let the catalogue answer with other items, as a later version would."""

    def __init__(self, code: str, items: list[ItemDraft]) -> None:
        from dataclasses import replace

        from zhengshu.contexts.catalog import api as catalog

        self._patch = pytest.MonkeyPatch()
        self._items = tuple(items)
        self._resource = catalog.resource
        self._resources = catalog.resources
        self._replace = replace

    def __enter__(self) -> None:
        from zhengshu.contexts.catalog import api as catalog

        self._patch.setattr(catalog, "resource", lambda **asked: self._other(self._resource(**asked)))
        self._patch.setattr(
            catalog,
            "resources",
            lambda **asked: {k: self._other(v) for k, v in self._resources(**asked).items()},
        )

    def __exit__(self, *_: object) -> None:
        self._patch.undo()

    def _other(self, record: object) -> object:
        return self._replace(record, items=self._items, version=2)  # type: ignore[type-var]  # a frozen record
