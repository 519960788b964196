"""Collecting a table of a department's database: the very PostgreSQL of the tests, and a real MariaDB."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy
from django.db import connection
from sqlalchemy.engine import URL, Engine, make_url
from tests.kit.mariadb import mariadb

from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchRecord
from zhengshu.contexts.lake.application import collect_table as module
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.tests import factories
from zhengshu.contexts.lake.tests.factories import AT, PLATFORM

pytestmark = pytest.mark.django_db(transaction=True)
TABLE = "lake_source_of_tests"


@dataclass(frozen=True, slots=True)
class Source:
    """A department's database: its owner's engine, and the address with which the lake reads."""

    engine: Engine
    url: URL

    def insert(self, *numbers: int, name: str = "名") -> None:
        """Write rows; a row that is there gets the new name."""
        is_mysql = self.engine.dialect.name == "mysql"
        moment = (
            "timestampadd(minute, :n, '2026-01-01 00:00:00')"
            if is_mysql
            else "timestamptz '2026-01-01 00:00:00Z' + make_interval(mins => :n)"
        )
        verb, end = (
            ("REPLACE", "")
            if is_mysql
            else ("INSERT", " ON CONFLICT (credit_code) DO UPDATE SET name = excluded.name")
        )
        statement = (
            f"{verb} INTO {TABLE} VALUES (:code, :name, '2014-05-06', 12.50, :n, true, {moment}, '张'){end}"
        )
        with self.engine.begin() as database:
            for number in numbers:
                values = {"code": f"91470300{number:010d}", "name": name, "n": number}
                database.execute(sqlalchemy.text(statement), values)


@pytest.fixture(scope="session")
def department() -> Iterator[tuple[URL, URL]]:
    with mariadb() as addresses:
        yield addresses


@pytest.fixture(params=["postgresql", "mariadb"])
def source(request: pytest.FixtureRequest) -> Iterator[Source]:
    if request.param == "mariadb":
        owner, reader = request.getfixturevalue("department")
        owner, moment = owner.set(drivername="mysql+pymysql"), "datetime"
    else:
        reader = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql")
        owner, moment = reader.set(drivername="postgresql+psycopg"), "timestamptz"
    engine = sqlalchemy.create_engine(owner)
    with engine.begin() as database:
        database.execute(sqlalchemy.text(f"DROP TABLE IF EXISTS {TABLE}"))
        database.execute(
            sqlalchemy.text(
                f"CREATE TABLE {TABLE} (credit_code varchar(18) PRIMARY KEY, name varchar(100), founded_on date, "
                f"capital numeric(12, 2), staff int, is_listed boolean, changed_at {moment}, legal_person varchar(50))"
            )
        )
    yield Source(engine, reader)
    with engine.begin() as database:
        database.execute(sqlalchemy.text(f"DROP TABLE {TABLE}"))
    engine.dispose()


@pytest.fixture
def collect(source: Source) -> Callable[[], BatchRecord | None]:
    resource = factories.resource()

    def run(cursor_column: str = "changed_at") -> BatchRecord | None:
        return api.collect_table(
            resource_code=resource.code,
            url=source.url.render_as_string(hide_password=False),
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
        self, source: Source, collect: Callable[[], BatchRecord | None]
    ) -> None:
        source.insert(1, 2, 3)
        first = collect()
        again = collect()
        source.insert(4)

        second = collect()

        assert first is not None
        assert second is not None
        assert (first.accepted, again) == (3, None)
        assert second.accepted == 2  # the row at the former boundary comes again and replaces itself
        assert [key for key, _ in served(collect.view)] == ["01", "02", "03", "04"]  # type: ignore[attr-defined]  # see the fixture

    def test_a_killed_collection_goes_on_with_the_next_page(
        self, source: Source, collect: Callable[[], BatchRecord | None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source.insert(*range(1, 8))
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
        self, source: Source, collect: Callable[[str], BatchRecord | None]
    ) -> None:
        source.insert(1, 2)
        collect("")
        with source.engine.begin() as database:
            database.execute(sqlalchemy.text(f"DELETE FROM {TABLE} WHERE staff = 1"))  # noqa: S608 - our own table

        collect("")

        assert [key for key, _ in served(collect.view)] == ["02"]  # type: ignore[attr-defined]  # see the fixture

    def test_an_unknown_table_or_cursor_is_said(
        self, source: Source, collect: Callable[[str], BatchRecord | None]
    ) -> None:
        source.insert(1)
        with pytest.raises(api.TableUnknown, match="nowhere"):
            collect("nowhere")

    def test_values_arrive_as_they_stand(
        self, source: Source, collect: Callable[[], BatchRecord | None]
    ) -> None:
        source.insert(7, name="𠮷田商贸（云州）有限公司")

        batch = collect()

        assert batch is not None
        assert (batch.accepted, batch.set_aside) == (1, 0)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name, founded_on, capital, staff, is_listed FROM serving.{collect.view}")  # type: ignore[attr-defined]  # noqa: S608 - our own view
            assert cursor.fetchall() == [
                ("𠮷田商贸（云州）有限公司", date(2014, 5, 6), Decimal("12.50"), 7, True)
            ]

    def test_a_wrong_password_is_said_and_not_told(self, source: Source) -> None:
        resource = factories.resource()
        wrong = source.url.set(password="geheim").set(username="stranger")

        with pytest.raises(api.DatabaseUnreachable) as caught:
            api.collect_table(
                resource_code=resource.code,
                url=wrong.render_as_string(hide_password=False),
                table=TABLE,
                actor=PLATFORM,
                at=AT,
            )

        assert "geheim" not in str(caught.value)

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
