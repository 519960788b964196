"""The promise that an answered call will be in the log by a time, signed in its answer.

The header `Zhengshu-Promise` reads ``by=1790000300, sig=:…:`` (RFC 8941); the signature is an Ed25519 one over the text
that `Promise.text` gives. Whoever kept request and answer can show, after that time, either the receipt or a promise
that was broken.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from zhengshu.foundation.tlog.notes import NoteSigner, NoteVerifier, NoteWrong

HEADER = "Zhengshu-Promise"
_HEADER = re.compile(r"by=([0-9]{1,12}), sig=:([A-Za-z0-9+/]+={0,2}):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is promised.

    Attributes:
        receipt: the id of the call's record.
        request_digest, answer_digest: what the entry of the log will commit to; no answer for a refused call.
        by: seconds since 1970 by which the entry is published.
    """

    receipt: str
    request_digest: bytes
    answer_digest: bytes | None
    by: int

    @property
    def text(self) -> str:
        """The text that is signed."""
        digests = (base64.b64encode(one or b"").decode() for one in (self.request_digest, self.answer_digest))
        return "\n".join(["zhengshu/promise/v1", self.receipt, *digests, str(self.by), ""])

    def header(self, signer: NoteSigner) -> str:
        """Return the value of the header."""
        return f"by={self.by}, sig=:{base64.b64encode(signer.sign(self.text.encode())).decode()}:"


def check_promise(
    header: str, *, receipt: str, request_digest: bytes, answer_digest: bytes | None, verifier: NoteVerifier
) -> Promise:
    """Return the promise of an answer whose signature is right.

    Raises:
        NoteWrong: it is not written as it must be, or was made for another call.
    """
    match = _HEADER.fullmatch(header)
    if match is None:
        raise NoteWrong("the promise is not written as by=…, sig=:…:")
    promise = Promise(
        receipt=receipt, request_digest=request_digest, answer_digest=answer_digest, by=int(match[1])
    )
    try:
        signature = base64.b64decode(match[2], validate=True)
    except binascii.Error as fault:
        raise NoteWrong("the signature of the promise is not base64") from fault
    if not verifier.is_right(promise.text.encode(), signature):
        raise NoteWrong("the promise was made for another request or answer, or by another gateway")
    return promise
