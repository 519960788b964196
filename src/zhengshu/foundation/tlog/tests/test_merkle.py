from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.tlog import merkle
from zhengshu.foundation.tlog.merkle import ProofWrong, leaf_hash, node_hash
from zhengshu.foundation.tlog.tiles import Tile, TileReader, TileWriter, tiles_of

ENTRIES = [f"entry {number}".encode() for number in range(700)]


def oracle(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return leaf_hash(entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return node_hash(oracle(entries[:half]), oracle(entries[half:]))


def written(*counts: int) -> tuple[TileWriter, dict[Tile, bytes]]:
    writer, store, place = TileWriter(), dict[Tile, bytes](), 0
    for count in counts:
        store |= writer.append(ENTRIES[place : place + count])
        place += count
    return writer, store


class TestRoot:
    def test_of_published_vectors(self) -> None:
        # The tree of the Certificate Transparency reference implementation: eight leaves, root known.
        leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ]

        writer = TileWriter()
        writer.append([bytes.fromhex(leaf) for leaf in leaves])

        assert writer.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"

    @given(st.lists(st.integers(0, 300), max_size=5))
    def test_agrees_with_the_definition_however_entries_arrive(self, counts: list[int]) -> None:
        counts = [count for count in counts if count]
        total = sum(counts)
        counts = counts if total <= len(ENTRIES) else [len(ENTRIES)]

        writer, store = written(*counts)

        reader = TileReader(writer.size, store.__getitem__)
        assert writer.root() == merkle.root(writer.size, hashes=reader) == oracle(ENTRIES[: writer.size])

    @given(st.integers(0, 700))
    def test_a_resumed_writer_stands_where_the_first_one_stood(self, size: int) -> None:
        writer, store = written(size)

        assert TileWriter.resumed(size, read=store.__getitem__) == writer
        assert set(tiles_of(size)) <= set(store)


class TestInclusion:
    @given(st.data())
    def test_is_proven_for_each_entry_and_for_no_other(self, data: st.DataObject) -> None:
        size = data.draw(st.integers(1, 700))
        index = data.draw(st.integers(0, size - 1))
        _, store = written(size)
        reader = TileReader(size, store.__getitem__)
        root = oracle(ENTRIES[:size])

        proof = merkle.inclusion_proof(index, size, hashes=reader)

        merkle.check_inclusion(leaf=leaf_hash(ENTRIES[index]), index=index, size=size, proof=proof, root=root)
        with pytest.raises(ProofWrong):
            merkle.check_inclusion(leaf=leaf_hash(b"x"), index=index, size=size, proof=proof, root=root)
        for spoilt in _spoilt(proof):
            with pytest.raises(ProofWrong):
                merkle.check_inclusion(
                    leaf=leaf_hash(ENTRIES[index]), index=index, size=size, proof=spoilt, root=root
                )

    @pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
    def test_is_not_asked_of_an_entry_that_is_not_there(self, index: int, size: int) -> None:
        _, store = written(3)

        with pytest.raises(ValueError, match="no entry"):
            merkle.inclusion_proof(index, size, hashes=TileReader(3, store.__getitem__))


class TestConsistency:
    @given(st.data())
    def test_is_proven_between_any_two_sizes_and_no_fork(self, data: st.DataObject) -> None:
        new = data.draw(st.integers(1, 700))
        old = data.draw(st.integers(1, new))
        _, store = written(new)
        old_root, new_root = oracle(ENTRIES[:old]), oracle(ENTRIES[:new])

        proof = merkle.consistency_proof(old, new, hashes=TileReader(new, store.__getitem__))

        merkle.check_consistency(old=old, new=new, proof=proof, old_root=old_root, new_root=new_root)
        fork = oracle([*ENTRIES[: old - 1], b"forged"])
        with pytest.raises(ProofWrong):
            merkle.check_consistency(old=old, new=new, proof=proof, old_root=fork, new_root=new_root)
        for spoilt in _spoilt(proof):
            with pytest.raises(ProofWrong):
                merkle.check_consistency(old=old, new=new, proof=spoilt, old_root=old_root, new_root=new_root)

    def test_refuses_a_rollback(self) -> None:
        with pytest.raises(ProofWrong):
            merkle.check_consistency(old=5, new=4, proof=(), old_root=b"", new_root=b"")


def _spoilt(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Every proof that differs a little: a bit flipped, a hash missing, one too many."""
    flipped = [
        (*proof[:place], bytes([one[0] ^ 1]) + one[1:], *proof[place + 1 :])
        for place, one in enumerate(proof)
    ]
    return [*flipped, (*proof, bytes(32)), *([proof[:-1]] if proof else [])]
