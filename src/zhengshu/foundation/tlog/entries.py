r"""What an entry of the log says: codes and a salted commitment, never data.

An entry is one JSON object with sorted keys and no spaces. Its commitment is
``SHA-256("zhengshu/commitment/v1\n" ‖ salt ‖ sealed)``, where `sealed` is what both sides of an act keep: for a call
the digests of request and answer. Whoever has neither salt nor `sealed` learns nothing from it; once the salt is
deleted nobody can tie the entry to an act any more, and the log still verifies.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeAlias

SALT_BYTES = 16
VERSION = 1
_DOMAIN = b"zhengshu/commitment/v1\n"
_RESERVED = frozenset({"v", "kind", "at", "commitment"})

Fact: TypeAlias = str | int | bool | list[str] | None


class EntryWrong(ValueError):
    """The bytes are no entry of a log of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """Something to be logged.

    Attributes:
        kind: `call`, or the wire name of the event.
        at: when it happened.
        facts: codes that anybody may read.
        sealed: what the commitment is made over.
    """

    kind: str
    at: datetime
    facts: Mapping[str, Fact]
    sealed: bytes


def commitment(sealed: bytes, *, salt: bytes) -> bytes:
    """Return the commitment to what both sides keep."""
    return sha256(_DOMAIN + salt + sealed).digest()


def entry_of(record: LogRecord, *, salt: bytes) -> bytes:
    """Return the entry of a record.

    Raises:
        ValueError: a fact has a reserved name.
    """
    if _RESERVED & record.facts.keys():
        message = f"facts may not be called {', '.join(sorted(_RESERVED))}"
        raise ValueError(message)
    document = {
        **record.facts,
        "v": VERSION,
        "kind": record.kind,
        "at": record.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "commitment": base64.b64encode(commitment(record.sealed, salt=salt)).decode(),
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read_entry(entry: bytes) -> dict[str, object]:
    """Return what an entry says.

    Raises:
        EntryWrong: it is no JSON object of our version.
    """
    try:
        document: object = json.loads(entry)
    except ValueError as fault:
        raise EntryWrong("the entry is not JSON") from fault
    if not isinstance(document, dict) or document.get("v") != VERSION or "commitment" not in document:
        raise EntryWrong("the entry is of another version, or none of ours")
    return document


def is_committed(entry: bytes, *, sealed: bytes, salt: bytes) -> bool:
    """Whether an entry commits to what somebody kept.

    Raises:
        EntryWrong: the entry is none of ours.
    """
    expected = base64.b64encode(commitment(sealed, salt=salt)).decode()
    return read_entry(entry)["commitment"] == expected
