"""What a caller keeps of a call, and the check that this is what the log says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from zhengshu.foundation.tlog.entries import EntryWrong
from zhengshu.foundation.tlog.handover import followed
from zhengshu.foundation.tlog.merkle import ProofWrong
from zhengshu.foundation.tlog.notes import NoteWrong, verifier
from zhengshu.foundation.tlog.promises import Promise, check_promise
from zhengshu.foundation.tlog.receipts import Receipt, sealed_call


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCall:
    """What proves a call later; store it beside what you did with the answer.

    Attributes:
        receipt: the id of the record of the call.
        request_digest: SHA-256 of signature base, a line feed, and signature.
        answer_digest: SHA-256 of the body of the answer; None for a refused call, whose answer the log leaves out.
        promise: the header in which the gateway promised to log the call.
    """

    receipt: str
    request_digest: bytes
    answer_digest: bytes | None
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedReceipt:
    """What a receipt proves.

    Attributes:
        facts: what the entry says.
        index: the place of the entry.
        size: entries in the log at the checkpoint.
        origin: the name of the log.
        signed_by: the names whose signatures of the checkpoint are right.
        is_of_kept_call: whether the entry commits to the kept call; None where none was given.
    """

    facts: Mapping[str, object]
    index: int
    size: int
    origin: str
    signed_by: frozenset[str]
    is_of_kept_call: bool | None


def verify_receipt(
    text: str, *, vkeys: Iterable[str], kept: KeptCall | None = None, handovers: Iterable[str] = ()
) -> VerifiedReceipt:
    """Check a receipt against the keys of a log, offline.

    Args:
        text: the receipt.
        vkeys: the keys that you trust.
        kept: what you kept of the call, to learn whether the receipt is about it.
        handovers: the log's files ``handover/2``, ``handover/3`` …, which lead from keys that you trust to newer ones.

    Raises:
        NoteWrong: no given key signed the checkpoint, a signature is wrong, or a key is unreadable.
        ProofWrong: the file is no receipt, or the entry is not in that log.
        EntryWrong: the entry is none of ours.
    """
    receipt = Receipt.of_text(text)
    trusted = followed(handovers, vkeys=vkeys)
    checkpoint, names = receipt.checked(verifiers=[verifier(vkey) for vkey in trusted])
    sealed = None if kept is None else _sealed(kept)
    return VerifiedReceipt(
        facts=receipt.facts(),
        index=receipt.proof.index,
        size=checkpoint.size,
        origin=checkpoint.origin,
        signed_by=names,
        is_of_kept_call=None if sealed is None else receipt.is_about(sealed),
    )


def verify_promise(kept: KeptCall, *, vkey: str) -> Promise:
    """Check the promise of a kept call.

    Raises:
        NoteWrong: it was not made by the holder of the key, or for another call.
    """
    return check_promise(
        kept.promise,
        receipt=kept.receipt,
        request_digest=kept.request_digest,
        answer_digest=kept.answer_digest,
        verifier=verifier(vkey),
    )


def answer_digest(body: bytes) -> bytes:
    """Return the digest of the body of an answer."""
    return sha256(body).digest()


def _sealed(kept: KeptCall) -> bytes:
    return sealed_call(request_digest=kept.request_digest, answer_digest=kept.answer_digest)


__all__ = [
    "EntryWrong",
    "KeptCall",
    "NoteWrong",
    "ProofWrong",
    "VerifiedReceipt",
    "answer_digest",
    "verify_promise",
    "verify_receipt",
]
