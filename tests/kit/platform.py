"""A whole platform as its operator starts it: one command, its own data folder, its own ports."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import httpx

from tests.kit.acting import Stage
from tests.kit.prepared import lay

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 240.0


@dataclass(slots=True)
class Platform:
    """A running `zhengshu run`.

    Attributes:
        folder: its data folder.
        web: the address of the pages.
        gateway: the address of the data plane.
        process: the supervisor.
    """

    folder: Path
    web: str
    gateway: str
    process: subprocess.Popen[str]
    environment: dict[str, str]
    _stage: Stage | None = field(default=None, init=False)

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        arguments: tuple[str, ...] = ("--no-city",),
        settings: Mapping[str, str] = MappingProxyType({}),
        is_from_nothing: bool = False,
        seconds: float = SECONDS_TO_START,
    ) -> "Platform":
        """Start a platform and return when web and gateway answer.

        Its folder is prepared already, unless the test is about a start from nothing.
        """
        web, gateway = free_port(), free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "ZHENGSHU_DATA": str(folder),
            "ZHENGSHU_WEB_PORT": str(web),
            "ZHENGSHU_GATEWAY_PORT": str(gateway),
            # A platform that is started again gets other ports, but its log keeps its name.
            "ZHENGSHU_PROOF_LOG_ORIGIN": "platform.test/trust/log",
            # Other tests keep the processors busy; what a test waits for shall not make room for them.
            "ZHENGSHU_WORKER_NICE": "0",
        }
        if not is_from_nothing and not any(folder.iterdir()):
            lay(folder, environment)
        environment |= settings
        with (folder / "console.log").open("w") as console:
            process = subprocess.Popen(
                [sys.executable, "-m", "zhengshu.project.cli", "run", *arguments],
                cwd=ROOT,
                env=environment,
                stdout=console,
                stderr=subprocess.STDOUT,
                text=True,
            )
        platform = cls(folder, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{gateway}", process, environment)
        if not until(platform.answers, seconds=seconds):
            platform.stop()
            message = f"the platform did not start:\n{platform.console()}"
            raise AssertionError(message)
        return platform

    def answers(self) -> bool:
        """Whether web and gateway are there."""
        return _status(f"{self.web}/accounts/login/") == 200 and _status(f"{self.gateway}/healthz") == 200

    def act(self, module: str, *words: str) -> str:
        """Run a module as a program in the platform's environment; return what it printed."""
        if self._stage is None:
            url = f"postgresql://postgres@/postgres?host={self.folder}/postgres"
            self._stage = Stage({**self.environment, "DATABASE_URL": url})
        return self._stage.act(module, *words)

    def console(self) -> str:
        """Return what the supervisor has printed."""
        return (self.folder / "console.log").read_text()

    def pids(self, *words: str) -> list[int]:
        """Return the processes of this platform whose command line holds all the words."""
        found = []
        for status in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = status.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (status.parent / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            ours = f"ZHENGSHU_DATA={self.folder}" in environment or str(self.folder) in line
            if ours and all(re.search(word, line) for word in words):
                found.append(int(status.parent.name))
        return found

    def kill(self, *words: str) -> None:
        """Kill processes the hard way."""
        for pid in self.pids(*words):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        """Stop it as Ctrl-C does and return its status."""
        if self._stage is not None:
            self._stage.close()
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Look again and again whether a condition holds; return whether it did in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _status(url: str) -> int:
    try:
        return httpx.get(url, timeout=5).status_code
    except httpx.TransportError:
        return 0
