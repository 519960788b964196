"""A real gateway process for the tour."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.request import urlopen

SECONDS_TO_START = 20.0


@contextmanager
def running_gateway() -> Iterator[str]:
    """Start a gateway on a free port of this machine, yield its address, stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "zhengshu.contexts.exchange.gateway",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url)
            yield url
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}/healthz", timeout=2) as answer:  # noqa: S310 - our own gateway
                if answer.status == HTTPStatus.OK:
                    return
        except OSError:
            time.sleep(0.05)
    message = "the gateway did not become ready"
    raise TimeoutError(message)
