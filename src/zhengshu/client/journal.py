"""A consumer's own record of its calls: one line for each, to prove calls later and to compare with the proof log.

A line is a JSON object:

| name | what |
| --- | --- |
| ``v`` | 1 |
| ``at`` | when: the moment in the call's receipt, which is the gateway's; without one, this machine's |
| ``department``, ``system`` | who called, as the record was opened with |
| ``resource``, ``operation``, ``purpose`` | what was asked for, and why; never for whom |
| ``official`` | the own reference of the official who asked; empty where none was named |
| ``grant`` | the grant by which the gateway judged the call; empty where it named none |
| ``verdict`` | ``ok``, the code of the refusal, or ``unknown`` where no answer came |
| ``receipt``, ``request_digest``, ``answer_digest``, ``promise`` | prove the call (`KeptCall`), digests in base64 |
"""

import base64
import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from zhengshu.client.proofs import KeptCall
from zhengshu.foundation.tlog.counts import UNKNOWN, VERSION

_MILLISECONDS_FROM = 80


class Journal:
    """Appends to the own record; may be shared by threads, and by processes on one machine.

    Args:
        file: grows by a line a call; rotate it by moving it away, a new one is begun.
        department: the unified social credit code of the calling department.
        system: the name of the calling system.
        is_synced: whether each line is on disk before its answer is handed out; costs as much as the disk takes.
    """

    def __init__(self, file: Path, *, department: str, system: str, is_synced: bool = False) -> None:
        self.file, self.department, self.system = file, department, system
        self._is_synced, self._lock = is_synced, threading.Lock()

    def note(
        self,
        *,
        path: str,
        purpose: str,
        verdict: str = UNKNOWN,
        grant: str = "",
        official: str = "",
        kept: KeptCall | None = None,
    ) -> None:
        """Write one call down.

        Raises:
            OSError: the record cannot be written; the call itself has happened.
        """
        resource, operation = _asked(path)
        line = {
            "v": VERSION,
            "at": _moment(kept.receipt if kept else "").isoformat(timespec="milliseconds"),
            "department": self.department,
            "system": self.system,
            "resource": resource,
            "operation": operation,
            "purpose": purpose,
            "official": official,
            "grant": grant,
            "verdict": verdict,
        }
        if kept is not None:
            line |= {
                "receipt": kept.receipt,
                "request_digest": _text(kept.request_digest),
                "answer_digest": _text(kept.answer_digest),
                "promise": kept.promise,
            }
        self._append(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def _append(self, line: bytes) -> None:
        with self._lock:
            descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line)
                if self._is_synced:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)


def kept_call(line: str) -> KeptCall:
    """Return what proves a call from its line of the record, for `verify_receipt` and `verify_promise`.

    Raises:
        ValueError: the line is none, or the call had no receipt.
    """
    try:
        document = json.loads(line)
        answer = document["answer_digest"]
        return KeptCall(
            receipt=document["receipt"],
            request_digest=base64.b64decode(document["request_digest"]),
            answer_digest=base64.b64decode(answer) if answer else None,
            promise=document["promise"],
        )
    except (KeyError, TypeError) as fault:
        raise ValueError("the line is no call with a receipt") from fault


def _asked(path: str) -> tuple[str, str]:
    """Return the resource and the operation of an address, which names no key before its question mark."""
    parts = path.partition("?")[0].strip("/").split("/")
    if parts[1:2] == ["resources"] and len(parts) == 4:  # noqa: PLR2004 - v1, resources, code, operation
        return parts[2], parts[3]
    return "", {"receipts": "receipt"}.get(parts[1], parts[1]) if len(parts) > 1 else ""


def _moment(receipt: str) -> datetime:
    """Return when a call was recorded: a receipt is a UUID of version 7 and begins with its milliseconds."""
    try:
        milliseconds = UUID(receipt).int >> _MILLISECONDS_FROM
    except ValueError:
        return datetime.now(UTC)
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def _text(digest: bytes | None) -> str:
    return base64.b64encode(digest or b"").decode()
