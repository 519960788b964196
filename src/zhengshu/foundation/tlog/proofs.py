"""A proof of inclusion as an offline file (C2SP `tlog-proof`)."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from zhengshu.foundation.tlog.merkle import HASH_BYTES, ProofWrong, check_inclusion, leaf_hash
from zhengshu.foundation.tlog.notes import Checkpoint, NoteVerifier, opened

HEAD = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """That an entry is in a log.

    Attributes:
        index: the entry's place.
        hashes: from its sibling up to the child of the root.
        checkpoint: the signed note of the log.
        extra: what the log adds for those who must rebuild the entry; not authenticated by itself.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The content of the file."""
        extra = [f"extra {base64.b64encode(self.extra).decode()}"] if self.extra else []
        hashes = [base64.b64encode(one).decode() for one in self.hashes]
        return "\n".join([HEAD, *extra, f"index {self.index}", *hashes, "", self.checkpoint])

    @classmethod
    def of_text(cls, text: str) -> "TlogProof":
        """Return the proof in a file.

        Raises:
            ProofWrong: it is not written as the specification says.
        """
        head, separator, checkpoint = text.partition("\n\n")
        lines = head.split("\n")
        if not separator or lines.pop(0) != HEAD or not lines:
            message = f"a proof begins with {HEAD} and ends with a checkpoint"
            raise ProofWrong(message)
        extra = _decoded(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else b""
        index = lines.pop(0).removeprefix("index ") if lines else ""
        if not index.isascii() or not index.isdecimal() or str(int(index)) != index:
            raise ProofWrong("the second or third line of a proof names the index of the entry")
        hashes = tuple(_decoded(line) for line in lines)
        if len(hashes) > MOST_HASHES or any(len(one) != HASH_BYTES for one in hashes):
            raise ProofWrong("a line of the proof is no hash")
        return cls(index=int(index), hashes=hashes, checkpoint=checkpoint, extra=extra)

    def checked(
        self, entry: bytes, *, verifiers: Iterable[NoteVerifier]
    ) -> tuple[Checkpoint, frozenset[str]]:
        """Check the proof for an entry; return the checkpoint and the names that signed it.

        Raises:
            NoteWrong: no trusted key signed the checkpoint, or a signature is wrong.
            ProofWrong: the entry is not in that log.
        """
        text, names = opened(self.checkpoint, verifiers=verifiers)
        checkpoint = Checkpoint.of_text(text)
        check_inclusion(
            leaf=leaf_hash(entry),
            index=self.index,
            size=checkpoint.size,
            proof=self.hashes,
            root=checkpoint.root,
        )
        return checkpoint, names


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise ProofWrong("a line of the proof is not base64") from fault
