"""Grants and keys in memory, kept up to date by the database's announcements.

One connection listens. A heartbeat on the same connection proves, several times a second, that it is alive and
that everything announced before has arrived. Whenever that proof is older than `fresh_seconds`, the gateway
refuses every call. The commit of a call looks at key and grant once more, so that not even a call under way
slips through.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import structlog

from zhengshu.contexts.exchange.domain.requests_scope import Condition
from zhengshu.contexts.exchange.domain.terms import GrantedField, Terms
from zhengshu.contexts.exchange.gateway.authentication import Key
from zhengshu.contexts.exchange.gateway.database import LOST, Connection, Row
from zhengshu.foundation.crypto.algorithms import Algorithm, verifier
from zhengshu.foundation.crypto.sealing import NotUnsealed, unseal

log = structlog.get_logger(__name__)

CHANNEL = "zhengshu_gateway"
SECONDS_BETWEEN_BEATS = 0.1
SECONDS_BETWEEN_LOADS = 30.0
SECONDS_FOR_A_BEAT = 0.8
_KEYS = """
    SELECT key_id, system_id, department_id, algorithm, sealed_secret, public_key, active_from, active_to,
           needs_official, may_report
    FROM gateway.keys WHERE active_to IS NULL OR active_to > now() - interval '90 days'
"""
_GRANTS = """
    SELECT id, system_id, consumer_department_id, provider_department_id, resource_code, view_name, key_columns,
           fields, row_filter, purposes, operations, needs_case, active_from, active_to, revoked_at
    FROM gateway.grants
"""


class Registry:
    """What one worker knows of grants and keys.

    Args:
        connect: opens a connection.
        fresh_seconds: how old the last proof may be.
        changed: called after each load.
        require: called with each new connection; may end the program.
    """

    def __init__(
        self,
        *,
        connect: Callable[[], Awaitable[Connection]],
        fresh_seconds: float,
        changed: Callable[[], None] = lambda: None,
        require: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> None:
        """Know nothing yet; `run` loads."""
        self._require = require
        self._connect, self._fresh_seconds, self._changed = connect, fresh_seconds, changed
        self.keys: Mapping[str, Key] = {}
        self._grants: Mapping[tuple[UUID, str], Sequence[Terms]] = {}
        self._known_keys: dict[Row, Key | None] = {}
        self._known_grants: dict[Row, Terms | None] = {}
        self._proved_at = float("-inf")
        self.confirmed_at = datetime.min.replace(tzinfo=UTC)
        self._announced = asyncio.Event()

    def is_fresh(self) -> bool:
        """Whether everything known was confirmed just now."""
        return time.monotonic() - self._proved_at <= self._fresh_seconds

    def grants(self, system_id: UUID, resource_code: str) -> Sequence[Terms]:
        """Return a system's grants for a resource, those that ended not long ago included."""
        return self._grants.get((system_id, resource_code), ())

    async def run(self) -> None:
        """Load, listen and prove freshness until cancelled; connect anew when the connection breaks."""
        while True:
            try:
                connection = await self._connect()
                try:
                    if self._require is not None:
                        await self._require(connection)
                    await connection.add_listener(CHANNEL, self._hear)
                    await self._follow(connection)
                finally:
                    connection.terminate()
            except LOST as fault:
                log.warning("gateway.not_listening", fault=type(fault).__name__)
            except Exception as fault:  # noqa: BLE001 - whatever fails, the gateway refuses and tries again
                log.warning("gateway.load_failed", fault=repr(fault)[:500])
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)

    async def _follow(self, connection: Connection) -> None:
        self._announced.set()
        loaded_at = float("-inf")
        while True:
            asked_at, at = time.monotonic(), datetime.now(UTC)
            await connection.execute("SELECT 1", timeout=SECONDS_FOR_A_BEAT)
            if self._announced.is_set() or asked_at - loaded_at > SECONDS_BETWEEN_LOADS:
                self._announced.clear()
                await self._load(connection)
                loaded_at = asked_at
            else:
                self._proved_at, self.confirmed_at = asked_at, at
            if self._announced.is_set():
                continue
            try:
                await asyncio.wait_for(self._announced.wait(), SECONDS_BETWEEN_BEATS)
            except TimeoutError:
                continue

    async def _load(self, connection: Connection) -> None:
        asked_at, at = time.monotonic(), datetime.now(UTC)
        key_rows = await connection.fetch(_KEYS, timeout=5)
        grant_rows = await connection.fetch(_GRANTS, timeout=10)
        self._known_keys = {row: self._known_keys.get(row) or _key(row) for row in key_rows}
        self._known_grants = {row: self._known_grants.get(row) or _terms(row) for row in grant_rows}
        self.keys = {key.key_id: key for key in self._known_keys.values() if key is not None}
        self._grants = _by_system(terms for terms in self._known_grants.values() if terms is not None)
        self._changed()
        self._proved_at, self.confirmed_at = asked_at, at

    def _hear(self, _connection: object, _pid: int, _channel: str, _payload: object) -> None:
        self._announced.set()


def _by_system(grants: Iterable[Terms]) -> Mapping[tuple[UUID, str], Sequence[Terms]]:
    sorted_out: dict[tuple[UUID, str], list[Terms]] = defaultdict(list)
    for terms in grants:
        sorted_out[terms.system_id, terms.resource_code].append(terms)
    return dict(sorted_out)


def _key(row: Row) -> Key | None:
    """Return a key ready for use; one that cannot be read is left out, so that its calls are refused."""
    try:
        algorithm = Algorithm(row["algorithm"])
        material = (
            unseal(bytes(row["sealed_secret"]), context=b"trust.key:" + row["key_id"].encode())
            if algorithm.is_shared_secret
            else bytes(row["public_key"])
        )
        return Key(
            key_id=row["key_id"],
            system_id=row["system_id"],
            department_id=row["department_id"],
            verifier=verifier(algorithm, material),
            active_from=row["active_from"],
            active_to=row["active_to"],
            needs_official=row["needs_official"],
            may_report=row["may_report"],
        )
    except (NotUnsealed, ValueError, TypeError) as fault:
        log.warning("gateway.key_unusable", key_id=row["key_id"], fault=repr(fault)[:200])
        return None


def _terms(row: Row) -> Terms | None:
    """Return the terms of a grant; one that cannot be read is left out, so that its calls are refused."""
    try:
        fields = msgspec.json.decode(row["fields"], type=tuple[GrantedField, ...])
        return Terms(
            id=row["id"],
            system_id=row["system_id"],
            consumer_department_id=row["consumer_department_id"],
            provider_department_id=row["provider_department_id"],
            resource_code=row["resource_code"],
            view_name=row["view_name"],
            key_columns=msgspec.json.decode(row["key_columns"], type=tuple[str, ...]),
            fields={granted.column: granted for granted in fields},
            conditions=msgspec.json.decode(row["row_filter"], type=tuple[Condition, ...]),
            purposes=msgspec.json.decode(row["purposes"], type=frozenset[str]),
            operations=msgspec.json.decode(row["operations"], type=frozenset[str]),
            needs_case=row["needs_case"],
            active_from=row["active_from"],
            active_to=row["active_to"],
            revoked_at=row["revoked_at"],
        )
    except (ValueError, msgspec.ValidationError) as fault:
        log.warning("gateway.grant_unusable", grant_id=str(row["id"]), fault=repr(fault)[:200])
        return None
