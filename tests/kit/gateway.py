"""A real gateway on a real database, and an office that issues keys and grants for it by plain SQL.

Plain SQL, because fault tests and benches give the gateway a database of its own, which Django does not know.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from zhengshu.client import Client
from zhengshu.foundation.crypto.algorithms import Algorithm, fresh_pair
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.kernel.identity import new_id

SECONDS_TO_START = 20.0
COLUMNS = {
    "citizen_id": "text",
    "name": "text",
    "phone": "text",
    "born_on": "date",
    "amount": "numeric",
    "children": "bigint",
    "is_insured": "boolean",
    "seen_at": "timestamptz",
    "region": "text",
}
"""The columns of the table that the office serves."""

MASKS = {"citizen_id": "citizen_id", "name": "name", "phone": "phone"}
PURPOSE = "social_assistance"
Cell = str | int | bool | None
Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key with its secret, as a consuming system keeps it."""

    key_id: str
    secret: str
    algorithm: str
    system_id: UUID
    department_id: UUID

    def client(self, url: str, *, language: str = "en") -> Client:
        """Return a client that signs with the key."""
        return Client(url, self.key_id, self.secret, self.algorithm, patience=0, language=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A grant as a test needs it."""

    id: UUID
    resource: str
    view: str
    provider_id: UUID


@dataclass(slots=True)
class Office:
    """Makes departments, systems, keys, tables and grants in one database.

    Attributes:
        settle: called after each change that a gateway must know of.
    """

    url: str
    settle: Callable[[], object] = lambda: None
    connection: psycopg.Connection[dict[str, object]] = field(init=False)

    def __post_init__(self) -> None:
        """Connect."""
        self._connect()

    def _connect(self) -> None:
        self.connection = psycopg.connect(self.url, autocommit=True, row_factory=dict_row)

    def close(self) -> None:
        """Disconnect."""
        self.connection.close()

    def run(self, query: str, *values: object) -> list[dict[str, object]]:
        """Run a statement and return its rows; connect again where a test has killed the server since."""
        try:
            cursor = self.connection.execute(query.encode(), values)
        except psycopg.OperationalError:
            self._connect()
            cursor = self.connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def department(self) -> UUID:
        """Return a new department."""
        department_id, code = new_id(), secrets.token_hex(9).upper()
        self.run(
            "INSERT INTO trust_department (id, code, name, short_name, region, level, is_data_authority,"
            " is_active, created_at) VALUES (%s, %s, %s, %s, '360000', 'city', false, true, now())",
            department_id,
            code,
            code,
            code,
        )
        return department_id

    def system(self, department_id: UUID) -> UUID:
        """Return a new consuming system of a department."""
        system_id = new_id()
        self.run(
            "INSERT INTO trust_consuming_system (id, department_id, name, is_active, created_at, created_by)"
            " VALUES (%s, %s, %s, true, now(), %s)",
            system_id,
            department_id,
            str(system_id),
            department_id,
        )
        return system_id

    def key(
        self,
        *,
        algorithm: str = "hmac-sha256",
        owner: SigningKey | None = None,
        active_from: datetime | None = None,
        active_to: datetime | None = None,
    ) -> SigningKey:
        """Return a new key, of a new system unless it is to have the owner of another key."""
        department_id = owner.department_id if owner else self.department()
        system_id = owner.system_id if owner else self.system(department_id)
        key_id, (secret, public) = f"k-{secrets.token_hex(8)}", fresh_pair(Algorithm(algorithm))
        is_shared = Algorithm(algorithm).is_shared_secret
        sealed = seal(secret, context=b"trust.key:" + key_id.encode()) if is_shared else None
        now = datetime.now(UTC)
        self.run(
            "INSERT INTO trust_system_key (id, key_id, system_id, algorithm, sealed_secret, public_key,"
            " active_from, active_to, issued_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            new_id(),
            key_id,
            system_id,
            algorithm,
            sealed,
            None if is_shared else public,
            active_from or now - timedelta(days=1),
            active_to or now + timedelta(days=1),
            department_id,
        )
        self.settle()
        return SigningKey(
            key_id=key_id,
            secret=b64encode(secret).decode(),
            algorithm=algorithm,
            system_id=system_id,
            department_id=department_id,
        )

    def serve(self, rows: Sequence[Row], *, view: str = "", columns: Mapping[str, str] = COLUMNS) -> str:
        """Publish rows as a serving view, in one transaction as the lake does, and return its name."""
        view = view or f"r_{secrets.token_hex(6)}"
        table = sql.Identifier("serving", f"{view}_{secrets.token_hex(4)}")
        shape = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items()
        )
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS serving")
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(table, shape))
            cursor.executemany(
                sql.SQL("INSERT INTO {} VALUES ({})").format(
                    table, sql.SQL(", ").join(sql.Placeholder() for _ in columns)
                ),
                [[row.get(name) for name in columns] for row in rows],
            )
            first = sql.Identifier(next(iter(columns)))
            cursor.execute(sql.SQL("CREATE INDEX ON {} ({})").format(table, first))
            cursor.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.Identifier("serving", view)))
            cursor.execute(
                sql.SQL("CREATE VIEW {} AS SELECT * FROM {}").format(sql.Identifier("serving", view), table)
            )
        return view

    def grant(
        self,
        key: SigningKey,
        *,
        view: str,
        resource: str = "",
        fields: Sequence[str] = ("name", "phone", "born_on"),
        masks: Mapping[str, str] = MASKS,
        keys: Sequence[str] = ("citizen_id",),
        row_filter: Sequence[Mapping[str, object]] = (),
        purposes: Sequence[str] = (PURPOSE,),
        operations: Sequence[str] = ("records", "verify"),
        needs_case: bool = False,
        per_second: int = 100_000,
        per_day: int = 10_000_000,
        active_from: datetime | None = None,
        active_to: datetime | None = None,
    ) -> Granted:
        """Grant a system some fields of a view."""
        resource = resource or f"306001-{secrets.randbelow(10**9):09d}"
        granted = Granted(id=new_id(), resource=resource, view=view, provider_id=self.department())
        now = datetime.now(UTC)
        described = [
            {"name": name, "column": name, "grade": 3, "mask": masks.get(name, "none")} for name in fields
        ]
        self.run(
            "INSERT INTO exchange_grant (id, request_id, system_id, system_name, consumer_department_id,"
            " provider_department_id, resource_id, resource_code, resource_name, view_name, key_columns, fields,"
            " row_filter, purposes, operations, needs_case, quota_per_second, quota_per_day, active_from,"
            " active_to, revoked_reason) VALUES (%s, %s, %s, '', %s, %s, %s, %s, '', %s, %s, %s, %s, %s, %s, %s,"
            " %s, %s, %s, %s, '')",
            granted.id,
            new_id(),
            key.system_id,
            key.department_id,
            granted.provider_id,
            new_id(),
            resource,
            view,
            *map(Jsonb, (list(keys), described, list(row_filter), list(purposes), list(operations))),
            needs_case,
            per_second,
            per_day,
            active_from or now - timedelta(days=1),
            active_to or now + timedelta(days=30),
        )
        self.settle()
        return granted

    def revoke(self, granted: Granted) -> None:
        """Revoke a grant."""
        self.run(
            "UPDATE exchange_grant SET revoked_at = now(), revoked_reason = 'test' WHERE id = %s", granted.id
        )
        self.settle()

    def end_key(self, key: SigningKey) -> None:
        """End a key now."""
        self.run("UPDATE trust_system_key SET active_to = now() WHERE key_id = %s", key.key_id)
        self.settle()

    def records(self, key: SigningKey) -> list[dict[str, object]]:
        """Return the records of the calls that were signed with a key, in order."""
        return self.run("SELECT * FROM exchange_call_record WHERE key_id = %s ORDER BY sequence", key.key_id)


@dataclass(slots=True)
class GatewayProcess:
    """A running gateway."""

    url: str
    process: subprocess.Popen[str]

    @classmethod
    def start(
        cls,
        database_url: str,
        *,
        workers: int = 1,
        port: int = 0,
        log: Path | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        **settings: str,
    ) -> Self:
        """Start one and return when it answers; settings go to the environment, as `environment` does."""
        with log.open("ab") if log else Path(os.devnull).open("wb") as errors:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "zhengshu.contexts.exchange.gateway"),
                    *("--port", str(port), "--workers", str(workers)),
                ],
                env={**os.environ, "DATABASE_URL": database_url, **environment, **settings},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        line = process.stdout.readline() if process.stdout else ""
        if process.stdout:
            process.stdout.close()
        gateway = cls(url=line.split()[1] if line else "", process=process)
        if not gateway.becomes_ready():
            gateway.kill()
            raise AssertionError("the gateway did not start")
        return gateway

    def becomes_ready(self, *, seconds: float = SECONDS_TO_START) -> bool:
        """Wait until the gateway answers; return whether it did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=1).status_code == httpx.codes.OK:
                    return True
            except (httpx.TransportError, httpx.UnsupportedProtocol):
                pass
            time.sleep(0.02)
        return False

    def catches_up(self, *, seconds: float = 5.0) -> bool:
        """Wait until the only worker knows everything that was committed before; return whether it does."""
        changed_at = datetime.now(UTC)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            confirmed_at = httpx.get(f"{self.url}/healthz", timeout=5).json()["confirmed_at"]
            if datetime.fromisoformat(confirmed_at) > changed_at:
                return True
            time.sleep(0.01)
        return False

    def kill(self) -> None:
        """Kill the gateway and its workers the hard way."""
        for child in _children(self.process.pid):
            os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Stop it as an operator does and return its status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


def database_url(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def person(number: int, **changes: Cell) -> dict[str, Cell]:
    """Return a row of the served table."""
    return {
        "citizen_id": f"36010119900101{number:04d}",
        "name": f"张三{number}",
        "phone": f"138{number:08d}",
        "born_on": "1990-01-01",
        "amount": "1234.50",
        "children": number % 4,
        "is_insured": number % 2 == 0,
        "seen_at": "2026-01-02T03:04:05+08:00",
        "region": f"3601{number % 10:02d}",
        **changes,
    }


def dumps(document: object) -> bytes:
    """Return JSON as it goes over the wire."""
    return json.dumps(document, ensure_ascii=False).encode()


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
