"""What all tests of `catalog` share: quick passwords, a city, plain sign-in."""

import pytest
from pytest_django.fixtures import Settings

from zhengshu.contexts.catalog.tests import factories
from zhengshu.contexts.catalog.tests.factories import City


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def town() -> City:
    return factories.city()
