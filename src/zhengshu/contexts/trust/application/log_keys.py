"""The keys with which the proof log signs: derived from the root key, so that every machine has the same."""

from functools import lru_cache

from django.conf import settings

from zhengshu.foundation.crypto.sealing import derived_key
from zhengshu.foundation.crypto.sm2 import ORDER, SCALAR_BYTES, Sm2PrivateKey
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.notes import NoteSigner


def log_signers() -> tuple[NoteSigner, ...]:
    """Return who signs checkpoints: Ed25519 for any client of such logs, SM2 as national rules ask."""
    name = settings.PROOF_LOG_ORIGIN
    return (notes.ed25519_signer(name, _seed()), notes.sm2_signer(name, _sm2()))


def log_vkeys() -> tuple[str, ...]:
    """Return the verifier keys that strangers are given."""
    name = settings.PROOF_LOG_ORIGIN
    return (notes.ed25519_vkey(name, _seed()), notes.sm2_vkey(name, _sm2()))


def _seed() -> bytes:
    return derived_key(b"trust.log.ed25519")


@lru_cache(maxsize=4)
def _sm2_of(seed: bytes) -> Sm2PrivateKey:
    scalar = int.from_bytes(seed) % (ORDER - 2) + 1
    return Sm2PrivateKey.from_scalar(scalar.to_bytes(SCALAR_BYTES))


def _sm2() -> Sm2PrivateKey:
    return _sm2_of(derived_key(b"trust.log.sm2"))
