"""Signatures a second on one core: SM2 by OpenSSL beside Ed25519 and P-256 of `cryptography`, and GmSSL."""

import time
from collections.abc import Callable
from functools import partial

import gmssl_pyx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from bench.harness import Result, median_of, write_results
from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey

SECONDS = 1.0
MESSAGE = bytes(200)


def main() -> None:
    """Measure and write the results."""
    sm2, ed25519, p256 = (
        Sm2PrivateKey.generate(),
        Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256R1()),
    )
    signature = sm2.sign(MESSAGE)
    signing: dict[str, Callable[[], object]] = {
        "ed25519": lambda: ed25519.sign(MESSAGE),
        "p-256": lambda: p256.sign(MESSAGE, ec.ECDSA(SHA256())),
        "gmssl sm2": lambda: gmssl_pyx.sm2_sign(sm2.scalar, sm2.point, MESSAGE),
    }
    checks: dict[str, Callable[[], object]] = {
        "ed25519": partial(ed25519.public_key().verify, ed25519.sign(MESSAGE), MESSAGE),
        "gmssl sm2": lambda: gmssl_pyx.sm2_verify(sm2.point, MESSAGE, signature),
    }
    write_results(
        "crypto",
        [
            _result("sm2 signatures", lambda: sm2.sign(MESSAGE), signing),
            _result("sm2 checks", lambda: sm2.public.is_right(MESSAGE, signature), checks),
        ],
    )


def _result(name: str, work: Callable[[], object], peers: dict[str, Callable[[], object]]) -> Result:
    value, runs = median_of(partial(_rate, work))
    rates = {peer: median_of(partial(_rate, one))[0] for peer, one in peers.items()}
    return Result(name=name, value=value, unit="a second", better="higher", peers=rates, runs=runs)


def _rate(work: Callable[[], object]) -> float:
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        work()
        done += 1
    return done / spent


if __name__ == "__main__":
    main()
