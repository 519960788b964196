"""Fixtures of all tests."""

import gc
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy the template database; make it first when the migrations have changed."""
    from django.db import connection

    from zhengshu.project.testing import template_database

    for needed in ("django_test_environment", "django_db_modify_db_settings"):
        request.getfixturevalue(needed)
    with django_db_blocker.unblock():
        name = template_database.copy(connection, digest=_digest_of_migrations())
        template_database.empty_quickly(connection)
    yield
    with django_db_blocker.unblock():
        template_database.drop(connection, name)


def _digest_of_migrations() -> str:
    from django.apps import apps

    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.*")):
            digest.update(f"{app.label} {file.name}".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def pytest_configure() -> None:
    """Hash passwords with Argon2id as in production, but at its least cost: tests make thousands of accounts.

    Nothing that is imported and collected becomes garbage: it is not looked through for any, now or later.
    """
    gc.disable()
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 64
    Argon2PasswordHasher.parallelism = 1


def pytest_collection_finish() -> None:
    """Look for garbage again, but not among what was collected."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Let what was kept go, or libraries complain at the end that it is still there."""
    gc.unfreeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files that are given much time, so that no process ends long after the others; browsers come last.

    They leave an event loop behind, which others would meet. Files and tests that are alike stay in random order.
    """
    seconds: dict[Path, float] = defaultdict(float)
    for item in items:
        limit = item.get_closest_marker("timeout")
        if limit is not None:
            seconds[item.path] = max(seconds[item.path], limit.args[0])
    items.sort(key=lambda item: (item.get_closest_marker("e2e") is not None, -seconds[item.path]))
