"""One worker: the parts put together on one event loop, and stopped without losing a call."""

import asyncio
import gc
import os
import secrets
import signal
import socket
import sys
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn
import uvloop

from zhengshu.contexts.exchange.gateway.app import Gateway
from zhengshu.contexts.exchange.gateway.database import connect, reading_pool
from zhengshu.contexts.exchange.gateway.log_name import require_log_name
from zhengshu.contexts.exchange.gateway.operations import Operations
from zhengshu.contexts.exchange.gateway.protocol import limited_protocol
from zhengshu.contexts.exchange.gateway.recorder import Recorder
from zhengshu.contexts.exchange.gateway.registry import Registry
from zhengshu.contexts.exchange.gateway.rows import Rows
from zhengshu.contexts.exchange.gateway.settings import Settings
from zhengshu.foundation.tlog.store import LogFolder

SECONDS_TO_FINISH = 8
SECONDS_TO_KEEP_ALIVE = 30


def run_worker(settings: Settings, *, listener: socket.socket) -> None:
    """Answer calls until SIGTERM or SIGINT; calls under way are finished first."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(
            number, _leave
        )  # uvicorn takes over while it serves, and raises the signal again at its end
    gc.freeze()  # what was loaded until now stays; the collector need not walk through it again and again
    uvloop.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket) -> None:
    open_connection = partial(connect, settings.database_url)
    pool = reading_pool(
        settings.database_url, size=settings.connections, milliseconds=settings.read_milliseconds
    )
    await pool
    rows = Rows(pool)
    registry = Registry(
        connect=open_connection,
        fresh_seconds=settings.fresh_seconds,
        changed=rows.forget,
        require=partial(require_log_name, origin=settings.origin),
    )
    recorder = Recorder(
        connect=open_connection, gateway=_name(), zone=settings.zone, patience=settings.write_seconds
    )
    gateway = Gateway(
        settings=settings,
        registry=registry,
        recorder=recorder,
        operations=Operations(
            registry=registry, rows=rows, pool=pool, log=LogFolder(Path(settings.proof_log))
        ),
    )
    background = [asyncio.create_task(work()) for work in (registry.run, recorder.run, recorder.sweep)]
    try:
        await _server(gateway, settings).serve(sockets=[listener])
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        pool.terminate()


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _server(gateway: Gateway, settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        gateway,
        http=limited_protocol(settings),
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=SECONDS_TO_KEEP_ALIVE,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    return uvicorn.Server(config)


def _name() -> str:
    """Return a name that no other worker has or will have."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
