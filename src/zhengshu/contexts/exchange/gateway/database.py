"""Connections to PostgreSQL."""

import asyncio
from collections.abc import Sequence
from typing import TypeAlias

import asyncpg

Row: TypeAlias = asyncpg.Record
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    OSError,
    asyncio.TimeoutError,
)
"""What a broken connection, a silent or a stopping server looks like."""

_SETTINGS = {"application_name": "zhengshu-gateway", "synchronous_commit": "on", "timezone": "UTC"}
_CONNECT_SECONDS = 2.0


async def connect(url: str) -> Connection:
    """Open a connection whose commits are on disk when they return."""
    return await asyncpg.connect(url, server_settings=_SETTINGS, timeout=_CONNECT_SECONDS)


def reading_pool(url: str, *, size: int, milliseconds: int) -> Pool:
    """Return a pool of connections that only read; opened with the first use.

    Nothing of a session is ever changed, so a connection goes back without the usual reset, which would cost
    a round trip for each call.
    """
    settings = {
        **_SETTINGS,
        "default_transaction_read_only": "on",
        "statement_timeout": str(milliseconds),
        "jit": "off",
    }
    return asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        reset=_keep,
        server_settings=settings,
        timeout=_CONNECT_SECONDS,
        statement_cache_size=1000,
        max_cached_statement_lifetime=0,
        max_inactive_connection_lifetime=0,
    )


async def fetch(pool: Pool, query: str, *values: object) -> Sequence[Row]:
    """Return the rows of a query; a connection that breaks meanwhile is thrown away."""
    async with pool.acquire() as connection:
        try:
            return await connection.fetch(query, *values)
        except LOST:
            connection.terminate()
            raise


async def write(pool: Pool, query: str, *values: object) -> None:
    """Run a statement that writes, in a transaction of its own; whatever fails, its connection is thrown away."""
    async with pool.acquire() as connection:
        try:
            await connection.execute("BEGIN READ WRITE")
            await connection.execute(query, *values)
            await connection.execute("COMMIT")
        except BaseException:
            connection.terminate()
            raise


async def _keep(_connection: Connection) -> None:
    """Leave the connection as it is."""
