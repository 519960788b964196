"""The name and the keys of the platform's own log, the same for every process that has the master key."""

from collections.abc import Mapping
from functools import lru_cache

from zhengshu.foundation.addresses import public_url
from zhengshu.foundation.crypto.sealing import derived_key
from zhengshu.foundation.crypto.sm2 import ORDER, SCALAR_BYTES, Sm2PrivateKey
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.notes import NoteSigner
from zhengshu.kernel.errors import Kind, Refused


class LogRenamed(Refused):
    """The settings name another log than the one that was begun; keep the recorded name by its own setting."""

    code = "proof.log-renamed"
    kind = Kind.CONFLICT
    message = (
        "The proof log is known as %(recorded)s, but the settings name it %(asked)s. A log never changes its name, "
        "or nobody could verify what it holds. Set ZHENGSHU_PROOF_LOG_ORIGIN=%(recorded)s."
    )


def log_origin(environment: Mapping[str, str]) -> str:
    """Return the log's name: ``ZHENGSHU_PROOF_LOG_ORIGIN``, else the public host with `/trust/log`."""
    address = public_url(environment).partition("://")[2].rstrip("/")
    return environment.get("ZHENGSHU_PROOF_LOG_ORIGIN", f"{address}/trust/log")


def require_name(origin: str, *, recorded: str | None) -> None:
    """Refuse a name that is not the recorded one; where none is recorded, every name is right.

    Raises:
        LogRenamed: the names differ.
    """
    if recorded is not None and recorded != origin:
        raise LogRenamed(recorded=recorded, asked=origin)


def signers_of(origin: str, *, ed25519_seed: bytes, sm2_seed: bytes) -> tuple[NoteSigner, ...]:
    """Return who signs checkpoints with other keys than the first."""
    return (notes.ed25519_signer(origin, ed25519_seed), notes.sm2_signer(origin, _sm2_of(sm2_seed)))


def vkeys_of(origin: str, *, ed25519_seed: bytes, sm2_seed: bytes) -> tuple[str, ...]:
    """Return the keys of checkpoints that belong to other seeds than the first."""
    return (notes.ed25519_vkey(origin, ed25519_seed), notes.sm2_vkey(origin, _sm2_of(sm2_seed)))


def log_signers(origin: str) -> tuple[NoteSigner, ...]:
    """Return who signs a log's first checkpoints: Ed25519 for any client of such logs, SM2 as national rules ask."""
    return signers_of(origin, **_first())


def log_vkeys(origin: str) -> tuple[str, ...]:
    """Return the keys of a log's first checkpoints."""
    return vkeys_of(origin, **_first())


def promise_signer(origin: str) -> NoteSigner:
    """Return who signs the promises of gateways."""
    return notes.ed25519_signer(promise_name(origin), derived_key(b"tlog.promise"))


def promise_vkey(origin: str) -> str:
    """Return the key of promises that strangers are given."""
    return notes.ed25519_vkey(promise_name(origin), derived_key(b"tlog.promise"))


def promise_name(origin: str) -> str:
    """Return the name in which gateways promise."""
    return f"{origin}/promises"


def _first() -> dict[str, bytes]:
    return {"ed25519_seed": derived_key(b"tlog.ed25519"), "sm2_seed": derived_key(b"tlog.sm2")}


@lru_cache(maxsize=4)
def _sm2_of(seed: bytes) -> Sm2PrivateKey:
    scalar = int.from_bytes(seed) % (ORDER - 2) + 1
    return Sm2PrivateKey.from_scalar(scalar.to_bytes(SCALAR_BYTES))
