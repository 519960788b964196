"""The tests' plugin: every test runs on the real PostgreSQL, in a database copied from a migrated template.

Loaded by ``-p zhengshu.project.testing`` before the settings are, so that they find the embedded server.
"""

import os
from pathlib import Path

import psycopg
from hypothesis import HealthCheck, settings

from zhengshu.project import database


def _write_without_waiting_for_the_disk(url: str) -> None:
    """Let the embedded server leave its files to the system: processes are killed here, never the machine."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("ALTER SYSTEM SET full_page_writes = off")
        server.execute("SELECT pg_reload_conf()")


SHARED = Path(
    os.environ.setdefault("ZHENGSHU_TESTS_DATA", os.environ.get("ZHENGSHU_DATA", "var/test"))
).resolve()
"""What all processes of a run share: the database server, and the platform that is prepared once."""

database.DATA_FOLDER = SHARED
address = database.ensure()
if database.is_embedded():
    _write_without_waiting_for_the_disk(address)
# Files lie in folders of their own, as rows do in databases: two processes may install the same city at once.
database.DATA_FOLDER = SHARED / os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ["ZHENGSHU_DATA"] = str(database.DATA_FOLDER)

# How fast a machine is, and what else it does, is not a property of the code under test.
settings.register_profile("zhengshu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zhengshu")
