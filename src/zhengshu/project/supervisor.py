"""One command starts every process, restarts one that dies, and stops them all cleanly."""

import ctypes
import http
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from zhengshu.kernel.errors import Kind, Refused

SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_TO_STOP = 10.0
MOST_SECONDS_BETWEEN_STARTS = 30.0
SECONDS_THAT_COUNT_AS_STEADY = 30.0
PR_SET_PDEATHSIG = 1


class PortTaken(Refused):
    """Another program listens where one of ours should; stop it or choose another port."""

    code = "project.port-taken"
    kind = Kind.CONFLICT
    message = "Port %(port)s is taken by another program. Stop it, or set %(variable)s to a free port."


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A process to keep alive.

    Attributes:
        name: shown in the console and used for its log file.
        command: the program and its arguments.
        port: where it listens, or None.
        ready_path: what to ask for to learn whether it is ready; empty to be content with an open port.
        variable: the environment variable that moves the port.
        is_once: whether it is started when all others are ready, and left alone when it has ended.
    """

    name: str
    command: Sequence[str]
    port: int | None = None
    ready_path: str = ""
    variable: str = ""
    is_once: bool = False


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0
    is_ready: bool = field(default=False)
    is_over: bool = field(default=False)


class Supervisor:
    """Keeps programs alive until it is told to stop.

    Args:
        programs: what to run.
        log_folder: where each program's output goes, one file a program.
        say: prints a line for the operator.
        keep: called at every look; keeps what is no child of ours alive (the embedded database).
        ready: called once, when every program that listens has answered.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        log_folder: Path,
        say: Callable[[str], None],
        keep: Callable[[], None] = lambda: None,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Remember the programs; nothing starts yet."""
        self._children = [_Child(program) for program in programs]
        self._log_folder = log_folder
        self._say, self._keep, self._ready = say, keep, ready
        self._is_stopping = self._was_ready = False

    def run(self) -> None:
        """Start all programs and return when they have stopped after SIGINT or SIGTERM.

        Raises:
            PortTaken: a port is in use; nothing was started.
        """
        for child in self._children:
            _require_free(child.program)
        self._log_folder.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        try:
            while not self._is_stopping:
                self._look(time.monotonic())
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            self._stop_all()

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._is_stopping = True

    def _look(self, now: float) -> None:
        self._keep()
        for child in self._children:
            if child.process is None:
                if now >= child.start_at and self._may_start(child):
                    self._start(child, now)
            elif (status := child.process.poll()) is not None:
                self._end(child, status, now)
            elif not child.is_ready:
                child.is_ready = _is_ready(child.program)
        if not self._was_ready and all(one.is_ready for one in self._children if not one.program.is_once):
            self._was_ready = True
            self._ready()

    def _may_start(self, child: _Child) -> bool:
        return not child.program.is_once or (self._was_ready and not child.is_over)

    def _end(self, child: _Child, status: int, now: float) -> None:
        """Note that a program has ended: start it again, unless it was to run once."""
        if not child.program.is_once:
            self._plan_restart(child, status, now)
            return
        self._end_family(child)
        child.process, child.is_over = None, True
        end = "is done" if status == 0 else f"ended with status {status} and is tried again at the next start"
        self._say(f"{child.program.name} {end} (see {self._log_of(child)})")

    def _log_of(self, child: _Child) -> Path:
        return self._log_folder / f"{child.program.name}.log"

    def _start(self, child: _Child, now: float) -> None:
        log = self._log_of(child).open("ab")
        with log:
            child.process = subprocess.Popen(  # noqa: S603 - our own programs
                child.program.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
            )
        child.started = now

    def _plan_restart(self, child: _Child, status: int, now: float) -> None:
        self._end_family(child)
        steady = now - child.started > SECONDS_THAT_COUNT_AS_STEADY
        child.failures = 0 if steady else child.failures + 1
        wait = min(2.0**child.failures - 1, MOST_SECONDS_BETWEEN_STARTS)
        child.process, child.start_at, child.is_ready = None, now + wait, False
        self._say(
            f"{child.program.name} ended with status {status}; starting it again in {wait:.0f} s "
            f"(see {self._log_of(child)})"
        )

    def _stop_all(self) -> None:
        running = [child for child in self._children if child.process is not None]
        for child in running:
            self._signal(child, signal.SIGTERM)
        until = time.monotonic() + SECONDS_TO_STOP
        for child in running:
            if child.process is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, until - time.monotonic()))
            self._end_family(child)
            child.process.wait()
        self._say("stopped")

    @staticmethod
    def _signal(child: _Child, number: signal.Signals) -> None:
        if child.process is not None and child.process.poll() is None:
            child.process.send_signal(number)

    @staticmethod
    def _end_family(child: _Child) -> None:
        """Kill what a program leaves behind: workers whose parent was killed would hold its port for ever."""
        if child.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """Ask Linux to end this child when the supervisor is killed, so that no orphan holds a port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _require_free(program: Program) -> None:
    if program.port is not None and _answers(program.port):
        raise PortTaken(port=program.port, variable=program.variable)


def _is_ready(program: Program) -> bool:
    if program.port is None or not program.ready_path:
        return program.port is None or _answers(program.port)
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=2)
    try:
        connection.request("GET", program.ready_path)
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
