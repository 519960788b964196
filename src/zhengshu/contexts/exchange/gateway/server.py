"""Several workers on one socket: started, watched, restarted, stopped together."""

import os
import signal
import socket
import sys
import time
from types import FrameType

import structlog

from zhengshu.contexts.exchange.gateway.settings import Settings, read_settings
from zhengshu.contexts.exchange.gateway.worker import run_worker

log = structlog.get_logger(__name__)

BACKLOG = 2048
SECONDS_BETWEEN_STARTS = 1.0
SECONDS_TO_STOP = 10.0


def serve(host: str, port: int, workers: int) -> None:
    """Answer calls until SIGTERM or SIGINT.

    Args:
        host: the address to listen on.
        port: the port to listen on; 0 for any that is free, which is printed.
        workers: processes that answer; 1 answers in this one.
    """
    _log_to_standard_error()
    settings = read_settings()
    listener = _listen(host, port)
    sys.stdout.write(f"gateway: http://{host}:{listener.getsockname()[1]} with {workers} workers\n")
    sys.stdout.flush()
    if workers == 1:
        run_worker(settings, listener=listener)
    else:
        _Workers(settings, listener).keep(workers)


def _log_to_standard_error() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


class _Workers:
    """The parent: has no event loop and answers nothing, so it may fork at any time."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self._settings, self._listener = settings, listener
        self._pids: set[int] = set()
        self._is_stopping = False
        self._status = 0

    def keep(self, workers: int) -> None:
        """Keep so many workers alive until told to stop, or until one finds that the settings are wrong."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for _ in range(workers):
            self._start()
        while self._pids:
            pid, status = os.wait()
            self._pids.discard(pid)
            if os.waitstatus_to_exitcode(status) == os.EX_CONFIG:
                self._stop(signal.SIGTERM, None)
                self._status = os.EX_CONFIG
            if not self._is_stopping:
                log.warning("gateway.worker_died", pid=pid, status=status)
                time.sleep(SECONDS_BETWEEN_STARTS)
                self._start()
        sys.exit(self._status)

    def _start(self) -> None:
        if self._is_stopping:
            return
        pid = os.fork()
        if pid:
            self._pids.add(pid)
            return
        run_worker(self._settings, listener=self._listener)
        sys.exit(0)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True
        for pid in self._pids:
            os.kill(pid, number)
