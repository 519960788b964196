"""Settings of the gateway, from the environment; docs/settings.md lists them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from zhengshu.foundation.tlog.keys import log_origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may change.

    Attributes:
        database_url: the platform's PostgreSQL.
        url: the address by which callers know the gateway; gives the scheme of signed addresses.
        replay_seconds: how old or early a signature may be; each nonce is remembered for twice as long.
        fresh_seconds: for how long grants and keys count as up to date after they were confirmed.
        connections: connections for reading rows, in each worker.
        read_milliseconds: after which a query is given up.
        write_seconds: after which a record that cannot be written makes its call fail.
        arrival_seconds: within which a call must have arrived completely.
        most_header_bytes, most_body_bytes: larger calls are refused.
        most_calls: calls under way in one worker beyond which it refuses.
        most_failures: calls a minute from one address that may fail to authenticate.
        zone: the time zone whose midnight begins a day of quota.
        proof_log: the folder in which the proof log is published.
        origin: the name of the proof log.
        promise_seconds: within which an answered call is promised to be in the log.
    """

    database_url: str
    url: str = "http://127.0.0.1:8001"
    replay_seconds: int = 300
    fresh_seconds: float = 1.0
    connections: int = 4
    read_milliseconds: int = 2000
    write_seconds: float = 5.0
    arrival_seconds: float = 10.0
    most_header_bytes: int = 16_384
    most_body_bytes: int = 65_536
    most_calls: int = 2_000
    most_failures: int = 600
    zone: str = "Asia/Shanghai"
    proof_log: str = "var/proof-log"
    origin: str = "localhost:8000/trust/log"
    promise_seconds: int = 300

    @property
    def scheme(self) -> str:
        """The scheme by which callers address the gateway."""
        return self.url.partition("://")[0]


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of an environment.

    Raises:
        KeyError: `DATABASE_URL` is not set.
    """
    default = Settings(database_url=environment["DATABASE_URL"])

    def number(name: str, otherwise: float) -> float:
        return float(environment.get(f"ZHENGSHU_GATEWAY_{name}", otherwise))

    return Settings(
        database_url=default.database_url,
        url=environment.get("ZHENGSHU_GATEWAY_URL", default.url),
        replay_seconds=int(number("REPLAY_SECONDS", default.replay_seconds)),
        connections=int(number("CONNECTIONS", default.connections)),
        read_milliseconds=int(number("READ_MILLISECONDS", default.read_milliseconds)),
        write_seconds=number("WRITE_SECONDS", default.write_seconds),
        arrival_seconds=number("ARRIVAL_SECONDS", default.arrival_seconds),
        most_calls=int(number("MOST_CALLS", default.most_calls)),
        most_failures=int(number("MOST_FAILURES", default.most_failures)),
        zone=environment.get("ZHENGSHU_TIME_ZONE", default.zone),
        proof_log=environment.get(
            "ZHENGSHU_PROOF_LOG", f"{environment.get('ZHENGSHU_DATA', 'var')}/proof-log"
        ),
        origin=log_origin(environment),
        promise_seconds=int(number("PROMISE_SECONDS", default.promise_seconds)),
    )
