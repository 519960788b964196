import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.merkle import ProofWrong, leaf_hash
from zhengshu.foundation.tlog.notes import Checkpoint, NoteWrong
from zhengshu.foundation.tlog.proofs import TlogProof

NAME = "city.example/log"
SEED = bytes(range(32))
SM2_KEY = Sm2PrivateKey.from_scalar(bytes(range(1, 33)))
SIGNERS = (notes.ed25519_signer(NAME, SEED), notes.sm2_signer(NAME, SM2_KEY))
ED25519_VKEY, SM2_VKEY = notes.ed25519_vkey(NAME, SEED), notes.sm2_vkey(NAME, SM2_KEY)

# The example of the specification.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


class TestNote:
    def test_of_the_specification_is_opened(self) -> None:
        text, names = notes.opened(EXAMPLE, verifiers=[notes.verifier(EXAMPLE_KEY)])

        assert (text, names) == ("This is an example message.\n", frozenset({"example.com/foo"}))

    @pytest.mark.parametrize("vkey", [ED25519_VKEY, SM2_VKEY])
    def test_is_opened_with_either_key(self, vkey: str) -> None:
        note = notes.signed("first\n\nthird\n", signers=SIGNERS)

        assert notes.opened(note, verifiers=[notes.verifier(vkey)])[0] == "first\n\nthird\n"

    @given(st.integers(0, 10_000))
    def test_any_flipped_bit_of_text_or_signatures_is_noticed(self, place: int) -> None:
        note = notes.signed("one\ntwo\n", signers=SIGNERS)
        spoilt = bytearray(note.encode())
        spoilt[place % len(spoilt)] ^= 1
        verifiers = [notes.verifier(ED25519_VKEY), notes.verifier(SM2_VKEY)]

        try:
            text, names = notes.opened(spoilt.decode(), verifiers=verifiers)
        except (NoteWrong, UnicodeDecodeError):
            return
        # What is still opened says what was signed: the spoilt line is one whose key nobody knows any more.
        assert text == "one\ntwo\n"
        assert names == {NAME}

    @pytest.mark.parametrize(
        "note",
        [
            "",
            "text\n",
            "text\n\n",
            "text\n\n— name\n",
            "text\n\n- name AAAAAAAA\n",
            "text\n\n— na+me AAAAAAAA\n",
            "text\n\n— name AAAA\n",
            "text\n\n— name ####\n",
            "te\txt\n\n— name AAAAAAAA\n",
            "text\n\n" + "— name AAAAAAAA\n" * 33,
        ],
    )
    def test_anything_else_is_no_note(self, note: str) -> None:
        with pytest.raises(NoteWrong):
            notes.split(note)

    def test_a_note_of_strangers_is_not_opened(self) -> None:
        with pytest.raises(NoteWrong, match="trusted here"):
            notes.opened(EXAMPLE, verifiers=[notes.verifier(ED25519_VKEY)])


class TestVerifierKey:
    @pytest.mark.parametrize(
        "vkey",
        [
            "",
            "name",
            EXAMPLE_KEY.replace("530d", "530e"),
            EXAMPLE_KEY.replace("example.com/foo", "example.com/bar"),
            EXAMPLE_KEY[:-4],
        ],
    )
    def test_must_fit_its_id(self, vkey: str) -> None:
        with pytest.raises(NoteWrong):
            notes.verifier(vkey)


class TestCheckpoint:
    def test_is_read_as_it_was_written(self) -> None:
        checkpoint = Checkpoint(origin=NAME, size=70_000, root=bytes(range(32)))

        assert Checkpoint.of_text(checkpoint.text) == checkpoint
        assert Checkpoint.of_text(checkpoint.text + "an extension\n") == checkpoint

    @pytest.mark.parametrize(
        "text",
        [
            "",
            f"{NAME}\n07\n{base64.b64encode(bytes(32)).decode()}\n",
            f"{NAME}\n-7\n{base64.b64encode(bytes(32)).decode()}\n",
            f"{NAME}\n７\n{base64.b64encode(bytes(32)).decode()}\n",
            f"{NAME}\n7\n{base64.b64encode(bytes(31)).decode()}\n",
            f"{NAME}\n7\n",
        ],
    )
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(NoteWrong):
            Checkpoint.of_text(text)


class TestProof:
    ENTRY = b"an entry"

    def proof(self) -> TlogProof:
        checkpoint = Checkpoint(origin=NAME, size=1, root=leaf_hash(self.ENTRY))
        return TlogProof(
            index=0, hashes=(), checkpoint=notes.signed(checkpoint.text, signers=SIGNERS), extra=b"more"
        )

    def test_is_read_as_it_was_written_and_holds(self) -> None:
        proof = self.proof()

        read = TlogProof.of_text(proof.text)

        assert read == proof
        checkpoint, names = read.checked(self.ENTRY, verifiers=[notes.verifier(SM2_VKEY)])
        assert (checkpoint.size, names) == (1, frozenset({NAME}))

    def test_does_not_hold_for_another_entry(self) -> None:
        with pytest.raises(ProofWrong):
            self.proof().checked(b"another", verifiers=[notes.verifier(ED25519_VKEY)])

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "c2sp.org/tlog-proof@v1\n\nx",
            "c2sp.org/tlog-proof@v1\nindex 01\n\nx",
            "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx",
            "c2sp.org/tlog-proof@v1\nextra #\nindex 1\n\nx",
            "c2sp.org/tlog-proof@v1\nindex 1\n" + (base64.b64encode(bytes(32)).decode() + "\n") * 65 + "\nx",
        ],
    )
    def test_anything_else_is_none(self, text: str) -> None:
        with pytest.raises(ProofWrong):
            TlogProof.of_text(text)
