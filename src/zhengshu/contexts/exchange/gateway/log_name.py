"""A gateway promises in the name of the proof log, so it must know the right one."""

import sys
from os import EX_CONFIG

from zhengshu.contexts.exchange.gateway.database import Connection
from zhengshu.foundation.tlog.keys import LogRenamed, require_name

_NAME = "SELECT origin FROM proof.name"


async def require_log_name(connection: Connection, *, origin: str) -> None:
    """End the program with a sentence where its settings name another log than the recorded one.

    Raises:
        SystemExit: they do; no promise of this gateway could be verified.
    """
    recorded = await connection.fetchval(_NAME, timeout=5)
    try:
        require_name(origin, recorded=recorded)
    except LogRenamed as refusal:
        sys.stderr.write(f"{refusal.text()}\n")
        raise SystemExit(EX_CONFIG) from refusal
