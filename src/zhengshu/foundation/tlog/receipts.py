"""A receipt: the offline file that shows what was logged about one act, and proves it.

A receipt is a C2SP `tlog-proof` whose extra data are a JSON object with the entry and, for the sides of the act, the
salt that ties it to what they keep.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass

from zhengshu.foundation.tlog.entries import EntryWrong, is_committed, read_entry
from zhengshu.foundation.tlog.merkle import ProofWrong, inclusion_proof
from zhengshu.foundation.tlog.notes import Checkpoint, NoteVerifier, split
from zhengshu.foundation.tlog.proofs import TlogProof
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.foundation.tlog.tiles import TileReader

DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was logged about an act.

    Attributes:
        entry: the entry of the log.
        salt: empty where it was deleted.
        proof: that the entry is in the log.
    """

    entry: bytes
    salt: bytes
    proof: TlogProof

    @property
    def text(self) -> str:
        """The content of the file."""
        return self.proof.text

    @classmethod
    def of_text(cls, text: str) -> "Receipt":
        """Return the receipt in a file; nothing is checked yet.

        Raises:
            ProofWrong: it is no receipt.
        """
        proof = TlogProof.of_text(text)
        try:
            extra = json.loads(proof.extra)
            entry, salt = (base64.b64decode(extra[name], validate=True) for name in ("entry", "salt"))
        except (ValueError, KeyError, TypeError, binascii.Error) as fault:
            raise ProofWrong("the proof carries no entry of ours; it is a proof of another log") from fault
        return cls(entry=entry, salt=salt, proof=proof)

    def facts(self) -> dict[str, object]:
        """Return what the entry says.

        Raises:
            EntryWrong: it is no entry of ours.
        """
        return read_entry(self.entry)

    def checked(self, *, verifiers: Iterable[NoteVerifier]) -> tuple[Checkpoint, frozenset[str]]:
        """Check that the entry is in a log that is trusted; return the checkpoint and the names that signed it.

        Raises:
            NoteWrong: no trusted key signed the checkpoint.
            ProofWrong: the entry is not in that log.
        """
        return self.proof.checked(self.entry, verifiers=verifiers)

    def is_about(self, sealed: bytes) -> bool:
        """Whether the entry commits to what somebody kept; never, once the salt was deleted.

        Raises:
            EntryWrong: the entry is none of ours.
        """
        return bool(self.salt) and is_committed(self.entry, sealed=sealed, salt=self.salt)


def sealed_call(*, request_digest: bytes, answer_digest: bytes | None) -> bytes:
    """Return what the entry of a call commits to; a refused call has no answer."""
    return request_digest + (answer_digest or bytes(DIGEST_BYTES))


def receipt_of(*, index: int, entry: bytes, salt: bytes, folder: LogFolder, note: str = "") -> Receipt | None:
    """Return the receipt of an entry by a published checkpoint, a witnessed one if it has reached the entry; else None.

    Args:
        index: the place of the entry.
        entry: what was logged.
        salt: ties the entry to its act.
        folder: where the log is published.
        note: a checkpoint of the log by which the receipt is to be, instead of the published ones.

    Raises:
        FileNotFoundError: tiles are missing.
        NoteWrong: the published checkpoint is no note.
    """
    for one in (note,) if note else (folder.witnessed(), folder.checkpoint()):
        if one and index < Checkpoint.of_text(split(one)[0]).size:
            break
    else:
        return None
    checkpoint = Checkpoint.of_text(split(one)[0])
    hashes = inclusion_proof(index, checkpoint.size, hashes=TileReader(checkpoint.size, folder.read))
    extra = {"entry": base64.b64encode(entry).decode(), "salt": base64.b64encode(salt).decode()}
    proof = TlogProof(index=index, hashes=hashes, checkpoint=one, extra=json.dumps(extra).encode())
    return Receipt(entry=entry, salt=salt, proof=proof)


__all__ = ["EntryWrong", "Receipt", "receipt_of", "sealed_call"]
