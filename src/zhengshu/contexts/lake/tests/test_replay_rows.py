"""Rows that were set aside come back corrected."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from psycopg import sql

from zhengshu.contexts.catalog.api import ResourceRecord
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchRecord, SourceKind
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.tests import factories
from zhengshu.contexts.lake.tests.factories import AT, PLATFORM
from zhengshu.foundation.lists import ListQuery

pytestmark = pytest.mark.django_db


@pytest.fixture
def resource() -> ResourceRecord:
    return factories.resource()


@pytest.fixture
def batch(resource: ResourceRecord, tmp_path: Path) -> BatchRecord:
    rows = [
        factories.row(1),
        factories.row(2, staff="很多"),
        factories.row(3, staff="x", name="=HYPERLINK(1)"),
    ]
    return factories.collected(resource, factories.file(tmp_path, factories.text(rows)))


def waiting(batch: BatchRecord) -> list[int]:
    query = ListQuery(size=200, filters={"open": ("1",)})
    return [row.line for row in api.set_aside_rows(batch_id=batch.id, actor=PLATFORM, query=query).rows]


def served(resource: ResourceRecord) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        query = "SELECT right(credit_code, 1), name, staff FROM serving.{} ORDER BY 1"
        cursor.execute(sql.SQL(query).format(sql.Identifier(view_name(resource.code))))
        return [tuple(row) for row in cursor.fetchall()]


def exported(batch: BatchRecord) -> list[dict[str, str]]:
    path = api.export_set_aside(batch_id=batch.id, file_format="csv", actor=PLATFORM, at=AT)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


class TestReplayRows:
    def test_corrected_rows_are_added_to_what_is_served(
        self, resource: ResourceRecord, batch: BatchRecord
    ) -> None:
        done = api.replay_rows(batch_id=batch.id, corrections={3: {"staff": "12"}}, actor=PLATFORM, at=AT)

        assert (done.corrected, done.still_faulty) == (1, 0)
        assert done.batch is not None
        assert (done.batch.source_kind, done.batch.replay_of) == (SourceKind.REPLAY, batch.id)
        assert [row[0] for row in served(resource)] == ["1", "2"]
        assert waiting(batch) == [4]

    def test_rows_that_still_do_not_fit_wait_with_their_new_values(self, batch: BatchRecord) -> None:
        done = api.replay_rows(batch_id=batch.id, corrections={3: {"staff": "1.5"}}, actor=PLATFORM, at=AT)

        assert (done.batch, done.corrected, done.still_faulty) == (None, 0, 1)
        assert api.set_aside_row(batch_id=batch.id, line=3, actor=PLATFORM).values["staff"] == "1.5"

    def test_a_row_is_corrected_once(self, batch: BatchRecord) -> None:
        api.replay_rows(batch_id=batch.id, corrections={3: {"staff": "12"}}, actor=PLATFORM, at=AT)

        with pytest.raises(api.NothingToReplay):
            api.replay_rows(batch_id=batch.id, corrections={3: {"staff": "12"}}, actor=PLATFORM, at=AT)

    def test_a_replaced_batch_is_not_corrected(
        self, resource: ResourceRecord, batch: BatchRecord, tmp_path: Path
    ) -> None:
        factories.collected(
            resource, factories.file(tmp_path, factories.text([factories.row(9)])), later=True
        )

        with pytest.raises(api.BatchSuperseded):
            api.replay_rows(batch_id=batch.id, corrections={3: {"staff": "12"}}, actor=PLATFORM, at=AT)


class TestFiles:
    def test_the_download_names_line_and_reason_and_disarms_formulas(self, batch: BatchRecord) -> None:
        first, second = exported(batch)

        assert (first["行号"], first["从业人数"]) == ("3", "很多")
        assert first["原因"].startswith("从业人数：")
        assert second["企业名称"] == "'=HYPERLINK(1)"

    def test_the_corrected_file_comes_back(
        self, resource: ResourceRecord, batch: BatchRecord, tmp_path: Path
    ) -> None:
        rows = exported(batch)
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "从业人数": "5"} for row in rows)
        path = factories.file(tmp_path, buffer.getvalue(), name="更正.csv")

        done = api.replay_file(batch_id=batch.id, source=path, file_name=path.name, actor=PLATFORM, at=AT)

        assert done.corrected == 2
        assert served(resource)[2] == ("3", "=HYPERLINK(1)", 5)
        assert waiting(batch) == []

    def test_the_workbook_holds_the_same(self, batch: BatchRecord) -> None:
        path = api.export_set_aside(batch_id=batch.id, file_format="xlsx", actor=PLATFORM, at=AT)

        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
        assert sheet is not None
        assert [cell.value for cell in sheet["A"]] == ["行号", "3", "4"]

    def test_a_file_without_line_numbers_is_refused(self, batch: BatchRecord, tmp_path: Path) -> None:
        path = factories.file(tmp_path, factories.text([factories.row(2)]))

        with pytest.raises(api.LinesMissing):
            api.replay_file(batch_id=batch.id, source=path, file_name=path.name, actor=PLATFORM, at=AT)
