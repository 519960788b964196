"""The Merkle tree of RFC 6962, section 2.1: roots, proofs, and their verification.

A tree is known by a function that returns the hash of a complete subtree: ``hashes(level, index)`` is the hash of the
``2**level`` entries from ``index << level``. Where those hashes are kept is the business of others.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Hashes: TypeAlias = Callable[[int, int], bytes]


class ProofWrong(ValueError):
    """A proof does not lead to the root: the entry is not in that tree, or one tree does not continue the other."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two others."""
    return sha256(b"\1" + left + right).digest()


def root(size: int, *, hashes: Hashes) -> bytes:
    """Return the root of the first `size` entries."""
    return _range(0, size, hashes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, *, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the hashes that lead from an entry to the root, from the entry's sibling upwards.

    Raises:
        ValueError: the tree has no such entry.
    """
    if not 0 <= index < size:
        message = f"a tree of {size} entries has no entry {index}"
        raise ValueError(message)
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(middle, high, hashes))
            high = middle
        else:
            path.append(_range(low, middle, hashes))
            low = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, *, hashes: Hashes) -> tuple[bytes, ...]:
    """Return the hashes that show that the tree of `new` entries continues the tree of `old` ones.

    Raises:
        ValueError: not 0 < old ≤ new.
    """
    if not 0 < old <= new:
        message = f"a tree of {new} entries cannot be compared with one of {old}"
        raise ValueError(message)
    path: list[bytes] = []
    low, high, is_whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range(middle, high, hashes))
            high = middle
        else:
            path.append(_range(low, middle, hashes))
            low, is_whole = middle, False
    if not is_whole:
        path.append(_range(low, high, hashes))
    return tuple(reversed(path))


def check_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that an entry is in a tree (RFC 9162, section 2.1.3.2).

    Raises:
        ProofWrong: it is not, or the proof is of another shape.
    """
    if not 0 <= index < size:
        raise ProofWrong("the tree has no entry of that index")
    _require_hashes(leaf, root, *proof)
    node, last, reached = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofWrong("the proof is longer than the tree is high")
        if node & 1 or node == last:
            reached = node_hash(step, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is shorter than the tree is high")
    if reached != root:
        raise ProofWrong("the proof does not lead from the entry to the root")


def check_consistency(
    *, old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that one tree continues another (RFC 9162, section 2.1.4.2).

    Raises:
        ProofWrong: it does not, or the proof is of another shape.
    """
    if not 0 < old <= new:
        raise ProofWrong("the newer tree is smaller than the older one")
    if old == new:
        if proof or old_root != new_root:
            raise ProofWrong("two trees of one size have different roots")
        return
    _require_hashes(old_root, new_root, *proof)
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        raise ProofWrong("the proof is empty")
    if _reached(old - 1, new - 1, steps) != (old_root, new_root):
        raise ProofWrong("the newer tree does not continue the older one")


def _require_hashes(*values: bytes) -> None:
    if any(len(value) != HASH_BYTES for value in values):
        raise ProofWrong("a hash has 32 bytes")


def _reached(node: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Return the roots to which the hashes of a consistency proof lead."""
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofWrong("the proof is longer than the tree is high")
        if node & 1 or node == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, step)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofWrong("the proof is shorter than the tree is high")
    return before, after


def _split(size: int) -> int:
    """Return the largest power of two below a size greater than one."""
    return 1 << (size - 1).bit_length() - 1


def _range(low: int, high: int, hashes: Hashes) -> bytes:
    """Return the hash of the entries from `low` to `high`, where `low` is a multiple of a power of two that covers."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return hashes(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range(low, middle, hashes), _range(middle, high, hashes))
