"""A witness (C2SP `tlog-witness`): remembers the largest checkpoint of each log, and cosigns only what continues it.

It keeps one file for each log, written before it answers. What a log's own key signed and what does not continue the
tree that was seen before is the proof that the log was rewritten: it is refused, and kept. It follows a log to new keys
that the old ones have announced (`handover`), if it has cosigned the announcement itself.
"""

import base64
import binascii
import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from zhengshu.foundation.tlog.cosignatures import cosignature_verifier, cosignatures, cosigner, cosigner_vkey
from zhengshu.foundation.tlog.handover import opened_handover
from zhengshu.foundation.tlog.merkle import HASH_BYTES, ProofWrong, check_consistency
from zhengshu.foundation.tlog.notes import Checkpoint, NoteVerifier, NoteWrong, opened, split, verifier
from zhengshu.foundation.tlog.receipts import Receipt

MOST_HASHES = 63
MOST_BYTES = 64 * 1024
MOST_EVIDENCE = 1000
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness answers over HTTP."""

    status: HTTPStatus
    text: str
    content_type: str = TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A checkpoint that a log submits, with the proof that it continues an older one."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    @classmethod
    def of_body(cls, body: bytes) -> "Submission":
        """Return what a request's body holds.

        Raises:
            NoteWrong: it is not written as the specification says.
        """
        head, separator, note = body.decode("utf-8", errors="strict").partition("\n\n")
        first, *lines = head.split("\n")
        size = first.removeprefix("old ")
        if not separator or not first.startswith("old ") or not size.isascii() or not size.isdecimal():
            raise NoteWrong(
                "the body begins with a line “old SIZE”, and an empty line stands before the checkpoint"
            )
        if str(int(size)) != size or len(lines) > MOST_HASHES:
            raise NoteWrong("the old size has leading zeroes, or there are more than 63 lines of proof")
        return cls(old=int(size), proof=tuple(_hash(line) for line in lines), note=note)

    @property
    def body(self) -> bytes:
        """The request's body."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode() for one in self.proof)]
        return ("\n".join(lines) + "\n\n" + self.note).encode()


class Witness:
    """Cosigns the checkpoints of the logs that it knows.

    Args:
        name: its own, without a scheme, such as `audit.example.gov.cn/witness`.
        seed: its Ed25519 private key, 32 bytes, used for nothing else.
        logs: verifiers of the logs' own keys; a log may have several.
        folder: its memory; two processes may share it.
    """

    def __init__(self, *, name: str, seed: bytes, logs: Iterable[NoteVerifier], folder: Path) -> None:
        """Remember the logs by name."""
        self.name = name
        self.folder = folder
        self._seed = seed
        self._logs: dict[str, list[NoteVerifier]] = {}
        for one in logs:
            self._logs.setdefault(one.name, []).append(one)

    def add_checkpoint(self, body: bytes, *, at: datetime) -> Answer:
        """Cosign a checkpoint if it continues what was seen, and remember it first."""
        try:
            submission = Submission.of_body(body)
            submitted = Checkpoint.of_text(split(submission.note)[0])
        except (NoteWrong, UnicodeDecodeError) as fault:
            return Answer(HTTPStatus.BAD_REQUEST, f"{fault}\n")
        trusted = self._trusted(submitted.origin)
        if not trusted:
            return Answer(HTTPStatus.NOT_FOUND, f"the log {submitted.origin} is not known here\n")
        try:
            text, _ = opened(submission.note, verifiers=trusted)
        except NoteWrong as fault:
            return Answer(HTTPStatus.FORBIDDEN, f"{fault}\n")
        if submission.old > submitted.size:
            return Answer(HTTPStatus.BAD_REQUEST, "the old size is larger than the checkpoint\n")
        with self._held(submitted.origin):
            return self._decide(submission, submitted, text=text, at=at)

    def add_handover(self, text: str) -> Answer:
        """Trust from now on the keys that a log has announced under keys that are trusted.

        The checkpoint that proves the announcement must carry this witness's own cosignature: whoever has stolen a
        former key can sign an announcement, but not one that continues the tree which was seen here.
        """
        try:
            receipt = Receipt.of_text(text)
            origin = Checkpoint.of_text(split(receipt.proof.checkpoint)[0]).origin
            if not self._trusted(origin):
                return Answer(HTTPStatus.NOT_FOUND, f"the log {origin} is not known here\n")
            self._require_own(receipt.proof.checkpoint)
            found = opened_handover(text, verifiers=self._trusted(origin))
        except (NoteWrong, ProofWrong) as fault:
            return Answer(HTTPStatus.FORBIDDEN, f"{fault}\n")
        with self._held(origin):
            known = self._learned(origin)
            fresh = [vkey for vkey in found.vkeys if vkey not in known]
            if fresh:
                _put(self._keys_file(origin), "".join(f"{vkey}\n" for vkey in (*known, *fresh)).encode())
        return Answer(HTTPStatus.OK, "".join(f"{vkey}\n" for vkey in found.vkeys))

    def _require_own(self, note: str) -> None:
        own = cosignature_verifier(cosigner_vkey(self.name, self._seed))
        if not cosignatures(note, verifiers=[own]):
            raise NoteWrong("this witness has not cosigned the checkpoint")

    def seen(self) -> Mapping[str, Checkpoint | None]:
        """Return the largest checkpoint of each log."""
        return {origin: self._last(origin) for origin in self._logs}

    def evidence(self) -> Sequence[Path]:
        """Return the files of what was refused though the log had signed it."""
        return sorted(self.folder.glob("refused-*.txt"))

    def _decide(self, submission: Submission, submitted: Checkpoint, *, text: str, at: datetime) -> Answer:
        last = self._last(submitted.origin)
        known = last.size if last else 0
        if submission.old != known:
            return Answer(HTTPStatus.CONFLICT, f"{known}\n", SIZE)
        try:
            _check_continues(last, submitted, proof=submission.proof)
        except ProofWrong as fault:
            self._keep_evidence(submission, at=at)
            if submitted.size == known:
                return Answer(HTTPStatus.CONFLICT, f"{known}\n", SIZE)
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, f"{fault}\n")
        _put(self._file(submitted.origin), submission.note.encode())
        return Answer(HTTPStatus.OK, cosigner(self.name, self._seed, at=at).line(text))

    def _trusted(self, origin: str) -> list[NoteVerifier]:
        """Return the keys of a log: those that it was started with, and those that it was led to since."""
        configured = self._logs.get(origin, [])
        return [*configured, *(verifier(vkey) for vkey in self._learned(origin))] if configured else []

    def _learned(self, origin: str) -> list[str]:
        try:
            return self._keys_file(origin).read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _keys_file(self, origin: str) -> Path:
        return self._file(origin).with_suffix(".keys")

    def _last(self, origin: str) -> Checkpoint | None:
        try:
            note = self._file(origin).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Checkpoint.of_text(split(note)[0])

    def _keep_evidence(self, submission: Submission, *, at: datetime) -> None:
        digest = sha256(submission.body).hexdigest()[:16]
        if any(self.folder.glob(f"refused-*-{digest}.txt")) or len(self.evidence()) >= MOST_EVIDENCE:
            return
        _put(self.folder / f"refused-{at:%Y%m%dT%H%M%SZ}-{digest}.txt", submission.body)

    def _file(self, origin: str) -> Path:
        return self.folder / f"{sha256(origin.encode()).hexdigest()[:32]}.checkpoint"

    @contextmanager
    def _held(self, origin: str) -> Iterator[None]:
        """Let one at a time compare and remember, of all threads and processes that share the folder."""
        with self._file(origin).with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _check_continues(last: Checkpoint | None, submitted: Checkpoint, *, proof: Sequence[bytes]) -> None:
    """Check that a tree continues the one that was seen before; the empty tree is continued by every one.

    Raises:
        ProofWrong: it does not.
    """
    if last is not None and last.size:
        check_consistency(
            old=last.size, new=submitted.size, proof=proof, old_root=last.root, new_root=submitted.root
        )
    elif proof:
        raise ProofWrong("nothing was seen of this log before, so there is nothing to prove")


def _hash(line: str) -> bytes:
    try:
        found = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NoteWrong("a line of the proof is not base64") from fault
    if len(found) != HASH_BYTES:
        raise NoteWrong("a line of the proof is no hash")
    return found


def _put(file: Path, content: bytes) -> None:
    """Bring a file to disk under its name at once."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
