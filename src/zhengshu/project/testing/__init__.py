"""The tests' plugin: every test runs on the real PostgreSQL, in a database copied from a migrated template.

Loaded by ``-p zhengshu.project.testing`` before the settings are, so that they find the embedded server.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

from zhengshu.project import database

os.environ.setdefault("ZHENGSHU_DATA", "var/test")
database.DATA_FOLDER = Path(os.environ["ZHENGSHU_DATA"]).resolve()
database.ensure()

# How fast a machine is, and what else it does, is not a property of the code under test.
settings.register_profile("zhengshu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("zhengshu")
