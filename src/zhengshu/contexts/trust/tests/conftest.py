"""Passwords are hashed quickly here; what they cost in earnest is tested in test_sign_in.py."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from zhengshu.contexts.trust.models import Account
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.coming_in import admitted
from zhengshu.contexts.trust.tests.lying_provider import LyingProvider
from zhengshu.contexts.trust.tests.signing import fresh
from zhengshu.kernel.actors import Role


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest, settings: Settings) -> None:
    if "real_hashes" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def real_hashes() -> None:
    """Ask for the hasher of production."""


@pytest.fixture
def official() -> Account:
    return fresh(factories.account(Role.DATA_OFFICER))


@pytest.fixture
def province() -> Iterator[LyingProvider]:
    with LyingProvider() as provider:
        yield provider


@pytest.fixture
def provider_id(province: LyingProvider) -> UUID:
    return admitted(province)
