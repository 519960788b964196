"""The truth against the platform's own assessments: what was spoilt on purpose is set aside, repaired or blamed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test.utils import override_settings
from pyarrow import parquet as pq
from pytest_django import DjangoDbBlocker

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality import api as quality
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.storage import data_folder
from zhengshu.project.demo_city.accounts import PLATFORM
from zhengshu.project.demo_city.load import install_city
from zhengshu.project.demo_city.platform_content import Resource, read_platform
from zhengshu.project.demo_city.tests.small import SEED, SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]
QUICK_HASHER = ["django.contrib.auth.hashers.MD5PasswordHasher"]
COVERED = {
    "check_digit_wrong": {"check_digit"},
    "value_missing": {"complete", "complete_when"},
    "full_width": {"pattern"},
}
"""Planted fault → the kinds of rules that must blame it, where the lake lets its row in."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A file of the city as the platform has it.

    Attributes:
        places: number of a row in the file → its number in the table; rows that were set aside are missing.
        blamed: rule → the rows of the file that it blames.
        columns: heading → column.
    """

    outcomes: tuple[quality.OutcomeRecord, ...]
    places: Mapping[int, int]
    blamed: Mapping[str, frozenset[int]]
    columns: Mapping[str, str]
    faults: tuple[Mapping[str, str], ...]

    def finds(self, fault: Mapping[str, str], kinds: set[str]) -> bool:
        row = int(fault["row"])
        column = self.columns.get(fault["column"])
        return row not in self.places or any(
            row in self.blamed[one.code]
            for one in self.outcomes
            if one.column == column and one.kind in kinds
        )


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Mapping[str, Assessed]]:
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PASSWORD_HASHERS=QUICK_HASHER):
            install_city(
                at=datetime(2026, 6, 30, 2, tzinfo=UTC), say=lambda _said: None, persons=SMALL, seed=SEED
            )
        truth = defaultdict(list)
        for fault in pq.read_table(data_folder("demo-city", "files") / "truth/faults.parquet").to_pylist():
            truth[fault["file"]].append(fault)
        yield {one.file: _assessed(one, tuple(truth[one.file])) for one in read_platform().resources}
        transaction.set_rollback(True)


def _assessed(resource: Resource, faults: tuple[Mapping[str, str], ...]) -> Assessed:
    record = next(
        catalog.published_by_code(code=row.code)
        for row in catalog.search(query=ListQuery(text=resource.name), actor=PLATFORM).rows
        if row.name == resource.name
    )
    run = quality.latest_run(resource_id=record.id, actor=PLATFORM)
    assert run is not None
    outcomes = quality.outcomes(run_id=run.id, actor=PLATFORM)
    rows = _rows_by_place(resource, record)
    blamed = {
        one.code: frozenset(
            rows[place] for place in quality.failing_places(run_id=run.id, rule=one.code) if place in rows
        )
        for one in outcomes
    }
    return Assessed(
        outcomes=outcomes,
        places={row: place for place, row in rows.items()},
        blamed=blamed,
        columns={item.name: item.column for item in record.items},
        faults=faults,
    )


def _rows_by_place(resource: Resource, record: catalog.ResourceRecord) -> Mapping[int, int]:
    """Return which row of the file each row of the table was, by its texts; the lake keeps no order."""
    texts = [item for item in record.items if item.data_type is catalog.DataType.TEXT]
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    path = data_folder("demo-city", "files") / resource.file
    opened = lake.open_rows(source=path, file_name=path.name)
    number = 0
    for piece in opened.pieces():
        held = {name: piece.rows.column(place).to_pylist() for place, name in enumerate(opened.headings)}
        for index in range(piece.rows.num_rows):
            number += 1
            rows[tuple(_plain(held[item.name][index]) for item in texts)].append(number)
    found: dict[int, int] = {}
    with lake.table_files(resource_id=record.id) as files:
        assert files is not None
        place = 0
        for file in files.files:
            for batch in pq.ParquetFile(file.path).iter_batches(columns=[item.column for item in texts]):
                for row in batch.to_pylist():
                    place += 1
                    found[place] = rows[tuple(_plain(row[item.column]) for item in texts)].pop(0)
    return found


def _plain(text: str | None) -> str:
    trimmed = (text or "").strip(" \t\r\n\u00a0\u3000")
    return "" if trimmed.upper() in {"N/A", "#N/A", "NULL"} else trimmed


class TestTruth:
    @pytest.mark.parametrize("kind", COVERED)
    def test_finds_every_planted_fault_of_a_covered_kind(
        self, city: Mapping[str, Assessed], kind: str
    ) -> None:
        found = [
            one.finds(fault, COVERED[kind])
            for one in city.values()
            for fault in one.faults
            if fault["fault"] == kind
        ]

        print(f"{kind}: recall {sum(found)} of {len(found)}")  # noqa: T201 - the figure that is asked for
        assert found
        assert all(found)

    def test_shifted_rows_do_not_pass_unseen(self, city: Mapping[str, Assessed]) -> None:
        seen = [
            int(fault["row"]) not in one.places
            or any(int(fault["row"]) in rows for rows in one.blamed.values())
            for one in city.values()
            for fault in one.faults
            if fault["fault"] == "row_shifted"
        ]

        print(f"row_shifted: recall {sum(seen)} of {len(seen)}")  # noqa: T201 - as above
        assert seen
        assert all(seen)

    def test_blames_no_sound_row_of_an_error(self, city: Mapping[str, Assessed]) -> None:
        for file, one in city.items():
            spoilt = {int(fault["row"]) for fault in one.faults}
            for outcome in one.outcomes:
                if outcome.is_row_rule and outcome.severity == "error":
                    wrong = one.blamed[outcome.code] - spoilt
                    right = len(one.blamed[outcome.code]) - len(wrong)
                    print(f"{file} {outcome.code}: precision {right} of {len(one.blamed[outcome.code])}")  # noqa: T201 - as above
                    assert not wrong, (file, outcome.code, len(wrong))

    def test_every_table_of_the_city_has_a_result(self, city: Mapping[str, Assessed]) -> None:
        assert all(one.outcomes for one in city.values())
