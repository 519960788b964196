"""What is written to the log when a page fails: where and what kind, never the values that it had in hand."""

import logging
import traceback
from datetime import UTC, datetime


class FaultFormatter(logging.Formatter):
    """Writes a fault with its frames and the kinds of its exceptions, without their messages.

    Messages of exceptions quote what a program had in hand (a database quotes whole rows), and personal data do not
    belong into logs. Frames show our own lines, and the kind says what went wrong there.
    """

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
