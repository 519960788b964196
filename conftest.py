"""Every test runs on the real PostgreSQL."""

import os

from zhengshu.project import database

os.environ.setdefault("ZHENGSHU_DATA", "var/test")
database.ensure()
