"""Passwords are hashed quickly here; what they cost in earnest is tested in `trust`."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from zhengshu.contexts.exchange.tests import factories


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def place(tmp_path: Path) -> factories.City:
    cache.clear()
    return factories.city(tmp_path, at=factories.NOW - timedelta(days=1))
