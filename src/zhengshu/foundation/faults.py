"""What is written to the log when something fails: where and what kind, never the values that it had in hand.

Messages of exceptions quote what a program had in hand (a database quotes whole rows), and a traceback with the frames'
variables shows all of it; personal data do not belong into logs. Frames show our own lines, and the kind says what
went wrong there.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

from zhengshu.kernel.errors import Refused


def log_without_values() -> None:
    """Let every entry of this process's programs be one line, and an exception its frames and kinds."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_frames,
            structlog.dev.ConsoleRenderer(colors=False),
        ],
    )


def keep_frames(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the frames and kinds of an entry's exception in the place of the exception."""
    fault = entry.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()[1]
    elif isinstance(fault, tuple):
        fault = fault[1]
    if isinstance(fault, BaseException):
        entry["exception"] = "\n".join(_frames(fault))
    return entry


def named(fault: BaseException) -> str:
    """Return what may be kept of a fault: its sentence where we wrote it, otherwise its kind alone."""
    kind = type(fault).__qualname__
    return f"{kind}: {fault}" if isinstance(fault, Refused) else kind


class FaultFormatter(logging.Formatter):
    """Writes a fault with its frames and the kinds of its exceptions, without their messages."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry: the moment, the sentence of the record, then the frames of every exception."""
        at = datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds")
        head = f"{at} {record.levelname} {record.name}: {record.getMessage()}"
        fault = record.exc_info[1] if record.exc_info else None
        return head if fault is None else "\n".join((head, *_frames(fault)))


def _frames(fault: BaseException | None) -> list[str]:
    lines: list[str] = []
    while fault is not None:
        lines += [line.rstrip("\n") for line in traceback.format_tb(fault.__traceback__)]
        lines.append(f"{type(fault).__module__}.{type(fault).__qualname__}")
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        if fault is not None:
            lines.append("came from:")
    return lines
