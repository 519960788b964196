"""The port by which SMS leave the platform, and the adapter that writes them into a folder.

A gateway of an operator is connected by an object with the one method of `SmsPort`, registered with `use_sms` when the
platform starts. It must hand over one message at most for one key: gateways take such a key, or
the adapter keeps it.
"""

import json
import os
from pathlib import Path
from typing import Protocol

from django.conf import settings


class SmsPort(Protocol):
    """What hands an SMS to an operator."""

    def send(self, *, to: str, text: str, key: str) -> None:
        """Hand over one SMS; a key that was handed over before does nothing.

        Raises:
            OSError: the operator could not be reached; it is tried again later.
            ValueError: the operator will never take it; it is given up.
        """


class FileSms:
    """Writes each SMS as a JSON file into a folder, from where a program of the operator takes it."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder."""
        self.folder = folder

    def send(self, *, to: str, text: str, key: str) -> None:
        """Write the file whole, once; readable by its owner and group only.

        Raises:
            OSError: the folder cannot be written to.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        target, draft = self.folder / f"{key}.json", self.folder / f".{key}.{os.getpid()}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"key": key, "to": to, "text": text}, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, target)
        except FileExistsError:
            return
        finally:
            draft.unlink(missing_ok=True)


_registered: list[SmsPort] = []


def use_sms(port: SmsPort | None) -> None:
    """Let SMS leave by a port; None goes back to what the settings say."""
    _registered[:] = [] if port is None else [port]


def sms_port() -> SmsPort | None:
    """Return what hands SMS over; None when SMS are off."""
    if _registered:
        return _registered[0]
    return FileSms(Path(settings.SMS_OUTBOX)) if settings.SMS_OUTBOX else None
