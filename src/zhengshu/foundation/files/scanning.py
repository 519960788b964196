"""Asking a virus scanner: clamd's INSTREAM over a socket; off unless configured, and then nothing passes without it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from zhengshu.kernel.errors import Kind, Refused

log = structlog.get_logger(__name__)

SECONDS = 60
_PIECE = 1 << 16
_CLEAN = "stream: OK"
_FOUND = "FOUND"


class FileInfected(Refused):
    """The virus scanner found something."""

    code: ClassVar[str] = "files.infected"
    message: ClassVar[str] = "The virus scanner found something in the file. Have your computer checked."


class ScannerUnavailable(Refused):
    """The virus scanner does not answer; files are not taken unchecked."""

    code: ClassVar[str] = "files.scanner-unavailable"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    message: ClassVar[str] = "Files cannot be checked for viruses at the moment. Try again in some minutes."


def scan(path: Path) -> None:
    """Have a file scanned if `FILES_SCANNER` names a scanner (``tcp://host:3310`` or ``unix:///run/clamd.sock``).

    Raises:
        FileInfected: it found something.
        ScannerUnavailable: it could not be asked, or did not say that the file is clean.
    """
    if not settings.FILES_SCANNER:
        return
    try:
        answer = _ask(settings.FILES_SCANNER, path)
    except (OSError, ValueError) as fault:
        log.warning("files.scanner_unavailable", fault=type(fault).__name__)
        raise ScannerUnavailable from fault
    if answer.endswith(_FOUND):
        log.warning("files.infected", answer=answer)
        raise FileInfected
    if answer != _CLEAN:
        log.warning("files.scanner_unclear", answer=answer[:200])
        raise ScannerUnavailable


def _ask(address: str, path: Path) -> str:
    with _connected(address) as scanner, path.open("rb") as file:
        scanner.sendall(b"zINSTREAM\0")
        while piece := file.read(_PIECE):
            scanner.sendall(len(piece).to_bytes(4, "big") + piece)
        scanner.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and (piece := scanner.recv(4096)):
            answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    if parts.scheme != "unix":
        with socket.create_connection(
            (parts.hostname or "", parts.port or 3310), timeout=SECONDS
        ) as connected:
            yield connected
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connected:
        connected.settimeout(SECONDS)
        connected.connect(parts.path)
        yield connected
