"""A call on its way through the gateway: what arrived, and the record that is kept of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.exchange.domain.refusals import OK, CallRefused
from zhengshu.foundation.crypto.http_signatures import Message
from zhengshu.kernel.identity import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it arrived."""

    message: Message
    body: bytes
    address: str


class Answer(msgspec.Struct, frozen=True):
    """What goes back: a status, a body of JSON, and further headers."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    media_type: bytes = b"application/json"


class Entry(msgspec.Struct):
    """The record of one call, with the names of the database's type `gateway.call`; digests by `as_bytea`."""

    at: datetime
    key_id: str
    nonce: str
    nonce_until: datetime | None
    system_id: UUID
    consumer_department_id: UUID
    request_digest: str
    id: UUID = msgspec.field(default_factory=new_id)
    provider_department_id: UUID | None = None
    grant_id: UUID | None = None
    resource_code: str = ""
    operation: str = ""
    purpose: str = ""
    case_ref: str = ""
    verdict: str = OK
    fields: tuple[str, ...] = ()
    row_count: int = 0
    answer_digest: str | None = None
    subject_digest: str | None = None
    official_ref: str = ""
    microseconds: int = 0

    def refuse(self, refusal: CallRefused) -> None:
        """Note that the call is refused."""
        self.verdict = refusal.code
        self.row_count = 0
        self.answer_digest = None


def as_bytea(digest: bytes) -> str:
    """Return bytes as PostgreSQL reads them from text."""
    return "\\x" + digest.hex()
