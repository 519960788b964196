"""Reads that go together: each call gets its own rows, and nobody suffers from the key of another."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import asyncpg
import pytest
from tests.kit import loops
from tests.kit.gateway import PURPOSE, Office, person

from zhengshu.contexts.exchange.domain.statements import Statement
from zhengshu.contexts.exchange.gateway.database import reading_pool
from zhengshu.contexts.exchange.gateway.flights import Flights
from zhengshu.contexts.exchange.gateway.tests.calling import get
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk


def statement_for(view: str) -> Statement:
    """Return what `select` makes for one key and one column, written out."""
    return Statement(
        sql=f"SELECT name FROM serving.{view} WHERE citizen_id = $1 ORDER BY 1 LIMIT $2 OFFSET $3",  # noqa: S608 - our own view
        many_sql=(
            "SELECT found.*, asked.place FROM unnest($1::text[]) WITH ORDINALITY AS asked(value, place) "  # noqa: S608 - our own view
            f"CROSS JOIN LATERAL (SELECT name FROM serving.{view} WHERE citizen_id = asked.value "
            "ORDER BY 1 LIMIT $2 OFFSET $3) AS found ORDER BY asked.place, 1"
        ),
        columns=("name",),
        filter_values=(),
    )


class TestManyCallsAtOnce:
    def test_each_gets_its_own_row(self, desk: Desk, view: str) -> None:
        key = desk.office.key()
        granted = desk.office.grant(key, view=view, per_second=100_000)

        def answer(number: int) -> object:
            citizen = person(number)["citizen_id"]
            path = f"/v1/resources/{granted.resource}/records?key.citizen_id={citizen}&fields=name,phone"
            return get(desk.url, path, key, purpose=PURPOSE).json()["rows"]

        alone = [answer(number) for number in range(30)]
        numbers = [number % 30 for number in range(240)]
        with ThreadPoolExecutor(16) as threads:
            together = list(threads.map(answer, numbers))

        assert together == [alone[number] for number in numbers]
        assert len({str(rows) for rows in alone}) > 1, alone


class TestFlights:
    def test_go_together_in_few_queries(self, office: Office, view: str) -> None:
        async def fly() -> tuple[list[object], int]:
            async with reading_pool(office.url, size=4, milliseconds=2000) as pool:
                flights, statement = Flights(pool), statement_for(view)
                keys = [str(person(number % 100)["citizen_id"]) for number in range(50)] + ["nobody"]
                read = [flights.read(statement, key, limit=5, offset=0) for key in keys]
                rows = await asyncio.gather(*read)
                return [[row[0] for row in one] for one in rows], len(flights._lines)

        names, lines_left = loops.run(fly())

        assert names == [[person(number)["name"]] for number in range(50)] + [[]]
        assert lines_left == 0

    def test_a_poisoned_key_fails_alone(self, office: Office, view: str) -> None:
        async def fly() -> list[object]:
            async with reading_pool(office.url, size=4, milliseconds=2000) as pool:
                flights, statement = Flights(pool), statement_for(view)
                keys = [str(person(number)["citizen_id"]) for number in range(5)]
                read = [flights.read(statement, key, limit=5, offset=0) for key in [*keys, "a\0b", *keys]]
                return list(await asyncio.gather(*read, return_exceptions=True))

        outcomes = loops.run(fly())

        faults = [one for one in outcomes if isinstance(one, BaseException)]
        assert len(faults) == 1
        assert isinstance(faults[0], asyncpg.PostgresError)
        assert [len(one) for one in outcomes if isinstance(one, list)] == [1] * 10


@pytest.mark.parametrize("limit", [1, 2])
def test_page_size_is_that_of_each_call(office: Office, view: str, limit: int) -> None:
    async def fly() -> list[int]:
        async with reading_pool(office.url, size=2, milliseconds=2000) as pool:
            flights, statement = Flights(pool), statement_for(view)
            key = str(person(3)["citizen_id"])
            rows = await asyncio.gather(
                *(flights.read(statement, key, limit=limit, offset=o) for o in (0, 1, 0))
            )
            return [len(one) for one in rows]

    assert loops.run(fly()) == [1, 0, 1]
