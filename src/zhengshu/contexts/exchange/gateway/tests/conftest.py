"""A real gateway on the test database."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from tests.kit.gateway import GatewayProcess, Granted, Office, SigningKey, database_url, person


@dataclass(frozen=True, slots=True)
class Desk:
    """A key with a grant on a table of a hundred persons, before a running gateway."""

    url: str
    office: Office
    key: SigningKey
    granted: Granted


@pytest.fixture(autouse=True)
def database(db: None) -> None:
    """Have the test database made, whoever makes it."""


@pytest.fixture(scope="session")
def office(django_db_setup: None) -> Iterator[Office]:
    office = Office(database_url(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"])))
    yield office
    office.close()


@pytest.fixture(scope="module", autouse=True)
def reports_end_with_the_file(office: Office) -> Iterator[None]:
    """Leave no report of a monitor behind: what a gateway writes stays in the database that other tests use."""
    yield
    office.run("DELETE FROM exchange_monitor_report")


@pytest.fixture(scope="session")
def gateway(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    log: Path = tmp_path_factory.mktemp("gateway") / "gateway.log"
    process = GatewayProcess.start(office.url, log=log, ZHENGSHU_GATEWAY_MOST_FAILURES="100000")
    office.settle = process.catches_up
    yield process
    assert process.stop() == 0, log.read_text()


@pytest.fixture(scope="session")
def view(office: Office) -> str:
    return office.serve([person(number) for number in range(100)])


@pytest.fixture
def desk(office: Office, gateway: GatewayProcess, view: str) -> Desk:
    key = office.key()
    return Desk(gateway.url, office, key, office.grant(key, view=view))
