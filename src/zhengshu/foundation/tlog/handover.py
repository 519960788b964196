"""Handing the signing of a log from its keys to new ones, so that everybody who knows the former keys can follow.

The new keys are announced by an entry of the log itself. Once a checkpoint by the former keys covers that entry, both
sign, and the receipt of the entry is the *handover*: an ordinary `tlog-proof` file. Whoever trusts the former keys
checks it as any receipt and from then on trusts the announced ones; nobody has to ask the operator. The log serves the
files as ``handover/2``, ``handover/3`` … by the number of the keys that are announced.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zhengshu.foundation.tlog.merkle import ProofWrong
from zhengshu.foundation.tlog.notes import NoteVerifier, NoteWrong, read_vkey, verifier
from zhengshu.foundation.tlog.receipts import Receipt

KIND = "trust.log-keys.announced.v1"
KEYS = "keys"
"""The kind of the entry, and the fact in it that holds the verifier keys."""
MOST_KEYS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a handover says.

    Attributes:
        index: the place of the entry that announces the keys.
        vkeys: the announced keys.
        size: entries at the checkpoint by which it is proven.
    """

    index: int
    vkeys: tuple[str, ...]
    size: int


def announced(facts: Mapping[str, object], *, origin: str) -> tuple[str, ...]:
    """Return the verifier keys that an entry announces for a log; none where it is another entry.

    Raises:
        NoteWrong: it announces what is no key of that log.
    """
    if facts.get("kind") != KIND:
        return ()
    vkeys = facts.get(KEYS)
    if not isinstance(vkeys, list) or not 0 < len(vkeys) <= MOST_KEYS:
        raise NoteWrong("an announcement of keys names one or more verifier keys")
    for vkey in vkeys:
        if not isinstance(vkey, str) or read_vkey(vkey)[0] != origin:
            raise NoteWrong("an announcement names a key of another log")
        verifier(vkey)
    return tuple(str(vkey) for vkey in vkeys)


def opened_handover(text: str, *, verifiers: Iterable[NoteVerifier]) -> Handover:
    """Check a handover by keys that are trusted.

    Raises:
        NoteWrong: no trusted key signed the checkpoint, or the entry announces no keys of this log.
        ProofWrong: it is no receipt, or its entry is not in the log.
    """
    receipt = Receipt.of_text(text)
    checkpoint, _names = receipt.checked(verifiers=verifiers)
    try:
        facts: object = json.loads(receipt.entry)
    except ValueError as fault:
        raise ProofWrong("the entry is no announcement of keys") from fault
    vkeys = announced(facts, origin=checkpoint.origin) if isinstance(facts, dict) else ()
    if not vkeys:
        raise NoteWrong("the entry announces no keys")
    return Handover(index=receipt.proof.index, vkeys=vkeys, size=checkpoint.size)


def followed(texts: Iterable[str], *, vkeys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that follow from trusted ones by handovers, in the order in which they came; all are trusted.

    Raises:
        NoteWrong: one of them is not proven by the keys before it.
        ProofWrong: one is no receipt, or its entry is not in the log.
    """
    known = list(dict.fromkeys(vkeys))
    for text in texts:
        found = opened_handover(text, verifiers=[verifier(vkey) for vkey in known])
        known += [vkey for vkey in found.vkeys if vkey not in known]
    return tuple(known)


__all__ = [
    "KEYS",
    "KIND",
    "Handover",
    "announced",
    "followed",
    "opened_handover",
]
