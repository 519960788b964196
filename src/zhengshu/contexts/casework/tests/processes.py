"""Programs that work on the tests' database in a process of their own, so that they can be killed."""

import os

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """Return the environment in which a program finds the tests' database, mail server and SMS outbox."""
    own = connection.settings_dict
    url = f"postgresql://{own['USER']}@/{own['NAME']}?host={own['HOST']}" + (
        f"&port={own['PORT']}" if own["PORT"] else ""
    )
    return {
        **os.environ,
        "DATABASE_URL": url,
        "ZHENGSHU_MAIL_HOST": "127.0.0.1",
        "ZHENGSHU_MAIL_SECURITY": "none",
        "ZHENGSHU_MAIL_PORT": str(settings.MAIL_PORT),
        "ZHENGSHU_SMS_OUTBOX": str(settings.SMS_OUTBOX or ""),
    }
