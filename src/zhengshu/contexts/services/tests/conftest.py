"""What all tests of `services` share: quick passwords, an index that knows nothing yet, a town with its organs."""

import pytest
from pytest_django.fixtures import Settings

from zhengshu.contexts.catalog.tests import factories as catalog_factories
from zhengshu.contexts.services.application.index import INDEX


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _fresh_index() -> None:
    INDEX.forget()


@pytest.fixture
def town() -> catalog_factories.City:
    return catalog_factories.city()
