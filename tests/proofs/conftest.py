"""A city whose calls are watched. Passwords are hashed quickly; what they cost in earnest is tested in `trust`."""

from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.models import SecurityPolicy
from zhengshu.kernel.actors import Actor, Role


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def place(db: None, tmp_path: Path) -> factories.City:
    SecurityPolicy.objects.create(second_factor=SecondFactorRule.NONE.value)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_call_record DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM exchange_call_record")
        cursor.execute("ALTER TABLE exchange_call_record ENABLE TRIGGER ALL")
    place = factories.city(tmp_path, at=NOW)
    factories.granted(place, at=NOW)
    return place


@pytest.fixture
def grant(place: factories.City) -> Grant:
    return factories.grant_row(place)


@pytest.fixture
def guard(place: factories.City) -> Actor:
    return factories.colleague("guard", Role.SECURITY_ADMIN, of=place.reviewer, at=NOW)
