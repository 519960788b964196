"""Collecting a table of a department's database: here the very PostgreSQL of the tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy
from django.db import connection
from sqlalchemy.engine import URL, Engine, make_url

from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchRecord
from zhengshu.contexts.lake.application import collect_table as module
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.tests import factories
from zhengshu.contexts.lake.tests.factories import AT, PLATFORM

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "lake_source_of_tests"


@pytest.fixture
def url() -> URL:
    return make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql")


@pytest.fixture
def source(url: URL) -> Iterator[Engine]:
    engine = sqlalchemy.create_engine(url.set(drivername="postgresql+psycopg"))
    with engine.begin() as database:
        database.execute(sqlalchemy.text(f"DROP TABLE IF EXISTS {TABLE}"))
        database.execute(
            sqlalchemy.text(
                f"CREATE TABLE {TABLE} (credit_code text PRIMARY KEY, name text, founded_on date, "
                "capital numeric(12, 2), staff int, is_listed boolean, changed_at timestamptz, legal_person text)"
            )
        )
    yield engine
    with engine.begin() as database:
        database.execute(sqlalchemy.text(f"DROP TABLE {TABLE}"))
    engine.dispose()


def insert(engine: Engine, *numbers: int, name: str = "名") -> None:
    with engine.begin() as database:
        for number in numbers:
            database.execute(
                sqlalchemy.text(
                    f"INSERT INTO {TABLE} VALUES (:code, :name, '2014-05-06', 12.50, :n, true, "  # noqa: S608 - our own table
                    "timestamptz '2026-01-01 00:00:00Z' + make_interval(mins => :n), '张') "
                    "ON CONFLICT (credit_code) DO UPDATE SET name = excluded.name, changed_at = excluded.changed_at"
                ),
                {"code": f"91470300{number:010d}", "name": name, "n": number},
            )


@pytest.fixture
def collect(url: URL) -> Callable[[], BatchRecord | None]:
    resource = factories.resource()

    def run(cursor_column: str = "changed_at") -> BatchRecord | None:
        return api.collect_table(
            resource_code=resource.code,
            url=url.render_as_string(hide_password=False),
            table=TABLE,
            cursor_column=cursor_column,
            actor=PLATFORM,
            at=AT,
        )

    run.view = view_name(resource.code)  # type: ignore[attr-defined]  # for the reader of the view
    return run


def served(view: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT right(credit_code, 2), name FROM serving.{view} ORDER BY 1")  # noqa: S608 - our own view
        return [(str(key), str(name)) for key, name in cursor.fetchall()]


class TestCollectTable:
    def test_only_what_is_new_is_fetched(
        self, source: Engine, collect: Callable[[], BatchRecord | None]
    ) -> None:
        insert(source, 1, 2, 3)
        first = collect()
        again = collect()
        insert(source, 4)

        second = collect()

        assert first is not None
        assert second is not None
        assert (first.accepted, again) == (3, None)
        assert second.accepted == 2  # the row at the former boundary comes again and replaces itself
        assert [key for key, _ in served(collect.view)] == ["01", "02", "03", "04"]  # type: ignore[attr-defined]  # see the fixture

    def test_a_killed_collection_goes_on_with_the_next_page(
        self, source: Engine, collect: Callable[[], BatchRecord | None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        insert(source, *range(1, 8))
        monkeypatch.setattr(module, "PAGE_ROWS", 2)
        join = module._join

        def die_after_two_pages(pages: list[Path], _: Path) -> None:
            for page in pages[2:]:
                page.unlink()
            raise KeyboardInterrupt

        monkeypatch.setattr(module, "_join", die_after_two_pages)
        with pytest.raises(KeyboardInterrupt):
            collect()
        monkeypatch.setattr(module, "_join", join)

        batch = collect()

        assert batch is not None
        assert batch.accepted == 7
        assert len(served(collect.view)) == 7  # type: ignore[attr-defined]  # see the fixture

    def test_without_a_cursor_everything_is_replaced(
        self, source: Engine, collect: Callable[[str], BatchRecord | None]
    ) -> None:
        insert(source, 1, 2)
        collect("")
        with source.begin() as database:
            database.execute(sqlalchemy.text(f"DELETE FROM {TABLE} WHERE staff = 1"))  # noqa: S608 - our own table

        collect("")

        assert [key for key, _ in served(collect.view)] == ["02"]  # type: ignore[attr-defined]  # see the fixture

    def test_an_unknown_table_or_cursor_is_said(
        self, source: Engine, collect: Callable[[str], BatchRecord | None], url: URL
    ) -> None:
        insert(source, 1)
        with pytest.raises(api.TableUnknown, match="nowhere"):
            collect("nowhere")

    def test_an_unreachable_database_is_said_without_its_password(self) -> None:
        resource = factories.resource()

        with pytest.raises(api.DatabaseUnreachable) as caught:
            api.collect_table(
                resource_code=resource.code,
                url="postgresql://reader:geheim@127.0.0.1:1/none",
                table="t",
                actor=PLATFORM,
                at=AT,
            )

        assert "geheim" not in str(caught.value)

    @pytest.mark.parametrize(
        "url", ["oracle://x", "sqlite:///etc/passwd", "not an address", "file:///etc/passwd"]
    )
    def test_other_addresses_are_refused(self, url: str) -> None:
        resource = factories.resource()

        with pytest.raises(api.AddressUnknown):
            api.collect_table(resource_code=resource.code, url=url, table="t", actor=PLATFORM, at=AT)
