"""A witness cosigns what continues, and nothing else, whatever is submitted and however often it is restarted."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.cosignatures import cosignature_verifier, cosignatures, cosigner_vkey
from zhengshu.foundation.tlog.merkle import EMPTY_ROOT, consistency_proof
from zhengshu.foundation.tlog.notes import Checkpoint, NoteWrong
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.foundation.tlog.tiles import TileReader, TileWriter
from zhengshu.foundation.tlog.witness import SIZE, Answer, Submission, Witness

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ORIGIN, NAME = "city.example/log", "audit.example/witness"
LOG_SEED, SEED = bytes(range(32)), bytes(range(32, 64))
LOG_KEY = notes.verifier(notes.ed25519_vkey(ORIGIN, LOG_SEED))
OWN_KEY = cosignature_verifier(cosigner_vkey(NAME, SEED))


class Log:
    """A log of which each size has its checkpoint; `entries` with another prefix are a rewritten one."""

    def __init__(self, folder: Path, size: int, *, prefix: str = "entry") -> None:
        self.folder, self.roots = LogFolder(folder), {0: EMPTY_ROOT}
        writer = TileWriter()
        for number in range(size):
            self.folder.write(writer.append([f"{prefix} {number}".encode()]))
            self.roots[number + 1] = writer.root()

    def note(self, size: int, *, seed: bytes = LOG_SEED, origin: str = ORIGIN) -> str:
        text = Checkpoint(origin=origin, size=size, root=self.roots[size]).text
        return notes.signed(text, signers=[notes.ed25519_signer(origin, seed)])

    def body(self, old: int, size: int) -> bytes:
        reader = TileReader(size, self.folder.read)
        proof = consistency_proof(old, size, hashes=reader) if 0 < old < size else ()
        return Submission(old=old, proof=proof, note=self.note(size)).body


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log", 20)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return started(tmp_path)


def started(place: Path) -> Witness:
    (place / "witness").mkdir(exist_ok=True)
    return Witness(name=NAME, seed=SEED, logs=[LOG_KEY], folder=place / "witness")


def cosigned(answer: Answer, note: str) -> bool:
    return answer.status == HTTPStatus.OK and [
        (one.name, one.at) for one in cosignatures(note + answer.text, verifiers=[OWN_KEY])
    ] == [(NAME, AT)]


class TestContinuing:
    def test_cosigns_the_first_checkpoint_and_what_continues_it(self, log: Log, witness: Witness) -> None:
        for old, size in ((0, 3), (3, 3), (3, 8), (8, 20)):
            assert cosigned(witness.add_checkpoint(log.body(old, size), at=AT), log.note(size))

        assert [one.size for one in witness.seen().values() if one] == [20]

    def test_begins_with_an_empty_log(self, log: Log, witness: Witness) -> None:
        assert cosigned(witness.add_checkpoint(log.body(0, 0), at=AT), log.note(0))
        assert cosigned(witness.add_checkpoint(log.body(0, 5), at=AT), log.note(5))

    def test_says_what_it_has_seen_to_whom_knows_another_size(self, log: Log, witness: Witness) -> None:
        witness.add_checkpoint(log.body(0, 8), at=AT)

        answer = witness.add_checkpoint(log.body(3, 20), at=AT)

        assert answer == Answer(HTTPStatus.CONFLICT, "8\n", SIZE)

    def test_remembers_after_a_restart(self, log: Log, tmp_path: Path) -> None:
        started(tmp_path).add_checkpoint(log.body(0, 8), at=AT)

        assert started(tmp_path).add_checkpoint(log.body(0, 20), at=AT).text == "8\n"

    def test_lets_one_at_a_time_decide(self, log: Log, tmp_path: Path) -> None:
        answers: list[Answer] = []

        def submit() -> None:
            answers.append(started(tmp_path).add_checkpoint(log.body(0, 5), at=AT))

        threads = [threading.Thread(target=submit) for _ in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert sorted(int(one.status) for one in answers) == [200, *[409] * 7]


class TestRefusing:
    @pytest.mark.parametrize(
        ("old", "size", "status"),
        [(8, 8, HTTPStatus.CONFLICT), (8, 20, HTTPStatus.UNPROCESSABLE_ENTITY)],
    )
    def test_refuses_a_rewritten_log_and_keeps_the_evidence(
        self, log: Log, witness: Witness, tmp_path: Path, old: int, size: int, status: HTTPStatus
    ) -> None:
        witness.add_checkpoint(log.body(0, 8), at=AT)
        forged = Log(tmp_path / "forged", 20, prefix="forged").body(old, size)

        answers = [witness.add_checkpoint(forged, at=AT) for _ in range(3)]

        assert {one.status for one in answers} == {status}
        assert [file.read_bytes() for file in witness.evidence()] == [forged]
        assert cosigned(witness.add_checkpoint(log.body(8, 20), at=AT), log.note(20))

    def test_refuses_a_rollback(self, log: Log, witness: Witness) -> None:
        witness.add_checkpoint(log.body(0, 8), at=AT)

        assert witness.add_checkpoint(log.body(0, 3), at=AT).text == "8\n"
        assert witness.add_checkpoint(log.body(8, 3), at=AT).status == HTTPStatus.BAD_REQUEST
        assert [one.size for one in witness.seen().values() if one] == [8]

    def test_refuses_strangers(self, log: Log, witness: Witness) -> None:
        other = Submission(old=0, proof=(), note=log.note(3, origin="other.example/log")).body
        unsigned = Submission(old=0, proof=(), note=log.note(3, seed=SEED)).body

        assert witness.add_checkpoint(other, at=AT).status == HTTPStatus.NOT_FOUND
        assert witness.add_checkpoint(unsigned, at=AT).status == HTTPStatus.FORBIDDEN

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda body: body.replace(b"old 0", b"old 00"),
            lambda body: body.replace(b"old 0", b"old -1"),
            lambda body: body.replace(b"old 0", b"old 0\nAAAA"),
            lambda body: body.replace(b"old 0\n", b""),
            lambda body: body.replace(b"\n\n", b"\n"),
            lambda body: b"\xff" + body,
            lambda _: b"",
        ],
    )
    def test_refuses_what_is_not_written_as_it_must_be(
        self, log: Log, witness: Witness, spoil: "object"
    ) -> None:
        assert callable(spoil)
        body = spoil(log.body(0, 3))

        assert witness.add_checkpoint(body, at=AT).status == HTTPStatus.BAD_REQUEST
        assert witness.seen() == {ORIGIN: None}

    def test_a_proof_of_nothing_is_no_proof(self, log: Log, witness: Witness) -> None:
        body = Submission(old=0, proof=(bytes(32),), note=log.note(3)).body

        assert witness.add_checkpoint(body, at=AT).status == HTTPStatus.UNPROCESSABLE_ENTITY


class TestCosignatures:
    def test_are_refused_for_another_text_or_moment(self, log: Log, witness: Witness) -> None:
        line = witness.add_checkpoint(log.body(0, 3), at=AT).text

        with pytest.raises(NoteWrong):
            cosignatures(log.note(8) + line, verifiers=[OWN_KEY])
        with pytest.raises(NoteWrong, match="not the key of a witness"):
            cosignature_verifier(notes.ed25519_vkey(ORIGIN, LOG_SEED))


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_never_cosigns_two_trees_that_do_not_continue_each_other(
    steps: Sequence[tuple[bool, int, int]],
) -> None:
    with TemporaryDirectory() as name:
        place = Path(name)
        true, forged = Log(place / "a", 9), Log(place / "b", 9, prefix="forged")
        taken = []
        for is_forged, old, size in steps:
            log = forged if is_forged else true
            if (
                old <= size
                and started(place).add_checkpoint(log.body(old, size), at=AT).status == HTTPStatus.OK
            ):
                taken.append((log, size))

        assert [size for _, size in taken] == sorted(size for _, size in taken)
        assert len({id(log) for log, size in taken if size}) <= 1
