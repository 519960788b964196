"""The tests' plugin: every test runs on the real PostgreSQL, in a database copied from a migrated template.

Loaded by ``-p zhengshu.project.testing`` before the settings are, so that they find the embedded server.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from zhengshu.project import database

os.environ.setdefault("ZHENGSHU_DATA", "var/test")
database.DATA_FOLDER = Path(os.environ["ZHENGSHU_DATA"]).resolve()
database.ensure()

# How fast a machine is, and what else it does, is not a property of the code under test.
settings.register_profile("zhengshu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zhengshu")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy the template database; make it first when the migrations have changed."""
    from django.db import connection

    from zhengshu.project.testing import template_database

    for needed in ("django_test_environment", "django_db_modify_db_settings"):
        request.getfixturevalue(needed)
    with django_db_blocker.unblock():
        name = template_database.copy(connection, digest=_digest_of_migrations())
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
